"""The lab of lesson 06 in the notebook: a form over a `Fault`, and what came of it below."""

from __future__ import annotations

from typing import Any

from uvmlab.widgets.fault import Fault
from uvmlab.widgets.lab import Lab
from uvmlab.widgets.outcome import Outcome
from uvmlab.widgets.ranges import ranges
from uvmlab.widgets.report import fold, grid, table


class FaultLab(Lab):
    """Put up to 16 pages while the disk says no: choose, run, and see what became of pages and slots.

    The arguments are those of `Fault`, which is its `model`.  It runs when *Run* is pressed; with nobody there to
    press, it has run.

    >>> lab = FaultLab(pages=3, aobj="p2", pg="p0", answers="ERROR OK")
    >>> lab.model.outcome
    <outcome OK: 2 I/Os; freed 5 6, kept 4>
    """

    def __init__(self, **chosen: Any) -> None:
        model = Fault(**chosen)
        super().__init__(
            model,
            name="fault",
            button="Run",
            report=report,
            title="The fault lab: a put while the disk says no",
            fields=model.fields(),
            said="Say what happens, guess what becomes of the slots, and run it.",
        )


def report(outcome: Outcome) -> str:
    """Show all that came of a put, in tables; the run itself is walked through below."""
    ios = [(i, " ".join(io.pages), f"{io.to} on", io.answer) for i, io in enumerate(outcome.ios)]
    tables = [table("The I/Os", ("I/O", "pages", "to", "answer"), ios)]
    if outcome.slots.nslots:
        slots = [(what, ranges(which)) for what, which in outcome.slots.rows()]
        moved = [
            (each.page, each.before or "none", each.after or "none", each.state)
            for each in outcome.moved
        ]
        tables += [
            table("The slots", ("account", "slots"), slots),
            table("What moved", ("page", "slot before", "slot after", "page after"), moved),
            table("Who names a slot", ("slot", "before", "after"), outcome.slots.names),
        ]
    else:
        pages = [(each.page, each.state) for each in outcome.moved]
        tables.append(table("What became of the pages", ("page", "after"), pages))
    return grid("uvmlab-tables", *tables) + fold("All of it in words", outcome.text())
