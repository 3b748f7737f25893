"""The lab as a learner meets it: what opens, and that nothing asks another host."""

import json

import pytest

pytestmark = pytest.mark.browser
LESSONS = ["notebooks/00_tour.ipynb", "notebooks/06_when_the_disk_says_no.ipynb"]


def test_the_address_opens_the_tour_and_nothing_asks_for_attention(lab, chromium):
    page = chromium.new_page()
    page.goto(lab.address)
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) h1:has-text('tour')")
    page.wait_for_load_state("networkidle")
    assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0
    page.close()


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_opens_without_outputs_and_runs_from_top_to_bottom(lab_page, lab, lesson):
    cells = json.loads((lab.work / lesson).read_text())["cells"]
    assert [
        cell["outputs"] for cell in cells if cell["cell_type"] == "code" and cell["outputs"]
    ] == []
    opened = lab_page(lesson)
    assert opened.run_all()
    assert (opened.errors, opened.elsewhere) == ([], [])
