"""A text that gives answers away: shown when all predictions of its lesson are made, and not before."""

from __future__ import annotations

from typing import Any, Final

from IPython.display import display
from ipywidgets import Output, VBox

from uvmlab.check.reading import Reading, reading
from uvmlab.widgets.audience import anybody_there
from uvmlab.widgets.cells import shown
from uvmlab.widgets.form import Form, Values, Wrong
from uvmlab.widgets.prediction import ASKED

SHOW: Final = "Show"


def afterwards(name: str) -> Afterwards:
    """Show the text `name` (`06-lessons-learned`) once the learner has made all predictions of its lesson.

    Raises: KeyError that names the texts that there are.

    >>> afterwards("00-lessons-learned")
    <Lessons learned: after the predictions>
    """
    return Afterwards(reading(name))


class Afterwards:
    """A text, and whether it may be read yet.  With nobody to answer predictions it may."""

    def __init__(self, text: Reading) -> None:
        self.text = text

    def read(self) -> Reading:
        """Return the text.

        Raises: Wrong that names the predictions that are still open.
        """
        asked = [ASKED[name] for name in self.text.after if name in ASKED]
        if len(asked) < len(self.text.after):
            raise Wrong("First run all cells above: this comes after their predictions.")
        still = [each.question for each in asked if each.mine is None]
        if still:
            raise Wrong("\n".join(["First commit to an answer here:", *still]))
        return self.text

    def _ipython_display_(self) -> None:
        display(View(self) if anybody_there() else self.text)

    def __repr__(self) -> str:
        return f"<{self.text.title}: after the predictions>"


class View(VBox):
    """The text's title and a button, and below it the text when it may be read."""

    def __init__(self, model: Afterwards) -> None:
        self.model = model
        said = "This gives answers away, so it comes after your predictions."
        title = model.text.title
        self.form = Form(self._pressed, title=title, fields=[], buttons=[SHOW], said=said)
        self.out = Output()
        super().__init__([self.form, self.out])
        self.add_class("uvmlab-afterwards")
        shown(self)

    def _pressed(self, _: str, __: Values) -> None:
        text = self.model.read()
        data = {"text/markdown": text.text, "text/plain": repr(text)}
        self.out.outputs = ({"output_type": "display_data", "data": data, "metadata": {}},)
        self.form.said = "You have made all predictions of this lesson:"

    def _repr_mimebundle_(self, **more: Any) -> Any:
        return super()._repr_mimebundle_(**more) | {"text/plain": repr(self.model)}
