"""A cell of labs that runs again and again, each lab with its run, leaves nothing behind in kernel or browser."""

import pytest
from playwright.sync_api import expect

from tests.browser import lesson

pytestmark = pytest.mark.browser

TIMES = 5  # thirty say the same, and take a minute
COLLECTIONS = 4  # of garbage: now and then a page still holds what the last run has left
LABS = """
from IPython.display import display
from uvmlab import ClusterLab, DaemonLab, FaultLab, PagerMapLab
for lab in (ClusterLab(), DaemonLab(), FaultLab(), PagerMapLab()):
    lab._pressed("", lab.model.plan.written())
    display(lab)
"""
ALIVE = """
from comm import get_comm_manager
from ipywidgets.widgets import widget
print("alive:", len(widget._instances), len(get_comm_manager().comms))
"""


def test_a_cell_of_all_labs_that_runs_again_leaves_no_widget_no_comm_and_few_nodes(lab, lab_page):
    opened = lab_page(lesson.write(lab, "rerun.ipynb", LABS, ALIVE))
    page = opened.page
    devtools = page.context.new_cdp_session(page)

    def left():
        """Widgets and comms in the kernel, and nodes in the page."""
        assert opened.run_all()
        expect(page.locator(".uvmlab-run svg.uvmlab-drawing")).to_have_count(4)
        alive = page.locator(".jp-OutputArea-output pre", has_text="alive").inner_text()
        return alive, min(nodes() for _ in range(COLLECTIONS))

    def nodes():
        page.wait_for_timeout(100)
        devtools.send("HeapProfiler.collectGarbage")
        return devtools.send("Memory.getDOMCounters")["nodes"]

    alive, few = left()
    for _ in range(TIMES):
        after, more = left()
    assert after == alive
    assert (more - few) / TIMES <= 30
    lesson.assert_quiet(opened)
