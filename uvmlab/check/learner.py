"""A learner's own numbers: the same at every start, on every machine, in whatever order they are asked for.

>>> me = learner("Ada")
>>> me.number("pages", 3, 8)
7
>>> me.choice("answer", ["ERROR", "AGAIN"])
'ERROR'
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar
from unicodedata import normalize

T = TypeVar("T")


def learner(name: str) -> Learner:
    """Give the learner of this name numbers of their own; capitals and outer spaces make no difference.

    Raises: TypeError, ValueError for what is no name.
    """
    if not isinstance(name, str):
        raise TypeError(f"a learner's name is a text, not {name!r}")
    if not name.strip():
        raise ValueError("a learner's name has a letter at least")
    return Learner(normalize("NFKC", name.strip()).casefold())


class Learner:
    """Numbers that follow from `name` and the `key` of a question, and from nothing else.

    Another key is another question: its numbers tell nothing about the first one's.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def seed(self) -> int:
        """A seed for whatever wants one.

        Returns: 0 to 2**32 - 1.
        """
        return self.number("seed", 0, 2**32 - 1)

    def number(self, key: str, lo: int, hi: int) -> int:
        """Draw a number for the question `key`.

        Returns: `lo` to `hi`, both included.
        Raises: ValueError if there is none.
        """
        if lo > hi:
            raise ValueError(f"there is no number from {lo} to {hi}")
        digest = sha256(f"{self.name}\0{key}".encode()).digest()
        return lo + int.from_bytes(digest) % (hi - lo + 1)

    def choice(self, key: str, things: Sequence[T]) -> T:
        """Draw one of `things` for the question `key`.

        Raises: ValueError if there are none.
        """
        if not things:
            raise ValueError("there is nothing to choose from")
        return things[self.number(key, 0, len(things) - 1)]

    def sample(self, key: str, things: Sequence[T], n: int) -> list[T]:
        """Draw `n` different ones of `things` for the question `key`.

        Returns: a list in the order of `things`.
        Raises: ValueError if there are not so many.
        """
        if not 0 <= n <= len(things):
            raise ValueError(f"{n} of {len(things)} things cannot be drawn")
        drawn = sorted(range(len(things)), key=lambda i: self.number(f"{key}\0{i}", 0, 2**64))[:n]
        return [things[i] for i in sorted(drawn)]

    def __repr__(self) -> str:
        return f"<learner {self.name}: seed {self.seed}>"
