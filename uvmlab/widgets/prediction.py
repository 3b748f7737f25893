"""Predict, then reveal: the learner commits to an answer before the right one appears.

The right answer is worked out at once, in the kernel, because later cells may give its names another
meaning; the browser and the notebook file hear of it only when the learner has committed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from types import FunctionType
from typing import Any, Final, NamedTuple, Self

from IPython.display import display

from uvmlab.check import Answers
from uvmlab.widgets.audience import anybody_there
from uvmlab.widgets.form import Values
from uvmlab.widgets.kinds import Kind
from uvmlab.widgets.view import View

ASKED: Final[dict[str, Prediction]] = {}  # of this kernel, by name


def predict(
    name: str,
    question: str,
    *,
    answer: Any,
    kind: Kind,
    why: str | Callable[[], str] = "",
    answers: Answers | None = None,
) -> Prediction:
    """Ask for an answer before the right one is shown.

    `name` is this question's alone; `answer` and `why` are values, or functions without arguments that look
    at a run; `kind` is `choose([...])`, `number()`, `numbers()` or `order([...])`; `answers` is where
    answers are kept (the learner's folder).  What follows from the answer is shown by `.then(show, run)`.

    Raises: ValueError for a right answer that the learner could not give; TypeError.

    >>> from uvmlab.widgets import numbers
    >>> predict("doc", "Which slots are free?", answer=lambda: [5, 6], kind=numbers())
    <prediction doc: Which slots are free? (open)>
    """
    ASKED[name] = Prediction(name, question, kind, answer, why, answers or Answers.here())
    return ASKED[name]


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
        self._right = kind.settled(answer() if callable(answer) else answer)
        self._answer = kind.text(self._right)
        kind.read(kind.written(self._right))
        self._why = why() if callable(why) else why

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
        if right != self._answer:
            self.answers.said = "The answer kept here was to other numbers: answer anew."
            return None
        return mine

    def then(self, function: Callable[..., Any], *args: Any, **more: Any) -> Self:
        """Call `function(*args, **more)` once the answer is shown, and show what it returns.

        A function made in the notebook, a lambda say, sees the notebook's names as they are now.
        """
        if not callable(function):
            raise TypeError(f"then(show, run): a function comes first, not {function!r}")
        self.thens.append(partial(call_and_show, as_of_now(function), *args, **more))
        return self

    def commit(self, values: Values) -> None:
        """Take what was typed as the learner's answer, and keep it.

        Raises: Wrong, for what is no answer of this kind; then nothing changes.
        """
        mine = self.kind.read(values)
        kept = {"mine": mine, "right": self._answer}
        self.answers.put(self.name, self.question, kept)
        self.mine = mine

    def forget(self) -> None:
        """Forget the answer, so that the question is open again."""
        self.answers.forget(self.name, self.question)
        self.mine = None

    def verdict(self) -> Verdict:
        """Say what the run says to the learner's answer.

        Needs: an answer.
        """
        if self.mine is None:
            raise ValueError("there is no answer yet")
        right = self.mine == self._right
        said = (
            f"Right: {self._answer}."
            if right
            else f"Not right. {self.kind.difference(self.mine, self._right)}"
        )
        return Verdict(right, "\n".join(filter(None, (said, self._why))))

    def follow(self) -> None:
        """Do what was to be done `then`."""
        for call in self.thens:
            call()

    def text(self) -> str:
        """Say the question, the right answer and why, for where nobody answers."""
        why = [f"Why: {self._why}"] * bool(self._why)
        return "\n".join((f"Predict: {self.question}", f"Answer: {self._answer}", *why))

    def _ipython_display_(self) -> None:
        if anybody_there():
            display(View(self))
        else:
            print(self.text())
            self.follow()

    def __repr__(self) -> str:
        state = "open" if self.mine is None else f"answered {self.kind.text(self.mine)}"
        return f"<prediction {self.name}: {self.question} ({state})>"


def call_and_show(function: Callable[..., Any], *args: Any, **more: Any) -> None:
    """Call a function and display what it returns, if it returns anything."""
    shown = function(*args, **more)
    if shown is not None:
        display(shown)


def as_of_now(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a notebook's function keep the names that it sees now, whatever later cells make of them."""
    if not isinstance(function, FunctionType) or function.__module__ != "__main__":
        return function
    names = dict(function.__globals__)
    name, defaults, closure = function.__name__, function.__defaults__, function.__closure__
    copy = FunctionType(function.__code__, names, name, defaults, closure)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy
