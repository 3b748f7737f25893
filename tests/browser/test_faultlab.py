"""The fault lab in JupyterLab: any nonsense is a sentence, and nothing jumps."""

import re
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser import labs, lesson

pytestmark = pytest.mark.browser

CELL = """
from uvmlab import FaultLab
from ipywidgets.widgets import widget
print("widgets alive:", len(widget._instances))
lab = FaultLab(pages=5, aobj="p3 p4", pg="p1", answers="ERROR OK")
lab
"""
TEXTS = {
    "Number of pages": "a whole number from 1 to 16",
    "Pages of the aobj": "there is no page",
    "Page of interest": "there is no page",
    "The disk answers": "legal: OK, BAD, FAIL, PEND, ERROR, AGAIN",
    "Wanted meanwhile": "there is no page",
    "Released meanwhile": "there is no page",
    "Meanwhile is during I/O number": "a whole number from 0 to 15",
}
opened = labs.opened(CELL)
fault = partial(labs.form, "fault")
button = partial(labs.button, "fault")
walk = partial(labs.walk, "fault")


def run(opened, **typed):
    """Fill fields, press Run, and wait for what it says."""
    for label, text in typed.items():
        fault(opened).get_by_label(label.replace("_", " "), exact=True).fill(text)
    fault(opened).get_by_role("button", name="Run", exact=True).click()
    expect(fault(opened).get_by_role("status")).to_contain_text("pager_put answered")


def test_a_run_shows_slots_pages_and_lines_in_800_pixels_and_both_themes(lab, opened, tmp_path):
    page, form = opened.page, fault(opened)
    assert "swap_free" not in page.content()
    assert "swap_free" not in lesson.saved(lab, opened, page.url.rpartition("/")[2].split("?")[0])
    run(opened)
    expect(form.get_by_role("row", name="freed, and still free 5-8")).to_be_visible()
    expect(form.get_by_role("row", name="p1 5 4 dirty, busy")).to_be_visible()
    expect(form.get_by_role("row", name="named by nobody (lost) none")).to_be_visible()
    expect(walk(opened)).to_contain_text("610 swap_free")
    walk(opened).get_by_role("button", name="Last", exact=True).click()
    lesson.in_both_themes(page, page.locator(".uvmlab-fault-lab"), tmp_path, "run")
    labs.assert_fits_in_800_pixels("fault", opened, tmp_path)


def test_nonsense_in_any_field_is_a_sentence_and_the_last_run_stays(opened, tmp_path):
    form = fault(opened)
    run(opened)
    for label, said in TEXTS.items():
        field = form.get_by_label(label, exact=True)
        good = field.input_value()
        for nonsense in ("?", "-1", "99999999999999999999", "<img src=x onerror=alert(1)>", "p 1"):
            field.fill(nonsense)
            form.get_by_role("button", name="Run", exact=True).click()
            expect(field).to_have_attribute("aria-invalid", "true")
            expect(form.get_by_role("status")).to_contain_text(f"{label}: ")
            expect(form.get_by_role("status")).to_contain_text(said)
            expect(field).to_be_focused()
            expect(form.get_by_role("row", name="freed, and still free 5-8")).to_be_visible()
        field.fill(good)
    form.screenshot(path=tmp_path / "nonsense.png")
    run(opened)
    assert form.locator("[aria-invalid=true]").count() == 0


def test_a_mistake_is_explained_when_it_is_chosen(opened):
    slips = fault(opened).get_by_label("uvm_pager.c is")
    expect(slips).to_have_accessible_description(
        "None of the six mistakes. A mistake shows only in a put that runs the lines it is in."
    )
    slips.select_option("with HELD_ANON_LOCK")
    expect(slips).to_have_accessible_description(
        re.compile("^An anon is freed while its lock is held")
    )
    slips.select_option("as written in 1998, all six slips")
    expect(slips).to_have_accessible_description(re.compile("^All six mistakes at once"))


def test_a_guess_is_kept_and_shown_again_beside_the_outcome(opened):
    guess, said = (
        fault(opened).get_by_label("My guess", exact=True),
        fault(opened).get_by_role("status"),
    )
    expect(guess).to_have_accessible_description("shown again beside the outcome")
    run(opened)
    expect(said).not_to_contain_text("You guessed")
    guess.fill("four slots are <freed>")
    guess.press("Enter")
    expect(said).to_contain_text("You guessed: four slots are <freed>")
    fault(opened).get_by_label("Number of pages", exact=True).fill("x")
    guess.fill("none is")
    button(opened).click()
    expect(said).to_contain_text("Number of pages: ")
    expect(guess).to_have_value("none is")
    run(opened, Number_of_pages="4", Pages_of_the_aobj="none")
    expect(said).to_contain_text("You guessed: none is")
    expect(guess).to_have_value("none is")
    assert opened.page.locator(".uvmlab-old", has_text="changed").count() == 0
    guess.fill("all")
    guess.blur()  # not run
    opened.page.evaluate("() => window.jupyterapp.commands.execute('notebook:move-cell-down')")
    expect(guess).to_have_value("all")


PANEL = "() => document.querySelector('.jp-WindowedPanel-outer').clientHeight"
TALL = """([node, from, to]) => node.querySelector(to).getBoundingClientRect().bottom
  - (from ? node.querySelector(from) : node).getBoundingClientRect().top"""


@pytest.mark.parametrize(("width", "height"), [(900, 800), (1300, 900)])
def test_the_form_with_its_button_and_the_run_with_its_words_fit_into_a_window_each(
    opened, tmp_path, width, height
):
    page = opened.page
    run(opened)
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.wait_for_function(
        "width => document.querySelector('.uvmlab-run').clientWidth > width", arg=width - 200
    )
    parts = ((fault(opened), "fieldset", "fieldset"), (walk(opened), "", ".uvmlab-run-told"))
    for shown, begin, end in parts:
        needs = page.evaluate(TALL, [shown.element_handle(), begin, end])
        assert needs <= page.evaluate(PANEL)
        shown.scroll_into_view_if_needed()
        page.screenshot(path=tmp_path / f"{begin or 'run'}.png")
    page.set_viewport_size({"width": 1280, "height": 1000})


def test_nothing_jumps_when_it_runs_again(opened):
    form = fault(opened)
    run(opened)
    expect(walk(opened).locator("svg")).to_be_visible()
    boxes = form.get_by_role("region")

    def places():
        below = walk(opened).bounding_box()
        return [boxes.nth(i).bounding_box() for i in range(4)], below["x"], below["y"]

    at = places()
    run(opened, Pages_of_the_aobj="p3", Page_of_interest="p0", Released_meanwhile="p2 p3")
    expect(form.get_by_role("row", name="freed, and still free 5-8")).to_be_visible()
    expect(walk(opened)).to_contain_text("note skip p0")
    assert places() == at


def test_a_table_is_in_sight_as_a_whole_and_takes_no_wheel(opened):
    run(opened, Number_of_pages="16")
    boxes = fault(opened).get_by_role("region")
    expect(boxes).to_have_count(4)
    expect(fault(opened).get_by_role("row", name="p15 19")).to_be_visible()
    inside = "nodes => nodes.filter(node => node.scrollHeight > node.clientHeight).length"
    assert boxes.evaluate_all(inside) == 0


def test_a_file_a_slip_and_a_put_that_ends_later_by_mouse_and_python_hears(opened, tmp_path):
    page, form = opened.page, fault(opened)
    form.get_by_label("The put is", exact=True).select_option("asynchronous")
    run(opened, Released_meanwhile="p3", The_disk_answers="ERROR")
    expect(walk(opened)).to_contain_text("612 swap_free")  # the end of its I/O, in the same run
    form.get_by_label("The put is", exact=True).select_option("synchronous (SYNCIO)")
    form.get_by_label("uvm_pager.c is").select_option("with WRONG_PAGE")
    form.get_by_role("button", name="Run", exact=True).click()
    said = form.get_by_role("status")
    expect(said).to_contain_text("The put ended in a panic: null dereference.")
    expect(said).to_contain_text("1 slot is lost: allocated, and named by nobody: 4.")
    expect(form.get_by_role("row", name="named by nobody (lost) 4")).to_be_visible()
    lesson.in_both_themes(page, page.locator(".uvmlab-fault-lab"), tmp_path, "panic")
    form.get_by_label("uvm_pager.c is").select_option("as intended")
    form.get_by_label("What is put").select_option("a page of a file")
    run(opened, Released_meanwhile="none")
    expect(form.get_by_role("row", name="p0 p1 p2 p3 p4 page 0 of f0")).to_be_visible()
    expect(form.get_by_label("Pages of the aobj", exact=True)).to_have_value("none")
    lesson.in_both_themes(page, page.locator(".uvmlab-fault-lab"), tmp_path, "file")
    walk(opened).locator("[data-cell=page-p2]").click()
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    heard = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output")
    expect(heard).to_contain_text("heard <outcome OK: 2 I/Os")
    expect(heard).to_contain_text("page-p2")


def test_the_keyboard_is_enough_and_every_control_has_a_name(opened):
    page, form = opened.page, fault(opened)
    unnamed = "node => [...node.querySelectorAll('input, select')].filter(n => !n.labels.length)"
    assert form.evaluate(f"node => ({unnamed})(node).length") == 0
    page.locator(".jp-Notebook .jp-InputPrompt").first.click()
    lesson.tab_to(page, form.get_by_label("Number of pages"))
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    lesson.tab_to(page, form.get_by_label("Pages of the aobj"))
    page.keyboard.type("none")
    lesson.tab_to(page, form.get_by_label("The put is"))
    page.keyboard.press("ArrowDown")
    lesson.tab_to(page, form.get_by_role("button", name="Run", exact=True))
    page.keyboard.press("Space")
    expect(form.get_by_role("status")).to_contain_text("Then the I/O ended with an error")
    expect(form.get_by_label("The put is")).to_have_value("asynchronous")
    lesson.tab_to(page, walk(opened).get_by_role("slider"))
    page.keyboard.press("End")
    expect(walk(opened).locator(".uvmlab-run-told")).to_contain_text("The call is over")


def test_a_cell_that_runs_again_leaves_no_widget_behind(opened):
    page = opened.page

    def alive():
        return page.locator(".jp-OutputArea-output pre", has_text="widgets alive").inner_text()

    run(opened)
    run(opened, Number_of_pages="6")
    assert opened.run_all()
    once = alive()
    run(opened)
    assert opened.run_all()
    expect(fault(opened)).to_have_count(1)
    assert alive() == once


def test_impatience_does_no_harm(opened):
    button_ = fault(opened).get_by_role("button", name="Run", exact=True)
    for _ in range(3):
        button_.dblclick()
    run(opened, Number_of_pages="7")
    expect(walk(opened)).to_have_count(1)
    expect(walk(opened)).to_contain_text("506 note io [p0 p1 p2 p3 p4 p5 p6]")


TYPED_SINCE = """form => {
  const field = form.querySelector("[data-field=pages]");
  field.value = "06";
  form.querySelector("button").click();
  field.value = "7"; // before any answer can come
}"""


def test_what_is_typed_before_an_answer_comes_is_not_lost(opened):
    form = fault(opened)
    form.evaluate(TYPED_SINCE)
    expect(form.get_by_role("row", name="freed, and still free 5-9")).to_be_visible()
    expect(form.get_by_label("Number of pages", exact=True)).to_have_value("7")
    run(opened)
    expect(form.get_by_role("row", name="freed, and still free 5-10")).to_be_visible()


def test_no_plain_key_inside_a_lab_reaches_the_cell(opened):
    page, cells = opened.page, opened.page.locator(".jp-Notebook .jp-Cell")
    before = cells.count()
    form = page.locator(".uvmlab-form form").first
    for place in (
        form.locator("legend"),
        form.locator("small").first,
        form.locator(".uvmlab-said"),
    ):
        place.click()
        for key in ("x", "d", "d", "m", "a", "b", "z"):
            page.keyboard.press(key)
        assert cells.count() == before
