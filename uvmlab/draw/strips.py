"""A scene as strips: the anons, each object, the pages without an owner, the slots, a column for each.

What is too much to draw is folded, and says what it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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

    def alike(self, touched: frozenset[str]) -> list[object]:
        """What columns share that may be folded into one; what changed, or is `touched`, is like nothing else."""
        return [
            part.id if part.changed or part.id in touched else (part.states, _general(part))
            for part in self.parts
        ]


class Strip(NamedTuple):
    """A head and its columns.  `span`: how many cells wide each is."""

    head: Part
    columns: list[Column]
    span: int = 1

    @property
    def parts(self) -> Iterator[Part]:
        """All parts, the head first."""
        yield self.head
        for column in self.columns:
            yield from column.parts


def strips(scene: Scene) -> list[Strip]:
    """Put a scene into strips of at most 512 columns together."""
    return fit(list(every(scene)))


def fit(made: list[Strip], touched: frozenset[str] = frozenset()) -> list[Strip]:
    """Fold what is more than 512 columns: first what looks alike, then what is still too much.

    `touched`: ids of parts that will not look alike for long.
    """
    if sum(len(strip.columns) for strip in made) > MOST:
        made = [s._replace(columns=list(_fold_alike(s.columns, touched))) for s in made]
    total = sum(len(strip.columns) for strip in made)
    if total > MOST:
        made = [s._replace(columns=_cut(s.columns, len(s.columns) * MOST // total)) for s in made]
    return made


def every(scene: Scene) -> Iterator[Strip]:
    """Put all of a scene into strips."""
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


def _fold_alike(columns: list[Column], touched: frozenset[str]) -> Iterator[Column]:
    """Keep a row of each run of columns that look the same; fold the rest of it into one."""
    for _, run in groupby(columns, lambda column: column.alike(touched)):
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
    tops, bottoms = (list(filter(None, parts)) for parts in zip(*columns, strict=True))
    return Column(many(tops) if tops else None, many(bottoms) if bottoms else None)


def many(real: Sequence[Part]) -> Part:
    """Make one part of many: how many, up to which, and how many of them are what."""
    n = sum(part.n for part in real)
    counts: Counter[str] = Counter()
    for part, times in Counter((part.states, part.n) for part in real).items():
        counts.update(dict.fromkeys(part[0], part[1] * times))
    del counts["folded"]
    shared = [name for name in in_order(counts) if counts[name] == n]
    said = {(part.id.partition("-")[0], part.states[0], part.words): part for part in real}
    general = [_general(part) for part in said.values()]
    words = [word for word in general[0] if all(word in each for each in general)]
    words += [
        f"{counts[name]} {STYLES[name].words}" for name in in_order(counts) if counts[name] < n
    ]
    first = ("folded", *shared)
    of = tuple(id_ for part in real for id_ in part.of or (part.id,))
    return Part(f"more-{real[0].id}", f"{n} more", first, (_end(real[-1]), *words), n=n, of=of)


def _end(part: Part) -> str:
    """Say up to which part a run goes that ends in this one, which may be a run itself."""
    return part.words[0] if "folded" in part.states else f"to {part.name.rpartition(' to ')[2]}"


def _general(part: Part) -> list[str]:
    """List the words that may hold for a neighbour too: no names, no numbers of slots."""
    if part.id.startswith("slot"):
        return [STYLES[part.states[0]].words]
    return [word for word in part.words if not word.startswith(("slot ", "to "))]
