"""The lab of lesson 06 in the notebook: a form over a `Fault`, and what came of it below."""

from __future__ import annotations

from typing import Any, Final

from uvmlab.widgets.audience import anybody_there
from uvmlab.widgets.cells import shown
from uvmlab.widgets.fault import Fault, fields
from uvmlab.widgets.form import Form, Values
from uvmlab.widgets.report import begun, report

RUN: Final = "Run"


class FaultLab(Form):
    """Put up to 16 pages while the disk says no: choose, run, and see what became of pages and slots.

    The arguments are those of `Fault`, which is its `model`.  It runs when *Run* is pressed; with nobody there to
    press, it has run.

    >>> lab = FaultLab(pages=3, aobj="p2", pg="p0", answers="ERROR OK")
    >>> lab.model.outcome
    <outcome OK: 2 I/Os; freed 5 6, kept 4>
    """

    def __init__(self, **chosen: Any) -> None:
        self.model = Fault(**chosen)
        super().__init__(
            self._pressed,
            title="The fault lab: a put while the disk says no",
            fields=fields(),
            buttons=[RUN],
            values=self.model.put.written(),
            said="Say what happens, predict what becomes of the slots, and run it.",
        )
        self.add_class("uvmlab-fault")
        shown(self)
        if anybody_there():
            self.report = begun(self.model.put.world())
        else:
            self.model.run()

    def _pressed(self, _: str, values: Values) -> None:
        outcome = self.model.run(values)
        self.values = self.model.put.written()
        self.said = outcome.sentence()
        self.report = report(outcome)

    def __repr__(self) -> str:
        return self.model.text()

    def _repr_mimebundle_(self, **more: Any) -> Any:
        data, metadata = super()._repr_mimebundle_(**more)  # type: ignore[misc]
        return data | {"text/plain": self.model.text()}, metadata
