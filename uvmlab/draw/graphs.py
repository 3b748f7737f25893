"""What both forms of a picture begin with: a graph in the colours of a theme, and its caption."""

from __future__ import annotations

from graphviz import Digraph

from uvmlab.draw.labels import escape
from uvmlab.draw.scene import Scene
from uvmlab.draw.styles import FONT, FONT_SIZE, theme_named


class Graph(Digraph):
    """A `graphviz.Digraph` that says in its comment, and so in its repr, what world it shows."""

    def __repr__(self) -> str:
        return f"<graph of a {self.comment}>"


def begin(
    scene: Scene, theme: str, key: str, *, graph: dict[str, str], node: dict[str, str]
) -> Graph:
    """Return a graph with nothing in it yet; `key`: how to read a comparison; `graph`, `node`: attributes."""
    colours = theme_named(theme)
    text = {"fontname": FONT, "fontcolor": colours.ink}
    top = {"label": caption(scene, key), "labelloc": "t", "labeljust": "l", "fontsize": "11"}
    return Graph(
        "world",
        comment=scene.title,
        graph_attr={"bgcolor": colours.ground, **text, **top, **graph},
        node_attr={"fontsize": str(FONT_SIZE), **text, **node},
    )


def caption(scene: Scene, key: str) -> str:
    """Return the label of a picture: what world it is, what is so around it, how to read a comparison."""
    said = [scene.title, *scene.notes, *[key] * scene.compared]
    return "<" + "".join(f'{escape(line)}<BR ALIGN="LEFT"/>' for line in said) + ">"
