"""What becomes of the browser tests where there is no browser."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import NO_CHROMIUM
from uvmlab.commands.serving import find_chromium

HERE = Path(__file__).parent


def browser_tests(**environment):
    """Run a file of browser tests where no Chromium can be found; return what pytest says."""
    alone = {
        name: value for name, value in os.environ.items() if name not in {"CI", "UVMLAB_CHROMIUM"}
    }
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            HERE / "browser/test_lab.py",
        ],
        cwd=HERE.parent,
        env=alone | {"PATH": "/nowhere"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_chromium_they_skip_with_one_line_that_says_how_to_get_it():
    done = browser_tests()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(NO_CHROMIUM) == 1
    assert " passed" not in done.stdout


def test_with_ci_the_absence_is_a_failure():
    done = browser_tests(CI="true")
    assert done.returncode == 1
    assert NO_CHROMIUM in done.stdout
    assert "skipped" not in done.stdout


def test_a_chromium_elsewhere_can_be_named(monkeypatch):
    monkeypatch.setenv("UVMLAB_CHROMIUM", "/elsewhere/chromium")
    assert find_chromium() == "/elsewhere/chromium"
