"""A JupyterLab and a Chromium to measure and to test with: each as a learner has it, with nobody's settings."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

CHROMIUMS: Final = ("chromium", "chromium-browser", "google-chrome")
QUIET: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WINDOW: Final = {"width": 1280, "height": 1000}  # pixels
MILLISECONDS: Final = 60_000  # for whatever a slow machine makes us wait for
HOMES: Final = (
    "IPYTHONDIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
)

# The page says idle before there is a kernel, and Run All is then silently lost: so ask the model.
READY: Final = """() => {
  const widget = window.jupyterapp?.shell?.currentWidget;
  const kernel = widget?.sessionContext?.session?.kernel;
  return !!(widget?.context?.isReady && kernel?.connectionStatus === 'connected'
            && kernel.status === 'idle');
}"""
RUN_ALL: Final = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"


def find_chromium() -> str | None:
    """Return the path of a Chromium of this machine, or None."""
    named = os.environ.get("UVMLAB_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUMS)), None)


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """Start a Chromium, driven by Playwright, with a profile of its own; yield its context."""
    with import_module("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            profile, args=QUIET, executable_path=find_chromium(), headless=True, viewport=WINDOW
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def jupyterlab(checkout: Path, settings: Path) -> Iterator[str]:
    """Serve the copies of this checkout's notebooks as `kit.py lab` does; yield the address."""
    expose = {"LabApp": {"expose_app_in_browser": True}}
    (settings / "jupyter_lab_config.json").write_text(json.dumps(expose))
    words = [sys.executable, "-m", "uvmlab", "lab", "--no-browser"]
    environment = {**os.environ, **dict.fromkeys(HOMES, str(settings))}
    with subprocess.Popen(
        words, cwd=checkout, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        said = iter(server.stdout.readline, "")  # type: ignore[union-attr]
        try:
            yield next(filter(None, (re.search(r"http://\S+", line) for line in said)))[0]
        finally:
            server.send_signal(signal.SIGINT)


def open_notebook(page: Any, address: str, name: str) -> None:
    """Open a notebook of `work/` in a page, and wait until its kernel listens."""
    host, token = re.fullmatch(r"(http://[^/]+)/.*\?token=(.*)", address).groups()  # type: ignore[union-attr]
    page.set_default_timeout(MILLISECONDS)
    page.goto(f"{host}/lab/workspaces/test/tree/{name}?reset&token={token}")
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook")
    page.wait_for_function(READY)
