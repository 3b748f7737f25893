"""With the keyboard alone, in a view of a run and in each lab; no plain key gets out, and JupyterLab's own do."""

import pytest
from playwright.sync_api import expect

from tests.browser import lesson

pytestmark = pytest.mark.browser

VIEW = """
from uvmlab import RunView, world
w = world(swap=16).anons(4, slot=3).disk("ERROR")
run = w.machine().pager_put(w.state.pages, pg="p1", flags="SYNCIO PDFREECLUST")
view = RunView(run, run.first(553), show="anons swap")
view
"""
STAYS = "# a cell that must stay"
LABS = ("FaultLab", "ClusterLab", "PagerMapLab", "DaemonLab")
PLAIN = "xddmaby0r"  # what would cut, delete or change the cell
ARROWS = ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight")
CLOSES = "Escape"  # what Enter may have opened: the choices of a select
NOTEBOOK = """() => {
  const { activeCellIndex, mode, widgets } = window.jupyterapp.shell.currentWidget.content;
  return [activeCellIndex, mode, ...widgets.map(({ model }) => [model.type, model.sharedModel.getSource()])];
}"""
DIRTY = "() => { window.jupyterapp.shell.currentWidget.context.model.dirty = true; }"
CLEAN = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
COUNT = "() => window.jupyterapp.shell.currentWidget.content.widgets[0].model.executionCount"


def opened_with(lab, lab_page, request, cell):
    opened = lab_page(lesson.write(lab, f"{request.node.name}.ipynb", cell, STAYS))
    assert opened.run_all()
    return opened


def assert_keys_stay_inside(page, place, *more):
    """Whatever plain key is pressed in a place, the notebook is as it was."""
    place.focus()
    was = page.evaluate(NOTEBOOK)
    for key in (*PLAIN, *ARROWS, *more, CLOSES):
        page.keyboard.press(key)
    assert page.evaluate(NOTEBOOK) == was


def assert_saves_and_runs_the_cell(page, place):
    """Ctrl+S saves the notebook, and Shift+Enter runs the cell again."""
    place.focus()
    page.evaluate(DIRTY)
    page.keyboard.press("Control+s")
    page.wait_for_function(CLEAN)
    count = page.evaluate(COUNT)
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(f"() => ({COUNT})() > {count}")


PLACES = {
    "the slider": "[aria-label=Step]",
    "the list of steps": "[role=option][tabindex='0']",
    "the picture": "[data-cell][tabindex='0']",
    "what a step says": ".uvmlab-run-told",
    "a button": "[data-do=back]",
    "the choice of what if": ".uvmlab-run-ask select",
}


def test_no_plain_key_leaves_a_view_but_its_cell_is_run_and_saved_from_each_place(
    lab, lab_page, request
):
    opened = opened_with(lab, lab_page, request, VIEW)
    page = opened.page
    put = page.get_by_role("option", name="512 swap_put").first
    for where in PLACES.values():
        put.click()  # there it could have gone otherwise
        place = page.locator(where)
        assert_keys_stay_inside(page, place, "Enter")
        put.click()
        assert_saves_and_runs_the_cell(page, place)
        expect(put).to_be_visible()
    lesson.assert_quiet(opened)


FOCUSED = """() => { // what has the focus, if it is inside the view
  const node = document.activeElement;
  const { cell, step, do: button } = node.dataset;
  if (!node.closest(".uvmlab-run")) return null;
  return cell ? `cell ${cell}` : step ? `step ${step}` : button ?? (node.getAttribute("aria-label") || node.className);
}"""


def stops(page, key):
    """Press Tab or Shift+Tab until the focus leaves the view; list what had it."""
    found = [page.evaluate(FOCUSED)]
    while found[-1] is not None:
        page.keyboard.press(key)
        found.append(page.evaluate(FOCUSED))
    return found[:-1]


def test_tab_stops_once_at_the_picture_and_once_at_the_steps_and_shift_tab_goes_back(
    lab, lab_page, request
):
    opened = opened_with(lab, lab_page, request, VIEW)
    page = opened.page
    picture, steps = (
        page.locator(f"[{which}][tabindex='0']") for which in ("data-cell", "data-step")
    )
    seen = []
    for _ in range(2):
        page.locator("[data-do=first]").focus()
        there = stops(page, "Tab")
        seen.append([stop for stop in there if stop.startswith(("cell", "step"))])
        page.keyboard.press("Shift+Tab")
        assert stops(page, "Shift+Tab") == there[::-1]
        for stop, key in ((picture, "ArrowRight"), (steps, "ArrowDown")):
            stop.focus()
            page.keyboard.press(key)
            page.keyboard.press(key)
    assert seen == [["cell anons", "step 40"], ["cell page-p1", "step 42"]]
    lesson.assert_quiet(opened)


WALKED = """
from IPython.display import display
from ipywidgets import Label
from uvmlab import {0}
lab, heard = {0}(), Label()
hear = lambda id_: setattr(heard, "value", f"heard {{id_}}")
lab.observe(lambda _: lab.view.on_select(hear), "children")
display(lab, heard)
"""
NONSENSE = f"{PLAIN}?-1 <b>"
FIELD = """() => {
  const { tagName, type, value, dataset, id } = document.activeElement;
  return { tag: tagName, type, value, name: dataset.field, id };
}"""


def type_nonsense(page, field, said):
    """Type nonsense over what stands in the field that has the focus, enter it, and type the old text again."""
    label = page.locator(f"label[for='{field['id']}']").inner_text()
    page.keyboard.press("Control+a")
    page.keyboard.type(NONSENSE)
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true]")).to_have_id(field["id"])
    expect(said).to_contain_text(f"{label}: ")
    expect(page.locator("[aria-invalid=true]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(field["value"])


@pytest.mark.parametrize("name", LABS)
def test_a_lab_is_filled_in_run_walked_and_selected_in_by_keyboard_alone(
    lab, lab_page, request, name
):
    opened = opened_with(lab, lab_page, request, WALKED.format(name))
    page, form = opened.page, opened.page.locator(".uvmlab-form form")
    said, view = form.locator(".uvmlab-said"), page.locator(".uvmlab-run")
    form.locator("input, select, button").first.focus()
    was, texts = page.evaluate(NOTEBOOK), 0
    while (field := page.evaluate(FIELD))["type"] != "submit":
        if field["type"] == "text" and field["name"]:  # a guess has none, and may be anything
            type_nonsense(page, field, said)
            texts += 1
        else:
            for key in (*NONSENSE, *ARROWS, "Home"):  # a choice, a page of a strip, or a guess
                page.keyboard.press(key)
        assert page.evaluate(NOTEBOOK) == was, field
        page.keyboard.press("Tab")
    assert texts == form.locator("input[type=text][data-field]").count()
    expect(view).to_have_count(0)  # nothing was made of nonsense
    page.keyboard.press("Space")
    expect(view.locator("svg").first).to_be_visible()
    lesson.tab_to(page, view.get_by_role("slider"))
    page.keyboard.press("End")
    last = view.get_by_role("slider").get_attribute("max")
    expect(view.locator(".uvmlab-run-told")).to_contain_text(f"run[{last}]")
    lesson.tab_to(page, view.locator("[data-cell][tabindex='0']"))
    page.keyboard.press("ArrowRight")
    id_ = page.evaluate("document.activeElement.dataset.cell")
    page.keyboard.press("Enter")
    expect(view.locator("[aria-pressed=true]")).to_have_attribute("data-cell", id_)
    expect(page.get_by_text(f"heard {id_}", exact=True)).to_be_visible()
    assert page.evaluate(NOTEBOOK) == was
    assert_undoes_what_was_typed(form.locator("input[type=text]").first)
    for kind in ("select", "input", "button"):
        assert_saves_and_runs_the_cell(page, form.locator(kind).last)
        expect(form).to_be_visible()
    lesson.assert_quiet(opened)


def assert_undoes_what_was_typed(text):
    """Ctrl+Z is the text field's: JupyterLab would undo something in the cell."""
    was = text.input_value()
    text.press("7")
    text.press("Control+z")
    expect(text).to_have_value(was)
