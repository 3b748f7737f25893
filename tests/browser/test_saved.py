"""Saved and exported: with no kernel and no widget manager the last step is there, as a picture and in words."""

import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.sign import NotebookNotary
from playwright.sync_api import expect

from tests.browser import lesson
from uvmlab.commands.notebooks import clean

pytestmark = pytest.mark.browser

# What is shown, and what its words say.
SHOWN = {
    'RunView(world(swap=8).anons(2, slot=1).machine().pager_put("p0 p1"))': "a1: slot 2; p1: dirty, inactive, busy, write-protected",
    'FaultLab(pages=3, aobj="p2")': "named by nobody (lost): none",
    'ClusterLab(pages="DDCDDDA.", center=4)': "Backward it stopped at p2: that page is clean",
    "PagerMapLab()": "asleep in the end",
    "DaemonLab()": "12 of 12 pages are free: enough.",
}
IMPORTS = "from uvmlab import ClusterLab, DaemonLab, FaultLab, PagerMapLab, RunView, world\n"
LOST = "Error displaying widget: model not found"
SIGHT = {"width": 1280, "height": 6000}  # a notebook takes what is out of sight out of the page


@pytest.fixture(scope="module")
def executed():
    """A notebook of a run and all labs, executed with nobody there, as `nbconvert --execute` would."""
    cells = [nbformat.v4.new_code_cell(IMPORTS + what) for what in SHOWN]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    NotebookClient(notebook, store_widget_state=False).execute()
    return nbformat.writes(notebook)


def kept(lab, executed, name, *, tracked=False, trusted=False):
    """Put the notebook into the learner's folder: with its widget views or as it is tracked."""
    notebook = nbformat.reads(executed, as_version=4)
    if tracked:
        clean(notebook)
    if trusted:
        NotebookNotary(data_dir=str(lab.settings)).sign(notebook)
    nbformat.write(notebook, lab.work / name)
    return name


def expect_all(page):
    """Each run is there: picture, caption, and the same in words behind a fold."""
    expect(page.locator("figure")).to_have_count(len(SHOWN))
    for figure, words in zip(page.locator("figure").all(), SHOWN.values(), strict=True):
        image = figure.locator("img")
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
        expect(image).to_have_attribute("alt", re.compile("after its last step; in words below$"))
        expect(figure.locator("figcaption")).to_contain_text("the last of its ")
        for fold in figure.locator("xpath=..").locator("summary").all():
            fold.click()
        expect(figure.locator("xpath=..")).to_contain_text(words)


@pytest.mark.parametrize(
    "how",
    [{"trusted": True, "tracked": True}, {"tracked": True}, {}],
    ids=["trusted and tracked", "tracked", "saved with its widgets by somebody else"],
)
def test_a_saved_notebook_shows_the_last_step_of_each_in_a_lab_that_has_run_nothing(
    lab, lab_page, executed, tmp_path, how
):
    opened = lab_page(kept(lab, executed, "saved.ipynb", **how))
    opened.page.set_viewport_size(SIGHT)
    expect(opened.page.locator("figure")).to_have_count(len(SHOWN))
    opened.page.locator(".jp-Notebook").screenshot(path=tmp_path / "saved.png")
    expect_all(opened.page)
    lesson.assert_quiet(opened)


def test_a_learner_s_own_saved_copy_finds_no_model_until_it_is_run(lab, lab_page, executed):
    opened = lab_page(kept(lab, executed, "own.ipynb", trusted=True))
    opened.page.set_viewport_size(SIGHT)
    expect(opened.page.get_by_text(LOST)).to_have_count(len(SHOWN))
    assert opened.run_all()
    expect(opened.page.get_by_text(LOST)).to_have_count(0)
    expect(opened.page.get_by_role("button", name="Run", exact=True)).to_have_count(3)
    assert not opened.elsewhere


def test_an_export_to_html_shows_the_last_step_of_each_with_no_network(
    chromium, executed, tmp_path
):
    (tmp_path / "saved.ipynb").write_text(executed)
    words = [sys.executable, "-m", "nbconvert", "--to", "html", str(tmp_path / "saved.ipynb")]
    subprocess.run(words, check=True, capture_output=True)
    page = chromium.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto((tmp_path / "saved.html").as_uri())
    page.screenshot(path=tmp_path / "export.png", full_page=True)
    expect_all(page)
    page.close()
