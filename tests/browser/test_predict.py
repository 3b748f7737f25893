"""Predictions in JupyterLab, by mouse and by keyboard: nothing of the answer before it is committed."""

import pytest
from playwright.sync_api import expect

from tests.browser import lesson

pytestmark = pytest.mark.browser

SECRET = "zebra-4711"  # the cells below do not hold it; they work it out
SETUP = """
from uvmlab import predict
from uvmlab.widgets import choose, numbers, order
word, slots = "zebra" + "-" + str(4700 + 11), [5, 6]
"""
NUMBERS = """
predict("nb", "Which slots are free?", kind=numbers(1, 64), answer=lambda: slots,
        why=lambda: f"why: {word}").then(lambda: print(f"then: {word}"))
"""
CHOOSE = """
predict("ch", "Who frees them?", kind=choose(["line 610", "line 612"]), answer=lambda: "line 612",
        why=lambda: f"why: {word}")
"""
ORDER = """
predict("or", "In which order?", kind=order(["lock", "free", "unlock"]),
        answer=lambda: ["lock", "unlock", "free"], why=lambda: f"why: {word}")
"""
AFTER = """
word, slots = "of the last cell", [7]  # a later cell gives the names another meaning
print('the last cell' + ' has run')
"""


@pytest.fixture
def opened(lab, lab_page, request):
    """A lesson of three predictions, all of whose cells were run; no answers from another test."""
    for kept in (lab.work / "answers").glob("*"):
        kept.unlink()
    name = f"{request.node.name}.ipynb"
    opened = lab_page(lesson.write(lab, name, SETUP, NUMBERS, CHOOSE, ORDER, AFTER))
    opened.name = name
    assert opened.run_all()
    expect(question(opened, "In which order?")).to_be_visible()
    yield opened
    lesson.assert_quiet(opened)


def question(opened, title):
    return opened.page.get_by_role("group", name=f"Predict: {title}")


def test_run_all_waits_for_nothing_and_gives_nothing_away(lab, opened, tmp_path):
    page = opened.page
    expect(page.get_by_text("the last cell has run", exact=True)).to_be_visible()
    assert SECRET not in page.content()
    assert SECRET not in lesson.saved(lab, opened, opened.name)
    lesson.in_both_themes(page, page.locator(".jp-Notebook"), tmp_path, "open")
    asked = question(opened, "Which slots are free?")
    for nonsense in ("", "five", "-1", "65", "1-99999", "<b>"):
        asked.get_by_label("Your answer").fill(nonsense)
        asked.get_by_role("button", name="Commit").click()
        expect(asked.get_by_label("Your answer")).to_have_attribute("aria-invalid", "true")
        expect(asked.get_by_role("status")).to_contain_text("numbers")
        asked.get_by_label("Your answer").fill("7")
        assert SECRET not in page.content()
    asked.get_by_label("Your answer").fill("6 7")
    asked.get_by_role("button", name="Commit").click()
    expect(asked.get_by_role("status")).to_have_text(
        f"Not right. It is 5 6. Right among yours: 6. Missing: 5. Too many: 7.\nwhy: {SECRET}"
    )
    expect(page.get_by_text(f"then: {SECRET}", exact=True)).to_be_visible()
    expect(asked.get_by_label("Your answer")).to_be_disabled()
    lesson.in_both_themes(page, page.locator(".jp-Notebook"), tmp_path, "committed")


def test_answers_outlive_the_kernel(lab, opened):
    asked = question(opened, "Who frees them?")
    asked.get_by_label("line 612").check()
    asked.get_by_role("button", name="Commit").click()
    expect(asked.get_by_role("status")).to_contain_text("Right: line 612.")
    lesson.restart(opened)
    assert opened.run_all()
    expect(asked.get_by_role("status")).to_contain_text("Right: line 612.")
    expect(asked.get_by_label("line 612")).to_be_checked()
    asked.get_by_role("button", name="Try again").click()
    expect(asked.get_by_role("button", name="Commit")).to_be_enabled()
    lesson.restart(opened)
    assert opened.run_all()
    expect(asked.get_by_role("status")).to_have_text("Commit, and the answer appears.")
    expect(asked.get_by_label("line 612")).not_to_be_checked()


def test_the_keyboard_is_enough(opened):
    page = opened.page
    page.keyboard.press("Escape")
    page.locator(".jp-Notebook .jp-InputPrompt").nth(1).click()
    first = question(opened, "Which slots are free?")
    lesson.tab_to(page, first.get_by_label("Your answer"))
    page.keyboard.type("5-6")
    page.keyboard.press("Enter")
    expect(first.get_by_role("status")).to_contain_text("Right: 5 6.")
    expect(first.get_by_role("button", name="Try again")).to_be_focused()
    second = question(opened, "Who frees them?")
    lesson.tab_to(page, second.get_by_label("line 610"))
    page.keyboard.press("ArrowDown")
    lesson.tab_to(page, second.get_by_role("button", name="Commit"))
    page.keyboard.press("Space")
    expect(second.get_by_role("status")).to_contain_text("Right: line 612.")
    third = question(opened, "In which order?")
    for place, item in enumerate(("lock", "unlock", "free"), 1):
        lesson.tab_to(page, third.get_by_label(f"Place {place}"))
        page.keyboard.type(item)
    lesson.tab_to(page, third.get_by_role("button", name="Commit"))
    page.keyboard.press("Enter")
    expect(third.get_by_role("status")).to_contain_text("Right: lock, unlock, free.")


def test_a_tour_is_taken_to_its_end_and_its_lessons_wait_for_the_predictions(
    lab, lab_page, tmp_path
):
    for kept in (lab.work / "answers").glob("*"):
        kept.unlink()
    opened = lab_page("notebooks/00_tour.ipynb")
    assert opened.run_all()
    page, secret = opened.page, "A slot belongs to its owner"
    text = page.get_by_role("group", name="Lessons learned")
    text.get_by_role("button", name="Show").click()
    expect(text.get_by_role("status")).to_contain_text("What does the disk get after that?")
    assert secret not in page.content()
    first = question(opened, "The disk said OK. The pages are now ...")
    first.get_by_label("in memory and still busy").check()
    first.get_by_role("button", name="Commit").click()
    expect(first.get_by_role("status")).to_contain_text("Not right.")
    expect(page.locator(".uvmlab-run")).to_have_count(1)
    second = question(opened, "The page daemon has freed the pages. Which slots are allocated now?")
    second.get_by_label("Your answer").fill("1-3")
    second.get_by_role("button", name="Commit").click()
    expect(second.get_by_role("status")).to_contain_text("contents are on the disk")
    assert secret not in page.content()
    third = question(opened, "What does the disk get after that?")
    third.get_by_label("one page alone").check()
    third.get_by_role("button", name="Commit").click()
    expect(third.get_by_role("status")).to_contain_text("Right: one page alone.")
    text.get_by_role("button", name="Show").click()
    expect(page.get_by_text(secret)).to_be_visible()
    lesson.in_both_themes(page, text, tmp_path, "afterwards")
    lesson.assert_quiet(opened)
