"""What each state looks like: one table, which the CSS, the DOT and the legend are made from.

Fills and borders are tints and shades of Okabe and Ito's colours, which colour-blind readers can tell
apart; each state has a letter and words too, so that no colour is ever the only signal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final


@dataclass(frozen=True)
class Style:
    """A state's look.  `light`, `dark`: (fill, border) in that theme, a fill of "" leaves the fill alone."""

    letter: str
    words: str
    light: tuple[str, str]
    dark: tuple[str, str]
    dash: str = ""  # of the border: "", dashed, dotted
    width: float = 1.0  # of the border, in points


# A later row wins over an earlier one where a part is in both states.
STYLES: Final = {
    "folded": Style("", "folded", ("#ffffff", "#595959"), ("#1e1e1e", "#bfbfbf")),
    # what a page holds
    "free": Style("F", "free", ("#ffffff", "#666666"), ("#1e1e1e", "#a6a6a6"), "dashed"),
    "clean": Style("C", "clean", ("#d3eafa", "#0072b2"), ("#12324a", "#56b4e9")),
    "dirty": Style("D", "dirty", ("#fbe3b0", "#8a5a00"), ("#4a3300", "#e69f00")),
    # who owns it
    "anon": Style("", "anon", ("#eeeeee", "#595959"), ("#333333", "#bfbfbf")),
    "object": Style("", "object", ("#eeeeee", "#595959"), ("#333333", "#bfbfbf"), "", 1.5),
    "place": Style("", "page of an object", ("#f7f7f7", "#737373"), ("#2b2b2b", "#a6a6a6")),
    "hole": Style(".", "not in memory", ("#ffffff", "#737373"), ("#1e1e1e", "#a6a6a6"), "dashed"),
    "dead": Style("X", "dead", ("#ffffff", "#666666"), ("#1e1e1e", "#a6a6a6"), "dotted", 1.5),
    # a swap slot
    "allocated": Style("", "allocated", ("#cfeee2", "#00664b"), ("#063b2d", "#2fc79b")),
    "unnamed": Style(
        "U",
        "allocated, named by nobody",
        ("#f6dbe9", "#8f3a68"),
        ("#4a1f36", "#e59ac4"),
        "dotted",
        2,
    ),
    "stale": Style(
        "S", "free, yet named", ("#faf5b0", "#6e6400"), ("#454000", "#f0e442"), "dotted", 2
    ),
    "bad": Style("Z", "bad", ("#d0d0d0", "#1a1a1a"), ("#4d4d4d", "#f2f2f2"), "dotted", 2.5),
    # around them
    "held": Style("", "lock held", ("#fbe3b0", "#8a5a00"), ("#4a3300", "#e69f00"), "", 2),
    "running": Style("", "runs", ("#cfeee2", "#00664b"), ("#063b2d", "#2fc79b"), "", 2),
    "asleep": Style("", "asleep", ("#f6dbe9", "#8f3a68"), ("#4a1f36", "#e59ac4"), "dotted", 2),
    "resting": Style("", "does not run", ("#f7f7f7", "#737373"), ("#2b2b2b", "#a6a6a6")),
    "mapped": Style("", "mapped", ("#d3eafa", "#0072b2"), ("#12324a", "#56b4e9")),
    "reserved": Style("", "reserved", ("#faf5b0", "#6e6400"), ("#454000", "#f0e442"), "dashed"),
    "elsewhere": Style("", "mapped elsewhere", ("#d0d0d0", "#1a1a1a"), ("#4d4d4d", "#f2f2f2")),
    "member": Style("", "in the cluster", ("#cfeee2", "#00664b"), ("#063b2d", "#2fc79b")),
    "outside": Style(
        "O", "outside the cluster", ("#f7f7f7", "#737373"), ("#2b2b2b", "#a6a6a6"), "dotted"
    ),
    "empty": Style("", "empty", ("#ffffff", "#666666"), ("#1e1e1e", "#a6a6a6"), "dashed"),
    "list": Style("", "list", ("#eeeeee", "#595959"), ("#333333", "#bfbfbf")),
    # what else may be true of a page
    "active": Style("A", "active", ("", ""), ("", "")),
    "inactive": Style("I", "inactive", ("", ""), ("", "")),
    "modified": Style("M", "modified", ("", ""), ("", "")),
    "protected": Style("P", "write-protected", ("", ""), ("", "")),
    "hidden": Style("N", "no access", ("", ""), ("", "")),
    "wanted": Style("W", "wanted", ("", ""), ("", "")),
    "released": Style("R", "released", ("", ""), ("", ""), "dashed"),
    "busy": Style("B", "busy", ("", "#a33c00"), ("", "#ff8a3d"), "", 2.5),
    # beside a state before
    "changed": Style("*", "changed", ("", "#000000"), ("", "#ffffff"), "", 3),
}

# Whose cells have words in them, so that they need no letter.
WORDED: Final = frozenset(
    ("held", "running", "asleep", "resting", "mapped", "reserved", "elsewhere", "member", "outside", "empty", "list")
)  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """The colours around the parts: the ground, the ink, arrows, and arrows that are no more."""

    ground: str
    ink: str
    line: str
    gone: str


THEMES: Final = {
    "light": Theme("#ffffff", "#1a1a1a", "#4d4d4d", "#737373"),
    "dark": Theme("#1e1e1e", "#f2f2f2", "#cccccc", "#a6a6a6"),
}
FONT: Final = "Arial"  # graphviz-pure knows its widths; the browser takes it or one as wide
FONT_SIZE: Final = 10  # in a cell, in points
CSS_DASH: Final = {"": "none", "dashed": "5 3", "dotted": "1.5 2.5"}


def theme_named(name: str) -> Theme:
    """Return the theme.

    Raises: ValueError naming the legal ones.
    """
    if name not in THEMES:
        raise ValueError(f"no theme {name!r}; legal: {', '.join(THEMES)}")
    return THEMES[name]


@cache
def look(states: tuple[str, ...], theme: str) -> Style:
    """Return how a part in these states looks: one style, with (fill, border) of the theme in `light`."""
    fill = border = dash = ""
    width = 1.0
    for name in in_order(states):
        style = STYLES[name]
        new_fill, new_border = getattr(style, theme)
        fill, border = new_fill or fill, new_border or border
        dash, width = style.dash or dash, max(width, style.width)
    return Style(letters(states), "", (fill, border), (fill, border), dash, width)


def in_order(states: Iterable[str]) -> list[str]:
    """Return the states in the order of the table."""
    given = set(states)
    return [name for name in STYLES if name in given]


@cache
def letters(states: tuple[str, ...]) -> str:
    """Return the states' letters: `D B` for a dirty page that is busy."""
    return " ".join(filter(None, (STYLES[name].letter for name in in_order(states))))


def palette(theme: str) -> dict[str, str]:
    """Return the colours of a theme by name: `ground`, `ink`, `label` (outside all cells), `dirty-fill`, `dirty-border`, ..."""
    colours = dict(vars(theme_named(theme)))
    colours["label"] = colours["ink"]
    for name, style in STYLES.items():
        for which, colour in zip(("fill", "border"), getattr(style, theme), strict=True):
            if colour:
                colours[f"{name}-{which}"] = colour
    return colours


@cache
def css(theme: str, *, run: bool = False) -> str:
    """Return the style sheet of a picture that stands alone, of a world or of a `run`."""
    return "".join(_rules(palette(theme), [name for name in STYLES if run or name not in WORDED]))


@cache
def live_css(theme: str) -> str:
    """Return the style sheet of a picture in a page: colours are variables, some of them the page's own.

    The page's theme decides (`data-jp-theme-light`), in a shadow root too; where it says none, `theme` does.
    """
    scope, other = f".{LIVE}", "dark" if theme_named(theme) is THEMES["light"] else "light"
    asked = f'[data-jp-theme-light="{str(other == "light").lower()}"]'
    sheet = [f"{scope}{{{_variables(theme)}}}"]
    # Two rules: a browser that does not know `:host-context` drops the rule that it is in.
    sheet += [
        f"{where} {scope}{{{_variables(other)}}}" for where in (asked, f":host-context({asked})")
    ]
    names = {name: f"var(--uvmlab-{name})" for name in palette(theme)}
    rules = [*_rules(names | {"ink": names["label"]}, STYLES), f".cell>text{{fill:{names['ink']}}}"]
    return "".join([*sheet, *(f"{scope} {rule}" for rule in rules)])


def _variables(theme: str) -> str:
    return ";".join(
        f"--uvmlab-{name}:{f'var({PAGES_OWN[name]},{colour})' if name in PAGES_OWN else colour}"
        for name, colour in palette(theme).items()
    )


LIVE: Final = "uvmlab-drawing"  # the class of an SVG that a page changes
# What lies outside the cells goes with the page; in a cell the text must stand out from our fill.
PAGES_OWN: Final = {"ground": "--jp-layout-color0", "label": "--jp-content-font-color0"}


def _rules(colours: dict[str, str], states: Iterable[str]) -> Iterator[str]:
    yield from (
        f".ground{{fill:{colours['ground']}}}",
        f"text{{font-family:{FONT},Helvetica,sans-serif;fill:{colours['ink']}}}",
        ".name{font-weight:bold}",
        f".cell>text{{font-size:{FONT_SIZE}px;text-anchor:middle}}",
        f".edge>path{{fill:none;stroke:{colours['line']}}}",
        f".edge>polygon{{fill:{colours['line']};stroke:{colours['line']}}}",
        f".was>path{{stroke:{colours['gone']};stroke-dasharray:{CSS_DASH['dashed']}}}",
        f".was>polygon{{fill:{colours['gone']};stroke:{colours['gone']}}}",
        ".new>path{stroke-width:2.5}",
    )
    for name in states:
        style = STYLES[name]
        parts = [
            f"{what}:{colours[key]}"
            for what, key in (("fill", f"{name}-fill"), ("stroke", f"{name}-border"))
            if key in colours
        ]
        parts += [f"stroke-width:{style.width:g}"] * (style.width > 1)
        parts += [f"stroke-dasharray:{CSS_DASH[style.dash]}"] * bool(style.dash)
        if parts:
            yield f".{name}>rect{{{';'.join(parts)}}}"
