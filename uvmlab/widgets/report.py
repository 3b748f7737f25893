"""What came of a put, as HTML for below a form: tables, and the same in words; and a world as a picture."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from typing import Any

from uvmlab.draw import RenderError, svg, text
from uvmlab.widgets.outcome import Outcome
from uvmlab.widgets.ranges import ranges
from uvmlab.worlds import World


def begun(before: World) -> str:
    """Show the state to begin with, before anything ran."""
    return grid("uvmlab-pictures", picture("Before", before))


def still(world: World, caption: str) -> str:
    """Show a world as a figure that needs neither a kernel nor the page's styles."""
    shown = image(caption, world, "light")
    return f"<figure>{shown}<figcaption>{escape(caption)}</figcaption></figure>"


def report(outcome: Outcome) -> str:
    """Show all that came of a put, in tables; the run itself is walked through below."""
    ios = [(i, " ".join(io.pages), f"{io.to} on", io.answer) for i, io in enumerate(outcome.ios)]
    tables = [table("The I/Os", ("I/O", "pages", "to", "answer"), ios)]
    if outcome.slots.nslots:
        slots = [(what, ranges(which)) for what, which in outcome.slots.rows()]
        moved = [
            (each.page, each.before or "none", each.after or "none", each.state)
            for each in outcome.moved
        ]
        tables += [
            table("The slots", ("account", "slots"), slots),
            table("What moved", ("page", "slot before", "slot after", "page after"), moved),
            table("Who names a slot", ("slot", "before", "after"), outcome.slots.names),
        ]
    else:
        pages = [(each.page, each.state) for each in outcome.moved]
        tables.append(table("What became of the pages", ("page", "after"), pages))
    return grid("uvmlab-tables", *tables) + fold("All of it in words", outcome.text())


def picture(title: str, world: World) -> str:
    """Show a world as an image with a box of its own, light and dark, and in words behind a fold."""
    words = text(world)
    try:
        shown = image(title, world, "light") + image(title, world, "dark")
    except RenderError as error:
        shown = f"<p>There is no picture: {escape(str(error))}.</p><pre>{escape(words)}</pre>"
    shown = box("uvmlab-picture", title, shown)
    return f"<div><h4>{title}</h4>{shown}{fold(f'{title}: in words', words)}</div>"


def image(title: str, world: World, theme: str) -> str:
    """Draw a world as an image that stands alone.

    Raises: RenderError when it cannot be drawn.
    """
    drawn = b64encode(svg(world, theme=theme).encode()).decode()
    source = f"data:image/svg+xml;base64,{drawn}"
    return f'<img class="uvmlab-{theme}" alt="{title}; in words below" src="{source}"/>'


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
