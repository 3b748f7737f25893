"""A renderer's SVG made fit to show: our style, a ground, a title and words, and one group a cell.

An HTML-like cell's ID arrives as a link, and its text is placed by an estimate of its width; here each
cell becomes `<g id class><title/><rect/><text/></g>` with centred text and no link.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET

from uvmlab.draw.styles import css

SVG: Final = "{http://www.w3.org/2000/svg}"
XLINK: Final = "{http://www.w3.org/1999/xlink}"
LINE: Final = 11.0  # points from one line of a cell to the next
KEPT: Final = ("id", "class", "transform", "d", "points", "x", "y", "font-size", "text-anchor")
PIXELS: Final = 4 / 3  # in a point
ET.register_namespace("", SVG[1:-1])


def finish(svg: str, *, title: str, desc: str, theme: str = "light") -> str:
    """Return the picture as one SVG element that stands alone.

    *Needs* the SVG of one of our graphs.
    """
    root = ET.fromstring(svg)  # noqa: S314 -- our own renderer wrote it
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    for group in list(root.iter(f"{SVG}g")):
        _tidy(group)
    graph = root[0]
    for polygon in graph.findall(f"{SVG}polygon"):
        graph.remove(polygon)  # its ground, which is ours to lay
    root.attrib |= {
        "width": f"{width * PIXELS:.0f}",
        "height": f"{height * PIXELS:.0f}",
        "role": "img",
    }
    ground = _element("rect", "", {"class": "ground", "x": f"{left:g}", "y": f"{top:g}"})
    ground.attrib |= {"width": f"{width:g}", "height": f"{height:g}"}
    root[:0] = [
        _element("title", title),
        _element("desc", desc),
        _element("style", css(theme)),
        ground,
    ]
    return ET.tostring(root, encoding="unicode") + "\n"


def _tidy(group: ET.Element) -> None:
    """Turn a cell into our form; take from the rest what the style sheet says."""
    classes = group.get("class", "").split()
    link = group.find(f"{SVG}a")
    if link is not None:
        classes = link.attrib[f"{XLINK}href"][1:].split(".")
        _cell(group, link, classes, link.attrib[f"{XLINK}title"])
    elif "cell" in classes:
        _cell(group, group, classes[1:], "")
    else:
        for title in group.findall(f"{SVG}title"):
            group.remove(title)  # a node's name in DOT
        for shape in group:
            shape.attrib = {key: shape.attrib[key] for key in KEPT if key in shape.attrib}
        if "edge" in classes:
            del group.attrib["id"]  # a running number, which would not be the same tomorrow


def _cell(group: ET.Element, inside: ET.Element, classes: Iterable[str], title: str) -> None:
    polygon = inside.find(f"{SVG}polygon")
    if polygon is None:
        raise ValueError(f"{group.get('id')} is a cell without a shape")
    lines = [text.text or "" for text in inside.findall(f"{SVG}text")]
    corners = [tuple(map(float, point.split(","))) for point in polygon.attrib["points"].split()]
    (left, *_, right), (top, *_, bottom) = (sorted(axis) for axis in zip(*corners, strict=True))
    rect = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    group.attrib = {"id": group.attrib["id"].removeprefix("a_"), "class": " ".join(classes)}
    group[:] = [
        _element("title", title or f"{lines[0]}: {', '.join(lines[1:])}"),
        _element("rect", "", {key: f"{value:.1f}" for key, value in rect.items()}),
        *_centred(lines, (left + right) / 2, (top + bottom) / 2),
    ]


def _centred(lines: list[str], x: float, y: float) -> Iterable[ET.Element]:
    """Yield the lines of a cell around its middle; the first is its name."""
    first = y - (len(lines) - 1) * LINE / 2 + 3.3
    for number, line in enumerate(lines):
        place = {"x": f"{x:.1f}", "y": f"{first + number * LINE:.1f}"}
        yield _element("text", line, place | {"class": "name"} if number == 0 else place)


def _element(name: str, text: str, attributes: dict[str, str] | None = None) -> ET.Element:
    made = ET.Element(SVG + name, attributes or {})
    made.text = text or None
    return made
