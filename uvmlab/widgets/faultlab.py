"""The lab of lesson 06 in the notebook: a form over a `Fault`, and what came of it below."""

from __future__ import annotations

from typing import Any

from uvmlab.widgets.fault import Fault
from uvmlab.widgets.lab import Lab
from uvmlab.widgets.report import report


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
            said="Say what happens, predict what becomes of the slots, and run it.",
        )
