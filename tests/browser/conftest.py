"""One JupyterLab for all browser tests, started as a learner starts it, and a page to drive."""

import re
import shutil
from pathlib import Path

import pytest

from uvmlab.commands import serving

ROOT = Path(__file__).parents[2]
SHUT_DOWN = "() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()"

SLOW = 20_000  # milliseconds until what is expected must be there, on a machine that has much else to do


class Lab:
    """A running JupyterLab: where it answers, the learner's folder that it serves, and its settings."""

    def __init__(self, address, work, settings):
        self.address, self.work, self.settings = address, work, settings


class LabPage:
    """A notebook open in the browser; `errors` and `elsewhere` are to stay empty."""

    def __init__(self, lab, context, notebook):
        self.page = context.new_page()
        self.errors, self.elsewhere = [], []
        self._host = re.match("http://[^/]+", lab.address)[0]
        self.page.on("console", self._hear)
        self.page.on("request", self._see)
        serving.open_notebook(self.page, lab.address, notebook)

    def run_all(self):
        """Run all cells and wait until they are through; return whether none failed."""
        return self.page.evaluate(serving.RUN_ALL)

    def close(self):
        self.page.evaluate(SHUT_DOWN)  # the next test starts with a new kernel
        self.page.close()

    def _hear(self, message):
        if message.type == "error":
            self.errors.append(message.text)

    def _see(self, request):
        near = (self._host, self._host.replace("http", "ws", 1), "data:", "blob:")
        if not request.url.startswith(near):
            self.elsewhere.append(request.url)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the checkout's notebooks, with no settings of this user's."""
    here = tmp_path_factory.mktemp("checkout")
    for name in ("notebooks", "exercises"):
        shutil.copytree(ROOT / name, here / name)
    (here / "kit.py").touch()  # what makes it a checkout
    settings = here / "settings"
    settings.mkdir()
    with serving.jupyterlab(here, settings) as address:
        yield Lab(address, here / "work", settings)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """Debian's Chromium, driven by Playwright, with a profile of its own."""
    from playwright.sync_api import expect

    expect.set_options(timeout=SLOW)
    with serving.chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def lab_page(lab, chromium):
    """A function that opens a notebook of `work/` ("notebooks/00_tour.ipynb") and returns a `LabPage`."""
    opened = []

    def open_notebook(name):
        opened.append(LabPage(lab, chromium, name))
        return opened[-1]

    yield open_notebook
    for page in opened:
        page.close()
