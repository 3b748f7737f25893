"""Predict, then reveal: the learner commits to an answer before the right one appears.

The right answer is worked out only when it is shown, so there is nothing to find before that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple, Self

from IPython.display import display

from uvmlab.check import Answers
from uvmlab.widgets.audience import anybody_there
from uvmlab.widgets.form import Values
from uvmlab.widgets.kinds import Kind


class Verdict(NamedTuple):
    """What the run says to an answer, and whether that was right."""

    right: bool
    text: str


class Prediction:
    """A question, the learner's answer once there is one, and what is shown then.

    Shown in a notebook it is a form; with nobody to answer, it prints the
    question, the answer and why, and goes on with what was to be shown `then`.
    """

    def __init__(
        self,
        name: str,
        question: str,
        kind: Kind,
        answer: Any,
        why: str | Callable[[], str],
        answers: Answers,
    ) -> None:
        self.name, self.question, self.kind, self.answers = name, question, kind, answers
        self.thens: list[Callable[[], Any]] = []
        self._answer, self._why = answer, why

    @cached_property
    def mine(self) -> Any:
        """The learner's answer; None before there is one.

        A kept one that is none of this kind (a file can be edited), or was given when the right answer was
        another (for another learner's numbers), is said and not taken.
        """
        kept = self.answers.get(self.name, self.question)
        if kept is None:
            return None
        try:
            mine, right = self.kind.read(self.kind.written(kept["mine"])), kept["right"]
        except (ValueError, TypeError, AttributeError, KeyError):
            self.answers.said = "The answer kept here is none to this question: answer it anew."
            return None
        if right != self._right_now():
            self.answers.said = "The answer kept here was to other numbers: answer anew."
            return None
        return mine

    def _right_now(self) -> str | None:
        try:
            return self.kind.text(self.right())
        except Exception:  # the verdict will say what is wrong
            return None

    def then(self, function: Callable[..., Any], *args: Any, **more: Any) -> Self:
        """Call `function(*args, **more)` once the answer is shown, and show what it returns."""
        if not callable(function):
            raise TypeError(f"then(show, run): a function comes first, not {function!r}")
        self.thens.append(lambda: function(*args, **more))
        return self

    def commit(self, values: Values) -> None:
        """Take what was typed as the learner's answer, and keep it.

        Raises: Wrong, for what is no answer of this kind; then nothing changes.
        """
        mine = self.kind.read(values)
        kept = {"mine": mine, "right": self._right_now()}
        self.answers.put(self.name, self.question, kept)
        self.mine = mine

    def forget(self) -> None:
        """Forget the answer, so that the question is open again."""
        self.answers.forget(self.name, self.question)
        self.mine = None

    def right(self) -> Any:
        """Work out the right answer."""
        found = self._answer() if callable(self._answer) else self._answer
        return self.kind.settled(found)

    def why(self) -> str:
        """Say why, in words from the run."""
        return self._why() if callable(self._why) else self._why

    def verdict(self) -> Verdict:
        """Say what the run says to the learner's answer.

        Needs: an answer.
        """
        if self.mine is None:
            raise ValueError("there is no answer yet")
        right = self.right()
        same = self.mine == right
        first = "Right: " if same else "Not right. "
        first += f"{self.kind.text(right)}." if same else self.kind.difference(self.mine, right)
        return Verdict(same, "\n".join(filter(None, (first, self.why()))))

    def follow(self) -> None:
        """Do what was to be done `then`."""
        for call in self.thens:
            shown = call()
            if shown is not None:
                display(shown)

    def text(self) -> str:
        """Say the question, the right answer and why, for where nobody answers."""
        lines = [f"Predict: {self.question}", f"Answer: {self.kind.text(self.right())}"]
        if why := self.why():
            lines.append(f"Why: {why}")
        return "\n".join(lines)

    def _ipython_display_(self) -> None:
        if anybody_there():
            from uvmlab.widgets.predict import View  # noqa: PLC0415 -- it shows this class

            display(View(self))
        else:
            print(self.text())
            self.follow()

    def __repr__(self) -> str:
        state = "open" if self.mine is None else f"answered {self.kind.text(self.mine)}"
        return f"<prediction {self.name}: {self.question} ({state})>"
