"""A renderer's SVG made fit to show: our style, a ground, a title and words, and one group a cell.

An HTML-like cell's ID arrives as a link, and its text is placed by an estimate of its width; here each
cell becomes `<g id class><title/><rect/><text/></g>` with centred text and no link.  Two cells of one table
cannot be joined by an edge of Graphviz that one could read, so a short straight one is drawn between them here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from types import MappingProxyType
from typing import Final, NamedTuple
from xml.parsers import expat

from uvmlab.draw.styles import LIVE, css, live_css

SVG: Final = "http://www.w3.org/2000/svg"
LINE: Final = 11.0  # points from one line of a cell to the next
MIDDLE: Final = 3.3  # points from a line's middle down to its baseline
PIXELS: Final = 4 / 3  # in a point


class Shown(NamedTuple):
    """What a cell is to show: its class names, its lines (an empty one keeps its place), its title."""

    classes: str
    texts: list[str]
    title: str


Cells = Mapping[str, Shown]


class Edge(NamedTuple):
    """An edge between two cells, one above the other; its head is an arrow's."""

    id: str
    tail: str
    head: str


Box = tuple[float, float, float, float]  # where a cell is: left, top, width, height, in points


def finish(
    svg: str,
    *,
    title: str,
    desc: str,
    theme: str = "light",
    cells: Cells = MappingProxyType({}),
    edges: Iterable[Edge] = (),
    live: bool = False,
) -> str:
    """Return the picture as one SVG element that stands alone.

    *Needs* the SVG that a renderer made of one of our graphs.  `cells`: by id, what to show in place of what was
    drawn; `edges`: from which cell up or down to which; `live`: for a page that changes it and lends it its
    colours, else for an image.
    """
    reader = Reader(cells)
    reader.read(svg)
    left, top, width, height = map(float, reader.box.split())
    arrows = (_arrow(id_, reader.boxes[tail], reader.boxes[head]) for id_, tail, head in edges)
    drawn = "\n".join([*reader.drawn, *arrows])
    sheet, kind = (
        (live_css(theme), f'role="group" class="{LIVE}"')
        if live
        else (css(theme, run=bool(cells)), IMAGE)
    )
    return (
        f'<svg xmlns="{SVG}" width="{width * PIXELS:.0f}" height="{height * PIXELS:.0f}"'
        f' viewBox="{reader.box}" {kind}>\n'
        f"<title>{escape(title)}</title>\n<desc>{escape(desc)}</desc>\n"
        f"<style>{sheet}</style>\n"
        f'<rect class="ground" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"/>\n'
        f'<g transform="{reader.transform}">\n{drawn}\n</g>\n</svg>\n'
    )


IMAGE: Final = 'role="img"'
PLACE: Final = re.compile(  # of a cell (`labels.place`): its id, and the first and the third corner of its outline
    r'<g id="a_([^"]+)"><a xlink:href="#" [^>]*>\s*'
    r'<polygon [^>]*points="([^,]+),(\S+) \S+ ([^,]+),(\S+) [^"]*"/>\s*</a>\s*</g>'
)


class Reader:
    """Takes a renderer's SVG element by element (a tree of them would take as long again), and writes ours.

    `box` and `transform` are those of the picture, `drawn` its cells, edges and lines of text, `boxes` where each
    cell is.
    """

    def __init__(self, cells: Cells) -> None:
        self.cells, self.boxes = cells, dict[str, Box]()
        self.box = self.transform = ""
        self.drawn: list[str] = []
        self._id = self._classes = self._title = self._points = ""  # of the cell that we are in
        self._lines: list[str] = []
        self._text: list[str] = []
        self._edge: list[str] = []  # what is written of the edge that we are in

    def read(self, svg: str) -> None:
        """Take in all of it: the places where nothing is drawn yet at one stroke, for they are many."""
        before, *found = PLACE.split(svg)
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.Parse(before + "".join(found[5::6]), True)
        del self._parser  # it holds us, and we held it
        ids = [id_.replace("&#45;", "-") for id_ in found[::6]]
        self.drawn += map(self._cell, ids, *(found[i::6] for i in range(1, 5)))

    def _start(self, tag: str, given: dict[str, str]) -> None:
        """Begin an element: a cell is a node's group or a link, and the first polygon in it its outline."""
        if tag == "polygon":
            self._shape(given)
        elif tag == "g":
            self._group(given.get("id", ""), given.get("class", ""))
            self.transform = self.transform or given.get("transform", "")
        elif tag == "a":
            self._classes = given["xlink:href"][1:].replace(".", " ")
            self._title = given["xlink:title"]
        elif tag == "text":
            self._parser.CharacterDataHandler = self._text.append
            where = f'x="{given["x"]}" y="{given["y"]}" text-anchor="{given["text-anchor"]}"'
            self._where = f'<text {where} font-size="{given["font-size"]}">'
        elif tag == "path" and self._edge:
            self._edge.append(f'<path d="{given["d"]}"/>')
        elif tag == "svg":
            self.box = given["viewBox"]

    def _group(self, id_: str, classes: str) -> None:
        if id_.startswith("a_"):
            self._id = id_[2:]
        elif classes.startswith("node cell"):
            self._id, self._classes = id_, classes.removeprefix("node ")
        elif classes.startswith("edge"):
            self._edge = [f'<g class="{classes}">']

    def _shape(self, given: dict[str, str]) -> None:
        """Keep a cell's outline, write an arrow's head; what either looks like is the style sheet's."""
        if self._edge:
            self._edge.append(f'<polygon points="{given["points"]}"/>')
        elif self._id:
            self._points = self._points or given["points"]

    def _end(self, tag: str) -> None:
        """End an element: at the end of its group a cell is complete."""
        if tag == "text":
            self._parser.CharacterDataHandler = None
            line = "".join(self._text)
            self._text.clear()
            if self._id:
                self._lines.append(line)
            else:
                self.drawn.append(f"{self._where}{escape(line)}</text>")
        elif tag == "g" and self._edge:
            self.drawn.append("".join([*self._edge, "</g>"]))
            self._edge = []
        elif tag == "g" and self._id:
            corner, _, opposite, *_ = self._points.split()
            self.drawn.append(self._cell(self._id, *corner.split(","), *opposite.split(",")))
            self._id = self._title = self._points = ""
            self._lines = []

    def _cell(self, id_: str, x1: str, y1: str, x2: str, y2: str) -> str:
        """Write a cell: a box where it was drawn, and what is to be shown in it."""
        classes, lines, title = self.cells.get(id_) or self._as_drawn()
        left, width, across, begin = _across(x1, x2)
        top, height, down, baselines = _down(y1, y2, len(lines))
        self.boxes[id_] = left, top, width, height
        texts = [f"{begin}{y}>{_escape(s)}</text>" for y, s in zip(baselines, lines, strict=True)]
        return (
            f'<g id="{id_}" class="{classes}"><title>{escape(title)}</title>'
            f"<rect {across[0]} {down[0]} {across[1]} {down[1]}/>{''.join(texts)}</g>"
        )

    def _as_drawn(self) -> Shown:
        name, *rest = self._lines
        return Shown(self._classes, self._lines, self._title or f"{name}: {', '.join(rest)}")


_escape = lru_cache(1 << 14)(escape)  # most lines are those of other cells too


Words = tuple[str, str]


# A row's cells have the same top, a column's the same left side.
@lru_cache(1 << 12)
def _across(one: str, other: str) -> tuple[float, float, Words, str]:
    """Return a cell's left side and width, both as attributes, and how each of its lines begins."""
    left, width = _span(one, other)
    said = f'x="{left:.1f}"', f'width="{width:.1f}"'
    return left, width, said, f'<text x="{left + width / 2:.1f}" '


@lru_cache(1 << 12)
def _down(one: str, other: str, lines: int) -> tuple[float, float, Words, list[str]]:
    """Return a cell's top and height, both as attributes, and where each of its lines stands."""
    top, height = _span(one, other)
    first = top + (height - (lines - 1) * LINE) / 2 + MIDDLE
    said = f'y="{top:.1f}"', f'height="{height:.1f}"'
    lines_ = [f'y="{first + number * LINE:.1f}"' for number in range(lines)]
    lines_[:1] = [f'{line} class="name"' for line in lines_[:1]]
    return top, height, said, lines_


def _span(one: str, other: str) -> tuple[float, float]:
    a, b = float(one), float(other)
    return min(a, b), abs(a - b)


def _arrow(id_: str, tail: Box, head: Box) -> str:
    """Write a straight arrow from a cell to the next one above or below, in the middle of the narrower one."""
    left, _, width, _ = tail if tail[2] < head[2] else head
    middle, barb, other = _columns(left + width / 2)
    start, end, back = _rows(tail[1], tail[3], head[1], head[3])
    return (
        f'<g id="{id_}" class="edge"><path d="M{middle},{start}L{middle},{back}"/>'
        f'<polygon points="{middle},{end} {barb},{back} {other},{back}"/></g>'
    )


BARB: Final = 5  # points that an arrow's head is long


@lru_cache(1 << 12)
def _columns(x: float) -> tuple[str, str, str]:
    """Return where an arrow's middle is, and both ends of its barb."""
    return f"{x:.1f}", f"{x - BARB / 2:.1f}", f"{x + BARB / 2:.1f}"


@lru_cache(1 << 12)
def _rows(tail: float, high: float, head: float, deep: float) -> tuple[str, str, str]:
    """Return where an arrow begins, where it ends, and where its barb does; a top and a height of each cell."""
    start, end, back = (tail + high, head, -BARB) if head > tail else (tail, head + deep, BARB)
    return f"{start:.1f}", f"{end:.1f}", f"{end + back:.1f}"
