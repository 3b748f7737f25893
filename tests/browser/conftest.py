"""One JupyterLab for all browser tests, started as a learner starts it, and a page to drive."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import find_chromium

ROOT = Path(__file__).parents[2]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MILLISECONDS = 60_000  # for whatever a slow machine makes us wait for

# The page says idle before there is a kernel, and Run All is then silently lost: so ask the model.
READY = """() => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  const kernel = widget?.sessionContext?.session?.kernel;
  return !!(widget?.context?.isReady && kernel?.connectionStatus === 'connected'
            && kernel.status === 'idle');
}"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
SHUT_DOWN = "() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()"


class Lab:
    """A running JupyterLab: where it answers, the learner's folder that it serves, and its settings."""

    def __init__(self, address, work, settings):
        self.address, self.work, self.settings = address, work, settings
        self.host, _, self.token = re.fullmatch(
            r"(http://[^/]+)/(.*)\?token=(.*)", address
        ).groups()


class LabPage:
    """A notebook open in the browser; `errors` and `elsewhere` are to stay empty."""

    def __init__(self, lab, context, notebook):
        self.page = context.new_page()
        self.page.set_default_timeout(MILLISECONDS)
        self.errors, self.elsewhere = [], []
        self._host = lab.host
        self.page.on("console", self._hear)
        self.page.on("request", self._see)
        self.page.goto(f"{lab.host}/lab/workspaces/test/tree/{notebook}?reset&token={lab.token}")
        self.page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook")
        self.page.wait_for_function(READY)

    def run_all(self):
        """Run all cells and wait until they are through; return whether none failed."""
        return self.page.evaluate(RUN_ALL)

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
    expose = {"LabApp": {"expose_app_in_browser": True}}
    (settings / "jupyter_lab_config.json").write_text(json.dumps(expose))
    homes = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    homes += ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    words = [sys.executable, "-m", "uvmlab", "lab", "--no-browser"]
    environment = {**os.environ, **dict.fromkeys(homes, str(settings))}
    with subprocess.Popen(
        words, cwd=here, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        said = iter(server.stdout.readline, "")
        address = next(filter(None, (re.search(r"http://\S+", line) for line in said)))[0]
        yield Lab(address, here / "work", settings)
        server.send_signal(signal.SIGINT)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """Debian's Chromium, driven by Playwright, with a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            args=QUIET,
            executable_path=find_chromium(),
            headless=True,
            viewport={"width": 1280, "height": 1000},
        )
        yield browser
        browser.close()


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
