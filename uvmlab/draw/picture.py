"""What a learner calls: a world as a graph, as an SVG, and shown in a notebook."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from graphviz import Digraph

from uvmlab.draw import stripgraph, truegraph
from uvmlab.draw.finish import finish
from uvmlab.draw.render import RenderError, render
from uvmlab.draw.scene import Scene, scene
from uvmlab.draw.styles import theme_named
from uvmlab.draw.words import say, text
from uvmlab.kernel.machine import Machine
from uvmlab.worlds import World

PAGES: Final = 32  # more than these, and arrows are no help
CROWD: Final = 3 * PAGES  # places, or slots: each page's, and those it had before


def graph(
    world: World, *, before: World | None = None, strips: bool = False, theme: str = "light"
) -> Digraph:
    """Draw a world: up to 32 pages as a true graph, with arrows from an owner to its page and its slot.

    More are drawn as strips, a table for each owner with a cell for each page; `strips` asks for that.
    `before`: an earlier state of it, what has changed since is marked; `theme`: light or dark.
    Returns: a `graphviz.Digraph`; its `source` is DOT.
    Raises: ValueError for an unknown theme.
    """
    return _graph(scene(world, before), strips, theme)


def _graph(found: Scene, strips: bool, theme: str) -> Digraph:
    return (stripgraph if strips or _crowded(found) else truegraph).draw(found, theme)


def _crowded(found: Scene) -> bool:
    return (
        len(found.pages) > PAGES or sum(1 for _ in found.places) > CROWD or len(found.slots) > CROWD
    )


def svg(
    world: World, *, before: World | None = None, strips: bool = False, theme: str = "light"
) -> str:
    """Draw a world as an SVG that stands alone, with its own style and the same in words.

    Needs: a renderer; see `uvmlab.draw.render`.  Arguments: as for `graph`.
    Returns: the text of an `<svg>` element.
    Raises: RenderError when it cannot be drawn.
    """
    found = scene(world, before)
    drawn = render(_graph(found, strips, theme).source)
    made = stripgraph.edges(found) if strips or _crowded(found) else ()
    return finish(drawn, title=found.title, desc=say(found), theme=theme, edges=made)


class Picture:
    """A world as a picture; printed, and where no picture can be, the same in words."""

    def __init__(
        self,
        world: World,
        before: World | None = None,
        *,
        strips: bool = False,
        theme: str = "light",
    ) -> None:
        theme_named(theme)
        self.world, self.before, self.strips, self.theme = world, before, strips, theme

    def __repr__(self) -> str:
        return text(self.world, self.before)

    @cached_property
    def _drawn(self) -> tuple[str | None, str]:
        """The SVG, or None and why."""
        try:
            return svg(self.world, before=self.before, strips=self.strips, theme=self.theme), ""
        except RenderError as error:
            return None, f"\n\nThere is no picture: {error}."

    def _repr_svg_(self) -> str | None:
        return self._drawn[0]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        drawn, why = self._drawn
        return {"text/plain": repr(self) + why} | ({"image/svg+xml": drawn} if drawn else {})


def show(
    thing: Any, after: World | None = None, *, strips: bool = False, theme: str = "light"
) -> Picture:
    """Show a world, a machine, or a run: as it is afterwards, with what the run has changed marked.

    `show(before, after)` does that for any two worlds.  The picture prints in words: `print(show(w))`.
    Raises: TypeError for what cannot be shown, ValueError for an unknown theme.
    """
    before: World | None = None
    if after is not None:
        before, thing = _world(thing), after
    elif hasattr(thing, "after"):
        before, thing = getattr(thing, "before", None), thing.after
    return Picture(_world(thing), before, strips=strips, theme=theme)


def _world(thing: Any) -> World:
    if isinstance(thing, Machine):
        return World.of(thing)
    if not isinstance(thing, World):
        raise TypeError(f"a picture shows a world, a run or a machine, not {thing!r:.60}")
    return thing
