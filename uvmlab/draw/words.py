"""A world in words: what its picture shows, for those who would rather read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from uvmlab.draw.labels import sentence
from uvmlab.draw.scene import Scene, scene
from uvmlab.draw.strips import Column, Strip, strips
from uvmlab.worlds import World


def text(world: World, before: World | None = None) -> str:
    """Say a world in words, one line for each anon, page of an object and swap slot.

    `before`: an earlier state of it; what has changed since is marked with a `*`, and what was is in brackets.
    What is too much is folded, as in the picture, and says what it holds.

    >>> from uvmlab.worlds import world
    >>> print(text(world(swap=8).anons(2, slot=1, flags="BUSY")))
    World: 2 pages, 2 anons, 2 of 8 slots allocated.
    <BLANKLINE>
    anons: 2
      a0: slot 1; p0: dirty, inactive, busy
      a1: slot 2; p1: dirty, inactive, busy
    swap slots: 8
      1: a0
      2: a1
      3 to 8: free, 6 slots
    """
    return say(scene(world, before))


def say(found: Scene) -> str:
    """Say a scene in words."""
    return "\n".join(_lines(found))


def _lines(found: Scene) -> Iterator[str]:
    yield f"{found.title[0].upper()}{found.title[1:]}."
    if found.compared:
        yield "A line with a * has changed."
    yield from found.notes
    yield ""
    yield from rows(strips(found))


def rows(made: Iterable[Strip]) -> Iterator[str]:
    """Say strips in words: a line for each head and each column, with a `*` where it has changed."""
    for strip in made:
        yield sentence(strip.head) + " *" * strip.head.changed
        for column in strip.columns:
            yield _line(column)


def _line(column: Column) -> str:
    mark = "*" if any(part.changed for part in column.parts) else " "
    return f" {mark}{'; '.join(sentence(part) for part in reversed(column.parts))}"
