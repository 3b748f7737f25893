"""A scene as strips: the anons, each object, the pages without an owner, the slots, a column for each.

What is too much to draw is folded, and says what it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby
from typing import Final, NamedTuple

from uvmlab.draw.describe import count
from uvmlab.draw.finish import Edge
from uvmlab.draw.scene import Part, Place, Scene
from uvmlab.draw.styles import STYLES, in_order

ROW: Final = 16  # columns side by side
MOST: Final = 512  # columns in a picture
STRIPS: Final = 64  # strips in a picture


Paint = Callable[[Part], Part]


class Column(NamedTuple):
    """A page above the place where it is, or a slot or a page alone (`top`)."""

    top: Part | None
    bottom: Part | None = None

    @property
    def parts(self) -> list[Part]:
        """What there is of the two."""
        return [part for part in self if part]

    def quiet(self, touched: set[str]) -> bool:
        """Whether nothing of it is among the parts with these ids."""
        return touched.isdisjoint([part.id for part in self if part])


class Strip(NamedTuple):
    """A head and its columns.  `span`: how many cells wide each is."""

    head: Part
    columns: list[Column]
    span: int = 1

    @property
    def joined(self) -> bool:
        """Whether an edge leads from its head to it: it is an object's."""
        return bool(self.columns) and self.head.id.startswith("obj-")

    @property
    def parts(self) -> Iterator[Part]:
        """All parts, the head first."""
        return chain((self.head,), filter(None, chain.from_iterable(self.columns)))

    def each(self, do: Callable[[Part], Part]) -> Strip:
        """Do something to every part."""
        columns = [
            Column(*(do(part) if part else None for part in column)) for column in self.columns
        ]
        return self._replace(head=do(self.head), columns=columns)


class Fold:
    """Many parts as one, which is known again at once when one of them changes.  `unsaid`: the same as a bundle."""

    def __init__(self, real: Sequence[Part]) -> None:
        self.unsaid = bundle(real)
        self._looks: Counter[Look] = Counter()
        for part in real:
            self._looks[_look(part)] += part.n

    def change(self, old: Part, new: Part) -> None:
        """Take in that a part has changed."""
        look = _look(old)
        self._looks[look] -= old.n
        if not self._looks[look]:
            del self._looks[look]
        self._looks[_look(new)] += new.n

    @property
    def part(self) -> Part:
        """How many, up to which, and how many of them are what."""
        counts: Counter[str] = Counter()
        for (states, _), n in self._looks.items():
            counts.update(dict.fromkeys(states, n))
        del counts["folded"]
        n, (end,) = self.unsaid.n, self.unsaid.words
        shared = [name for name in in_order(counts) if counts[name] == n]
        general = sorted({words for _, words in self._looks})
        words = [word for word in general[0] if all(word in each for each in general)]
        words += [
            f"{counts[name]} {STYLES[name].words}"
            for name in in_order(counts)
            if counts[name] < n and name != "place"  # all but the holes
        ]
        return self.unsaid._replace(states=("folded", *shared), words=(end, *words))


Look = tuple[tuple[str, ...], tuple[str, ...]]  # states, and words that hold for others too


def _look(part: Part) -> Look:
    return part.states, _general(part.id.startswith(("slot", "hole")), part.states, part.words)


def one_row(head: Part, parts: Iterable[Part], span: int = 1) -> Strip:
    """Make a strip of parts with nothing below them."""
    return Strip(head, [Column(part) for part in parts], span)


def strips(scene: Scene) -> list[Strip]:
    """Put a scene into strips of at most 512 columns together, and say what is true of what is folded."""
    made = list(every(scene))
    leaves = {part.id: part for strip in made for part in strip.parts}
    changed = {id_ for id_, part in leaves.items() if part.changed}

    def said(part: Part) -> Part:
        return Fold([leaves[id_] for id_ in part.of]).part if part.of else part

    return [strip.each(said) for strip in fit(made, changed)]


def fit(made: list[Strip], touched: set[str], paint: Paint = lambda part: part) -> list[Strip]:
    """Fold what is more than 512 columns: first what looks alike, then what is still too much.

    What is folded is a `bundle`: who wants to say more of it has the parts.  `touched`: ids of parts that
    have changed, or will; `paint`: says how a part looks.
    """
    made = _few(made)
    if sum(len(strip.columns) for strip in made) > MOST:
        made = [s._replace(columns=list(_fold_alike(s.columns, touched, paint))) for s in made]
    total = sum(len(strip.columns) for strip in made)
    if total > MOST:
        made = [s._replace(columns=_cut(s.columns, len(s.columns) * MOST // total)) for s in made]
    return made


def joints(made: Iterable[Strip], settled: Container[str]) -> Iterator[Edge]:
    """Yield the edges that hold as long as pages are `settled`: an object's to its strip, a place's to its page."""
    for strip in made:
        if strip.joined:
            first = strip.columns[0].parts[0]
            yield Edge(f"edge-{strip.head.id}", strip.head.id, first.id)
        for page, place in strip.columns:
            if page and place and all(id_ in settled for id_ in page.of or (page.id,)):
                yield Edge(f"edge-{place.id}", place.id, page.id)


def _few(made: list[Strip]) -> list[Strip]:
    """Put the objects beyond the 64th into one strip, with one column."""
    objects = [number for number, strip in enumerate(made) if strip.head.id.startswith("obj-")]
    more = objects[STRIPS:]
    if not more:
        return made
    rest = made[more[0] : more[-1] + 1]
    columns = [column for strip in rest for column in strip.columns]
    words = (f"{rest[0].head.name} to {rest[-1].head.name}",)
    head = Part("objects", count(len(rest), "more object"), ("object",), words)
    one = Strip(head, [_folded(columns)] if columns else [])
    return [*made[: more[0]], one, *made[more[-1] + 1 :]]


def every(scene: Scene) -> Iterator[Strip]:
    """Put all of a scene into strips, nothing folded."""
    if scene.anons:
        head = Part("anons", "anons", ("object",), (str(len(scene.anons)),))
        yield Strip(head, [_column(scene, place) for place in scene.anons])
    for part, places in scene.objects:
        yield Strip(part, [_column(scene, place) for place in places])
    if scene.loose:
        head = Part("loose", "no owner", ("object",), (count(len(scene.loose), "page"),))
        yield Strip(head, [Column(page) for page in scene.loose])
    if scene.slots:
        n = sum(slot.n for slot in scene.slots)
        head = Part("slots", "swap slots", ("object",), (str(n),))
        yield Strip(head, [Column(slot) for slot in scene.slots])


def _column(scene: Scene, place: Place) -> Column:
    for to, change in place.links:
        if change != "was" and to in scene.pages:
            return Column(scene.pages[to], place.part)
    return Column(None, place.part)


def _fold_alike(columns: list[Column], touched: set[str], paint: Paint) -> Iterator[Column]:
    """Keep a row of each run of quiet columns that look the same; fold the rest of it into one."""
    for quiet, side_by_side in groupby(columns, lambda column: column.quiet(touched)):
        run = list(side_by_side)
        if not quiet or len(run) <= ROW:
            yield from run
            continue
        for _, alike in groupby(
            run, lambda column: [_look(paint(part)) for part in column if part]
        ):
            same = list(alike)
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
    return Column(bundle(tops) if tops else None, bundle(bottoms) if bottoms else None)


def bundle(real: Sequence[Part]) -> Part:
    """Make one part of many: how many, up to which, and not yet what is true of them."""
    n = sum(part.n for part in real)
    of = tuple(id_ for part in real for id_ in part.of or (part.id,))
    return Part(f"more-{real[0].id}", f"{n} more", ("folded",), (_end(real[-1]),), n=n, of=of)


def _end(part: Part) -> str:
    """Say up to which part a run goes that ends in this one, which may be a run itself."""
    return part.words[0] if "folded" in part.states else f"to {part.name.rpartition(' to ')[2]}"


@lru_cache(1 << 12)  # of many parts few things are true
def _general(counted: bool, states: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that may hold for a neighbour too: no names, no numbers of slots; all, of what is `counted`."""
    if counted:
        return (STYLES[states[0]].words,)
    if states[0] in NAMING:
        return words[1:]
    return tuple(word for word in words if not word.startswith(("slot ", "to ")))


NAMING: Final = ("member", "outside", "mapped")  # states of parts whose first word is a name
