"""A run walked in JupyterLab, by mouse and by keyboard; no step asks the kernel anything."""

import pytest
from playwright.sync_api import expect

from tests.browser import lesson
from uvmlab import DaemonLab, FaultLab, RunView, world
from uvmlab.commands.bench.walking import walk

pytestmark = pytest.mark.browser

RUN = """
from uvmlab import RunView, world
w = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK")
run = w.machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO")
"""
VIEW = """
from ipywidgets import Output
view, out = RunView(run), Output()
view.on_select(out.capture()(lambda id_: print("heard", id_)))
view
"""
HEARD = "out"
AGAIN = "view"
ALIVE = """
from comm import get_comm_manager
from ipywidgets.widgets import widget
print("alive:", len(widget._instances), len(get_comm_manager().comms))
"""
LAST = 62
COUNT_SENT = """() => {
  const send = WebSocket.prototype.send;
  window.sent = 0;
  WebSocket.prototype.send = function (data) { window.sent += 1; return send.call(this, data); };
}"""
NOTEBOOK = """() => [...window.jupyterapp.shell.currentWidget.content.widgets].map(
  cell => [cell.model.type, cell.model.sharedModel.getSource()])"""
WHERE = """node => [...node.querySelectorAll(
  'button, input, output, .uvmlab-run-picture, [data-cell], .uvmlab-run-side, .uvmlab-run-told, .uvmlab-run > p')]
  .map(n => JSON.stringify(n.getBoundingClientRect()))"""


def open_lesson(lab, lab_page, request, *cells):
    opened = lab_page(lesson.write(lab, f"{request.node.name}.ipynb", *cells))
    assert opened.run_all()
    expect(shown(opened).locator("svg").first).to_be_visible()
    return opened


@pytest.fixture
def opened(lab, lab_page, request):
    """A view of a run, what Python hears of it, and a second view of the same model."""
    opened = open_lesson(lab, lab_page, request, RUN, VIEW, HEARD, AGAIN)
    yield opened
    lesson.assert_quiet(opened)


def shown(opened, number=0):
    return opened.page.locator(".uvmlab-run").nth(number)


def button(view, name):
    return view.get_by_role("button", name=name, exact=True)


def told(view):
    return view.locator(".uvmlab-run-told")


def option(view, step):
    return view.locator(f"[role=option][data-step='{step}']")


def cell(view, id_):
    return view.locator(f"[data-cell='{id_}']")


def expect_at(view, step):
    """Everything in the view shows this step; -1 is before the first."""
    expect(view.get_by_role("slider")).to_have_value(str(step))
    for selector in ("[role=option][aria-selected=true]", "[role=option][tabindex='0']"):
        expect(view.locator(selector)).to_have_count(1)
        expect(view.locator(selector)).to_have_attribute("data-step", str(step))
    expect(told(view)).to_contain_text("run.before" if step < 0 else f"run[{step}]")


def looks(view):
    """What every cell shows, and what is marked."""
    return view.evaluate(
        "node => [...node.querySelectorAll('[data-cell]')].map(n => [n.dataset.cell,"
        " n.getAttribute('class'), ...[...n.querySelectorAll('text')].map(t => t.textContent)])"
    )


# --- Walking ------------------------------------------------------------------------------------


def test_the_mouse_walks_and_no_step_sends_anything(opened):
    page, view = opened.page, shown(opened)
    expect_at(view, -1)
    page.evaluate(COUNT_SENT)
    for name, step in (
        ("Forward", 0),
        ("Forward", 1),
        ("Back", 0),
        ("Last", LAST),
        ("Forward", LAST),
    ):
        button(view, name).click()
        expect_at(view, step)
    option(view, LAST - 3).click()
    expect_at(view, LAST - 3)
    expect(option(view, LAST - 3)).to_be_focused()
    view.get_by_role("slider").fill("20")
    expect_at(view, 20)
    button(view, "First").click()
    expect_at(view, -1)
    button(view, "Back").click()
    expect_at(view, -1)
    assert page.evaluate("window.sent") == 0
    cell(view, "page-p3").click()
    page.wait_for_function("window.sent > 0")  # the count counts


def test_the_keyboard_walks_from_wherever_the_focus_is(opened):
    page, view = opened.page, shown(opened)
    page.locator(".jp-Notebook .jp-InputPrompt").nth(1).click()
    stops = (button(view, "First"), view.get_by_role("slider"), button(view, "Copy step"))
    for stop in (*stops, option(view, -1)):
        lesson.tab_to(page, stop)
        keys = (
            "ArrowRight",
            "ArrowDown",
            "ArrowUp",
            "PageDown",
            "PageUp",
            "ArrowLeft",
            "End",
            "Home",
        )
        for key, step in zip(keys, (0, 1, 0, 1, 0, -1, LAST, -1), strict=True):
            page.keyboard.press(key)
            expect_at(view, step)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageDown")
    expect_at(view, 1)
    expect(option(view, 1)).to_be_focused()


def test_what_is_told_of_a_step_takes_keys_only_to_scroll_and_only_if_it_can(opened):
    page, view = opened.page, shown(opened)
    told(view).focus()
    told(view).evaluate("node => { node.style.height = '20em'; }")
    for key, step in (("ArrowDown", 0), ("PageDown", 1), ("End", LAST), ("Home", -1)):
        page.keyboard.press(key)
        expect_at(view, step)
    told(view).evaluate("node => { node.style.height = '1.5em'; }")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => document.querySelector('.uvmlab-run-told').scrollTop > 0")
    expect_at(view, -1)
    page.keyboard.press("ArrowRight")
    expect_at(view, 0)


def test_the_picture_and_the_steps_are_one_tab_stop_each(opened):
    page, view = opened.page, shown(opened)
    button(view, "Copy step").focus()
    for stop in (cell(view, "threads"), told(view), option(view, -1)):
        page.keyboard.press("Tab")
        expect(stop).to_be_focused()
    page.keyboard.press("Tab")
    expect(view.locator(":focus")).to_have_count(0)


def test_back_and_forward_show_the_same_and_so_does_a_jump(opened):
    view = shown(opened)
    view.focus()
    forth = [looks(view)]
    for _ in range(LAST + 1):
        opened.page.keyboard.press("ArrowRight")
        forth.append(looks(view))
    assert len({str(each) for each in forth}) > 30
    for before in reversed(forth[:-1]):
        opened.page.keyboard.press("ArrowLeft")
        assert looks(view) == before
    for step in (40, 3, LAST, 17):
        option(view, step).click()
        assert looks(view) == forth[step + 1]


def test_nothing_moves_but_what_has_changed(opened):
    view = shown(opened)
    view.evaluate("node => { node.querySelector('.uvmlab-run-picture').style.maxHeight = 'none'; }")
    view.focus()
    where = view.evaluate(WHERE)
    for _ in range(LAST + 1):
        opened.page.keyboard.press("ArrowRight")
        assert view.evaluate(WHERE) == where


def test_what_a_step_changes_is_marked_by_more_than_a_colour(opened):
    view = shown(opened)
    option(view, 4).click()  # the first page is mapped
    marked = view.locator("[data-cell].changed")
    assert marked.evaluate_all("nodes => nodes.map(n => n.dataset.cell)") == ["arena-0"]
    expect(view.locator(".uvmlab-run-stars text")).to_have_count(1)
    assert marked.locator("rect").evaluate("n => getComputedStyle(n).strokeWidth") == "3px"
    expect(marked).to_have_attribute("aria-label", "page 0 of the pager map: mapped, p0")


ARROWS = """node => ['changes', 'choice'].map(name => ['line', 'head'].map(part =>
  [...node.querySelectorAll(`.uvmlab-run-${name} .uvmlab-run-${part}`)].map(n => n.getAttribute('d'))))"""
ENDS = """node => { // where the heads point: the cell that is there
  const box = node.querySelector('.uvmlab-run-picture');
  box.style.maxHeight = 'none'; // all of it is in sight
  const heads = [...node.querySelectorAll('.uvmlab-run-head')];
  return heads.map(head => {
    head.scrollIntoView({ block: 'center' });
    const { left, right, top, bottom } = head.getBoundingClientRect();
    return document.elementFromPoint((left + right) / 2, (top + bottom) / 2).closest('[data-cell]')?.dataset.cell;
  });
}"""


def test_arrows_lead_from_what_changed_and_what_is_selected_to_its_partners(opened):
    view = shown(opened)
    assert view.evaluate(ARROWS) == [[[], []], [[], []]]
    option(view, 20).click()  # lock anon:a0
    (lines, heads), chosen = view.evaluate(ARROWS)
    assert (len(lines), len(heads), chosen) == (1, 1, [[], []])
    assert view.evaluate(ENDS) == ["thread-pager_put"]
    option(view, 16).click()  # nothing that has partners
    assert view.evaluate(ARROWS)[0] == [[], []]
    cell(view, "slot-4").click()
    expect(view.locator(".uvmlab-run-choice .uvmlab-run-head")).to_have_count(1)
    assert view.evaluate(ENDS) == ["place-o0-0"]
    assert shown(opened, 1).locator(".uvmlab-run-choice .uvmlab-run-head").count() == 1
    dash = "node => getComputedStyle(node).strokeDasharray"
    assert view.locator(".uvmlab-run-choice .uvmlab-run-line").evaluate(dash) != "none"
    option(view, 32).click()  # o0[0] forgets its slot
    expect(view.locator(".uvmlab-run-choice .uvmlab-run-head")).to_have_count(0)
    option(view, 18).click()
    cell(view, "slot-4").click()
    expect(view.locator(".uvmlab-run-choice path")).to_have_count(0)


COVERED = """node => [...node.querySelectorAll('.uvmlab-run-head')].flatMap(head => {
  const over = head.getBoundingClientRect();
  return [...node.querySelectorAll('.uvmlab-run-picture .list text')].filter(text => {
    const box = text.getBoundingClientRect();
    return over.left < box.right && box.left < over.right && over.top < box.bottom && box.top < over.bottom;
  }).map(text => text.textContent);
})"""


def test_an_arrow_to_a_wide_cell_comes_in_beside_its_words(lab, lab_page, request):
    waiting = "from uvmlab.widgets.pagermap import Waiting\nRunView(Waiting().run().run, step=14)"
    opened = open_lesson(lab, lab_page, request, RUN, waiting)
    view = shown(opened)
    expect(view.locator(".uvmlab-run-changes .uvmlab-run-head")).to_have_count(1)
    assert view.evaluate(COVERED) == []
    assert view.evaluate(ENDS) == ["arena"]
    lesson.assert_quiet(opened)


CROSSED = """node => { // from its first step to its last: how many arrows there are, and the words that one is drawn over
  const key = name => node.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  const corners = line => line.getAttribute('d').slice(1).split('L').map(point => point.split(' ').map(Number));
  const over = ([x1, y1], [x2, y2], box) => Math.max(x1, x2) > box.x && Math.min(x1, x2) < box.x + box.width
    && Math.max(y1, y2) > box.y + 1 && Math.min(y1, y2) < box.y + box.height - 1;
  const texts = [...node.querySelectorAll('[data-cell] text')];
  const crossed = new Set();
  let arrows = 0;
  key('Home');
  for (const _ of node.querySelectorAll('[role=option]')) {
    for (const points of [...node.querySelectorAll('.uvmlab-run-changes .uvmlab-run-line')].map(corners)) {
      arrows += 1;
      for (const text of texts.filter(each => each.textContent)) {
        const box = text.getBBox();
        if (points.some((point, i) => i && over(points[i - 1], point, box))) crossed.add(text.textContent);
      }
    }
    key('ArrowRight');
  }
  return [arrows, [...crossed]];
}"""


@pytest.mark.parametrize("lab", [FaultLab, DaemonLab], ids=["fault", "daemon"])
def test_no_arrow_crosses_a_word(chromium, lab):
    page = chromium.new_page()
    walk(page, lab().view)
    arrows, crossed = page.locator(".uvmlab-run").evaluate(CROSSED)
    assert arrows > 20
    assert crossed == []
    page.close()


CUT = """node => { // the steps of which not all that is told is in sight
  const told = node.querySelector('.uvmlab-run-told');
  return [...node.querySelectorAll('[role=option]')].map(option => option.dataset.step).filter(step => {
    node.querySelector(`[data-step="${step}"]`).click();
    return told.scrollHeight > told.clientHeight || told.scrollWidth > told.clientWidth;
  });
}"""


@pytest.mark.parametrize("width", [500, 700, 1136])
def test_what_is_told_of_a_put_is_in_sight_as_a_whole_however_narrow_the_view_is(chromium, width):
    page = chromium.new_page()
    page.set_viewport_size({"width": width, "height": 1000})
    walk(page, FaultLab().view)
    page.add_style_tag(content="body { --jp-ui-font-size2: 15.6px; }")  # JupyterLab's
    assert page.locator(".uvmlab-run").evaluate(CUT) == []
    page.close()


def test_more_arrows_than_a_handful_are_none(lab, lab_page, request):
    many = """
w = world(swap=64).anons(9, slot=1).disk("ERROR")
RunView(w.machine().pager_put(" ".join(f"p{i}" for i in range(9)), pg="p1", flags="SYNCIO"))
"""
    opened = open_lesson(lab, lab_page, request, RUN, many)
    view = shown(opened)
    failed = view.locator("[role=option]", has_text="610 swap_free slot 2, n 8")
    failed.click()  # eight slots, each with an anon that names it
    assert view.locator("[data-cell].changed").count() == 8
    assert view.locator(".uvmlab-run-changes .uvmlab-run-head").count() == 0
    cell(view, "anon-a3").click()
    expect(view.locator(".uvmlab-run-choice .uvmlab-run-head")).to_have_count(1)
    lesson.assert_quiet(opened)


def test_play_walks_to_the_end_and_says_only_where_it_rests(opened):
    page, view = opened.page, shown(opened)
    page.emulate_media(reduced_motion="reduce")
    option(view, LAST - 2).click()
    button(view, "Play").click()
    expect(told(view)).to_have_attribute("aria-live", "off")
    expect(button(view, "Pause")).to_be_focused()
    assert view.evaluate("node => node.getAnimations({ subtree: true }).length") == 0
    expect_at(view, LAST)
    expect(button(view, "Play")).to_be_focused()
    expect(told(view)).to_have_attribute("aria-live", "polite")
    view.get_by_role("slider").focus()
    page.keyboard.press("Space")  # from the end it begins again
    expect_at(view, 0)
    page.keyboard.press("Space")
    expect(button(view, "Play")).to_be_visible()
    option(view, 5).click()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")  # whoever walks has stopped it
    expect(button(view, "Play")).to_be_visible()
    expect_at(view, 4)


def test_where_play_is_stopped_is_heard_once(opened):
    view = shown(opened)
    option(view, 0).click()
    button(view, "Play").click()
    expect(told(view)).to_have_attribute("aria-live", "off")
    heard = view.evaluate("""async (node) => {
      const told = node.querySelector(".uvmlab-run-told"), heard = [];
      node.querySelector("[data-do=play]").click();
      const watch = new MutationObserver(() => heard.push(told.getAttribute("aria-live")));
      watch.observe(told, { childList: true, subtree: true });
      await new Promise((then) => setTimeout(then, 500));
      return heard;
    }""")
    assert heard == ["polite"]


def test_a_row_that_is_cut_has_all_of_its_words_as_its_title_where_the_mouse_is(opened):
    view = shown(opened)
    view.locator(".uvmlab-run-side").evaluate("node => { node.style.flex = '0 0 9em'; }")
    cell(view, "page-p3").click()
    expect(view.locator(".uvmlab-run-picked")).to_contain_text("Steps that change it")
    whole = view.locator(".uvmlab-run-picked").evaluate("node => node.textContent")
    expect(view.locator(".uvmlab-run-picked")).to_have_attribute("title", whole)
    long, text = option(view, PUT), "512 swap_put slot 1 [p0 p1 p2 p3 p4] [SYNCIO]: ERROR"
    expect(long).to_have_accessible_name(f"18 {text}")
    expect(long).to_have_accessible_description("")  # it is read once
    long.hover()
    expect(long).to_have_attribute("title", f"18  {text}")
    view.locator(".uvmlab-run-side").evaluate("node => { node.style.flex = '0 0 60em'; }")
    option(view, PUT + 1).hover()
    expect(option(view, PUT + 1)).to_have_attribute("title", "")  # all of it is in sight


# --- The picture --------------------------------------------------------------------------------


def test_what_a_click_selects_enter_selects_and_python_hears_it(opened):
    page, view, other = opened.page, shown(opened), shown(opened, 1)
    heard = page.locator(".jp-OutputArea-output pre", has_text="heard")
    cell(view, "page-p3").click()
    expect(heard).to_contain_text("heard page-p3")
    expect(view.locator("[aria-pressed=true]")).to_have_attribute("data-cell", "page-p3")
    expect(other.locator("[aria-pressed=true]")).to_have_attribute("data-cell", "page-p3")
    expect(view.locator(".uvmlab-run-picked")).to_contain_text("Selected: page p3: dirty")
    expect(view.locator(".uvmlab-run-picked")).to_contain_text("Steps that change it: ")
    assert (
        view.locator(".uvmlab-run-about").count() == other.locator(".uvmlab-run-about").count() > 0
    )
    expect(cell(view, "page-p3")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell(view, "page-p4")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(heard).to_contain_text("heard place-o0-1")
    page.keyboard.press("ArrowUp")
    expect(cell(view, "page-p4")).to_be_focused()
    page.keyboard.press("Home")
    expect(cell(view, "threads")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cell(view, "threads")).to_be_focused()
    page.keyboard.press("PageDown")
    expect_at(view, 0)
    cell(view, "slot-4").click()
    expect(heard).to_contain_text("heard slot-4")
    page.keyboard.press("Enter")
    expect(view.locator("[aria-pressed=true]")).to_have_count(0)
    expect(view.locator(".uvmlab-run-picked")).to_contain_text("Nothing is selected.")


def test_two_views_of_one_model_walk_on_their_own_and_share_no_id(opened):
    page, first, second = opened.page, shown(opened), shown(opened, 1)
    option(first, 30).click()
    expect_at(second, -1)
    ids = page.evaluate("() => [...document.querySelectorAll('.uvmlab-run [id]')].map(n => n.id)")
    assert len(ids) == len({*ids}) > 50
    fill = "id => getComputedStyle(document.querySelectorAll(`[data-cell=${id}]`)[1].querySelector('rect')).fill"
    was = page.evaluate(fill, "page-p3")
    first.evaluate("node => { node.style.display = 'none'; }")
    option(second, 3).click()
    expect_at(second, 3)
    assert page.evaluate(fill, "page-p3") == was != "none"


ANOTHER = """
from ipywidgets import Button, VBox
other = world(swap=8).anons(2, slot=1).machine().pager_put("p0 p1")
view, swap = RunView(run), Button(description="Another run")
def swapped(_):
    view.run = other if view.run is run else run
    swap.tooltip = str(int(swap.tooltip or 0) + 1)
swap.on_click(swapped)
VBox([swap, view])
"""


def test_another_run_takes_its_place_however_fast_it_is_asked_for(lab, lab_page, request):
    opened = open_lesson(lab, lab_page, request, RUN, ANOTHER, ALIVE)
    page, view = opened.page, shown(opened)
    option(view, 20).click()
    cell(view, "slot-4").click()
    expect(view.locator("[aria-pressed=true]")).to_have_count(1)
    page.evaluate("document.querySelector('.uvmlab-run').focus()")
    swap = page.get_by_role("button", name="Another run")
    swap.evaluate("button => { for (let i = 0; i < 9; i++) button.click(); }")
    expect(swap).to_have_attribute("title", "9")  # all are heard
    expect(view).to_have_attribute("aria-label", "run of pager_put(p0 p1)")
    expect(page.locator(".uvmlab-run")).to_have_count(1)
    expect(view).to_be_focused()
    expect_at(view, -1)
    expect(view.locator("[aria-pressed=true]")).to_have_count(0)
    page.keyboard.press("End")
    expect(view.get_by_role("slider")).to_have_value("12")
    lesson.assert_quiet(opened)


QUICK = """
from uvmlab import ClusterLab
lab = ClusterLab(pages="DDCDDDA.", center=4)
lab
"""


def test_a_button_pressed_many_times_at_once_shows_one_run_and_no_error(lab, lab_page, request):
    opened = lab_page(lesson.write(lab, f"{request.node.name}.ipynb", QUICK, ALIVE))
    assert opened.run_all()
    page = opened.page
    page.get_by_role("button", name="Build", exact=True).evaluate(
        "button => { for (let i = 0; i < 9; i++) button.click(); }"
    )
    expect(page.locator(".uvmlab-run svg").first).to_be_visible()
    page.wait_for_timeout(1000)  # whatever is still to come
    expect(page.locator(".uvmlab-run")).to_have_count(1)
    lesson.assert_quiet(opened)


def test_each_control_has_a_name_and_focus_is_seen(opened):
    page, view = opened.page, shown(opened)
    expect(view).to_have_attribute("role", "group")
    expect(page.get_by_role("group", name="run of pager_put(p0 p1 p2 p3 p4)").first).to_be_visible()
    expect(
        view.get_by_role("listbox", name="Steps, each with its line of uvm_pager.c")
    ).to_be_visible()
    option(view, 3).click()
    slider = view.get_by_role("slider", name="Step")
    expect(slider).to_have_attribute("aria-valuetext", "step 3: 156 uvm_map n 5: at 0")
    unnamed = (
        "nodes => nodes.filter(n => !(n.getAttribute('aria-label') ?? n.textContent).trim()).length"
    )
    assert view.locator("button, [role=button], [role=option]").evaluate_all(unnamed) == 0
    button(view, "First").focus()
    for _ in range(9):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "() => { const style = getComputedStyle(document.activeElement);"
            " return style.outlineStyle !== 'none' || !!document.querySelector('.uvmlab-run-focused rect'); }"
        )


# --- What if ------------------------------------------------------------------------------------

PUT = 18  # the step at which the disk answers
PARTED = ".uvmlab-run-parted p"
FOLLOWS = "() => document.querySelector('.uvmlab-run-parted p').textContent.startsWith('They part at step 18')"


def choose(view, answer):
    view.get_by_role("combobox", name="What could go otherwise").select_option(answer)


def test_what_if_shows_both_runs_side_by_side_and_one_slider_moves_them(opened, tmp_path):
    page, view = opened.page, shown(opened)
    expect(view.get_by_role("button", name="What if …")).to_have_count(0)  # before the first step
    option(view, PUT).click()
    choose(view, "OK")
    button(view, "What if …").click()
    expect(view.locator(PARTED)).to_contain_text("They part at step 18. Here: p0")
    expect(view.locator(".uvmlab-run-name")).to_have_text(
        ["As it went", "What if the disk answers OK at step 18"]
    )
    expect(view.get_by_role("slider")).to_have_value(str(PUT))
    expect(button(view, "Back to one run")).to_be_focused()
    assert view.locator("svg").count() == 2
    expect(told(view).nth(0)).to_contain_text("run[18]")
    expect(told(view).nth(1)).to_contain_text("would_be[18]")
    for number in (0, 1):
        parting = view.locator(".uvmlab-run-body").nth(number).locator(".uvmlab-run-parting")
        expect(parting).to_have_attribute("data-step", str(PUT))
    page.evaluate(COUNT_SENT)
    page.keyboard.press("ArrowRight")
    expect(told(view).nth(1)).to_contain_text("would_be[19]")
    button(view, "Last").click()
    expect(told(view).nth(0)).to_contain_text(f"run[{LAST}]")
    expect(told(view).nth(1)).to_contain_text("where it has ended")
    expect(told(view).nth(1)).to_have_attribute("aria-live", "polite")
    button(view, "First").click()
    expect(told(view).nth(1)).to_contain_text("would_be.before")
    expect(told(view).nth(1)).to_have_attribute("aria-live", "off")  # said once while they agree
    assert page.evaluate("window.sent") == 0
    second = view.locator(".uvmlab-run-body").nth(1)
    second.locator("[data-cell='page-p3']").click()
    page.keyboard.press("ArrowRight")
    expect(second.locator("[data-cell='page-p4']")).to_be_focused()
    expect(view.locator("[aria-pressed=true]")).to_have_count(2)
    option(view.locator(".uvmlab-run-body").first, 25).click()
    lesson.in_both_themes(page, view, tmp_path, "what-if")
    button(view, "Back to one run").click()
    expect(view.locator("svg")).to_have_count(1)
    expect_at(view, 25)
    expect(view.locator(PARTED)).to_be_hidden()


WIDTHS = """node => [...node.querySelectorAll('.uvmlab-run-picture')].map(box => {
  const svg = box.querySelector('svg');
  return { cut: box.scrollWidth > box.clientWidth, letters: 10 * svg.clientWidth / svg.viewBox.baseVal.width,
           left: box.getBoundingClientRect().left };
})"""


def compared(chromium, run, step, width):
    """A run and what would have been if the disk had answered OK, walked to the end in a bare page."""
    made = RunView(run)
    made._asked(None, {"step": step, "answer": "OK"}, None)
    page = chromium.new_page()
    page.set_viewport_size({"width": width, "height": 1000})
    walk(page, made)
    return page, page.locator(".uvmlab-run")


def put_of(pages):
    w = world(swap=64).anons(pages, slot=1).disk("ERROR", "OK")
    run = w.machine().pager_put(" ".join(f"p{i}" for i in range(pages)), pg="p1", flags="SYNCIO")
    return run, next(i for i, step in enumerate(run.steps) if step.kind == "swap_put")


@pytest.mark.parametrize(
    ("pages", "width", "columns", "letters"),
    [(5, 1136, 2, 9), (16, 1136, 1, 9), (5, 686, 1, 9), (16, 686, 1, 7)],
)
def test_both_pictures_of_a_what_if_fit_beside_or_below_each_other(
    chromium, pages, width, columns, letters
):
    page, view = compared(chromium, *put_of(pages), width)
    seen = view.evaluate(WIDTHS)
    assert [each["cut"] for each in seen] == [False, False]
    assert min(each["letters"] for each in seen) >= letters
    assert len({each["left"] for each in seen}) == columns
    page.close()


DIFFER = ".uvmlab-run-differ"


def test_what_differs_between_two_runs_is_marked_in_both_and_said_in_words(chromium):
    run, step = put_of(5)
    page, view = compared(chromium, run, step, 1136)
    bodies = view.locator(".uvmlab-run-body")
    signs = view.locator(".uvmlab-run-differs text")
    option(bodies.first, step - 1).click()
    expect(view.locator(DIFFER)).to_have_text("Up to here both go the same way.")
    expect(signs).to_have_count(0)
    option(bodies.first, step).click()
    expect(view.locator(DIFFER)).to_have_text("At this step both pictures show the same.")
    freed = next(i for i, each in enumerate(run.steps) if each.kind == "swap_free")
    option(bodies.first, freed).click()
    expect(view.locator(DIFFER)).to_contain_text("Marked ≠ is what differs at this step: ")
    differing = {}
    for number in (0, 1):
        marked = bodies.nth(number).locator("[data-cell][aria-label*='In the other run: ']")
        differing[number] = marked.evaluate_all("nodes => nodes.map(n => n.dataset.cell)")
        expect(bodies.nth(number).locator(".uvmlab-run-differs text")).to_have_text(
            ["≠"] * len(differing[number])
        )
    assert differing[0] == differing[1]
    assert "slot-2" in differing[0]
    assert "slot-1" not in differing[0]
    option(bodies.first, step).click()
    expect(view.locator("[aria-label*='In the other run: ']")).to_have_count(0)
    page.close()


def test_what_if_by_keyboard_alone_and_asked_again(opened):
    page, view = opened.page, shown(opened)
    option(view, PUT).click()
    lesson.tab_to(page, view.get_by_role("combobox", name="What could go otherwise"))
    page.keyboard.press("ArrowDown")  # the disk answers something else
    expect_at(view, PUT)
    page.keyboard.press("Tab")
    expect(button(view, "What if …")).to_be_focused()
    page.keyboard.press("Space")
    expect(button(view, "Back to one run")).to_be_focused()
    expect(view.locator(".uvmlab-run-name").nth(1)).to_contain_text("What if the disk answers ")
    page.keyboard.press("Enter")
    expect(button(view, "What if …")).to_be_focused()
    expect_at(view, PUT)
    for _ in range(2):  # the same again, while it is shown
        button(view, "What if …").click()
        expect(view.locator(".uvmlab-run-body")).to_have_count(2)
    page.wait_for_function(FOLLOWS)


def test_what_was_chosen_is_kept_for_the_next_run_and_if_it_has_no_such_step_that_is_said(
    lab, lab_page, request
):
    opened = open_lesson(lab, lab_page, request, RUN, ANOTHER)
    page, view = opened.page, shown(opened)
    select = view.get_by_role("combobox", name="What could go otherwise")
    said = view.locator(".uvmlab-run-said")
    swap = page.get_by_role("button", name="Another run")

    def after_the_swap(title, step):
        swap.click()
        expect(view).to_have_attribute("aria-label", f"run of pager_put({title})")
        option(view, step).click()

    option(view, PUT).click()
    choose(view, "BAD")
    option(view, 3).click()
    option(view, PUT).click()
    expect(select).to_have_value("BAD")
    after_the_swap("p0 p1", 12)
    expect(select).to_be_hidden()
    option(view, 10).click()
    expect(select).to_have_value("BAD")
    expect(said).to_have_text("")
    after_the_swap("p0 p1 p2 p3 p4", PUT)
    choose(view, "RELEASED p3")
    swap.click()
    expect(said).to_have_text(
        "What if “p3 is released”, as you had chosen, cannot be asked in this run: your choice is gone."
    )
    after_the_swap("p0 p1 p2 p3 p4", PUT)
    expect(said).to_have_text("")
    expect(select).not_to_have_value("RELEASED p3")
    lesson.assert_quiet(opened)


SLOW = """
import time
from pathlib import Path
made = type(run).what_if
def slowly(run, *asked):
    while not Path("enough").exists():
        time.sleep(0.05)
    return made(run, *asked)
type(run).what_if = slowly
RunView(run, step=18)
"""


def test_a_kernel_that_is_busy_or_gone_is_a_sentence(lab, lab_page, request):
    opened = open_lesson(lab, lab_page, request, RUN, SLOW)
    view = shown(opened)
    said = view.locator(".uvmlab-run-said")
    choose(view, "OK")
    button(view, "What if …").click()
    expect(said).to_have_text("Running it again: what if the disk answers OK at step 18?")
    expect(said).to_contain_text("No answer from the kernel yet. If it is busy, ", timeout=20_000)
    (lab.work / "enough").touch()
    expect(view.locator(".uvmlab-run-body")).to_have_count(2, timeout=20_000)
    lesson.restart(opened)
    button(view, "What if …").click()
    expect(said).to_contain_text("if it has ended, run the cell again.", timeout=20_000)
    button(view, "Back to one run").click()
    expect(view.locator(".uvmlab-run-body")).to_have_count(1)
    lesson.assert_quiet(opened)


# --- Inside a notebook --------------------------------------------------------------------------


def test_no_plain_key_reaches_the_notebook_but_shift_enter_and_control_do(opened):
    page, view = opened.page, shown(opened)
    was = page.evaluate(NOTEBOOK)
    for inside in (
        told(view),
        view.locator("output"),
        button(view, "Back"),
        option(view, 2),
        cell(view, "page-p1"),
    ):
        inside.click()
        for key in ("d", "d", "x", "m", "a", "b", "0", "0", "y", "r", "Shift+m"):
            page.keyboard.press(key)
    assert page.evaluate(NOTEBOOK) == was
    assert page.locator(".jp-Dialog").count() == 0
    page.keyboard.press("Control+b")
    page.wait_for_function("() => window.jupyterapp.shell.leftCollapsed")
    page.keyboard.press("Control+b")
    page.wait_for_function("() => !window.jupyterapp.shell.leftCollapsed")
    option(view, 2).click()
    page.keyboard.press("Shift+Enter")
    expect_at(shown(opened), -1)  # the cell has run again
    assert page.evaluate(NOTEBOOK) == was


def test_a_step_is_copied_with_or_without_a_clipboard_of_the_browser_s(opened):
    page, view = opened.page, shown(opened)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    option(view, 4).click()
    button(view, "Copy step").click()
    expect(view.locator(".uvmlab-run-said")).to_have_text("Copied run[4].")
    here = view.locator(".uvmlab-run-copied")
    expect(here).to_have_text("Copied run[4].")  # where the button is, too
    expect(here).to_be_in_viewport(ratio=1)
    expect(button(view, "Copy step")).to_have_accessible_name("Copy step")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("run[4]  190 pmap_enter at 0: p0\n")
    assert copied.partition("\n")[2] == told(view).locator("p").inner_text()
    page.evaluate("""() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });
      document.addEventListener("copy", () => { window.copied = document.activeElement.value; });
    }""")
    button(view, "First").click()
    button(view, "Copy step").click()
    expect(view.locator(".uvmlab-run-said")).to_have_text("Copied run.before.")
    assert page.evaluate("window.copied").startswith("run.before  before the first step\n")
    expect(button(view, "Copy step")).to_be_focused()
    page.evaluate("() => { document.execCommand = () => false; }")
    button(view, "Copy step").click()
    for said in (".uvmlab-run-said", ".uvmlab-run-copied"):
        expect(view.locator(said)).to_have_text("The browser does not let us copy.")
    expect(here).to_be_hidden()  # after a while


def test_what_goes_wrong_in_a_learner_s_function_is_a_sentence(lab, lab_page, request):
    wrong = "view = RunView(run, step=3)\nview.on_select(lambda id_: 1 // 0)\nview"
    opened = open_lesson(lab, lab_page, request, RUN, wrong)
    view = shown(opened)
    expect_at(view, 3)
    cell(view, "slot-1").click()
    expect(view.locator(".uvmlab-run-said")).to_contain_text("ZeroDivisionError")
    lesson.assert_quiet(opened)


def test_it_looks_right_in_both_themes_and_in_800_pixels(opened, tmp_path):
    page, view = opened.page, shown(opened)
    option(view, 20).click()
    cell(view, "page-p3").click()
    page.keyboard.press("ArrowDown")
    fill = "node => getComputedStyle(node.querySelector('rect')).fill"
    colours = set()
    for theme in ("Dark", "Light"):
        page.evaluate(lesson.THEME, f"JupyterLab {theme}")
        page.wait_for_selector(
            f"body[data-jp-theme-light={str(theme == 'Light').lower()}]", state="attached"
        )
        colours.add(cell(view, "page-p3").evaluate(fill))
    assert len(colours) == 2
    lesson.in_both_themes(page, view, tmp_path, "run")
    page.set_viewport_size({"width": 800, "height": 1000})
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.wait_for_function(
        "() => document.querySelector('.uvmlab-run').getBoundingClientRect().right <= 800"
    )
    out = (
        "node => [...node.querySelectorAll('button, input, output, .uvmlab-run-body > *')].filter("
    )
    out += "n => n.getBoundingClientRect().right > node.getBoundingClientRect().right + 1).length"
    assert view.evaluate(out) == 0
    view.screenshot(path=tmp_path / "narrow.png")
    page.set_viewport_size({"width": 1920, "height": 1000})
    page.wait_for_function(  # JupyterLab takes its time to lay itself out anew
        """() => {
            const box = (name) => document.querySelector(name).getBoundingClientRect();
            return box(".uvmlab-run-steps").left > box(".uvmlab-run-picture").right;
        }"""
    )
    view.screenshot(path=tmp_path / "wide.png")
    page.set_viewport_size({"width": 1280, "height": 1000})


SEEN = """([node, id]) => { // how large its letters are, whether one has to scroll, and what of a cell is in sight
  const [box, svg] = ["picture", "picture svg"].map((name) => node.querySelector(`.uvmlab-run-${name}`));
  const [outer, inner] = [box, node.querySelector(`[data-cell="${id}"] > rect`)].map((n) => n.getBoundingClientRect());
  return {
    letters: 10 * svg.clientWidth / svg.viewBox.baseVal.width,
    scrolls: box.scrollWidth > box.clientWidth,
    inside: inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left && inner.right <= outer.right,
  };
}"""
WIDE = """
w = world(swap=20).anons(16, slot=1).disk("ERROR")
pages = " ".join(f"p{i}" for i in range(16))
RunView(w.machine().pager_put(pages, pg="p1", flags="SYNCIO"))
"""


def test_in_a_narrow_box_letters_stay_large_and_keys_bring_what_they_lead_to_into_sight(
    lab, lab_page, request
):
    opened = open_lesson(lab, lab_page, request, RUN, WIDE)
    page, view = opened.page, shown(opened)
    view.evaluate("node => { node.style.width = '600px'; }")
    seen = view.evaluate_handle("node => node")

    def of(id_):
        return page.evaluate(SEEN, [seen, id_])

    page.wait_for_function("() => document.querySelector('.uvmlab-run-picture').clientWidth < 600")
    assert of("page-p15")["letters"] >= 11
    assert of("page-p15")["scrolls"]
    assert not of("page-p15")["inside"]
    cell(view, "page-p0").focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    expect(cell(view, "page-p15")).to_be_focused()
    assert of("page-p15")["inside"]
    lesson.assert_quiet(opened)


def test_a_view_opens_with_what_its_step_has_changed_in_sight(lab, lab_page, request):
    opened = open_lesson(lab, lab_page, request, RUN, "RunView(run, step=4)")
    page, view = opened.page, shown(opened)
    marked = view.locator("[data-cell].changed")
    expect(marked).to_have_attribute("data-cell", "arena-0")
    view.evaluate("node => { node.querySelector('.uvmlab-run-picture').style.maxHeight = '12em'; }")
    page.wait_for_function(
        "node => node.scrollTop > 0", arg=view.locator(".uvmlab-run-picture").element_handle()
    )
    assert page.evaluate(SEEN, [view.element_handle(), "arena-0"])["inside"]
    lesson.assert_quiet(opened)


COMPARED = """
view = RunView(run, step=18)
view._asked(None, {"step": 18, "answer": "OK"}, None)
view
"""


@pytest.mark.parametrize(
    ("shows", "bodies"), [("RunView(run)", 1), (COMPARED, 2)], ids=["one", "two"]
)
def test_thirty_runs_of_its_cell_leave_nothing_behind(lab, lab_page, request, shows, bodies):
    opened = open_lesson(lab, lab_page, request, RUN, shows, ALIVE)
    page = opened.page
    devtools = page.context.new_cdp_session(page)

    def left():
        """Widgets and comms in the kernel, and nodes in the page."""
        devtools.send("HeapProfiler.collectGarbage")
        alive = page.locator(".jp-OutputArea-output pre", has_text="alive").inner_text()
        return alive, devtools.send("Memory.getDOMCounters")["nodes"]

    assert opened.run_all()
    alive, nodes = left()
    for _ in range(30):
        assert opened.run_all()
    expect(page.locator(".uvmlab-run")).to_have_count(1)
    expect(page.locator(".uvmlab-run-body")).to_have_count(bodies)
    after, more = left()
    assert after == alive
    assert (more - nodes) / 30 <= 30
    lesson.assert_quiet(opened)


def test_the_buttons_of_the_longest_row_stand_in_one_line_and_no_number_is_cut(chromium):
    page = chromium.new_page()
    page.set_viewport_size({"width": 850, "height": 1000})
    walk(page, DaemonLab().view)
    heights = "nodes => nodes.map((node) => node.getBoundingClientRect().height)"
    row, *buttons = (
        page.locator(".uvmlab-buttons")
        .first.locator("xpath=self::* | .//button")
        .evaluate_all(heights)
    )
    assert {*buttons} == {row}
    number = page.locator(".uvmlab-run-at")
    expect(number).to_have_text("step 350 of 0–350")
    assert number.evaluate("node => node.scrollWidth <= node.clientWidth")
    page.close()


# --- How fast -----------------------------------------------------------------------------------


def test_a_view_in_a_bare_page_is_walked_for_the_bench(chromium):
    run = world(swap=8).anons(2, slot=1).disk("ERROR").machine().pager_put("p0 p1", pg="p1")
    page = chromium.new_page()
    walked = walk(page, RunView(run))
    assert len(walked.steps) == len(walked.paints) == len(run)
    for step, paint in zip(walked.steps, walked.paints, strict=True):
        assert 0 < step <= paint
    expect_at(page.locator(".uvmlab-run"), len(run) - 1)
    page.close()
