"""A scene as strips in DOT: a table for each owner, a cell for each page, so that cost grows with owners."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from graphviz import Digraph

from uvmlab.draw import labels
from uvmlab.draw.graphs import begin
from uvmlab.draw.scene import Part, Scene
from uvmlab.draw.strips import ROW, Strip, strips
from uvmlab.draw.styles import STYLES, in_order, letters

KEY: Final = "*: changed; what was is under it"
NARROWEST: Final = 8  # columns: enough for a head, and two words of the legend
LEGEND: Final = 5  # words of it side by side
WIDTH: Final = 54  # of a cell, in points
HEIGHT: Final = 38  # three lines
WIDEST: Final = 9  # characters of letters with spaces between
LONGEST: Final = 12  # characters that fit into a cell


def draw(scene: Scene, theme: str) -> Digraph:
    """Return the strips of a scene, one below the other, and a legend."""
    made = strips(scene)
    width = min(ROW, max(NARROWEST, *(len(strip.columns) for strip in made), 0))
    dot = begin(scene, theme, KEY, graph={"ranksep": "0.05"}, node={"shape": "plain"})
    tables = {f"strip-{strip.head.id}": _rows(strip, width, theme) for strip in made}
    tables["legend"] = _legend(made, theme)
    for id_, rows in tables.items():
        dot.node(id_, labels.table(rows), id=id_)
    for above, below in pairwise(tables):
        dot.edge(above, below, style="invis")
    return dot


def _rows(strip: Strip, width: int, theme: str) -> Iterator[str]:
    """Yield the table's rows: the head, then pages above their places, as many as fit side by side."""
    head = labels.sentence(strip.head)
    yield f"<TR>{labels.cell(strip.head, [head], theme, COLSPAN=width)}</TR>"
    for first in range(0, len(strip.columns), width):
        row = strip.columns[first : first + width]
        yield _row([column.top for column in row], width, theme)
        if any(column.bottom for column in row):
            yield _row([column.bottom for column in row], width, theme)


def _row(parts: list[Part | None], width: int, theme: str) -> str:
    size = {"WIDTH": WIDTH, "HEIGHT": HEIGHT, "FIXEDSIZE": "TRUE"}
    cells = [labels.cell(part, _short(part), theme, **size) if part else BLANK for part in parts]
    return f"<TR>{''.join(cells)}{BLANK * (width - len(cells))}</TR>"


BLANK: Final = f'<TD WIDTH="{WIDTH}" HEIGHT="{HEIGHT}" FIXEDSIZE="TRUE" BORDER="0"></TD>'


def _short(part: Part) -> list[str]:
    """Put a part into three short lines: its name; its letters, or what it names; what it was."""
    marks, base = letters(part.states), part.states[0]
    if len(marks) > WIDEST:
        marks = marks.replace(" ", "")
    name, to, last = part.name.partition(" to ")
    if base == "folded":
        said = [name, part.words[0], marks]
    elif base in NAMING:
        named = [word for word in part.words if word.startswith(NAMING[base])]
        said = [f"{name} {marks}", *named[:1]]
    else:
        said = [name, to.lstrip() + last, marks]
    return [line.strip()[:LONGEST] for line in [*said, _was(part)] if line.strip()]


NAMING: Final[dict[str, str | tuple[str, ...]]] = {
    "anon": ("slot", "no slot"),
    "place": ("slot", "no slot"),
    "allocated": "",
}
LETTERS: Final = {style.words: style.letter for style in STYLES.values() if style.letter}


def _was(part: Part) -> str:
    """Say what a part was: in letters if there are any."""
    was = [LETTERS[word] for word in part.was if word in LETTERS] or [
        word.removeprefix("slot ") for word in part.was[:1]
    ]
    return f"was {' '.join(was)}" if was else ""


def _legend(made: list[Strip], theme: str) -> Iterator[str]:
    """Yield rows that explain the letters that occur."""
    parts = [part for strip in made for column in strip.columns for part in column.parts]
    seen = {state for part in parts for state in part.states}
    cells = [_key(name, theme) for name in in_order(seen) if STYLES[name].letter]
    for first in range(0, len(cells), LEGEND):
        yield f"<TR>{''.join(cells[first : first + LEGEND])}</TR>"
    if not cells:
        yield f"<TR>{BLANK}</TR>"


def _key(name: str, theme: str) -> str:
    style = STYLES[name]
    part = Part(f"legend-{name}", style.letter, ("folded", name), (style.words,))
    return labels.cell(part, [labels.sentence(part)], theme)
