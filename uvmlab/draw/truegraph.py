"""A small world as a true graph: pages, owners and swap slots in three columns, ownership as arrows.

A place stands between its page and its slot, so that it points left to the one and right to the other.
What many nodes or arrows share is said once, before them, and their lines go in as they are (an id has no
letter that DOT would read otherwise): quoting all would take longer than the rest of the picture.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from graphviz import Digraph

from uvmlab.draw import labels
from uvmlab.draw.graphs import begin
from uvmlab.draw.scene import Link, Part, Scene
from uvmlab.draw.styles import look, theme_named

KEY: Final = "thick border: changed; dashed arrow: as it was before; thick arrow: new"
HEADS: Final = {"head-pages": "pages", "head-owners": "owners", "head-slots": "swap slots"}
# Of arrows only: a column whose invisible edges had ports would take twice the time.
ENDS: Final = {"arrowsize": "0.6", "tailport": "e", "headport": "w"}
Arrow = tuple[str, str]  # an edge's two ends in DOT


def draw(scene: Scene, theme: str) -> Digraph:
    """Return the graph of a scene."""
    dot = begin(
        scene,
        theme,
        KEY,
        graph={"rankdir": "LR", "nodesep": "0.11", "ranksep": "0.8"},
        node={"shape": "box", "margin": "0.1,0.06", "width": "1.1", "height": "0.3"},
    )
    anons = [place.part for place in scene.anons]
    for head, words in HEADS.items():
        dot.node(head, words, shape="plain")
    for part, places in scene.objects:
        table = labels.object_table(part, places, theme)
        dot.node(part.id, table, id=f"table-{part.id}", shape="plain")
    _nodes(dot, [*scene.pages.values(), *anons, *scene.slots], theme)
    owners = [part.id for part in (*anons, *(part for part, _ in scene.objects))]
    columns = (_page_order(scene), owners, [part.id for part in scene.slots])
    for head, ids in zip(HEADS, columns, strict=True):
        _column(dot, [head, *ids])
    for left, right in pairwise(HEADS):
        dot.edge(left, right, style="invis")
    _arrows(dot, scene, theme)
    return dot


def _nodes(dot: Digraph, parts: Iterable[Part], theme: str) -> None:
    alike: defaultdict[tuple[str, ...], list[Part]] = defaultdict(list)
    for part in parts:
        alike[part.states].append(part)
    for states, same in alike.items():
        dot.attr("node", **_look(states, theme))
        dot.body += [f'\t"{p.id}" [id="{p.id}" label={labels.label(p)}]\n' for p in same]


@cache
def _look(states: tuple[str, ...], theme: str) -> dict[str, str]:
    style = look(states, theme)
    fill, border = style.light
    return {
        "class": labels.classes(states),
        "style": ",".join(filter(None, ("filled", style.dash))),
        "fillcolor": fill,
        "color": border,
        "penwidth": f"{style.width:g}",
    }


def _page_order(scene: Scene) -> list[str]:
    """List the pages beside their owners, so that arrows do not cross; those that nobody names come last."""
    ids = [link.to for place in scene.places for link in place.named("page")]
    return list(dict.fromkeys([*ids, *scene.pages]))


def _column(dot: Digraph, ids: Sequence[str]) -> None:
    """Put nodes below each other: invisible edges keep their order."""
    with dot.subgraph(graph_attr={"rank": "same"}, edge_attr={"style": "invis"}) as column:
        column.body.append("\t\t" + " -> ".join(f'"{id_}"' for id_ in ids) + "\n")


def _arrows(dot: Digraph, scene: Scene, theme: str) -> None:
    alike: defaultdict[tuple[str, str], list[Arrow]] = defaultdict(list)
    for place in scene.anons:
        _sort(alike, f'"{place.part.id}"', f'"{place.part.id}"', place.links)
    for part, places in scene.objects:
        for place in places:
            row = f'"{part.id}":"{place.part.id}"'
            _sort(alike, f"{row}:w", f"{row}:e", place.links)
    for (direction, change), arrows in alike.items():
        dot.attr("edge", dir=direction, **ENDS, **_arrow_look(change, theme))
        dot.body += [f"\t{tail} -> {head}\n" for tail, head in arrows]


def _sort(
    alike: defaultdict[tuple[str, str], list[Arrow]], left: str, right: str, links: Iterable[Link]
) -> None:
    """Put each arrow of a place, from its `left` or `right` side, with its like.

    Edges run from left to right, so the head of an arrow to a page is at the edge's tail.
    """
    for link in links:
        if link.to.startswith("page"):
            alike["back", link.change].append((f'"{link.to}"', left))
        else:
            alike["forward", link.change].append((right, f'"{link.to}"'))


def _arrow_look(change: str, theme: str) -> dict[str, str]:
    """Return all that differs from arrow to arrow: what is left out would be as for the one before."""
    colours, was = theme_named(theme), change == "was"
    return {
        "class": change,
        "color": colours.gone if was else colours.line,
        "constraint": str(not was).lower(),
        "penwidth": "2.5" if change == "new" else "1",
        "style": "dashed" if was else "solid",
    }
