"""Parts of a report, as HTML: tables, pictures that stand alone, and the same in words behind a fold."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from typing import Any, NamedTuple

from uvmlab.draw import RenderError, svg, text
from uvmlab.worlds import World


class Beginning(NamedTuple):
    """The state to begin with: what draws it in a theme, and the same in words."""

    draw: Callable[[str], str]
    words: str

    @classmethod
    def of(cls, world: World) -> Beginning:
        """Show a world as it is."""
        return cls(lambda theme: svg(world, theme=theme), text(world))


def begun(before: Beginning) -> str:
    """Show the state to begin with, before anything ran: light and dark, and in words behind a fold."""
    shown = "".join(
        embed(partial(before.draw, theme), "Before; in words below", f"uvmlab-{theme}")
        for theme in ("light", "dark")
    )
    shown = box("uvmlab-picture", "Before", shown)
    return f"<div><h4>Before</h4>{shown}{fold('Before: in words', before.words)}</div>"


def still(before: Beginning, title: str) -> str:
    """Show the state to begin with where there is no kernel to run anything."""
    caption = f"{title}, as it was when the cell ran: run the cell to use it."
    return figure(partial(before.draw, "light"), title, caption, before.words)


def embed(draw: Callable[[], str], alt: str, kind: str = "") -> str:
    """Write the SVG that `draw` makes as an image that stands alone; if there can be none, say why."""
    mark = f' class="{kind}"' if kind else ""
    try:
        source = b64encode(draw().encode()).decode()
    except RenderError as error:
        return f"<p{mark}>{escape(f'There is no picture: {error}.')}</p>"
    return f'<img{mark} alt="{escape(alt)}" src="data:image/svg+xml;base64,{source}"/>'


def figure(draw: Callable[[], str], what: str, caption: str, words: str) -> str:
    """Show a picture of `what` with its caption, and behind a fold the same in words."""
    shown = embed(draw, f"{what}; in words below")
    return f"<figure>{shown}<figcaption>{escape(caption)}</figcaption>{fold('In words', words)}</figure>"


def table(title: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Show a titled table in a box of its own."""
    return f"<div><h4>{title}</h4>{box('uvmlab-table', title, rows_of(head, rows))}</div>"


def rows_of(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Write the table itself."""
    first = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    others = "".join(
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{first}</tr></thead><tbody>{others}</tbody></table>"


def grid(kind: str, *parts: str) -> str:
    """Lay parts side by side where there is room."""
    return f'<div class="{kind}">{"".join(parts)}</div>'


def fold(title: str, words: str) -> str:
    """Hide words behind a title that opens."""
    return f"<details><summary>{escape(title)}</summary><pre>{escape(words)}</pre></details>"


def box(kind: str, title: str, content: str) -> str:
    """Put content into a box of fixed height that the keyboard can scroll."""
    return (
        f'<div class="uvmlab-box {kind}" tabindex="0" role="region" '
        f'aria-label="{escape(title)}">{content}</div>'
    )
