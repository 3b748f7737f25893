"""The prediction in the notebook: a form, and below it what the answer opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from IPython.utils.capture import capture_output
from ipywidgets import Output, VBox

from uvmlab.widgets.cells import shown
from uvmlab.widgets.form import Form, Values, described

if TYPE_CHECKING:
    from uvmlab.widgets.prediction import Prediction

COMMIT: Final = "Commit"
AGAIN: Final = "Try again"


class View(VBox):
    """A prediction's form, and what is shown then."""

    def __init__(self, model: Prediction) -> None:
        self.model = model
        self.form = Form(
            self._pressed,
            title=f"Predict: {model.question}",
            fields=model.kind.fields(),
            buttons=[COMMIT, AGAIN],
        )
        self.out = Output()
        super().__init__([self.form, self.out])
        self.add_class("uvmlab-predict")
        shown(self)
        self._show()

    def _pressed(self, button: str, values: Values) -> None:
        if button == AGAIN:
            self.model.forget()
        elif self.model.mine is None:
            self.model.commit(values)
        self._show()

    def _show(self) -> None:
        model, form = self.model, self.form
        form.locked = model.mine is not None
        form.note = " ".join(filter(None, (model.answers.said, model.answers.where)))
        self.out.outputs = ()
        if model.mine is None:
            form.values, form.said, form.tone = (
                empty(form.fields),
                "Commit, and the answer appears.",
                "",
            )
            return
        form.values = model.kind.written(model.mine)
        try:
            verdict = model.verdict()
            form.tone = "right" if verdict.right else "wrong"
            form.said = verdict.text
            self.out.outputs = [out for call in model.thens for out in outputs(call)]
        except Exception as error:  # a learner gets a sentence, never a traceback
            form.said = f"Your answer is kept, but what follows it failed. {described(error)}"

    def _repr_mimebundle_(self, **more: Any) -> Any:
        bundle = super()._repr_mimebundle_(**more)
        bundle["text/plain"] = repr(self.model)
        return bundle


def empty(fields: list[dict[str, Any]]) -> Values:
    """Return what stands in fields that nothing was typed into."""
    return {field["name"]: "" for field in fields}


def outputs(show: Callable[[], Any]) -> list[dict[str, Any]]:
    """Call `show` and return what it prints and displays, as the outputs of a cell."""
    with capture_output() as captured:
        show()
    printed = [
        {"output_type": "stream", "name": name, "text": text}
        for name, text in (("stdout", captured.stdout), ("stderr", captured.stderr))
        if text
    ]
    displayed = [
        {"output_type": "display_data", "data": each.data, "metadata": each.metadata}
        for each in captured.outputs
    ]
    return printed + displayed
