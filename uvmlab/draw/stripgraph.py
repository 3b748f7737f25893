"""A scene as strips in DOT: a table for each owner, a cell for each page, so that cost grows with owners."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from graphviz import Digraph

from uvmlab.draw import labels
from uvmlab.draw.scene import Part, Scene
from uvmlab.draw.strips import ROW, Strip, strips
from uvmlab.draw.styles import STYLES, in_order, letters, theme_named

WIDTH: Final = 54  # of a cell, in points
HEIGHT: Final = 36  # three lines
LONGEST: Final = 11  # characters that fit into a cell


def draw(scene: Scene, theme: str) -> Digraph:
    """Return the strips of a scene, one below the other, and a legend."""
    colours = theme_named(theme)
    made = strips(scene)
    width = min(ROW, max((len(strip.columns) for strip in made), default=1))
    dot = Digraph(
        "world",
        graph_attr=labels.graph_attributes(scene, theme) | {"ranksep": "0.05"},
        node_attr=labels.node_attributes(theme) | {"shape": "plain"},
    )
    ids = [f"strip-{strip.head.id}" for strip in made]
    for id_, strip in zip(ids, made, strict=True):
        dot.node(id_, labels.table(_rows(strip, max(width, 4), theme)), id=id_)
    dot.node("legend", labels.table(_legend(made, theme)), id="legend")
    for above, below in pairwise([*ids, "legend"]):
        dot.edge(above, below, style="invis")
    return dot


def _rows(strip: Strip, width: int, theme: str) -> Iterator[str]:
    """Yield the table's rows: the head, then pages above their places, as many as fit side by side."""
    head = labels.sentence(strip.head)
    yield f"<TR>{labels.cell(strip.head, [head], theme, COLSPAN=width)}</TR>"
    for begin in range(0, len(strip.columns), width):
        row = strip.columns[begin : begin + width]
        yield _row([column.top for column in row], width, theme)
        if any(column.bottom for column in row):
            yield _row([column.bottom for column in row], width, theme)


def _row(parts: list[Part | None], width: int, theme: str) -> str:
    size = {"WIDTH": WIDTH, "HEIGHT": HEIGHT, "FIXEDSIZE": "TRUE"}
    cells = [labels.cell(part, _short(part), theme, **size) if part else BLANK for part in parts]
    return f"<TR>{''.join(cells)}{BLANK * (width - len(cells))}</TR>"


BLANK: Final = f'<TD WIDTH="{WIDTH}" HEIGHT="{HEIGHT}" FIXEDSIZE="TRUE" BORDER="0"></TD>'


def _short(part: Part) -> list[str]:
    """Put a part into three short lines: its name, its letters or what it names, what it was."""
    said = [part.name, letters(part.states)]
    if part.states[0] != "free":
        said += [word for word in part.words if word.startswith(("slot", "to "))]
    if "allocated" in part.states and part.n == 1:
        said += part.words
    said += [f"was {word.removeprefix('slot ')}" for word in part.was if word.startswith("slot ")]
    return [line[:LONGEST] for line in said if line][:3]


def _legend(made: list[Strip], theme: str) -> Iterator[str]:
    """Yield one row that explains the letters that occur."""
    parts = [part for strip in made for column in strip.columns for part in column.parts]
    seen = in_order(state for part in parts for state in part.states)
    cells = [
        labels.cell(
            Part(f"legend-{name}", STYLES[name].letter, ("folded", name), (STYLES[name].words,)),
            [f"{STYLES[name].letter}  {STYLES[name].words}"],
            theme,
        )
        for name in seen
        if STYLES[name].letter
    ]
    yield f"<TR>{''.join(cells) or BLANK}</TR>"
