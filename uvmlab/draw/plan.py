"""The plan of a run's drawing: which cells there are, where each stands, and how it shows a part."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from typing import Any, Final

from uvmlab.draw.finish import Edge
from uvmlab.draw.kinds import KINDS, Group, kind_of
from uvmlab.draw.labels import classes, sentence
from uvmlab.draw.scene import Part, Scene
from uvmlab.draw.stripgraph import LONGEST, fitted, lay, legend, short, wide
from uvmlab.draw.strips import Fold, Strip, fit, joints
from uvmlab.draw.union import Ever, Sight
from uvmlab.run import Run

Cell = list[Any]  # [id, classes, [texts], [links]]
Look = tuple[str, list[str], list[str]]  # classes, texts, links
Parts = dict[str, Part]
LINES: Final = 2  # of text in a cell
MORE_LINES: Final = 3  # in one that stands for many
HEAD: Final = 0  # the span of a head: it is as wide as the picture


class Plan:
    """What has a place in a drawing.

    `ever`: all that a run has; `strips`: those of the picture, not all painted; `cells`: their parts by id.  What a
    layout does not need is made when it is asked for.
    """

    def __init__(self, run: Run, groups: Iterable[Group]) -> None:
        self.ever = Ever.of(run)
        self.groups = list(groups)
        self._first = self.sight(run.base, 0)
        self._named = [list((g.names or g.strips)(self._first)) for g in self.groups]
        self.strips = fit([*chain(*self._named)], self.ever.touched, self._painted)
        self.cells = _by_id([self.strips])
        self._width = wide(self.strips)
        self._spans = {part.id: s.span for s in self.strips for part in s.parts if s.span > 1}
        self._spans |= {strip.head.id: HEAD for strip in self.strips}

    @cached_property
    def edges(self) -> list[Edge]:
        """The edges that hold all through the run."""
        return list(joints(self.strips, self.ever.settled))

    @cached_property
    def _joined(self) -> set[tuple[str, ...]]:
        return {pair for edge in self.edges for pair in (edge[1:], edge[:0:-1])}

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {leaf: id_ for id_, part in self.cells.items() for leaf in part.of}

    def sight(self, moment: Any, number: int) -> Sight:
        """Return what there is to see at a moment; `number`: how many steps were made."""
        return Sight(moment, number, self.ever)

    @cached_property
    def base(self) -> Parts:
        """Every part before the first step, nothing folded."""
        both = zip(self.groups, self._named, strict=True)
        return _by_id(group.strips(self._first) if group.names else named for group, named in both)

    def _painted(self, part: Part) -> Part:
        return part if part.states else self.base[part.id]

    def parts(self, moment: Any, number: int) -> Parts:
        """Make every part at a moment, nothing folded."""
        sight = self.sight(moment, number)
        return _by_id(group.strips(sight) for group in self.groups)

    def ids(self, parts: Iterable[str]) -> list[str]:
        """Return the ids of the cells that parts are in, each once; not all parts are drawn."""
        found = [self._folded.get(id_, id_) for id_ in parts]
        return [id_ for id_ in dict.fromkeys(found) if id_ in self.cells]

    def now(self, id_: str, seen: Parts) -> Part:
        """Return what a cell is to show, which may stand for many parts or for none."""
        cell = self.cells[id_]
        if id_ in seen or not cell.of:
            return seen.get(id_, cell)
        return Fold([seen[leaf] for leaf in cell.of]).part._replace(id=id_)

    def look(self, id_: str, part: Part) -> Look:
        """Return a cell's class names, its texts, always as many, and what it is linked with."""
        span, links = self._spans.get(id_, 1), self._links(id_, part.partners)
        if span == HEAD:
            return classes(part.states), [fitted(sentence(part), LONGEST * self._width)], links
        lines = MORE_LINES if part.n > 1 else LINES
        texts = short(part, min(span, self._width))
        return classes(part.states), [*texts, *[""] * lines][:lines], links

    def _links(self, id_: str, partners: tuple[str, ...]) -> list[str]:
        """Leave out what an edge is drawn to."""
        if not partners:
            return []
        return [to for to in self.ids(partners) if (id_, to) not in self._joined]

    def graph(self, title: str, theme: str) -> Any:
        """Return the graph that is laid out, with room for all: a `graphviz.Digraph`."""
        letters = {name for strip in self.strips for name in KINDS[kind_of(strip)].letters}
        keys = legend([*letters, "changed"])
        return lay(Scene(title), self.strips, keys, theme, empty=True)

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each cell is, in words that hold all through the run."""
        return {part.id: _title(part, strip) for strip in self.strips for part in strip.parts}


def _by_id(made: Iterable[Iterable[Strip]]) -> Parts:
    return {part.id: part for strips in made for strip in strips for part in strip.parts}


TITLES: Final = {  # by the kind that an id begins with; {0} is the part's name, {1} its strip's
    "page": "page {0}",
    "anon": "anon {0}",
    "obj": "object {0}",
    "place": "page index {0} of {1}",
    "hole": "page index {0} of {1}",
    "holes": "page indexes {0} of {1}",
    "slot": "swap slot {0}",
    "slots": "swap slots {0}",
    "arena": "page {0} of the pager map",
    "arenas": "pages {0} of the pager map",
    "array": "entry {0} of the cluster array",
    "thread": "thread {0}",
    "lock": "a lock that is held",
    "queue": "queue of {0} pages",
    "io": "asynchronous I/O: {0}",
    "more": "{0} in {1}",
}


def _title(part: Part, strip: Strip) -> str:
    kind, number, _ = part.id.partition("-")
    form = TITLES[kind] if number else "{0}"  # only the head of a strip of many has no number
    return form.format(part.name, strip.head.name)
