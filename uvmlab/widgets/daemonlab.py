"""The lab of the page daemon in the notebook: a form over a `Daemon`, and what came of it below."""

from __future__ import annotations

from typing import Any, Final

from uvmlab.widgets.cleaned import Cleaned
from uvmlab.widgets.daemon import Daemon
from uvmlab.widgets.lab import Lab
from uvmlab.widgets.report import fold, grid, table

SHOWN: Final = "threads array anons objects free swap arena queues io"  # all but locks


class DaemonLab(Lab):
    """Make memory short and watch the page daemon: clusters being built, I/O in flight, the done queue.

    The arguments are those of `Daemon`, which is its `model`.  It runs when *Run* is pressed; with nobody there to
    press, it has run.

    >>> lab = DaemonLab(free=2, anons="3D", aobj="none", file="none", answers="OK")
    >>> lab.model.outcome
    <cleaned: 2 of 2 pages free; 1 I/O>
    """

    def __init__(self, **chosen: Any) -> None:
        model = Daemon(**chosen)
        super().__init__(
            model,
            name="daemon",
            button="Run",
            report=report,
            show=SHOWN,
            title="The daemon lab: cleaning pages when memory is short",
            fields=model.fields(),
            said="Say what the pages are, guess which of them become free, and run it.",
        )


def report(outcome: Cleaned) -> str:
    """Show what came of it, in tables; the run itself is walked through below."""
    ios, done, pages = (table(*each) for each in outcome.tables())
    slots = table("The slots, before against after", ("account", "slots"), outcome.account())
    narrow = grid("uvmlab-tables", done, slots)
    return ios + narrow + pages + fold("All of it in words", outcome.text())
