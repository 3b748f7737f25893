"""An exercise as a learner does it in JupyterLab: foresee, write, check, take a hint, see a solution."""

import re

import pytest

from tests.browser import lesson
from uvmlab.check.submission import seed_in
from uvmlab.widgets import exercise

pytestmark = pytest.mark.browser

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
NAME = "exercises/04_clusters.ipynb"
RUN = """async ([name, source]) => {
  const panel = window.jupyterapp.shell.currentWidget;
  const cells = panel.content.widgets;
  const i = cells.findIndex(cell => cell.model.id === name);
  if (source !== null) cells[i].model.sharedModel.setSource(source);
  panel.content.activeCellIndex = i;
  await window.jupyterapp.commands.execute('notebook:run-cell');
  await panel.content.scrollToItem(i, 'center');
  return cells[i].model.toJSON().outputs;
}"""
RENAME = "name => window.jupyterapp.shell.currentWidget.context.rename(name)"
WHOSE = "import os; print(q1.seed, os.environ.get('JPY_SESSION_NAME'))"
SETUP, FEW, FEW_CHECK, HELP = "x04-01", "x04-05", "x04-06", "x04-07"
WRITTEN, WRITTEN_CHECK = "x04-18", "x04-19"
ENDLESS = "def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):\n    while True: pass"
WRONG = """def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):
    print("here I am")
    k.pgo_cluster(uobj, center.offset)  # 285
    k.plug(cluster, 0, center)  # 296
    cluster.npages = 1  # 297
    return cluster"""


def run(opened, cell, source=None):
    """Run a cell, with another source if one is given; return what it says, in one text."""
    outputs = opened.page.evaluate(RUN, [cell, source])
    texts = [
        output.get("text") or output.get("traceback") or output["data"].get("text/html", "")
        for output in outputs
    ]
    return "".join("".join(part) for part in texts)


def test_an_exercise_is_done_as_its_text_says(lab, lab_page, tmp_path):
    opened = lab_page(NAME)
    assert not opened.run_all()  # Jupyter stops at the first check
    assert run(opened, FEW_CHECK) == "Not attempted: there is no few_pages yet."
    assert run(opened, FEW, "few_pages = [1]") == ""
    assert run(opened, FEW_CHECK).startswith("Incorrect.\nNot right: ")
    own = exercise("04", seed_in(lab.work / NAME))[0]
    run(opened, FEW, f"few_pages = {own.problem.right(own.world)}")
    assert run(opened, FEW_CHECK) == "Correct.\n"
    for i in (1, 2, 3, 3):
        assert run(opened, HELP, "q4.hint()").count("Hint ") == i
    assert run(opened, HELP, "q4.solution()").startswith("Have you tried?")
    assert "cluster.first -= 1" in run(opened, HELP, "q4.solution()")
    assert run(opened, WRITTEN_CHECK) == "Not attempted: there is no mk_pcluster yet."
    run(opened, WRITTEN, WRONG)
    said = run(opened, WRITTEN_CHECK)
    assert re.match(
        r"Incorrect\.\n[^<]*The call page_own p\d+ uvm_mk_pcluster is missing, at the end\.\n"
        r"[^<]*Your code printed: here I am [^<]*<p>The smallest case that was found: ",
        said,
    )
    view = opened.page.locator(".uvmlab-run")
    view.wait_for()
    sentence = opened.page.locator(".jp-OutputArea-output", has_text="uvm_mk_pcluster is missing")
    top = [each.bounding_box()["y"] for each in (sentence.first, view)]
    assert top[0] < top[1]
    lesson.in_both_themes(opened.page, opened.page.locator(PANEL), tmp_path, "exercise")
    run(opened, WRITTEN, ENDLESS)
    assert "Incorrect.\nYour mk_pcluster: " in run(opened, WRITTEN_CHECK)
    assert run(opened, HELP, "print(progress())").count(": done") == 1
    lesson.assert_quiet(opened)


def test_a_notebook_that_was_renamed_keeps_its_seed(lab, lab_page):
    opened = lab_page(NAME)
    seed = seed_in(lab.work / NAME)
    run(opened, SETUP)
    assert run(opened, HELP, WHOSE) == f"{seed} {lab.work / NAME}\n"
    opened.page.evaluate(RENAME, "mine.ipynb")
    lesson.restart(opened)
    run(opened, SETUP)
    assert run(opened, HELP, WHOSE).startswith(f"{seed} ")
    opened.page.evaluate(RENAME, NAME.partition("/")[2])
    lesson.assert_quiet(opened)
