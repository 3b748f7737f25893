"""docs/adding-an-exercise.md, followed to the letter in a copy of the project, leads to an exercise that works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COPIED = (
    "docs",
    "exercises",
    "notebooks",
    "solutions",
    "tests",
    "uvmlab",
    "pyproject.toml",
    "kit.py",
)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"^(?:# |<!-- )([\w./-]+)(?: -->)?\n")
LATER = '    "04": '  # what is added to a file stands before this line of it: the exercises are in order
TESTS = "tests/test_check_exercise03.py tests/test_kill_matrix.py tests/test_exercises.py"
FILES = (
    "uvmlab/check/exercises.py uvmlab/check/exercise03.py tests/test_check_exercise03.py "
    "tests/kill_matrix/right03.py tests/kill_matrix/wrong03.py"
)


def follow(root):
    """Do what the blocks of the page say, in their order, but for the whole kill matrix."""
    for language, text in BLOCK.findall((root / "docs/adding-an-exercise.md").read_text()):
        if language == "sh":
            for line in text.splitlines():
                if "kill-matrix" not in line:
                    assert ok(root, line) == ""
            continue
        path = root / PATH.match(text)[1]
        new = PATH.sub("", text)
        old = path.read_text() if path.exists() else LATER
        path.write_text(old.replace(LATER, new + LATER if path.exists() else new, 1))


def ok(root, line):
    """Run a line of the shell; return nothing, or what it said if it failed."""
    bin_ = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(  # noqa: S602  the lines are the page's own
        line,
        shell=True,
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A copy of the project in which the page was followed."""
    root = tmp_path_factory.mktemp("added")
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    follow(root)
    return root


@pytest.mark.parametrize(
    "line",
    [
        f"ruff check {FILES}",
        f"ruff format --check {FILES}",
        "mypy --follow-imports=silent uvmlab/check/exercises.py uvmlab/check/exercise03.py",
        f"python -m pytest -q {TESTS} -k '03 and not nbval'",
        "! python -m pytest -q --nbval --nbval-current-env exercises/03_the_pager_map.ipynb",
    ],
)
def test_whoever_follows_the_page_has_an_exercise_that_works(followed, line):
    assert ok(followed, line) == ""
