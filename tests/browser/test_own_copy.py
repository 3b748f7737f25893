"""A learner's own `uvm_pager.c` in `work/`, in JupyterLab: its lines are shown; of a wrong revision, a sentence."""

import pytest
from playwright.sync_api import expect

from tests.browser import lesson
from tests.test_run_owncopy import RAW, C
from uvmlab.run.owncopy import NAME, fingerprint

pytestmark = pytest.mark.browser

# No C of 1998 is in this project: the kernel is to know the file of the test.
KNOWN = f"from uvmlab.run import owncopy\nowncopy.FINGERPRINT = {fingerprint(list(C))!r}"
SOURCE = "from uvmlab import source\nsource(338)"
VIEW = """
from uvmlab import RunView, world
run = world(swap=8).anons(2, slot=1).machine().pager_put("p0 p1", pg="p1", flags="SYNCIO")
RunView(run, run.first(512))
"""


@pytest.fixture
def own_copy(lab):
    path = lab.work / NAME
    yield path
    path.unlink()


def test_its_line_stands_below_a_step_and_in_source_and_a_wrong_revision_is_refused(
    lab, lab_page, own_copy
):
    own_copy.write_text(RAW)
    opened = lab_page(lesson.write(lab, "own_copy.ipynb", KNOWN, SOURCE, VIEW))
    assert opened.run_all()
    told = opened.page.locator(".uvmlab-run-told p")
    answer = opened.page.locator(".jp-OutputArea-executeResult").first
    expect(told).to_contain_text("\nline(512); /* 512 */", use_inner_text=True)
    expect(answer).to_contain_text("337 \tline(337);")
    expect(answer).to_contain_text("338 \tline(338);")
    own_copy.write_text(RAW.replace("1.1.1.1", "1.5"))
    assert opened.run_all()
    expect(answer).to_contain_text("is revision 1.5. Only revision 1.1.1.1 goes with uvmlab")
    expect(told).to_contain_text("(line 512)")
    expect(told).not_to_contain_text("line(512)")
    lesson.assert_quiet(opened)
