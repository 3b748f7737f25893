import re
from itertools import product

import pytest

from uvmlab.draw.styles import (
    LIVE,
    PAGES_OWN,
    STYLES,
    THEMES,
    WORDED,
    css,
    in_order,
    letters,
    live_css,
    look,
    palette,
    theme_named,
)

THEME_NAMES = list(THEMES)
BASES = [name for name, style in STYLES.items() if style.light[0]]
MARKS = [name for name, style in STYLES.items() if style.light[1] and not style.light[0]]
COLOURS = [
    colour for style in STYLES.values() for colour in (*style.light, *style.dark) if colour
] + [getattr(theme, name) for theme in THEMES.values() for name in theme.__dataclass_fields__]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("theme", "name"), list(product(THEME_NAMES, BASES)))
def test_text_on_each_fill_can_be_read(theme, name):
    fill, _ = getattr(STYLES[name], theme)
    assert contrast(THEMES[theme].ink, fill) >= 4.5


@pytest.mark.parametrize(("theme", "name"), list(product(THEME_NAMES, BASES)))
def test_each_border_stands_out_from_its_fill_and_from_the_ground(theme, name):
    fill, border = getattr(STYLES[name], theme)
    assert contrast(border, fill) >= 3
    assert contrast(border, THEMES[theme].ground) >= 3


@pytest.mark.parametrize(("theme", "mark", "base"), list(product(THEME_NAMES, MARKS, BASES)))
def test_the_border_of_a_mark_stands_out_from_every_fill(theme, mark, base):
    _, border = getattr(STYLES[mark], theme)
    fill, _ = getattr(STYLES[base], theme)
    assert contrast(border, fill) >= 3


@pytest.mark.parametrize("theme", list(THEMES.values()), ids=THEME_NAMES)
def test_text_and_arrows_stand_out_from_the_ground(theme):
    assert contrast(theme.ink, theme.ground) >= 4.5
    assert contrast(theme.line, theme.ground) >= 3
    assert contrast(theme.gone, theme.ground) >= 3


@pytest.mark.parametrize("colour", sorted(set(COLOURS)))
def test_every_colour_has_six_digits(colour):
    assert len(colour) == 7
    assert colour[0] == "#"
    assert int(colour[1:], 16) >= 0


def test_no_two_states_share_a_letter_or_words():
    shown = [style.letter for style in STYLES.values() if style.letter]
    assert len(shown) == len(set(shown))
    assert len({style.words for style in STYLES.values()}) == len(STYLES)


def test_states_of_one_kind_differ_in_more_than_their_colour():
    said_by_name = {"anon", "object", "place", "allocated", "folded", *WORDED}
    looks = [(s.letter, s.dash, s.width) for n, s in STYLES.items() if n not in said_by_name]
    assert len(looks) == len(set(looks))


def test_a_later_state_wins_and_the_thickest_border_stays():
    style = look(("changed", "busy", "dirty", "released"), "light")
    assert style.light == (STYLES["dirty"].light[0], STYLES["changed"].light[1])
    assert (style.dash, style.width, style.letter) == ("dashed", 3, "D R B *")


def test_letters_come_in_the_order_of_the_table():
    assert letters(("busy", "inactive", "dirty")) == "D I B"
    assert in_order(("busy", "dirty")) == ["dirty", "busy"]


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_the_style_sheet_says_what_the_table_says(theme):
    sheet = css(theme, run=True)
    for name, style in STYLES.items():
        fill, border = getattr(style, theme)
        rule = sheet.partition(f".{name}>rect{{")[2].partition("}")[0]
        assert (f"fill:{fill}" in rule) == bool(fill)
        assert (f"stroke:{border}" in rule) == bool(border)
        assert ("stroke-dasharray" in rule) == bool(style.dash)
    assert f".ground{{fill:{THEMES[theme].ground}}}" in sheet


def test_an_unknown_theme_is_refused_with_the_legal_ones():
    with pytest.raises(ValueError, match="no theme 'blue'; legal: light, dark"):
        theme_named("blue")


# What JupyterLab's own themes put behind a picture, and the text on it.
LAB = {"light": ("#ffffff", "#000000"), "dark": ("#111111", "#ffffff")}


@pytest.mark.parametrize(("theme", "name"), list(product(THEME_NAMES, BASES)))
def test_in_a_page_each_border_stands_out_from_the_page_too(theme, name):
    _, border = getattr(STYLES[name], theme)
    assert contrast(border, LAB[theme][0]) >= 3


@pytest.mark.parametrize("theme", THEME_NAMES)
def test_in_a_page_text_outside_the_cells_stands_out_from_the_page(theme):
    ground, text = LAB[theme]
    assert contrast(text, ground) >= 4.5
    assert contrast(THEMES[theme].ink, ground) >= 4.5
    assert contrast(text, THEMES[theme].ground) >= 4.5
    assert PAGES_OWN.keys() == {"ground", "label"}, "in a cell no colour is the page's"


def rules(sheet):
    """Return the rules of a style sheet: (selector, its declarations)."""
    return [
        (where, dict(each.split(":", 1) for each in said.split(";")))
        for where, said in re.findall(r"([^{}]+){([^{}]*)}", sheet)
    ]


@pytest.mark.parametrize(("theme", "other"), [("light", "dark"), ("dark", "light")])
def test_in_a_page_colours_are_variables_of_the_theme_that_the_page_says(theme, other):
    defined = [(where, said) for where, said in rules(live_css(theme)) if "--uvmlab-ink" in said]
    asked = f'[data-jp-theme-light="{"true" if other == "light" else "false"}"]'
    assert [where for where, _ in defined] == [
        *(f".{LIVE}", f"{asked} .{LIVE}", f":host-context({asked}) .{LIVE}"),
    ]
    for (_, said), name in zip(defined, (theme, other, other), strict=True):
        for colour, value in palette(name).items():
            own = f"var({PAGES_OWN[colour]},{value})" if colour in PAGES_OWN else value
            assert said[f"--uvmlab-{colour}"] == own


def test_in_a_page_the_rules_are_those_of_a_still_picture_with_the_variables_for_colours():
    used = rules(live_css("light"))[3:]
    still = dict(rules(css("light", run=True)))
    names = {f"--uvmlab-{name}": colour for name, colour in palette("light").items()}
    for where, said in used[:-1]:
        plain = {k: re.sub(r"var\(([^)]+)\)", lambda v: names[v[1]], v) for k, v in said.items()}
        assert still.pop(where.removeprefix(f".{LIVE} ")) == plain
    assert still == {}
    assert used[-1] == (f".{LIVE} .cell>text", {"fill": "var(--uvmlab-ink)"})


def test_the_picture_of_a_world_has_no_rules_for_what_only_a_run_has():
    assert ".held>" not in css("light")
    assert ".dirty>" in css("light")
