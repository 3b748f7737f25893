"""A lesson made for a test: a notebook in the learner's folder, and what a browser sees of it."""

import json

import nbformat

SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
CANCELED = "Could not restore the debugger state: Canceled future for debug_request"
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"


def write(lab, name, *cells):
    """Write a notebook of these code cells into the learner's folder; return its name."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=code, metadata=kernel), lab.work / name)
    return name


def saved(lab, opened, name):
    """Save the notebook as the learner does; return its text."""
    opened.page.evaluate(SAVE)
    text = (lab.work / name).read_text()
    assert json.loads(text)["cells"]
    return text


def restart(opened):
    """Restart the kernel.  If JupyterLab's debugger was just asking it something, it complains: no fault of ours."""
    opened.page.evaluate(RESTART)
    opened.errors[:] = [error for error in opened.errors if not error.startswith(CANCELED)]


def assert_quiet(opened):
    """Nothing went wrong in the page, nothing left this machine, and no traceback is shown."""
    assert not opened.errors, opened.errors
    assert not opened.elsewhere, opened.elsewhere
    assert "Traceback" not in opened.page.content()


def tab_to(page, locator):
    """Press Tab until the focus is on what is looked for; fail if it never is."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if locator.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"no number of Tabs leads to {locator}")


def themes(page):
    """Show the page in the dark theme and then in the light one; yield the name of each."""
    for theme in ("Dark", "Light"):
        page.evaluate(THEME, f"JupyterLab {theme}")
        light = str(theme == "Light").lower()
        page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")
        page.wait_for_selector("#jupyterlab-splash", state="detached")
        yield theme.lower()


def in_both_themes(page, locator, folder, name):
    """Take a screenshot in the light and in the dark theme."""
    page.set_viewport_size({"width": 1280, "height": 2200})
    for theme in themes(page):
        locator.screenshot(path=folder / f"{name}-{theme}.png")
    page.set_viewport_size({"width": 1280, "height": 1000})
