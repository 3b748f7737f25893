"""Parts of a report, as HTML: tables, pictures that stand alone, and the same in words behind a fold."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from typing import Any

from uvmlab.draw import RenderError, svg, text
from uvmlab.worlds import World


def begun(before: World) -> str:
    """Show the state to begin with, before anything ran."""
    return grid("uvmlab-pictures", picture("Before", before))


def still(world: World, title: str) -> str:
    """Show the state to begin with where there is no kernel to run anything."""
    caption = f"{title}, as it was when the cell ran: run the cell to use it."
    return figure(partial(svg, world, theme="light"), title, caption, text(world))


def picture(title: str, world: World) -> str:
    """Show a world as an image with a box of its own, light and dark, and in words behind a fold."""
    alt = f"{title}; in words below"
    shown = "".join(
        embed(partial(svg, world, theme=theme), alt, f"uvmlab-{theme}")
        for theme in ("light", "dark")
    )
    shown = box("uvmlab-picture", title, shown)
    return f"<div><h4>{title}</h4>{shown}{fold(f'{title}: in words', text(world))}</div>"


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
