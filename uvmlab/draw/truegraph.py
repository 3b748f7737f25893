"""A small world as a true graph: pages, owners and swap slots in three columns, ownership as arrows.

A place stands between its page and its slot, so that it points left to the one and right to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from graphviz import Digraph

from uvmlab.draw import labels
from uvmlab.draw.scene import Link, Part, Place, Scene
from uvmlab.draw.styles import look, theme_named

HEADS: Final = {"head-pages": "pages", "head-owners": "owners", "head-slots": "swap slots"}


def draw(scene: Scene, theme: str) -> Digraph:
    """Return the graph of a scene."""
    colours = theme_named(theme)
    dot = Digraph(
        "world",
        graph_attr=labels.graph_attributes(scene, theme)
        | {"rankdir": "LR", "nodesep": "0.11", "ranksep": "0.8"},
        node_attr=labels.node_attributes(theme)
        | {"shape": "box", "margin": "0.1,0.04", "width": "1.1", "height": "0.3"},
        edge_attr={"arrowsize": "0.6", "color": colours.line},
    )
    for head, words in HEADS.items():
        dot.node(head, words, id=head, shape="plain")
    for part in [*scene.pages.values(), *(place.part for place in scene.anons), *scene.slots]:
        _node(dot, part, theme)
    for part, places in scene.objects:
        dot.node(
            part.id, labels.object_table(part, places, theme), id=f"table-{part.id}", shape="plain"
        )
    owners = [place.part.id for place in scene.anons] + [part.id for part, _ in scene.objects]
    for head, ids in zip(
        HEADS, (_page_order(scene), owners, [part.id for part in scene.slots]), strict=True
    ):
        _column(dot, [head, *ids])
    for left, right in pairwise(HEADS):
        dot.edge(left, right, style="invis")
    for place in scene.anons:
        _arrows(dot, place, place.part.id, place.part.id, colours.gone)
    for part, places in scene.objects:
        for place in places:
            _arrows(dot, place, f"{part.id}:{place.part.id}", place.part.id, colours.gone)
    return dot


def _node(dot: Digraph, part: Part, theme: str) -> None:
    style = look(part.states, theme)
    fill, border = style.light
    dot.node(
        part.id,
        labels.label(part),
        {"class": labels.classes(part)},
        id=part.id,
        style=",".join(filter(None, ("filled", style.dash))),
        fillcolor=fill,
        color=border,
        penwidth=f"{style.width:g}",
    )


def _page_order(scene: Scene) -> list[str]:
    """List the pages beside their owners, so that arrows do not cross; those that nobody names come last."""
    ids = [link.to for place in scene.places for link in place.named("page")]
    return list(dict.fromkeys([*ids, *scene.pages]))


def _column(dot: Digraph, ids: Sequence[str]) -> None:
    """Put nodes below each other: invisible edges keep their order."""
    with dot.subgraph() as column:
        column.attr(rank="same")
        for above, below in pairwise(ids):
            column.edge(above, below, style="invis")


def _arrows(dot: Digraph, place: Place, tail: str, id_: str, gone: str) -> None:
    for link in place.links:
        attributes = _attributes(link, gone) | {"id": f"{id_}--{link.to}"}
        if link.to.startswith("page"):
            dot.edge(f"{link.to}:e", f"{tail}:w", dir="back", **attributes)
        else:
            dot.edge(f"{tail}:e", f"{link.to}:w", **attributes)


def _attributes(link: Link, gone: str) -> dict[str, str]:
    if link.change == "was":
        return {"class": "was", "style": "dashed", "color": gone, "constraint": "false"}
    return {"class": "new", "penwidth": "2.5"} if link.change else {}
