"""The daemon lab in JupyterLab: a run walked from I/O to I/O by mouse and by keyboard, and nonsense is a sentence."""

from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser import labs, lesson
from uvmlab import DaemonLab
from uvmlab.commands.bench.walking import walk as walk_alone

pytestmark = pytest.mark.browser

CELL = """
from uvmlab import DaemonLab
from ipywidgets.widgets import widget
print("widgets alive:", len(widget._instances))
lab = DaemonLab()
lab
"""
NUMBERS = {
    "Pages that are to be free": "1 to 18",
    "Swap slots": "0 to 64",
    "Pages in the pager map": "1 to 64",
    "Of 100 later I/Os fail": "0 to 100",
    "Number that says which": "0 to 999999",
}
PAGES = ("Pages of anons", "Pages of the aobj o0", "Pages of the file f0")
NONSENSE = ("?", "-1", "99999999999999999999", "<img src=x onerror=alert(1)>", "1.5")
opened = labs.opened(CELL)
form = partial(labs.form, "daemon")
button = partial(labs.button, "daemon")
said = partial(labs.said, "daemon")
walk = partial(labs.walk, "daemon")


def told(opened):
    return walk(opened).locator(".uvmlab-run-told")


def cell(opened, id_):
    return walk(opened).locator(f"[data-cell='{id_}']")


def run(opened, expected="12 of 12 pages are free", **typed):
    for label, text in typed.items():
        form(opened).get_by_label(label.replace("_", " "), exact=True).fill(text)
    button(opened).click()
    expect(said(opened)).to_contain_text(expected)


def test_a_run_shows_ios_done_queue_and_reasons_in_both_themes_and_narrow(opened, tmp_path):
    page = opened.page
    run(opened)
    expect(said(opened)).to_contain_text("3 I/Os, 1 failed. In flight at once: 2.")
    report = form(opened).locator(".uvmlab-report")
    for row in (
        "1 p0 p1 p2 p3 p4 p6 p7 p8 p9 p11 p12 slots 2 to 12 ERROR 0 21600 µs",
        "21600 aio1 ERROR aio1",
        "p5 a5 none none dirty it had been used lately, so it is active again",
        "named by nobody (lost) none",
    ):
        expect(report.get_by_role("row", name=row, exact=True)).to_be_attached()
    walk(opened).get_by_role("button", name="Next I/O", exact=True).click()
    lesson.in_both_themes(page, page.locator(".uvmlab-daemon-lab"), tmp_path, "run")
    labs.assert_fits_in_800_pixels("daemon", opened, tmp_path)


def test_by_mouse_from_io_to_io_and_from_done_to_done_and_python_hears(opened):
    page = opened.page
    run(opened)
    view = walk(opened)
    next_io, next_done = (
        view.get_by_role("button", name=name, exact=True) for name in ("Next I/O", "Next done")
    )
    next_io.click()
    expect(told(opened)).to_contain_text("508 pgo_put f0 [p13 p14 p15]")
    expect(cell(opened, "io-aio_inflight")).to_contain_text("aio0")
    next_io.click()
    expect(told(opened)).to_contain_text("512 swap_put slot 2")
    expect(cell(opened, "io-aio_inflight")).to_contain_text("2: aio0 aio1")
    next_done.click()
    expect(told(opened)).to_contain_text("drain aio0 OK")
    expect(cell(opened, "io-aio_done")).to_contain_text("aio0")
    next_done.click()
    expect(told(opened)).to_contain_text("drain aio1 ERROR")
    next_io.click()
    next_io.click()
    expect(view.locator(".uvmlab-run-said")).to_contain_text("Next I/O: there is no more.")
    expect(told(opened)).to_contain_text("512 swap_put slot 2")
    view.get_by_role("button", name="Next done", exact=True).click()
    expect(told(opened)).to_contain_text("drain aio2 OK")
    cell(opened, "page-p5").click()
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    heard = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output")
    expect(heard).to_contain_text("heard <cleaned: 12 of 12 pages free; 3 I/Os> page-p5")


def test_in_a_narrow_window_the_slider_and_copy_step_share_a_row(opened, tmp_path):
    page = opened.page
    run(opened)
    page.set_viewport_size({"width": 850, "height": 900})
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.wait_for_function(
        "() => document.querySelector('.uvmlab-run').getBoundingClientRect().right <= 850"
    )
    slider, copy = (
        walk(opened).get_by_role("slider"),
        walk(opened).get_by_role("button", name="Copy step"),
    )
    copy.click()
    where, beside = copy.bounding_box(), slider.bounding_box()
    assert (
        where["y"] <= beside["y"] <= beside["y"] + beside["height"] <= where["y"] + where["height"]
    )
    assert walk(opened).evaluate("node => node.scrollWidth <= node.clientWidth")
    page.screenshot(path=tmp_path / "controls.png")
    page.set_viewport_size({"width": 1280, "height": 1000})


def test_the_cluster_being_built_grows_page_by_page(opened):
    run(opened)
    view = walk(opened)
    view.get_by_role("option", name="take p0 slot 2").first.click()
    expect(cell(opened, "array-0")).to_contain_text("p0")
    expect(cell(opened, "array-1")).not_to_contain_text("p1")
    expect(told(opened)).to_contain_text("takes p0 into the cluster that it builds: slot 2")
    view.get_by_role("option", name="take p1 slot 3").first.click()
    expect(cell(opened, "array-1")).to_contain_text("p1")
    expect(cell(opened, "slot-3")).to_contain_text("a1")


AT_HOME = """node => { // the pages that an arrow leads to from the place below
  const middle = ({ x, width }) => Math.round(10 * (x + width / 2));
  const boxes = [...node.querySelectorAll('[data-cell^="page-"]')].map(cell => [cell.dataset.cell, cell.querySelector('rect').getBBox()]);
  return [...node.querySelectorAll('.uvmlab-run-picture .edge > polygon')].map(head => head.getBBox()).flatMap(head =>
    boxes.filter(([, box]) => middle(box) === middle(head) && Math.abs(box.y + box.height - head.y) < 1).map(([id]) => id)).sort();
}"""


def test_an_arrow_leads_from_a_place_to_its_page_for_as_long_as_it_is_there(chromium):
    page = chromium.new_page()
    view = DaemonLab(free=6, anons="5D", aobj="none", file="4C").view
    walk_alone(page, view)
    seen = page.locator(".uvmlab-run")
    last = len(view.run) - 1
    counts = set()
    for step in (last, last // 2, -1, last // 3, last):
        seen.locator(f"[role=option][data-step='{step}']").click()
        pages = (view.run[step].state if step >= 0 else view.run.base).pages.values()
        expected = sorted(f"page-{each.name}" for each in pages if each.owner is not None)
        assert seen.evaluate(AT_HOME) == expected
        counts.add(len(expected))
    assert len(counts) > 1
    page.close()


def test_the_keyboard_is_enough_and_every_control_has_a_name(opened):
    page = opened.page
    unnamed = "node => [...node.querySelectorAll('input, select')].filter(n => !n.labels.length)"
    assert form(opened).evaluate(f"node => ({unnamed})(node).length") == 0
    page.locator(".jp-Notebook .jp-InputPrompt").first.click()
    lesson.tab_to(page, form(opened).get_by_label("Pages that are to be free"))
    page.keyboard.press("Control+A")
    page.keyboard.type("4")
    lesson.tab_to(page, form(opened).get_by_label("Pages of anons"))
    page.keyboard.type("3dx")
    page.keyboard.press("Enter")
    expect(said(opened)).to_contain_text("Pages of anons: no state “x”; legal: D dirty")
    expect(form(opened).get_by_label("Pages of anons")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("3d")
    lesson.tab_to(page, form(opened).get_by_label("The daemon's puts are"))
    page.keyboard.press("ArrowUp")
    lesson.tab_to(page, button(opened))
    page.keyboard.press("Space")
    expect(said(opened)).to_contain_text("4 of 4 pages are free: enough.")
    expect(said(opened)).to_contain_text("each put was waited for")
    lesson.tab_to(page, walk(opened).get_by_role("button", name="Next I/O", exact=True))
    page.keyboard.press("Enter")
    expect(told(opened)).to_contain_text("pgo_put f0")
    page.keyboard.press("Space")
    expect(told(opened)).to_contain_text("swap_put slot 1")
    expect(walk(opened).get_by_role("button", name="Next done")).to_have_count(0)
    page.keyboard.press("End")
    expect(told(opened)).to_contain_text("The call is over; it returns 4")
    assert page.locator(".jp-Notebook .jp-CodeCell").count() == 1


def test_nonsense_in_any_field_is_a_sentence_and_the_last_run_stays(opened, tmp_path):
    run(opened)

    def refused(label, nonsense, *sentences):
        field = form(opened).get_by_label(label, exact=True)
        field.fill(nonsense)
        button(opened).click()
        expect(field).to_have_attribute("aria-invalid", "true")
        for sentence in sentences:
            expect(said(opened)).to_contain_text(sentence)
        expect(field).to_be_focused()
        expect(form(opened).get_by_role("row", name="21600 aio1 ERROR aio1")).to_be_attached()
        expect(walk(opened)).to_contain_text("take p0 slot 2")

    for label, limits in NUMBERS.items():
        good = form(opened).get_by_label(label, exact=True).input_value()
        for nonsense in (*NONSENSE, ""):
            refused(label, nonsense, f"{label}: a whole number from {limits}, not “")
        form(opened).get_by_label(label, exact=True).fill(good)
    for label in PAGES:
        good = form(opened).get_by_label(label, exact=True).input_value()
        for nonsense in NONSENSE:
            refused(label, nonsense, f"{label}: ")
        form(opened).get_by_label(label, exact=True).fill(good)
    refused("The disk answers", "MAYBE", "The disk answers: no answer “MAYBE”; legal: OK, ")
    form(opened).screenshot(path=tmp_path / "nonsense.png")
    run(opened, The_disk_answers="")
    expect(said(opened)).to_contain_text("none failed")
    assert form(opened).locator("[aria-invalid=true]").count() == 0


def test_a_cell_that_runs_again_leaves_no_widget_behind(opened):
    page = opened.page

    def alive():
        return page.locator(".jp-OutputArea-output pre", has_text="widgets alive").inner_text()

    run(opened)
    run(opened, "5 of 5", Pages_that_are_to_be_free="5")
    assert opened.run_all()
    once = alive()
    run(opened)
    assert opened.run_all()
    expect(form(opened)).to_have_count(1)
    assert alive() == once
