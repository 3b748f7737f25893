"""What every lab is in the notebook: a form over a model, a report, and the run to be walked through."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from ipywidgets import VBox

from uvmlab.widgets.audience import anybody_there
from uvmlab.widgets.cells import retire, shown
from uvmlab.widgets.form import Form, Values, Wrong, described
from uvmlab.widgets.model import Model
from uvmlab.widgets.report import Beginning, begun, fold, still
from uvmlab.widgets.runview import RunView, figure


class Lab(VBox):
    """A form; below it what came of the last run, in tables and as a `RunView` (`view`; None: there is none).

    `name`: the form's class is `uvmlab-NAME`, the lab's `uvmlab-NAME-lab`; `button`: what the button says, and
    `report`: makes HTML of an outcome; `form`: the kind of form; `show`: what the picture shows, as in `RunView`;
    `traits`: those of the form, `title`, `fields`, and `said` to begin with.
    It runs when the button is pressed; with nobody there to press it, it has run.
    """

    view: RunView | None = None

    def __init__(
        self,
        model: Model[Any, Any],
        *,
        name: str,
        button: str,
        report: Callable[[Any], str],
        form: type[Form] = Form,
        show: str | None = None,
        **traits: Any,
    ) -> None:
        self.model, self._report, self._kinds = model, report, show
        traits |= {"buttons": [button], "values": model.plan.written(), "guess": ""}
        self.form = form(self._pressed, **traits)
        self.form.add_class(f"uvmlab-{name}")
        super().__init__([self.form])
        self.add_class(f"uvmlab-{name}-lab")
        for earlier in shown(self):
            if isinstance(earlier, type(self)):  # its guess is the learner's own
                self.form.guess = earlier.form.guess
        if anybody_there():
            self.form.report = begun(self._before())
        else:
            self._alone(button)

    def _before(self) -> Beginning:
        """Show what the plan begins with; a lab whose subject no world shows has a picture of its own."""
        return Beginning.of(self.model.plan.world())

    def _alone(self, button: str) -> None:
        try:
            self._pressed(button, self.model.plan.written())
        except Wrong as wrong:  # a learner's function: there is a text to show all the same
            self.model.said = self.form.said = str(wrong)

    def _pressed(self, _: str, values: Values) -> None:
        outcome = self.model.run(values)
        self.form.values = self.model.plan.written()
        self._tell(outcome)
        self._walk(outcome.run)

    def _tell(self, outcome: Any) -> None:
        """Say in the form what came of it; a form with more to show has a lab that says more."""
        guessed = f"\nYou guessed: {self.form.guess}" if self.form.guess else ""
        self.form.said = outcome.sentence() + guessed
        self.form.report = self._report(outcome)
        self.form.made += 1

    def _walk(self, run: Any) -> None:
        """Show a run to walk through, in the place of the last one; in words alone if it cannot be drawn."""
        shows: list[Any]
        try:
            if self.view is None:
                self.view = RunView(run, show=self._kinds)
            else:
                self.view.run = run
            shows = [self.form, self.view]
        except Exception as error:  # the steps of a learner's function may say anything
            self.form.said += f"\nThis run cannot be walked through: {described(error)}."
            shows = [self.form]
        self.children = shows

    def close(self) -> None:
        """Close the lab with its view, be it shown or not."""
        if self.view is not None:
            retire(self.view)
        super().close()

    def __repr__(self) -> str:
        return self.model.text()

    def _repr_mimebundle_(self, **more: Any) -> Any:
        """Add what is left with no kernel: the last step as a figure, and the whole lab in words."""
        data = super()._repr_mimebundle_(**more)
        return data | {"text/html": self._still(), "text/plain": self.model.text()}

    def _still(self) -> str:
        if self.view is None or self.view not in self.children:
            shown = still(self._before(), self.form.title)
        else:
            shown = figure(self.view.run, self.view.drawing)
        said = f"<p>{escape(self.form.said)}</p>"
        return shown + said + fold("The whole lab in words", self.model.text())
