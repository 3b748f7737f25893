"""What the bench measures in Chromium is what a learner does: each step of a run, and clicks that Python answers."""

import pytest

from uvmlab.commands.bench import browser
from uvmlab.commands.bench.pictures import put_of

pytestmark = pytest.mark.browser


def test_every_step_is_measured_and_the_late_ones_are_told(chromium):
    run = put_of(2)
    page = chromium.new_page()
    median, late, paint = browser.step_rows(page, 64, run)
    page.close()
    assert f"{len(run)} steps" in median.name
    assert (late.asked, paint.asked) == ("at most 4", "at most 50")
    assert 0 < min(median.figures) <= min(late.figures)
    assert len(paint.figures) == browser.WALKS


def test_a_click_is_measured_until_the_picture_of_another_run_is_there(chromium, tmp_path):
    median, late = browser.click_rows(chromium, tmp_path, 3)
    assert len(median.figures) == 3
    assert 0 < min(median.figures) <= late.figures[0]
