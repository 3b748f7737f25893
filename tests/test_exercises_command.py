"""`python -m uvmlab exercises`: made from the solutions, and in step with them."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.filled import tracked
from uvmlab.check.exercises import NAMES
from uvmlab.commands import exercises

ROOT = Path(__file__).parents[1]
NAME = "04_clusters.ipynb"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with one solution and its exercise, and the current directory in it."""
    for folder in ("notebooks", "solutions", "exercises", "docs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "kit.py").touch()
    for name in (f"solutions/{NAME}", f"exercises/{NAME}", exercises.CONFIG):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tracked_exercises_are_in_step_with_the_solutions(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert exercises.main(["--check"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"exercises/{name}.ipynb: the same" for name in NAMES.values()
    ]


def test_an_exercise_out_of_step_is_named_and_left_or_made_anew(checkout, capsys):
    exercise = checkout / "exercises" / NAME
    right = exercise.read_bytes()
    exercise.write_bytes(right.replace(b"Clusters", b"Flusters"))
    assert exercises.main(["--check"]) == 1
    assert capsys.readouterr().out == f"exercises/{NAME}: would change\n"
    assert exercise.read_bytes() != right
    assert exercises.main([]) == 0
    assert capsys.readouterr().out == f"exercises/{NAME}: made\n"
    assert exercise.read_bytes() == right


def test_an_exercise_that_is_missing_is_made(checkout, capsys):
    (checkout / "exercises" / NAME).unlink()
    assert exercises.main(["--check"]) == 1
    assert exercises.main([]) == 0
    assert (checkout / "exercises" / NAME).read_bytes() == (ROOT / "exercises" / NAME).read_bytes()


def test_an_exercise_without_a_solution_is_named(checkout, capsys):
    (checkout / "solutions" / NAME).unlink()
    assert exercises.main([]) == 1
    assert capsys.readouterr().out == f"exercises/{NAME}: there is no solution of that name\n"


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (lambda text: text.replace("### END SOLUTION", "### EMD"), "no end solution"),
        (lambda text: text.replace('"solution": true', '"solution": false'), "non-solution cell"),
        (lambda _: "{", "Notebook does not appear to be JSON"),
        (lambda _: "[]", "object"),
    ],
)
def test_a_solution_of_which_nothing_can_be_made_gets_a_sentence(checkout, capsys, broken, why):
    solution = checkout / "solutions" / NAME
    solution.write_text(broken(solution.read_text()))
    before = (checkout / "exercises" / NAME).read_bytes()
    assert exercises.main([]) == 1
    (said,) = capsys.readouterr().out.splitlines()
    assert said.startswith(f"solutions/{NAME}: no exercise can be made of it: ")
    assert why in said
    assert (checkout / "exercises" / NAME).read_bytes() == before


def test_what_running_a_solution_leaves_behind_does_not_reach_the_exercise(checkout):
    solution = checkout / "solutions" / NAME
    notebook = json.loads(solution.read_text())
    for cell in notebook["cells"]:
        cell["metadata"]["execution"] = {"iopub.status.busy": "12:00"}
    notebook["metadata"]["language_info"]["version"] = "3.12.1"
    solution.write_text(json.dumps(notebook))
    assert exercises.main(["--check"]) == 0


@pytest.mark.parametrize("number", NAMES)
def test_an_exercise_keeps_the_cells_ids_and_has_no_outputs(number):
    solution, exercise = tracked("solutions", number), tracked("exercises", number)
    assert [cell["id"] for cell in exercise["cells"]] == [cell["id"] for cell in solution["cells"]]
    code = [cell for cell in exercise["cells"] if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)


def test_without_nbgrader_it_says_what_to_do(checkout, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader.converters", None)
    with pytest.raises(SystemExit, match="2"):
        exercises.main(["--check"])
    assert capsys.readouterr().err == f"python -m uvmlab exercises: {exercises.NO_NBGRADER}\n"
