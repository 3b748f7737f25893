"""The pager map lab in JupyterLab: a wake-up lost and not lost by mouse and by keyboard, and nonsense is a sentence."""

from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser import labs, lesson

pytestmark = pytest.mark.browser

CELL = """
from uvmlab import PagerMapLab
from ipywidgets.widgets import widget
print("widgets alive:", len(widget._instances))
lab = PagerMapLab()
lab
"""
FIRST = "whoever has waited longest goes on"
LOST = "B A B A: B unmaps between A's look and A's lock"
IN_TIME = "B A A B: B unmaps when A is asleep"
TEXTS = {
    "Pages of the pager map": "a whole number from 1 to 16",
    "Thread A": "no command ",
    "Thread B": "no command ",
    "Thread C": "no command ",
    "Turns": "",
}
opened = labs.opened(CELL)
form = partial(labs.form, "pagermap")
button = partial(labs.button, "pagermap")
said = partial(labs.said, "pagermap")
walk = partial(labs.walk, "pagermap")


def choose(opened, order, says):
    """Choose whose turn it is, press Run, and wait for what it says."""
    form(opened).get_by_label("Whose turn it is", exact=True).select_option(order)
    button(opened).click()
    expect(said(opened)).to_contain_text(says)


def test_a_lost_wake_up_is_walked_through_in_800_pixels_and_both_themes(opened, tmp_path):
    page = opened.page
    choose(opened, LOST, "A sleeps for ever, since 400 µs. Its wake-up is lost")
    expect(form(opened).get_by_role("row", name="asleep in the end A")).to_be_visible()
    expect(
        form(opened).get_by_role("row", name="400 B gives back pager map pages 0 to 2")
    ).to_be_visible()
    walk(opened).get_by_role("button", name="Last", exact=True).click()
    expect(walk(opened).locator("[data-cell=thread-A]")).to_contain_text("asleep on pager_map")
    expect(walk(opened).locator("[data-cell=arena-0]")).to_be_visible()
    lesson.in_both_themes(page, page.locator(".uvmlab-pagermap-lab"), tmp_path, "lost")
    labs.assert_fits_in_800_pixels("pagermap", opened, tmp_path)


def test_a_wake_up_in_time_a_leak_and_a_refusal_by_mouse_and_python_hears(opened, tmp_path):
    page = opened.page
    form(opened).get_by_label("uvm_pager.c is").select_option("with AIO_LEAK")
    choose(opened, IN_TIME, "aio0 is leaked")
    expect(
        form(opened).get_by_role("row", name="400 A goes on after 400 µs: B woke it")
    ).to_be_visible()
    walk(opened).get_by_role("button", name="Last", exact=True).click()
    expect(walk(opened).locator("[data-cell=io-aio_live]")).to_contain_text("aio0")
    lesson.in_both_themes(page, page.locator(".uvmlab-pagermap-lab"), tmp_path, "leak")
    walk(opened).locator("[data-cell=thread-A]").click()
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    heard = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output")
    expect(heard).to_contain_text("heard <outcome all threads ended; ran B A B A> thread-A")
    form(opened).get_by_label("Thread A", exact=True).fill("pagermapin p0 p1 nowait")
    choose(opened, IN_TIME, "All threads have ended after 400 µs.")
    expect(
        form(opened).get_by_role("row", name="0 A gives up: nothing is mapped in")
    ).to_be_visible()
    expect(form(opened).get_by_label("Thread A", exact=True)).to_have_value(
        "pagermapin p0 p1 NOWAIT"
    )


def test_nonsense_in_any_field_is_a_sentence_and_the_last_run_stays(opened, tmp_path):
    lab = form(opened)
    choose(opened, LOST, "Its wake-up is lost")
    for label, legal in TEXTS.items():
        field = lab.get_by_label(label, exact=True)
        good = field.input_value()
        for nonsense in ("?", "-1", "99999999999999999999", "<img src=x onerror=alert(1)>"):
            field.fill(nonsense)
            button(opened).click()
            expect(field).to_have_attribute("aria-invalid", "true")
            expect(said(opened)).to_contain_text(f"{label}: {legal}")
            expect(field).to_be_focused()
            expect(lab.get_by_role("row", name="asleep in the end A")).to_be_visible()
        field.fill(good)
    lab.screenshot(path=tmp_path / "nonsense.png")
    choose(opened, IN_TIME, "All threads have ended")
    assert lab.locator("[aria-invalid=true]").count() == 0


def test_the_keyboard_is_enough_and_every_control_has_a_name(opened):
    page, lab = opened.page, form(opened)
    unnamed = "node => [...node.querySelectorAll('input, select')].filter(n => !n.labels.length)"
    assert lab.evaluate(f"node => ({unnamed})(node).length") == 0
    page.locator(".jp-Notebook .jp-InputPrompt").first.click()
    lesson.tab_to(page, lab.get_by_label("Thread C", exact=True))
    page.keyboard.type("pagermapin p9; pagermapout")
    lesson.tab_to(page, lab.get_by_label("Whose turn it is", exact=True))
    page.keyboard.press("End")
    lesson.tab_to(page, lab.get_by_label("Turns", exact=True))
    page.keyboard.type("B A B A C")
    page.keyboard.press("Enter")
    expect(said(opened)).to_contain_text("One after the other ran B, A, B, A, C")
    lesson.tab_to(page, walk(opened).get_by_role("slider"))
    page.keyboard.press("End")
    expect(walk(opened).locator(".uvmlab-run-told")).to_contain_text("all threads ended")
    page.keyboard.press("Home")
    expect(walk(opened).locator(".uvmlab-run-told")).not_to_contain_text("all threads ended")


def test_nothing_jumps_and_no_widget_is_left_when_it_runs_again(opened):
    page = opened.page

    def alive():
        return page.locator(".jp-OutputArea-output pre", has_text="widgets alive").inner_text()

    def places():
        below = walk(opened).bounding_box()
        return form(opened).get_by_role("region").nth(0).bounding_box(), below["x"], below["y"]

    choose(opened, LOST, "Its wake-up is lost")
    assert opened.run_all()
    once = alive()
    choose(opened, FIRST, "All threads have ended")
    expect(walk(opened).locator("svg")).to_be_visible()
    at = places()
    choose(opened, IN_TIME, "ran B, A, B, A")
    expect(walk(opened).locator("svg")).to_be_visible()
    assert places() == at
    assert opened.run_all()
    expect(form(opened)).to_have_count(1)
    assert alive() == once
