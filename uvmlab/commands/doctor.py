"""`python -m uvmlab doctor`: what works here, and what to do about the rest."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from queue import Empty
from typing import Final

from uvmlab.commands.parser import Parser
from uvmlab.draw import render

AGAIN: Final = "delete .venv, then `python3 kit.py lab` installs it again"
SECONDS: Final = 60  # for a kernel or a renderer on a slow machine


class Missing(Exception):
    """Something does not work: what, and what to do."""


def main(argv: list[str]) -> int:
    """Print a line for each thing that the lab needs; return 1 when one is missing."""
    Parser(prog="python -m uvmlab doctor", description=__doc__).parse_args(argv)
    lines = [examine(name, check) for name, check in CHECKS.items()]
    print("\n".join(lines))
    return int(any(line.startswith("missing") for line in lines))


def examine(name: str, check: Callable[[], str]) -> str:
    """Return the line about one thing: ok and what it is, or missing and what to do."""
    try:
        return f"ok       {name}: {check()}"
    except Missing as missing:
        return f"missing  {name}: {missing}"


def python() -> str:
    """Say which Python runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{version}, {sys.executable}"


def renderer() -> str:
    """Say which program draws, after it has drawn."""
    try:
        render.render("digraph { a }", seconds=SECONDS)
    except render.RenderError as error:  # it says itself what to do
        raise Missing(str(error)) from error
    return render.renderer()


def kernel() -> str:
    """Say that a Jupyter kernel starts and can count."""
    from jupyter_client.manager import start_new_kernel  # noqa: PLC0415 -- only here

    try:
        manager, client = start_new_kernel(
            startup_timeout=SECONDS, kernel_name="python3", stderr=subprocess.DEVNULL
        )
    except (OSError, RuntimeError) as error:
        raise Missing(f"no kernel starts ({error}): {AGAIN}") from error
    try:
        reply = client.execute_interactive(
            "", user_expressions={"sum": "1+1"}, allow_stdin=False, timeout=SECONDS
        )
        answer = reply["content"]["user_expressions"]["sum"]["data"]["text/plain"]
    except (Empty, KeyError, TimeoutError) as error:
        raise Missing(f"the kernel does not answer ({error!r}): {AGAIN}") from error
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return f"it starts, and 1+1 is {answer}"


def widgets() -> str:
    """Say that both kinds of widget load, in Python and in JupyterLab."""
    from jupyter_core.paths import jupyter_path  # noqa: PLC0415 -- only here

    found = []
    for package, extension in EXTENSIONS.items():
        try:
            module = import_module(package)
        except ImportError as error:
            raise Missing(f"{package} does not import ({error}): {AGAIN}") from error
        if not any(
            Path(p, extension, "package.json").is_file() for p in jupyter_path("labextensions")
        ):
            raise Missing(f"JupyterLab has no extension {extension}: {AGAIN}")
        found.append(f"{package} {module.__version__}")
    return ", ".join(found)


def work() -> str:
    """Say where a learner's copies and answers go."""
    named = os.environ.get("UVMLAB_WORK")
    folder = Path(named or "work").absolute()
    there = folder if folder.exists() else folder.parent
    try:
        with tempfile.TemporaryFile(dir=there):
            return f"{folder} can be written"
    except OSError as error:
        raise Missing(f"{there} cannot be written ({error}): use a folder of your own") from error


EXTENSIONS: Final = {"ipywidgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}
CHECKS: Final = {
    "Python": python,
    "renderer": renderer,
    "kernel": kernel,
    "widgets": widgets,
    "work": work,
}
