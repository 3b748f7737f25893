"""The cluster lab in JupyterLab: the strip by mouse and by keyboard, and any nonsense is a sentence."""

import pytest
from playwright.sync_api import expect

from tests.browser import lesson

pytestmark = pytest.mark.browser

CELL = """
from uvmlab import ClusterLab
from ipywidgets.widgets import widget
print("widgets alive:", len(widget._instances))
lab = ClusterLab(pages="DDCDDDA.", center=4)
lab
"""
MINE = """\
from uvmlab import ClusterLab
def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):
    return k.nothing_like_that(center)
ClusterLab(pages="DDDD", center=1, mk_pcluster=mk_pcluster)
"""

CUT = """node => [...node.querySelectorAll('select')].filter(select => {
  const [has, style] = [select.offsetWidth, select.style.cssText];
  select.style.cssText = 'width: max-content; max-width: none; align-self: start';
  const needs = select.offsetWidth;
  select.style.cssText = style;
  return has < needs;
}).map(select => select.dataset.field)"""


@pytest.fixture
def opened(lab, lab_page, request):
    cells = [MINE] if "own" in request.node.name else [CELL, "# a cell that must stay"]
    opened = lab_page(lesson.write(lab, f"{request.node.name}.ipynb", *cells))
    assert opened.run_all()
    expect(button(opened)).to_be_visible()
    yield opened
    lesson.assert_quiet(opened)


def cluster(opened):
    return opened.page.locator(".uvmlab-cluster")


def button(opened):
    return cluster(opened).get_by_role("button", name="Build", exact=True)


def pages(opened):
    return cluster(opened).get_by_label("Pages of the file", exact=True)


def cell(opened, i):
    return cluster(opened).get_by_role("button", name=f"page {i}: ")


def said(opened):
    return cluster(opened).locator(".uvmlab-said")


def walk(opened):
    """The run below the form."""
    return opened.page.locator(".uvmlab-cluster-lab .uvmlab-run")


def build(opened, **typed):
    """Fill fields, press Build, and wait for what it says."""
    for label, text in typed.items():
        cluster(opened).get_by_label(label, exact=True).fill(text)
    button(opened).click()
    expect(said(opened)).to_contain_text("The cluster is")


def test_a_build_shows_cluster_and_reasons_in_800_pixels_and_both_themes(opened, tmp_path):
    page, form = opened.page, cluster(opened)
    build(opened)
    expect(said(opened)).to_contain_text("Backward it stopped at p2: that page is clean")
    expect(form.get_by_role("row", name="p3 is in the cluster")).to_be_visible()
    expect(walk(opened)).to_be_visible()
    expect(walk(opened)).to_contain_text("345 note clean p2")
    expect(cell(opened, 3)).to_have_accessible_name(
        "page 3: dirty (inactive, dirty), in the pager's window, in the cluster"
    )
    expect(cell(opened, 4)).to_have_text("Ddirty4◆✓")
    lesson.in_both_themes(page, page.locator(".uvmlab-cluster-lab"), tmp_path, "built")
    page.set_viewport_size({"width": 800, "height": 1000})
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.wait_for_function(
        "() => document.querySelector('.uvmlab-cluster').getBoundingClientRect().right <= 800"
    )
    wide = "node => [...node.querySelectorAll('*')].filter(n => n.scrollWidth > n.clientWidth + 1"
    wide += (
        " && getComputedStyle(n).overflowX === 'visible' && n.clientWidth).map(n => n.outerHTML)"
    )
    assert form.evaluate(wide) == []
    assert form.evaluate(CUT) == []
    form.screenshot(path=tmp_path / "narrow.png")
    long = "node => { node.textContent = 'why '.repeat(500);"
    long += " return node.scrollHeight <= node.clientHeight; }"
    assert said(opened).evaluate(long)  # it is no Tab stop: all of it is in sight
    page.set_viewport_size({"width": 1280, "height": 1000})


def test_a_click_is_the_next_state_and_a_drag_is_the_range(opened):
    page = opened.page
    for letter in "CB.AMQKLD":
        cell(opened, 5).click()
        expect(pages(opened)).to_have_value(f"DDCDD{letter}A.")
    cell(opened, 5).click(modifiers=["Shift"])
    expect(pages(opened)).to_have_value("DDCDDLA.")
    expect(cluster(opened).locator(".uvmlab-told")).to_contain_text(
        "page 5 is L now, late: active, CLEAN, CLEANCHK"
    )
    cell(opened, 5).click()
    build(opened)
    assert cluster(opened).locator("[data-taken=true]").count() == 3
    cell(opened, 5).click()
    assert cluster(opened).locator("[data-taken=true]").count() == 0
    cell(opened, 5).press("d")
    cell(opened, 5).hover()
    page.mouse.down()
    cell(opened, 3).hover()
    page.mouse.up()
    expect(cluster(opened).get_by_label("lo", exact=True)).to_have_value("3")
    expect(cluster(opened).get_by_label("hi", exact=True)).to_have_value("6")
    expect(cell(opened, 5)).to_have_text("Ddirty5")
    build(opened)
    expect(said(opened)).to_contain_text("Backward it stopped before page 3: the caller's range")
    cell(opened, 0).click()
    expect(pages(opened)).to_have_value("CDCDDDA.")


def test_window_and_range_are_brackets_over_the_strip_and_words_while_they_are_typed(
    opened, tmp_path
):
    form = cluster(opened)
    limits = form.locator(".uvmlab-limits")
    drawn = "(node, which) => { const style = getComputedStyle(node, which);"
    drawn += " return [style.content, style.borderLeftWidth, style.borderRightWidth]; }"
    none = "The caller's range: does not count, for the caller takes all that the pager offers."
    expect(limits).to_have_text(f"The pager's window: pages 0 to 7. {none}")
    form.get_by_label("The pager's window", exact=True).fill("3")
    expect(limits).to_have_text(f"The pager's window: pages 3 to 5. {none}")
    form.get_by_label("The window lies").select_option("forward from the center")
    expect(limits).to_have_text(f"The pager's window: pages 4 to 6. {none}")
    assert cell(opened, 4).evaluate(drawn, "::before") == ['"window"', "2px", "0px"]
    assert cell(opened, 5).evaluate(drawn, "::before") == ['""', "0px", "0px"]
    assert cell(opened, 6).evaluate(drawn, "::before") == ['""', "0px", "2px"]
    assert cell(opened, 7).evaluate(drawn, "::before")[0] == "none"
    assert form.locator("[data-range]").count() == 0
    form.get_by_label("The range").select_option("only from lo up to hi")
    form.get_by_label("lo", exact=True).fill("4")
    form.get_by_label("hi", exact=True).fill("5")
    expect(limits).to_contain_text("The caller's range: page 4 alone.")
    assert cell(opened, 4).evaluate(drawn, "::after") == ['"range"', "2px", "2px"]
    expect(cell(opened, 4)).to_have_accessible_name(
        "page 4: dirty (inactive, dirty), the center, in the pager's window, in the caller's range"
    )
    form.screenshot(path=tmp_path / "brackets.png")
    form.get_by_label("Center", exact=True).fill("x")
    expect(limits).to_contain_text("The pager's window: not to be told from what is typed.")
    assert form.locator("[data-window]").count() == 0


def test_the_strip_says_what_its_letters_mean_and_stands_in_rows_of_16(opened):
    form = cluster(opened)
    meant = form.get_by_role("list", name="What the letters mean").get_by_role("listitem")
    expect(meant).to_have_count(9)
    expect(meant.nth(7)).to_have_text("K checked: active, CLEAN, CLEANCHK, bit not set")
    pages(opened).fill("D" * 32)
    opened.page.set_viewport_size({"width": 1300, "height": 1000})
    opened.page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    tops = "nodes => [...new Set(nodes.map(node => node.offsetTop))].length"
    opened.page.wait_for_function(
        "() => document.querySelector('.uvmlab-strip').clientWidth > 1000"
    )
    strip = form.locator(".uvmlab-strip > button")
    assert strip.evaluate_all(tops) == 2
    assert strip.evaluate_all("nodes => nodes.every(node => node.scrollWidth <= node.clientWidth)")
    opened.page.set_viewport_size({"width": 1280, "height": 1000})


def test_the_strip_is_one_tab_stop_and_the_keyboard_is_enough(opened):
    page, form = opened.page, cluster(opened)
    unnamed = "node => [...node.querySelectorAll('input, select')].filter(n => !n.labels.length)"
    assert form.evaluate(f"node => ({unnamed})(node).length") == 0
    page.locator(".jp-Notebook .jp-InputPrompt").first.click()
    lesson.tab_to(page, cell(opened, 0))
    page.keyboard.press("Tab")
    expect(pages(opened)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    for key, at in (("End", 7), ("ArrowRight", 7), ("ArrowLeft", 6), ("Home", 0), ("ArrowLeft", 0)):
        page.keyboard.press(key)
        expect(cell(opened, at)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(pages(opened)).to_have_value("DCCDDDA.")
    page.keyboard.press("Space")
    expect(pages(opened)).to_have_value("DBCDDDA.")
    for key in ("d", "d", "x", "m", "y", "b", "."):
        page.keyboard.press(key)
    expect(pages(opened)).to_have_value("D.CDDDA.")
    expect(cell(opened, 1)).to_be_focused()
    assert page.locator(".jp-Notebook .jp-Cell").count() == 2
    assert page.locator(".jp-Notebook .jp-CodeCell").count() == 2
    lesson.tab_to(page, form.get_by_label("Active pages"))
    page.keyboard.press("ArrowDown")
    lesson.tab_to(page, button(opened))
    page.keyboard.press("Space")
    expect(said(opened)).to_contain_text("Forward it stopped at page 7: that page is not in memory")
    expect(cell(opened, 6)).to_have_text("Aactive6✓")


def test_who_would_rather_type_types_and_the_strip_follows(opened):
    pages(opened).fill("ddca .b")
    expect(cluster(opened).get_by_role("toolbar").get_by_role("button")).to_have_count(6)
    expect(cell(opened, 5)).to_have_accessible_name(
        "page 5: busy (inactive, dirty, busy), in the pager's window"
    )
    cluster(opened).get_by_label("Center", exact=True).fill("1")
    expect(cell(opened, 1)).to_have_text("Ddirty1◆")
    pages(opened).press("Enter")
    expect(said(opened)).to_contain_text("The cluster is p0 and p1")
    expect(pages(opened)).to_have_value("DDCA.B")
    pages(opened).fill("D?")
    expect(cell(opened, 1)).to_have_accessible_name(
        "page 1: unknown (no such state), the center, in the pager's window"
    )
    cell(opened, 1).click()
    expect(pages(opened)).to_have_value("DD")


def test_nonsense_in_any_field_is_a_sentence_and_the_last_cluster_stays(opened, tmp_path):
    form = cluster(opened)
    build(opened)
    for label in ("Center", "The pager's window", "lo", "hi", "Room in the array"):
        field = form.get_by_label(label, exact=True)
        good = field.input_value()
        for nonsense in ("?", "-1", "99999999999999999999", "<img src=x onerror=alert(1)>", ""):
            field.fill(nonsense)
            button(opened).click()
            expect(field).to_have_attribute("aria-invalid", "true")
            expect(said(opened)).to_contain_text(f"{label}: a whole number from ")
            expect(field).to_be_focused()
            expect(form.get_by_role("row", name="p3 is in the cluster")).to_be_visible()
        field.fill(good)
    for nonsense in ("", "<img src=x onerror=alert(1)>", "D" * 33, "12"):
        pages(opened).fill(nonsense)
        button(opened).click()
        expect(pages(opened)).to_have_attribute("aria-invalid", "true")
        expect(said(opened)).to_contain_text("Pages of the file: ")
    form.screenshot(path=tmp_path / "nonsense.png")
    pages(opened).fill("DDCDDDA.")
    build(opened)
    assert form.locator("[aria-invalid=true]").count() == 0


def test_what_is_of_the_build_before_says_so_until_something_is_built(opened, tmp_path):
    form, taken = cluster(opened), cluster(opened).locator("[data-taken=true]")
    old, center = form.locator(".uvmlab-old"), form.get_by_label("Center", exact=True)
    center.fill("3")
    expect(old).to_have_text("")  # nothing was built that could be old
    center.fill("4")
    build(opened)
    expect(taken).to_have_count(3)
    expect(old).to_have_text("")
    center.fill("3")
    expect(old).to_have_text(
        "You have changed something: all below is of the Build before. Press Build."
    )
    expect(taken).to_have_count(0)
    lesson.in_both_themes(opened.page, opened.page.locator(".uvmlab-cluster-lab"), tmp_path, "old")
    center.fill("4")  # as it was
    expect(old).to_have_text("")
    expect(taken).to_have_count(3)
    cell(opened, 4).press(".")
    expect(old).to_contain_text("You have changed something")
    button(opened).click()
    expect(said(opened)).to_contain_text("Center: page 4 is not in memory")
    expect(old).to_have_text("Nothing new: what is shown below is still of the last Build.")
    expect(taken).to_have_count(0)
    expect(center).to_be_focused()
    button(opened).click()  # refused in the same words
    expect(center).to_be_focused()
    pages(opened).fill("ddc dddda")
    build(opened)
    expect(taken).to_have_count(4)
    expect(old).to_have_text("")
    pages(opened).fill("ddc dddda")
    button(opened).click()  # the same pages, typed otherwise
    expect(pages(opened)).to_have_value("DDCDDDDA")
    expect(old).to_have_text("")


def test_the_answer_stands_beside_the_button_and_in_sight(opened):
    opened.page.set_viewport_size({"width": 1280, "height": 700})
    center = cluster(opened).get_by_label("Center", exact=True)
    center.fill("2")
    center.press("Enter")
    expect(said(opened)).to_contain_text("The cluster is p0")
    expect(said(opened)).to_be_in_viewport(ratio=0.9)
    there, pressed = said(opened).bounding_box(), button(opened).bounding_box()
    assert there["x"] > pressed["x"] + pressed["width"]
    assert there["y"] < pressed["y"] + pressed["height"]
    center.fill("7x")
    button(opened).click()
    expect(said(opened)).to_contain_text("Center: a whole number")
    expect(center).to_be_in_viewport(ratio=1)
    expect(said(opened)).to_be_in_viewport(ratio=0.2)
    opened.page.set_viewport_size({"width": 1280, "height": 1000})


def test_a_function_of_one_s_own_that_fails_is_a_sentence(opened):
    button(opened).click()
    expect(said(opened)).to_contain_text("Your mk_pcluster raised AttributeError: ")
    expect(said(opened)).to_contain_text("at line 3 of your code")
    cluster(opened).get_by_label("mk_pcluster").select_option("as intended")
    build(opened)


def test_nothing_jumps_when_it_builds_again(opened):
    build(opened)
    expect(walk(opened).locator("svg")).to_be_visible()
    table = cluster(opened).get_by_role("region")

    def places():  # how high the run is, at the end of it all, is for its picture's legend to say
        # The page may scroll, for one is to see the answer.
        top = cluster(opened).bounding_box()["y"]
        boxes = [node.bounding_box() for node in (table, walk(opened))]
        return [(box["x"], round(box["y"] - top, 1), box["width"]) for box in boxes]

    at = places()
    pages(opened).fill("DDDDDDDD")
    build(opened)
    expect(cluster(opened).get_by_role("row", name="p7 is in the cluster")).to_be_attached()
    expect(walk(opened)).to_contain_text("set p7")
    assert places() == at


def test_a_cell_that_runs_again_leaves_no_widget_behind(opened):
    page = opened.page

    def alive():
        return page.locator(".jp-OutputArea-output pre", has_text="widgets alive").inner_text()

    def twice():
        for center, there in (("4", "set p5"), ("0", "set p1")):
            build(opened, Center=center)
            expect(walk(opened)).to_contain_text(f"{there} [BUSY]")
        assert opened.run_all()
        return alive()

    once = twice()
    assert twice() == once
    expect(cluster(opened)).to_have_count(1)
    expect(walk(opened)).to_have_count(0)
