"""A scene as strips: the anons, each object, the pages without an owner, the slots, a column for each.

What is too much to draw is folded, and says what it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final, NamedTuple

from uvmlab.draw.describe import count
from uvmlab.draw.scene import Part, Place, Scene
from uvmlab.draw.styles import STYLES, in_order

ROW: Final = 16  # columns side by side
MOST: Final = 512  # columns in a picture
STRIPS: Final = 64  # strips in a picture


class Column(NamedTuple):
    """A page above the place where it is, or a slot or a page alone (`top`)."""

    top: Part | None
    bottom: Part | None = None

    @property
    def parts(self) -> list[Part]:
        """What there is of the two."""
        return [part for part in (self.top, self.bottom) if part]

    @property
    def alike(self) -> list[object]:
        """What columns share that may be folded into one; what changed is like nothing else."""
        return [part.id if part.changed else (part.states, _general(part)) for part in self.parts]


class Strip(NamedTuple):
    """A head and its columns."""

    head: Part
    columns: list[Column]


def strips(scene: Scene) -> list[Strip]:
    """Put a scene into strips of at most 512 columns together."""
    made = list(_all(scene))
    if sum(len(strip.columns) for strip in made) > MOST:
        made = [Strip(strip.head, list(_fold_alike(strip.columns))) for strip in made]
    total = sum(len(strip.columns) for strip in made)
    if total > MOST:
        made = [Strip(s.head, _cut(s.columns, len(s.columns) * MOST // total)) for s in made]
    return made


def _all(scene: Scene) -> Iterator[Strip]:
    if scene.anons:
        head = Part("anons", "anons", ("object",), (str(len(scene.anons)),))
        yield Strip(head, [_column(scene, place) for place in scene.anons])
    for number, (part, places) in enumerate(scene.objects):
        if number < STRIPS:
            yield Strip(part, [_column(scene, place) for place in places])
    rest = scene.objects[STRIPS:]
    if rest:
        columns = [_column(scene, place) for _, places in rest for place in places]
        words = (f"{rest[0][0].name} to {rest[-1][0].name}",)
        head = Part("objects", f"{count(len(rest), 'more object')}", ("object",), words)
        yield Strip(head, [_folded(columns)] if columns else [])
    if scene.loose:
        head = Part("loose", "no owner", ("object",), (count(len(scene.loose), "page"),))
        yield Strip(head, [Column(page) for page in scene.loose])
    if scene.slots:
        n = sum(slot.n for slot in scene.slots)
        head = Part("slots", "swap slots", ("object",), (str(n),))
        yield Strip(head, [Column(slot) for slot in scene.slots])


def _column(scene: Scene, place: Place) -> Column:
    here = [link.to for link in place.named("page") if link.change != "was"]
    return Column(scene.pages[here[0]] if here else None, place.part)


def _fold_alike(columns: list[Column]) -> Iterator[Column]:
    """Keep a row of each run of columns that look the same; fold the rest of it into one."""
    for _, run in groupby(columns, lambda column: column.alike):
        same = list(run)
        yield from same[:ROW]
        if len(same) > ROW:
            yield _folded(same[ROW:])


def _cut(columns: list[Column], most: int) -> list[Column]:
    if len(columns) <= max(most, ROW):
        return columns
    keep = max(most, ROW) - 1
    return [*columns[:keep], _folded(columns[keep:])]


def _folded(columns: list[Column]) -> Column:
    """Make one column of many."""
    if len(columns) == 1:
        return columns[0]
    return Column(_sum([c.top for c in columns]), _sum([c.bottom for c in columns]))


def _sum(parts: list[Part | None]) -> Part | None:
    """Make one part of many: how many, up to which, and how many of them are what."""
    real = [part for part in parts if part]
    if not real:
        return None
    n = sum(part.n for part in real)
    counts: Counter[str] = Counter()
    for part in real:
        counts.update(dict.fromkeys(part.states, part.n))
    del counts["folded"]
    shared = [name for name in in_order(counts) if counts[name] == n]
    said = [_general(part) for part in real]
    words = [word for word in said[0] if all(word in each for each in said)]
    words += [
        f"{counts[name]} {STYLES[name].words}" for name in in_order(counts) if counts[name] < n
    ]
    first = ("folded", *shared)
    return Part(f"more-{real[0].id}", f"{n} more", first, (_end(real[-1]), *words), n=n)


def _end(part: Part) -> str:
    """Say up to which part a run goes that ends in this one, which may be a run itself."""
    return part.words[0] if "folded" in part.states else f"to {part.name.rpartition(' to ')[2]}"


def _general(part: Part) -> list[str]:
    """List the words that may hold for a neighbour too: no names, no numbers of slots."""
    if part.id.startswith("slot"):
        return [STYLES[part.states[0]].words]
    return [word for word in part.words if not word.startswith(("slot ", "to "))]
