"""A form in the notebook: labelled fields, buttons, a line that answers, and a report below.

What the learner typed comes in one message; whatever goes wrong becomes a sentence in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import RLock
from typing import Any, Final

import anywidget
import traitlets

HERE: Final = Path(__file__).parent

Values = dict[str, str]
Options = Mapping[str, Mapping[Any, str]]
Handler = Callable[[str, Values], None]


class Wrong(ValueError):
    """A learner's input that is not legal: a sentence, and the field it was typed into."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def quoted(text: str, most: int = 40) -> str:
    """Quote what somebody typed, cut if it is long."""
    return f"“{text if len(text) <= most else text[:most] + '…'}”"


class Form(anywidget.AnyWidget):
    """The view of a lab or a question.  `handler(button, values)` is called when a button is pressed.

    `intro`: what one should know first; `fields`: `name`, `label`, `hint`, `options` (none: a text), `radio`, `size` of each, and
    `means`: a sentence for each option, which stands before the hint; `values`: what stands
    in them; `locked`: the fields and the first button rest; `wrong`: the field that `said` is about; `answered`: how
    many presses were; `made`: how many of them made what `report` shows of the `values`.  Who types something else
    then is told that it is of before.  `guess`: what one guesses, in words of one's own; None: nobody asks.
    """

    _esm = HERE / "form.js"
    _css = HERE / "form.css"

    title = traitlets.Unicode().tag(sync=True)
    intro = traitlets.Unicode().tag(sync=True)
    fields: Any = traitlets.List().tag(sync=True)
    buttons: Any = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    locked = traitlets.Bool(default_value=False).tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)
    tone = traitlets.Unicode().tag(sync=True)
    wrong = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Int().tag(sync=True)
    made = traitlets.Int().tag(sync=True)
    guess = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    report = traitlets.Unicode().tag(sync=True)

    def __init__(self, handler: Handler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler
        self._alone, self._last = RLock(), 0.0
        self.on_msg(self._heard)

    def _heard(self, _: Any, content: Any, __: Any) -> None:
        """Answer a press of a button.

        JupyterLab may have two presses heard by two threads of the kernel, the later one first: one is answered
        at a time, and none after a later one.
        """
        with self._alone:
            when = pressed(content, self._last)
            if when >= self._last:
                self._last = when
                self._answered(content)

    def _answered(self, content: Any) -> None:
        with self.hold_sync():
            self.answered += 1
            self.tone = self.wrong = ""
            try:
                values = {name: str(text) for name, text in content["values"].items()}
                if self.guess is not None:
                    self.guess = str(content.get("guess", self.guess)).strip()
                self._handler(content["event"], values)
            except Wrong as wrong:
                self.said, self.tone, self.wrong = str(wrong), "wrong", wrong.field
            except Exception as error:  # a learner gets a sentence, never a traceback
                self.said = f"This should not have happened: {described(error)}"


def pressed(content: Any, otherwise: float) -> float:
    """Return when a button was pressed, in milliseconds since 1970; `otherwise` if a message does not say."""
    try:
        return float(content["pressed"])
    except (KeyError, TypeError, ValueError):
        return otherwise


def listed(
    labels: Mapping[str, str], hints: Mapping[str, str], options: Options
) -> list[dict[str, Any]]:
    """List the fields of a form: those of `labels`, in that order; with `options` a field is a choice."""
    return [
        {
            "name": name,
            "label": label,
            "hint": hints.get(name, ""),
            "options": [*options[name].values()] if name in options else None,
        }
        for name, label in labels.items()
    ]


def described(error: Exception) -> str:
    """Say in a sentence what went wrong where nothing should."""
    return f"{type(error).__name__}: {error}"
