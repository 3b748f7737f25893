"""The HTML-like labels of Graphviz: what stands in a node, and a table's cells."""

from __future__ import annotations

import html
from collections.abc import Iterable
from functools import cache

from uvmlab.draw.scene import Part, Place
from uvmlab.draw.styles import look


def escape(text: str) -> str:
    """Escape a text for an HTML-like label, where DOT would read a backslash too."""
    return html.escape(text).replace("\\", "\\\\")


def lines(part: Part) -> list[str]:
    """Put a part into lines: its name, what is true of it, what was."""
    said = [part.name, *_wrapped(part.words)]
    return said + [f"was {', '.join(part.was)}"] * bool(part.was)


def _wrapped(words: tuple[str, ...], at: int = 30) -> list[str]:
    """Put words into lines of at most `at` characters, if they can be."""
    made: list[str] = []
    for word in words:
        if made and len(made[-1]) + len(word) < at:
            made[-1] += f", {word}"
        else:
            made.append(word)
    return made


def label(part: Part) -> str:
    """Return the label of a node."""
    name, *rest = map(escape, lines(part))
    return f"<{'<BR/>'.join([f'<B>{name}</B>', *rest])}>"


@cache
def classes(states: tuple[str, ...]) -> str:
    """Return the class names of a part's element."""
    return " ".join(("cell", *states))


def cell(part: Part, text: Iterable[str], theme: str, **attributes: object) -> str:
    """Return a table's cell.

    Its ID reaches the SVG only beside an HREF, which carries the class names; `finish` takes both apart.
    """
    style = look(part.states, theme)
    fill, border = style.light
    given = {
        "ID": part.id, "HREF": "#" + classes(part.states).replace(" ", "."), "TOOLTIP": sentence(part),
        "BGCOLOR": fill, "COLOR": border, "BORDER": round(style.width),
        "STYLE": style.dash or None, **attributes,
    }  # fmt: skip
    written = " ".join(f'{k}="{escape(str(v))}"' for k, v in given.items() if v is not None)
    name, *rest = map(escape, text)
    return f"<TD {written}>{'<BR/>'.join([f'<B>{name}</B>', *rest])}</TD>"


def place(id_: str, **size: object) -> str:
    """Return a table's cell in which something is to be shown later: its place, its size and its id."""
    return f'<TD ID="{id_}" HREF="#" BGCOLOR="#ffffff" BORDER="0" {_written(*size.items())}></TD>'


def blank(**size: object) -> str:
    """Return a table's cell in which there is nothing."""
    return f'<TD {_written(*size.items())} BORDER="0"></TD>'


@cache  # most cells are as large as their neighbours
def _written(*attributes: tuple[str, object]) -> str:
    return " ".join(f'{key}="{value}"' for key, value in attributes)


def sentence(part: Part) -> str:
    """Say a part in one line."""
    was = f" (was {', '.join(part.was)})" if part.was else ""
    new = f" (new: {', '.join(part.new)})" if part.new and not part.was else ""
    return ": ".join(filter(None, (part.name, ", ".join(part.words)))) + was + new


def object_table(part: Part, places: list[Place], theme: str) -> str:
    """Return an object's node: its name, and below it the indexes that have a page or a slot."""
    rows = [cell(part, lines(part), theme, PORT=part.id)]
    rows += [cell(place.part, lines(place.part), theme, PORT=place.part.id) for place in places]
    return table(f"<TR>{row}</TR>" for row in rows)


def table(rows: Iterable[str], **attributes: object) -> str:
    """Return a table whose cells stand apart: a neighbour would paint over a dashed border."""
    given = {"BORDER": 0, "CELLSPACING": 4, "CELLPADDING": 3, **attributes}
    return f"<<TABLE {_written(*given.items())}>{''.join(rows)}</TABLE>>"
