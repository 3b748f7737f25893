"""nbgrader accepts the exercises: generate, autograde and feedback on a small course."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.filled import PROBLEMS, filled, grade_id
from uvmlab.check.exercises import NAMES, problems
from uvmlab.check.submission import NO_SEED
from uvmlab.commands.exercises import CONFIG
from uvmlab.draw import show
from uvmlab.widgets import exercise

ROOT = Path(__file__).parents[1]
HALF = [name for names in PROBLEMS.values() for name in names[::2]]
LEARNERS = {
    "solved": [name for names in PROBLEMS.values() for name in names],
    "half": HALF,
    "unsolved": [],
}
DELETED = "check-04-bounds"  # by the one with half of it


def nbgrader(course, *words):
    """Run one of its commands as an instructor does who has the environment's programs on PATH."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *words]
    environment = os.environ | {"PATH": path, "JUPYTER_CONFIG_DIR": str(course / "settings")}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stderr.decode()


def submit(course, learner, answered):
    """Hand both exercises in; one check cell has been deleted from one of them, and their seeds are the learner's."""
    folder = course / "submitted" / learner / "ex"
    folder.mkdir(parents=True)
    for number, name in NAMES.items():
        notebook = filled(number, answered)
        notebook["metadata"]["uvmlab"] = {"seed": learner}
        if learner == "half":
            cells = notebook["cells"]
            notebook["cells"] = [cell for cell in cells if grade_id(cell) != DELETED]
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with both exercises in one assignment and three learners, graded, with feedback."""
    here = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / CONFIG, here)
    (here / "source/ex").mkdir(parents=True)
    for name in NAMES.values():
        shutil.copy(ROOT / f"solutions/{name}.ipynb", here / "source/ex")
    nbgrader(here, "generate_assignment", "ex")
    for learner, answered in LEARNERS.items():
        submit(here, learner, answered)
    nbgrader(here, "autograde", "ex")
    nbgrader(here, "generate_feedback", "ex")
    return here


@pytest.mark.parametrize("name", NAMES.values())
def test_what_it_generates_are_the_bytes_of_the_tracked_exercise(course, name):
    release = course / "release/ex" / f"{name}.ipynb"
    assert release.read_bytes() == (ROOT / "exercises" / f"{name}.ipynb").read_bytes()


@pytest.mark.parametrize(("learner", "answered"), LEARNERS.items())
def test_it_gives_the_points_of_what_is_solved_and_no_others(course, learner, answered):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        submission = book.find_submission("ex", learner)
        given = {
            each.name: each.auto_score for part in submission.notebooks for each in part.grades
        }
    assert given == {
        f"check-{problem.name}": problem.points if problem.name in answered else 0
        for number in NAMES
        for problem in problems(number)
    }


def outputs(course, learner):
    """Yield each output of a graded submission with its cell's name."""
    for name in NAMES.values():
        graded = course / "autograded" / learner / "ex" / f"{name}.ipynb"
        for cell in json.loads(graded.read_text())["cells"]:
            for output in cell.get("outputs", []):
                yield grade_id(cell), output


@pytest.mark.parametrize("learner", LEARNERS)
def test_no_cell_writes_to_stderr_and_no_check_returns_anything(course, learner):
    found = list(outputs(course, learner))
    assert [output for _, output in found if output.get("name") == "stderr"] == []
    assert [
        output
        for name, output in found
        if name.startswith("check-") and output["output_type"] == "execute_result"
    ] == []


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_worlds_are_those_of_the_learner_s_own_seed(course, learner):
    shown = [
        "".join(output["data"]["text/plain"])
        for _, output in outputs(course, learner)
        if output["output_type"] == "execute_result"
    ]
    for number in NAMES:
        own, nobody = (repr(show(exercise(number, seed)[0].world)) for seed in (learner, NO_SEED))
        assert own in shown
        assert (nobody in shown) is (nobody == own)  # some worlds look alike


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_feedback_holds_the_sentence_of_each_check(course, learner):
    for number, name in NAMES.items():
        html = (course / "feedback" / learner / "ex" / f"{name}.html").read_text()
        answered = [each for each in PROBLEMS[number] if each in LEARNERS[learner]]
        assert html.count("Not attempted: there is no") == len(PROBLEMS[number]) - len(answered)
        assert html.count("<pre>Correct.") == len(answered)
