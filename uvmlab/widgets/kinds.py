"""The kinds of answers that a learner can commit to: one of some, numbers, an order.

A kind names the fields of its form, reads an answer out of them, and says how it differs from the right
one.  An answer is plain data that JSON can hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final, Protocol

from uvmlab.widgets.form import Values, Wrong, quoted
from uvmlab.widgets.ranges import ranges

MOST: Final = 4096  # numbers in an answer: the largest device of a lesson


class Kind(Protocol):
    """What a prediction needs of a kind."""

    def fields(self) -> list[dict[str, Any]]:
        """List the fields of the form."""

    def read(self, values: Values) -> Any:
        """Make an answer of what was typed; `Wrong` says what is legal."""

    def written(self, answer: Any) -> Values:
        """Write an answer back into the fields."""

    def settled(self, answer: Any) -> Any:
        """Bring the right answer into the form of a learner's; ValueError if it cannot be one."""

    def text(self, answer: Any) -> str:
        """Say an answer."""

    def difference(self, mine: Any, right: Any) -> str:
        """Say how a wrong answer differs from the right one."""


def choose(options: Iterable[Any]) -> Choose:
    """Let the learner choose one of `options`."""
    return Choose(options)


def numbers(lo: int = 0, hi: int | None = None) -> Numbers:
    """Let the learner type numbers from `lo` to `hi`, in any order: `4, 7-9`, or `none`."""
    return Numbers(lo, hi, one=False)


def number(lo: int = 0, hi: int | None = None) -> Numbers:
    """Let the learner type one number from `lo` to `hi`, or `none`; where it may be 0, that is none."""
    return Numbers(lo, hi, one=True)


def order(items: Iterable[Any]) -> Order:
    """Let the learner put `items` in order.  They are offered in another order than they are given in."""
    return Order(items)


class Choose:
    """One of some options."""

    def __init__(self, options: Iterable[Any]) -> None:
        self.options = _different(options)

    def fields(self) -> list[dict[str, Any]]:
        """One group of radio buttons."""
        return [{"name": "choice", "label": "Choose one", "options": self.options, "radio": True}]

    def read(self, values: Values) -> str:
        """Return the option."""
        chosen = values.get("choice", "")
        if chosen not in self.options:
            raise Wrong("Choose one of them first.", "choice")
        return chosen

    def written(self, answer: str) -> Values:
        """Check its radio button."""
        return {"choice": answer}

    def settled(self, answer: Any) -> str:
        """Return the option that it is."""
        if said(answer) not in self.options:
            raise ValueError(f"{said(answer)!r} is none of {', '.join(self.options)}")
        return said(answer)

    def text(self, answer: str) -> str:
        """The option."""
        return answer

    def difference(self, mine: str, right: str) -> str:
        """Name the right one."""
        return f"It is {right}."


class Numbers:
    """Numbers from `lo` to `hi`, as a sorted list without repetition; `one`: at most one.

    Where one number may be 0, `none` is 0.
    """

    def __init__(self, lo: int, hi: int | None, *, one: bool) -> None:
        self.lo, self.hi, self.one = lo, hi, one
        self.none = [0] if one and lo == 0 else []

    @property
    def legal(self) -> str:
        """Say what may be typed."""
        within = f"from {self.lo} on" if self.hi is None else f"from {self.lo} to {self.hi}"
        if not self.one:
            return f"numbers {within}, such as 4 7-9, or none"
        return f"one number {within}{'' if self.none else ', or none'}"

    def fields(self) -> list[dict[str, Any]]:
        """One text."""
        return [{"name": "numbers", "label": "Your answer", "hint": self.legal}]

    def read(self, values: Values) -> list[int]:
        """Return the numbers."""
        typed = re.sub(r"\s*[-–]\s*(?=\d)", "-", values.get("numbers", "")).replace(",", " ")
        words = typed.casefold().split()
        if not words:
            raise Wrong(f"Type your answer first: {self.legal}.", "numbers")
        if words == ["none"]:
            return self.none
        found = sorted({number for word in words for number in self._run(word)})
        if self.one and len(found) > 1:
            raise Wrong("One number is asked for.", "numbers")
        return found

    def _run(self, word: str) -> range:
        match = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", word, re.ASCII)
        if match is None:
            raise Wrong(f"{quoted(word)} is no number: type {self.legal}.", "numbers")
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last < first + MOST:
            raise Wrong(f"{quoted(word)} is no run of up to {MOST} numbers.", "numbers")
        for bound in (first, last):
            if bound < self.lo or (self.hi is not None and bound > self.hi):
                raise Wrong(f"{bound} cannot be: type {self.legal}.", "numbers")
        return range(first, last + 1)

    def written(self, answer: list[int]) -> Values:
        """Type them."""
        return {"numbers": self.text(answer)}

    def settled(self, answer: Any) -> list[int]:
        """Return the numbers; a single one, or None for none, will do."""
        if answer is None:
            return self.none
        return sorted(set(map(int, answer if isinstance(answer, Iterable) else [answer])))

    def text(self, answer: list[int]) -> str:
        """Them in order."""
        return ranges(answer)

    def difference(self, mine: list[int], right: list[int]) -> str:
        """Say which are right, which missing and which too many."""
        if self.one:
            return f"It is {self.text(right)}."
        parts = (
            ("Right among yours", {*mine} & {*right}),
            ("Missing", {*right} - {*mine}),
            ("Too many", {*mine} - {*right}),
        )
        named = (f"{what}: {self.text(sorted(which))}." for what, which in parts if which)
        return " ".join((f"It is {self.text(right)}.", *named))


class Order:
    """All items, in an order."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = sorted(_different(items), key=lambda item: sha256(item.encode()).digest())

    def fields(self) -> list[dict[str, Any]]:
        """A list to select from for each place."""
        options = ["", *self.items]
        return [
            {"name": str(place), "label": f"Place {place}", "options": options}
            for place in range(1, len(self.items) + 1)
        ]

    def read(self, values: Values) -> list[str]:
        """Return the items in order."""
        answer: list[str] = []
        for field in self.fields():
            item = values.get(field["name"], "")
            if item not in self.items:
                raise Wrong(f"{field['label']} is empty yet.", field["name"])
            if item in answer:
                raise Wrong(f"{item} is there twice.", field["name"])
            answer.append(item)
        return answer

    def written(self, answer: list[str]) -> Values:
        """Select each."""
        return {str(place): item for place, item in enumerate(answer, 1)}

    def settled(self, answer: Any) -> list[str]:
        """Return the items in order."""
        right = [said(item) for item in answer]
        if sorted(right) != sorted(self.items):
            raise ValueError(f"{', '.join(right)} are not the items {', '.join(self.items)}")
        return right

    def text(self, answer: list[str]) -> str:
        """Them in order."""
        return ", ".join(answer)

    def difference(self, mine: list[str], right: list[str]) -> str:
        """Say where the two orders part."""
        place = next(
            i for i, pair in enumerate(zip(mine, right, strict=True), 1) if len({*pair}) > 1
        )
        return f"It is {self.text(right)}. Yours is right up to place {place - 1}."


def said(thing: Any) -> str:
    """Say a thing as learners see it: a flag or a result by its name."""
    return str(getattr(thing, "name", thing))


def _different(things: Iterable[Any]) -> list[str]:
    names = [said(thing) for thing in things]
    if len(names) < 2 or len({*names}) < len(names) or "" in names:
        raise ValueError(f"two different things or more are needed, not {names}")
    return names
