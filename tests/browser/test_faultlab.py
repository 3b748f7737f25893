"""The fault lab in JupyterLab: any nonsense is a sentence, and nothing jumps."""

import pytest
from playwright.sync_api import expect

from tests.browser import lesson

pytestmark = pytest.mark.browser

CELL = """
from uvmlab import FaultLab
from ipywidgets.widgets import widget
print("widgets alive:", len(widget._instances))
FaultLab(pages=5, aobj="p3 p4", pg="p1", answers="ERROR OK")
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


@pytest.fixture
def opened(lab, lab_page, request):
    opened = lab_page(lesson.write(lab, f"{request.node.name}.ipynb", CELL))
    assert opened.run_all()
    expect(opened.page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    yield opened
    lesson.assert_quiet(opened)


def fault(opened):
    return opened.page.locator(".uvmlab-fault")


def run(opened, **typed):
    """Fill fields, press Run, and wait for what it says."""
    for label, text in typed.items():
        fault(opened).get_by_label(label.replace("_", " ")).fill(text)
    fault(opened).get_by_role("button", name="Run", exact=True).click()
    expect(fault(opened).get_by_role("status")).to_contain_text("pager_put answered")


def test_a_run_shows_slots_pages_and_lines_in_800_pixels_and_both_themes(lab, opened, tmp_path):
    page, form = opened.page, fault(opened)
    assert "swap_free" not in page.content()
    assert "swap_free" not in lesson.saved(lab, opened, page.url.rpartition("/")[2].split("?")[0])
    run(opened)
    expect(form.get_by_role("row", name="freed 5-8")).to_be_visible()
    expect(form.get_by_role("row", name="p1 5 4 dirty, busy")).to_be_visible()
    expect(form.get_by_role("row", name="610 swap_free")).to_be_attached()
    lesson.in_both_themes(page, form, tmp_path, "run")
    page.set_viewport_size({"width": 800, "height": 1000})
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.wait_for_function(
        "() => document.querySelector('.uvmlab-fault').getBoundingClientRect().right <= 800"
    )
    wide = "node => [...node.querySelectorAll('*')].filter(n => n.scrollWidth > n.clientWidth + 1"
    wide += (
        " && getComputedStyle(n).overflowX === 'visible' && n.clientWidth).map(n => n.outerHTML)"
    )
    assert form.evaluate(wide) == []
    form.screenshot(path=tmp_path / "narrow.png")
    page.set_viewport_size({"width": 1280, "height": 1000})


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
            expect(form.get_by_role("row", name="freed 5-8")).to_be_visible()
        field.fill(good)
    form.screenshot(path=tmp_path / "nonsense.png")
    run(opened)
    assert form.locator("[aria-invalid=true]").count() == 0


def test_nothing_jumps_when_it_runs_again(opened):
    form = fault(opened)
    run(opened)
    boxes = form.get_by_role("region")
    at = [boxes.nth(i).bounding_box() for i in range(7)]
    run(opened, Number_of_pages="16", Pages_of_the_aobj="p3 p9", Released_meanwhile="p2 p3")
    expect(form.get_by_role("row", name="freed 5-19")).to_be_visible()
    assert [boxes.nth(i).bounding_box() for i in range(7)] == at


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
    lesson.tab_to(page, form.get_by_role("region", name="Events"))
    page.keyboard.press("End")
    page.wait_for_function("() => document.activeElement.scrollTop > 0")


def test_a_cell_that_runs_again_leaves_no_widget_behind(opened):
    page = opened.page

    def alive():
        return page.locator(".jp-OutputArea-output pre", has_text="widgets alive").inner_text()

    run(opened)
    assert opened.run_all()
    once = alive()
    assert opened.run_all()
    expect(fault(opened)).to_have_count(1)
    assert alive() == once
