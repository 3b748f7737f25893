"""One drawing for a whole run: laid out once, and for each step only what it changes.

Nothing moves but what changes: the layout has room for all that ever appears, a cell's place, its size and
the number of its lines stay, and a step is a list of [id, classes, texts, links].
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from textwrap import shorten
from typing import Any, Final, cast

from uvmlab.draw.finish import Edge, Shown, finish
from uvmlab.draw.kinds import groups, kinds_named
from uvmlab.draw.labels import sentence
from uvmlab.draw.plan import Cell, Plan
from uvmlab.draw.render import Rendering
from uvmlab.draw.scene import Part
from uvmlab.draw.strips import Strip
from uvmlab.draw.styles import STYLES, theme_named
from uvmlab.draw.walk import Walk
from uvmlab.draw.words import rows
from uvmlab.run import Run
from uvmlab.run.moment import Moment

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

    `links`: the ids of the cells that this one names now, or that name it (of many, none).  `first`: every cell
    before the first step; `steps[i]`: those that differ after step i from the step before; `marks[i]`: the ids of
    what step i changed, seen in the cell or not; `edges`: those that hold all through the run, so that no link
    says the same; `titles`: id to what it is, in words; `legend`: class name to (letter, words); `svg`: the
    picture before the first step.
    """

    def __init__(self, run: Run, show: frozenset[str], theme: str) -> None:
        theme_named(theme)
        self.run, self.show, self.theme = run, show, theme

    @cached_property
    def plan(self) -> Plan:
        """Which cells there are, where each stands, and how it shows a part."""
        return Plan(self.run, groups(self.show))

    def __repr__(self) -> str:
        return f"<drawing of a {self.title}: {len(self.plan.cells)} cells, {len(self.run)} steps>"

    @property
    def title(self) -> str:
        """What is drawn, in a line."""
        return shorten(f"run of {self.run.call}", LONGEST_TITLE, placeholder=" …")

    @cached_property
    def svg(self) -> str:
        """The picture before the first step, for a page that changes it: colours are variables, ids as they are."""
        drawn = self._laid_out  # before all else: what is shown is made while it is laid out
        return self._finished(drawn, self._shown, HOW, self.theme, live=True)

    @cached_property
    def first(self) -> list[Cell]:
        """Every cell as it is before the first step."""
        plan = self.plan
        return [[id_, *plan.look(id_, plan.now(id_, plan.base))] for id_ in plan.cells]

    @property
    def steps(self) -> list[list[Cell]]:
        """For each step the cells that differ after it from before it."""
        return self._walked[0]

    @property
    def marks(self) -> list[list[str]]:
        """For each step the ids of what it changed."""
        return self._walked[1]

    @cached_property
    def _walked(self) -> tuple[list[list[Cell]], list[list[str]]]:
        steps, marks = zip(*Walk(self.run, self.plan), strict=True)
        return list(steps), list(marks)

    @property
    def edges(self) -> list[Edge]:
        """The edges that hold all through the run: an object's to its strip, an anon's to its page."""
        return self.plan.edges

    @property
    def titles(self) -> dict[str, str]:
        """What each cell is, in words that hold all through the run."""
        return self.plan.titles

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
            part.id: Shown(*self.plan.look(part.id, part)[:2], sentence(part))
            for strip in self._marked(*self._at(i))
            for part in strip.parts
        }
        return self._finished(self._laid_out, cells, self.text(i), theme or self.theme)

    # The layout

    def _finished(
        self, drawn: str, cells: dict[str, Shown], desc: str, theme: str, *, live: bool = False
    ) -> str:
        return finish(
            drawn,
            title=self.title,
            desc=desc,
            theme=theme,
            cells=cells,
            edges=self.edges,
            live=live,
        )

    @cached_property
    def _laid_out(self) -> str:
        """The renderer's SVG: places and sizes, without anything that a step changes."""
        with Rendering() as begun:  # it starts while we make its graph
            begun.draw(self.graph.source)
            _ = self._shown  # what a view needs next, made while it draws
            return begun.svg()

    @cached_property
    def _shown(self) -> dict[str, Shown]:
        return {id_: Shown(look, texts, self.titles[id_]) for id_, look, texts, _ in self.first}

    @property
    def graph(self) -> Any:
        """The graph that is laid out, a `graphviz.Digraph`."""
        return self.plan.graph(self.title, self.theme)

    # A moment

    def _at(self, i: int | None) -> tuple[Moment, int]:
        if i is None:
            return self.run.base, 0
        return cast("Moment", self.run[i].state), (i % len(self.run)) + 1

    def _marked(self, moment: Moment, number: int) -> list[Strip]:
        """Return the strips of the picture at a moment, with what its step has changed marked."""
        seen = self.plan.parts(moment, number)
        marks = set(self.marks[number - 1]) if number else set()

        def now(part: Part) -> Part:
            found = self.plan.now(part.id, seen)
            return _changed(found) if part.id in marks else found

        return [strip.each(now) for strip in self.plan.strips]


def _changed(part: Part) -> Part:
    return part._replace(states=(*part.states, "changed"))
