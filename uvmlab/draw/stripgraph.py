"""A scene as strips in DOT: a table for each owner, a cell for each page, so that cost grows with owners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from graphviz import Digraph

from uvmlab.draw import labels
from uvmlab.draw.describe import STALE
from uvmlab.draw.finish import Edge
from uvmlab.draw.graphs import begin
from uvmlab.draw.scene import Part, Scene
from uvmlab.draw.strips import ROW, Strip, joints, strips
from uvmlab.draw.styles import STYLES, WORDED, in_order, letters

KEY: Final = "*: changed; what was is under it"
NARROWEST: Final = 8  # columns: enough for a head, and two words of the legend
LEGEND: Final = 5  # words of it side by side
WIDTH: Final = 54  # of a cell, in points
HEIGHT: Final = 38  # three lines
HEAD: Final = 18  # one
SPACE: Final = 4  # between cells
ROOM: Final = 2  # more where an edge is drawn
WIDEST: Final = 9  # characters of letters with spaces between
LONGEST: Final = 12  # characters that fit into a cell


def draw(scene: Scene, theme: str) -> Digraph:
    """Return the strips of a scene, one below the other, and a legend of the states that occur."""
    made = strips(scene)
    seen = {s for strip in made for col in strip.columns for part in col.parts for s in part.states}
    return lay(scene, made, legend(seen), theme)


def edges(scene: Scene) -> list[Edge]:
    """Return the edges of a scene's strips, which `finish` draws: an object's to its strip, a place's to its page."""
    made = strips(scene)
    here = {
        id_ for s in made for col in s.columns if col.top for id_ in col.top.of or (col.top.id,)
    }
    return list(joints(made, here))


def lay(
    scene: Scene, made: list[Strip], keys: list[Part], theme: str, *, empty: bool = False
) -> Digraph:
    """Lay strips out one below the other, a legend last.  `empty`: with a place for each cell's text only."""
    width = wide(made)
    dot = begin(scene, theme, KEY, graph={"ranksep": "0.05"}, node={"shape": "plain"})
    tables = {f"strip-{strip.head.id}": _rows(strip, width, theme, empty) for strip in made}
    tables["legend"] = _legend(keys, theme)
    for id_, rows in tables.items():
        dot.node(id_, labels.table(rows), id=id_)
    for above, below in pairwise(tables):
        dot.edge(above, below, style="invis")
    return dot


def wide(made: Iterable[Strip]) -> int:
    """Return how many cells of single width stand side by side."""
    asking = [strip for strip in made if strip.span < ROW]  # the others take what there is
    widest = max((len(strip.columns) * strip.span for strip in asking), default=0)
    return min(ROW, max(NARROWEST, widest))


def _rows(strip: Strip, width: int, theme: str, empty: bool) -> Iterator[str]:
    """Yield the table's rows: the head, then pages above their places, as many as fit side by side."""
    columns = max(1, width // strip.span)
    head = labels.place(strip.head.id, COLSPAN=columns, HEIGHT=HEAD)
    if not empty:
        head = labels.cell(strip.head, [labels.sentence(strip.head)], theme, COLSPAN=columns)
    room = labels.blank(COLSPAN=columns, WIDTH=WIDTH, HEIGHT=ROOM, FIXEDSIZE="TRUE")
    size = _size(min(strip.span, width))
    rows = [[head], *[[room]] * strip.joined]
    for first in range(0, len(strip.columns), columns):
        row = strip.columns[first : first + columns]
        both = [column.top for column in row], [column.bottom for column in row]
        for parts in filter(any, both):
            if parts is both[1] and any(both[0]):
                rows.append([room])
            blanks = [labels.blank(**size)] * (columns - len(parts))
            rows.append([*(_cell(part, theme, empty, size) for part in parts), *blanks])
    yield from (f"<TR>{''.join(row)}</TR>" for row in rows)


def _cell(part: Part | None, theme: str, empty: bool, size: dict[str, object]) -> str:
    if part is None:
        return labels.blank(**size)
    return labels.place(part.id, **size) if empty else labels.cell(part, short(part), theme, **size)


def _size(span: int) -> dict[str, object]:
    return {"WIDTH": span * (WIDTH + SPACE) - SPACE, "HEIGHT": HEIGHT, "FIXEDSIZE": "TRUE"}


def short(part: Part, span: int = 1) -> list[str]:
    """Put a part into short lines: its name; its letters, or what it names; what it was.

    `span`: how many cells wide it is.
    """
    marks, base = letters(part.states), part.states[0]
    if len(marks) > WIDEST:
        marks = marks.replace(" ", "")
    name, to, last = part.name.partition(" to ")
    if base == "folded":
        said = [name, part.words[0], marks]
    elif base in NAMING:
        named = [word for word in part.words if word.startswith(NAMING[base])]
        said = [f"{name} {marks}", *(word.removeprefix(STALE) for word in named[:1])]
    elif base in WORDED:
        said = [f"{name} {marks}", *[f"to {last}"] * bool(last), *part.words]
    else:
        said = [name, to.lstrip() + last, marks]
    return [fitted(line.strip(), LONGEST * span) for line in [*said, _was(part)] if line.strip()]


def fitted(line: str, longest: int) -> str:
    """Cut a line that is too long for its cell."""
    if len(line) <= longest:
        return line
    return line[:longest] if longest == LONGEST else f"{line[: longest - 2]} …"


NAMING: Final[dict[str, str | tuple[str, ...]]] = {
    "anon": ("slot", "no slot"),
    "place": ("slot", "no slot"),
    "allocated": "",
    "stale": STALE,
}
LETTERS: Final = {style.words: style.letter for style in STYLES.values() if style.letter}


def _was(part: Part) -> str:
    """Say what a part was: in letters if there are any."""
    if not part.was:
        return ""
    was = [LETTERS[word] for word in part.was if word in LETTERS] or [
        word.removeprefix("slot ") for word in part.was[:1]
    ]
    return f"was {' '.join(was)}"


def legend(states: Iterable[str]) -> list[Part]:
    """Explain the letters of these states."""
    styles = {name: STYLES[name] for name in in_order(states) if STYLES[name].letter}
    return [
        Part(f"legend-{name}", style.letter, ("folded", name), (style.words,))
        for name, style in styles.items()
    ]


def _legend(keys: list[Part], theme: str) -> Iterator[str]:
    cells = [labels.cell(part, [labels.sentence(part)], theme) for part in keys]
    for first in range(0, len(cells), LEGEND):
        yield f"<TR>{''.join(cells[first : first + LEGEND])}</TR>"
    if not cells:
        yield f"<TR>{labels.blank(**_size(1))}</TR>"
