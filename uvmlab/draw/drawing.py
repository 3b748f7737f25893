"""One drawing for a whole run: laid out once, and for each step only what it changes.

Nothing moves but what changes: the layout has room for all that ever appears, a cell's place, its size and
the number of its lines stay, and a step is a list of [id, classes, texts, links].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from textwrap import shorten
from typing import Any, Final, cast

from uvmlab.draw.finish import Shown, finish
from uvmlab.draw.kinds import KINDS, Group, Sight, groups, kind_of, kinds_named
from uvmlab.draw.labels import classes, sentence
from uvmlab.draw.render import render
from uvmlab.draw.scene import Part, Scene
from uvmlab.draw.stripgraph import LONGEST, fitted, lay, legend, short, wide
from uvmlab.draw.strips import Column, Strip, fit, many
from uvmlab.draw.styles import STYLES, theme_named
from uvmlab.draw.union import Ever
from uvmlab.draw.words import rows
from uvmlab.run import Run
from uvmlab.run.moment import CLOCK, Moment

Cell = list[Any]  # [id, classes, [texts], [links]]
Parts = dict[str, Part]
LINES: Final = 2  # of text in a cell
MORE_LINES: Final = 3  # in one that stands for many
LONGEST_TITLE: Final = 100  # characters
HOW: Final = "Tables one below the other; each cell says in words or letters what is true of it."


def drawing(run: Run, *, show: str | Iterable[str] | None = None, theme: str = "light") -> Drawing:
    """Draw a run once for all of its steps.

    `show`: the kinds of elements, all if not said (`uvmlab.draw.KINDS` lists them): `"anons swap"`; `theme`: light
    or dark, where the page that shows it does not say.
    Raises: ValueError naming the legal kinds or themes; RenderError, as late as when `svg` or `still` is asked for.
    """
    return Drawing(run, kinds_named(show), theme)


class Drawing:
    """A run as plain data for a view, in steps of `[id, classes, [texts], [links]]`.

    `links`: the ids of the cells that this one names now, or that name it (of many, none).  `first`: every cell before the first step; `steps[i]`: those that differ after step i from the step before;
    `marks[i]`: the ids of what step i changed, seen in the cell or not; `titles`: id to what it is, in words;
    `legend`: class name to (letter, words); `svg`: the picture before the first step.
    """

    def __init__(self, run: Run, show: frozenset[str], theme: str) -> None:
        theme_named(theme)
        self.run, self.show, self.theme = run, show, theme
        self.ever = Ever.of(run)
        self._groups = groups(show)
        strips = list(self._strips(run.base, 0, self._groups))
        self._base = {part.id: part for strip in strips for part in strip.parts}
        self._plan = fit(strips, frozenset(self.ever.touched))
        self._width = wide(self._plan)
        self._cells = {part.id: part for strip in self._plan for part in strip.parts}
        self._spans = {part.id: s.span for s in self._plan for part in s.parts}
        self._spans |= {strip.head.id: 0 for strip in self._plan}
        self._folded = {id_: part.id for part in self._cells.values() for id_ in part.of}

    def __repr__(self) -> str:
        return f"<drawing of a {self.title}: {len(self._cells)} cells, {len(self.run)} steps>"

    @property
    def title(self) -> str:
        """What is drawn, in a line."""
        return shorten(f"run of {self.run.call}", LONGEST_TITLE, placeholder=" …")

    @cached_property
    def svg(self) -> str:
        """The picture before the first step, for a page that changes it: colours are variables, ids as they are."""
        cells = {id_: Shown(look, texts, self.titles[id_]) for id_, look, texts, _ in self.first}
        return finish(
            self._laid_out, title=self.title, desc=HOW, theme=self.theme, cells=cells, live=True
        )

    @cached_property
    def first(self) -> list[Cell]:
        """Every cell as it is before the first step."""
        return [[id_, *self._look(id_, self._now(id_, self._base))] for id_ in self._cells]

    @property
    def steps(self) -> list[list[Cell]]:
        """For each step the cells that differ after it from before it."""
        return self._walked[0]

    @property
    def marks(self) -> list[list[str]]:
        """For each step the ids of what it changed."""
        return self._walked[1]

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each cell is, in words that hold all through the run."""
        return {part.id: _title(part, strip) for strip in self._plan for part in strip.parts}

    @property
    def legend(self) -> dict[str, tuple[str, str]]:
        """For each class name of a cell its letter, if it has one, and its words."""
        return {name: (style.letter, style.words) for name, style in STYLES.items()}

    def text(self, i: int | None) -> str:
        """Say in words what the picture after step `i` shows; None: before the first step.

        A `*` stands beside what the step has changed.
        Raises: IndexError that says how many steps there are.
        """
        moment, number = self._at(i)
        step = f"step {number - 1} of 0 to {len(self.run) - 1}: {str(self.run.steps[number - 1]).strip()}"
        said = step if number else "before the first step"
        made = self._marked(moment, number)
        return "\n".join([f"{self.title[0].upper()}{self.title[1:]}, {said}", "", *rows(made)])

    def still(self, i: int | None, theme: str | None = None) -> str:
        """Draw step `i` as an SVG that stands alone, with what the step has changed marked; None: before the first.

        Raises: IndexError; ValueError for an unknown theme; RenderError when it cannot be drawn.
        """
        cells = {
            part.id: Shown(*self._look(part.id, part)[:2], sentence(part))
            for strip in self._marked(*self._at(i))
            for part in strip.parts
        }
        return finish(
            self._laid_out,
            title=self.title,
            desc=self.text(i),
            theme=theme or self.theme,
            cells=cells,
        )

    # The layout

    @cached_property
    def _laid_out(self) -> str:
        """The renderer's SVG: places and sizes, without anything that a step changes."""
        return render(self.graph.source)

    @property
    def graph(self) -> Any:
        """The graph that is laid out, a `graphviz.Digraph`."""
        letters = {name for strip in self._plan for name in KINDS[kind_of(strip)].letters}
        keys = legend([*letters, "changed"])
        return lay(Scene(self.title), self._plan, keys, self.theme, empty=True)

    # A moment

    def _strips(self, moment: Moment, number: int, of: Iterable[Group]) -> Iterator[Strip]:
        """Yield all strips of some groups at a moment, nothing folded."""
        for group in of:
            yield from group.strips(Sight(moment, number, self.ever))

    def _parts(self, moment: Moment, number: int, of: Iterable[Group]) -> Parts:
        strips = self._strips(moment, number, of)
        return {part.id: part for strip in strips for part in strip.parts}

    def _now(self, id_: str, seen: Parts) -> Part:
        """Return what is true of a cell, which may stand for many parts."""
        if id_ in seen:
            return seen[id_]
        return many([seen[each] for each in self._cells[id_].of])._replace(id=id_)

    def _look(self, id_: str, part: Part) -> tuple[str, list[str], list[str]]:
        """Return the class names of a cell, its texts, always as many, and whom it is linked with."""
        span, links = self._spans[id_], self._links(part)
        if not span:
            return classes(part.states), [fitted(sentence(part), LONGEST * self._width)], links
        lines = MORE_LINES if part.n > 1 else LINES
        texts = short(part, min(span, self._width))
        return classes(part.states), [*texts, *[""] * lines][:lines], links

    def _links(self, part: Part) -> list[str]:
        """Return the cells that a part's partners are in, if they are drawn."""
        return [id_ for id_ in self._ids(part.partners) if id_ in self._cells]

    def _at(self, i: int | None) -> tuple[Moment, int]:
        if i is None:
            return self.run.base, 0
        return self._after_step(i), (i % len(self.run)) + 1

    def _after_step(self, i: int) -> Moment:
        return cast("Moment", self.run[i].state)

    def _marked(self, moment: Moment, number: int) -> list[Strip]:
        """Return the strips of the picture at a moment, with what its step has changed marked."""
        seen = self._parts(moment, number, self._groups)
        marks = set(self.marks[number - 1]) if number else set()

        def now(part: Part) -> Part:
            found = self._now(part.id, seen)
            return _changed(found) if part.id in marks else found

        return [_each(strip, now) for strip in self._plan]

    # The steps

    @cached_property
    def _walked(self) -> tuple[list[list[Cell]], list[list[str]]]:
        """Walk through the run once, looking at nothing that a step leaves alone."""
        seen = dict(self._base)
        shown = {id_: look for id_, *look in self.first}
        steps, marks = [], []
        for i, changes in enumerate(self.run.changes):
            changed, marked = self._after(i, {change.field for change in changes}, seen)
            seen |= changed
            looks = {id_: [*self._look(id_, self._now(id_, seen))] for id_ in self._ids(changed)}
            differ = {id_: look for id_, look in looks.items() if look != shown[id_]}
            shown |= differ
            steps.append([[id_, *look] for id_, look in differ.items()])
            marks.append(self._ids(marked))
        return steps, marks

    def _after(self, i: int, fields: set[str], seen: Parts) -> tuple[Parts, list[str]]:
        """Return the parts that step i makes different, and which of them are to be marked."""
        changed: Parts = {}
        marked: list[str] = []
        for group in self._groups:
            if not group.fields & fields:
                continue
            parts = self._parts(self._after_step(i), i + 1, (group,))
            differ = {id_: part for id_, part in parts.items() if part != seen[id_]}
            changed |= differ
            if group.fields & fields.difference(CLOCK):
                marked += differ
        return changed, marked

    def _ids(self, parts: Iterable[str]) -> list[str]:
        """Return the ids of the cells that parts are in."""
        return list(dict.fromkeys(self._folded.get(id_, id_) for id_ in parts))


TITLES: Final = {  # by the kind that an id begins with; {0} is the part's name, {1} its strip's
    "page": "page {0}",
    "anon": "anon {0}",
    "obj": "object {0}",
    "place": "page index {0} of {1}",
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


def _changed(part: Part) -> Part:
    return part._replace(states=(*part.states, "changed"))


def _each(strip: Strip, do: Callable[[Part], Part]) -> Strip:
    """Do something to every part of a strip."""
    columns = [Column(*(do(part) if part else None for part in column)) for column in strip.columns]
    return strip._replace(head=do(strip.head), columns=columns)
