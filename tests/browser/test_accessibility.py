"""axe-core finds nothing serious in what a learner uses, light or dark; what is planted it finds."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser import lesson

pytestmark = pytest.mark.browser

RUN = """
from uvmlab import RunView, world
w = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK")
RunView(w.machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO"), step=18)
"""
PREDICT = """
from uvmlab import afterwards, choose, number, order, predict
predict("00-a", "How many?", kind=number(0, 9), answer=[4], why="Because.")
"""
ASKED = """
from IPython.display import display
display(predict("00-b", "Who?", kind=choose(["a", "b"]), answer="a", why="Because."),
        predict("00-c", "In which order?", kind=order(["a", "b"]), answer=["a", "b"], why="Because."))
"""
ASKS = MANY, WHO, ORDER, LEARNED = (
    "Predict: How many?",
    "Predict: Who?",
    "Predict: In which order?",
    "Lessons learned",
)
AFTERWARDS = 'afterwards("00-lessons-learned")'
LABS = {"FaultLab": "Run", "ClusterLab": "Build", "PagerMapLab": "Run", "DaemonLab": "Run"}

# To judge contrast axe asks what is painted above what: for that the page needs a height, and what is
# judged must be in sight.  Else the rule gives up, quietly, and nothing pale is ever found.
TALL = "body { min-height: 100vh }"
SIGHT = {"width": 1280, "height": 3000}
SCAN = """root => axe.run(root).then(({ violations, incomplete, passes }) => [
  [...violations.filter(rule => ['serious', 'critical'].includes(rule.impact)), ...incomplete.filter(rule => rule.error)]
    .flatMap(rule => rule.nodes.map(node => [rule.error?.message ?? rule.id, String(node.target)])),
  passes.filter(rule => rule.id === 'color-contrast').flatMap(rule => rule.nodes).length])"""
PLANT = """root => root.insertAdjacentHTML('beforeend',
  '<p id="pale" style="color: #bbbbbb; background: #ffffff">pale</p><button id="unnamed"></button>')"""


@pytest.fixture
def opened(lab, lab_page, request):
    for kept in (lab.work / "answers").glob("*"):
        kept.unlink()

    def open_lesson(*cells):
        opened = lab_page(lesson.write(lab, "accessibility.ipynb", *cells))
        assert opened.run_all()
        opened.page.add_style_tag(content=TALL)
        opened.page.evaluate(AXE_SCRIPT)
        seen.append(opened)
        return opened

    seen = []
    yield open_lesson
    for opened in seen:
        lesson.assert_quiet(opened)


def found(*roots):
    """Return what is wrong in either theme: rule, selector and theme."""
    wrong, page = set(), roots[0].page
    page.set_viewport_size(SIGHT)
    for theme in lesson.themes(page):
        for root in roots:
            root.scroll_into_view_if_needed()
            serious, judged = root.evaluate(SCAN)
            assert judged, "axe has judged the contrast of nothing"
            wrong |= {(rule, where, theme) for rule, where in serious}
    return wrong


def used(opened, root, button):
    """Press the lab's button, walk its run into the middle and select a cell there."""
    root.get_by_role("button", name=button, exact=True).first.click()
    walked(root)


def walked(root):
    expect(root.locator("svg").first).to_be_visible()
    root.get_by_role("slider", name="Step").fill("18")
    root.locator("[data-cell]").first.click()
    expect(root.locator(".uvmlab-run-picked")).to_contain_text("Selected: ")


@pytest.mark.parametrize("name", LABS)
def test_a_lab_that_has_run_has_nothing_serious(opened, name):
    lab = opened(f"from uvmlab import {name}\n{name}()")
    root = lab.page.locator(f".uvmlab-{name.removesuffix('Lab').lower()}-lab")
    used(lab, root, LABS[name])
    assert found(root) == set()


def test_a_run_and_what_would_have_been_have_nothing_serious_and_what_is_planted_is_found(opened):
    root = opened(RUN).page.locator(".uvmlab-run")
    walked(root)
    assert found(root) == set()
    root.get_by_role("button", name="What if …").click()
    expect(root.locator(".uvmlab-run-body")).to_have_count(2)
    assert found(root) == set()
    root.evaluate(PLANT)
    rules = {rule for rule, where, _ in found(root) if "pale" in where or "unnamed" in where}
    assert rules == {"color-contrast", "button-name"}


def test_predictions_and_what_comes_afterwards_have_nothing_serious(opened):
    page = opened(PREDICT, ASKED, AFTERWARDS).page
    group = {name: page.get_by_role("group", name=name) for name in ASKS}

    def press(name, button, says):
        group[name].get_by_role("button", name=button, exact=True).click()
        expect(group[name].get_by_role("status")).to_contain_text(says)

    assert found(*group.values()) == set()
    expect(page.locator(".uvmlab-guess:visible")).to_have_count(0)  # a lab's: here one commits
    press(MANY, "Commit", "number")
    press(LEARNED, "Show", "First commit")
    assert found(*group.values()) == set()
    group[MANY].get_by_label("Your answer").fill("4")
    press(MANY, "Commit", "Right: 4.")
    group[WHO].get_by_label("b", exact=True).check()
    press(WHO, "Commit", "Not right.")
    for place, item in enumerate("ab", 1):
        group[ORDER].get_by_label(f"Place {place}").select_option(item)
    press(ORDER, "Commit", "Right: a, b.")
    group[LEARNED].get_by_role("button", name="Show").click()
    expect(page.get_by_text("A slot belongs to its owner")).to_be_visible()
    assert found(*group.values()) == set()
