"""A renderer's SVG made fit to show: our style, a ground, a title and words, and one group a cell.

An HTML-like cell's ID arrives as a link, and its text is placed by an estimate of its width; here each
cell becomes `<g id class><title/><rect/><text/></g>` with centred text and no link.  The SVG is read as
a tree and written as text: that takes half the time that writing a tree would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from uvmlab.draw.styles import LIVE, css, live_css

SVG: Final = "http://www.w3.org/2000/svg"
G, A, TEXT, TITLE = (f"{{{SVG}}}{name}" for name in ("g", "a", "text", "title"))
PATH, POLYGON = (f"{{{SVG}}}{name}" for name in ("path", "polygon"))
HREF, TOOLTIP = (f"{{http://www.w3.org/1999/xlink}}{name}" for name in ("href", "title"))
LINE: Final = 11.0  # points from one line of a cell to the next
MIDDLE: Final = 3.3  # points from a line's middle down to its baseline
PIXELS: Final = 4 / 3  # in a point


class Shown(NamedTuple):
    """What a cell is to show: its class names, its lines (an empty one keeps its place), its title."""

    classes: str
    texts: list[str]
    title: str


Cells = Mapping[str, Shown]


def finish(
    svg: str,
    *,
    title: str,
    desc: str,
    theme: str = "light",
    cells: Cells = MappingProxyType({}),
    live: bool = False,
) -> str:
    """Return the picture as one SVG element that stands alone.

    *Needs* the SVG that a renderer made of one of our graphs.  `cells`: by id, what to show in place of what was
    drawn; `live`: for a page that changes it and lends it its colours, else for an image.
    """
    root = ET.fromstring(svg)  # noqa: S314 -- our own renderer wrote it
    box = root.attrib["viewBox"]
    left, top, width, height = map(float, box.split())
    drawn = "\n".join(filter(None, (_drawn(element, cells) for element in root[0])))
    sheet, kind = (
        (live_css(theme), f'role="group" class="{LIVE}"')
        if live
        else (css(theme, run=bool(cells)), IMAGE)
    )
    return (
        f'<svg xmlns="{SVG}" width="{width * PIXELS:.0f}" height="{height * PIXELS:.0f}"'
        f' viewBox="{box}" {kind}>\n'
        f"<title>{escape(title)}</title>\n<desc>{escape(desc)}</desc>\n"
        f"<style>{sheet}</style>\n"
        f'<rect class="ground" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"/>\n'
        f'<g transform="{root[0].attrib["transform"]}">\n{drawn}\n</g>\n</svg>\n'
    )


IMAGE: Final = 'role="img"'


def _drawn(element: ET.Element, cells: Cells) -> str:
    """Write one element of the graph: a node, an edge, or a line of the label; not its ground."""
    given = element.attrib
    if element.tag == TEXT:
        where = f'x="{given["x"]}" y="{given["y"]}" text-anchor="{given["text-anchor"]}"'
        return f'<text {where} font-size="{given["font-size"]}">{escape(element.text or "")}</text>'
    if element.tag != G:
        return ""
    classes = given.get("class", "")
    link = element.find(A)
    if link is not None:
        id_ = given["id"].removeprefix("a_")
        shown = cells.get(id_) or Shown(
            link.attrib[HREF][1:].replace(".", " "), _lines(link), link.attrib[TOOLTIP]
        )
        return _cell(id_, link, shown)
    if classes.startswith("node cell"):
        lines = _lines(element)
        said = f"{lines[0]}: {', '.join(lines[1:])}"
        return _cell(given["id"], element, Shown(classes.removeprefix("node "), lines, said))
    if classes.startswith("edge"):
        return f'<g class="{classes}">{"".join(_edge(element))}</g>'
    return "\n".join(filter(None, (_drawn(part, cells) for part in element)))


def _edge(edge: ET.Element) -> Iterator[str]:
    """Write an arrow: its line and its head; what they look like is the style sheet's."""
    for shape in edge:
        if shape.tag == PATH:
            yield f'<path d="{shape.attrib["d"]}"/>'
        elif shape.tag == POLYGON:
            yield f'<polygon points="{shape.attrib["points"]}"/>'


def _lines(drawn: ET.Element) -> list[str]:
    return [text.text or "" for text in drawn.iter(TEXT)]


def _cell(id_: str, drawn: ET.Element, shown: Shown) -> str:
    """Write a cell: a box where it was drawn, and what is to be shown in it."""
    shape = next(drawn.iter(POLYGON))
    classes, lines, title = shown
    corner, _, opposite, *_ = shape.attrib["points"].split()
    (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in (corner, opposite))
    left, top, width, height = min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2)
    x, y = left + width / 2, top + (height - (len(lines) - 1) * LINE) / 2 + MIDDLE
    texts = "".join(
        f'<text x="{x:.1f}" y="{y + number * LINE:.1f}"{NAME * (not number)}>{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<g id="{id_}" class="{classes}"><title>{escape(title)}</title>'
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"/>{texts}</g>'
    )


NAME: Final = ' class="name"'  # of a cell's first line
