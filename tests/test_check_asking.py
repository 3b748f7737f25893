"""A submission's cells are run, and each question is asked in a child: plain data comes out, and nothing is judged."""

import json
import sys

import pytest

import uvmlab
from tests.submissions import BOUNDS, SETUP, cell, notebook
from uvmlab.check import answers, kinds
from uvmlab.check.asking import (
    ANSWER,
    CELL,
    CHANGED,
    STUB,
    answered,
    asked,
    changed,
    marks,
    namespace,
    run,
    seed_for,
)
from uvmlab.check.exercises import problems
from uvmlab.check.submission import Cell, read

PROBLEMS = {problem.wants: problem for problem in problems("04")}
PROBLEM = PROBLEMS["bounds"]
CASES = PROBLEM.cases("tests")


@pytest.fixture(autouse=True)
def as_in_a_child(monkeypatch):
    """What is for good in a child is undone here."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    for name in ("exercise", "progress", "show"):
        monkeypatch.setitem(vars(uvmlab), name, None)


def told(*cells, leave_out=()):
    found = list(answered(read(notebook(*cells)), PROBLEM, CASES, {*leave_out}))
    return {kind: [each for other, each in found if other == kind] for kind, _ in found}


def test_a_grader_asks_about_the_learner_s_own_world_and_else_about_cases_that_nobody_has_seen():
    assert seed_for(PROBLEMS["few_pages"], "anna", "grader") == "anna"
    assert seed_for(PROBLEM, "anna", "grader") == "grader"


def test_cells_are_run_and_the_question_is_asked():
    found = told(cell(SETUP), cell("1 / 0"), cell(BOUNDS, "04-bounds"))
    assert found[CELL] == [None, "it raised ZeroDivisionError: division by zero", None]
    assert (found[STUB], found[CHANGED]) == ([False], [None, None])
    assert found[ANSWER][0] == {"returned": [0, 1]}
    assert len(found[ANSWER]) == len(CASES)


def test_a_stub_is_not_asked():
    found = told(cell("def bounds(takes, center, lo, hi):\n    ...", "04-bounds"))
    assert found == {CELL: [None], STUB: [True], CHANGED: [None]}


def test_a_cell_that_is_left_out_is_not_run():
    assert told(cell("bounds = 3", "04-bounds"), leave_out=[0])[STUB] == [True]


def test_a_part_of_uvmlab_that_is_not_what_it_was_is_named(monkeypatch):
    before = marks()
    assert changed(before) is None
    with monkeypatch.context() as patch:
        patch.setattr(kinds, "observed", None)
        assert changed(before) == "uvmlab.check.kinds.observed"
    with monkeypatch.context() as patch:
        patch.setattr(answers.Answers, "get", None)
        assert changed(before) == "uvmlab.check.answers.Answers.get"
    with monkeypatch.context() as patch:
        patch.setattr(kinds.joined, "__code__", (lambda case, machine: None).__code__)
        assert changed(before) == "uvmlab.check.kinds.joined"
    assert changed(before) is None


def names(**metadata):
    return namespace(read(notebook(cell("", "04-bounds"), **metadata)))


def test_the_names_of_the_first_cell_are_there_without_it():
    found = names(uvmlab={"seed": "anna"})
    assert found["q1"].world.to_json() == PROBLEMS["few_pages"].world("anna").to_json()
    assert found["PG_BUSY"] > 0
    assert found["world"](swap=64)
    assert found["show"](found["q1"].world, anything=True) is found["display"]() is None
    assert found["exercise"]("04") == tuple(found[f"q{i}"] for i in range(1, 6))
    assert {id(each) for each in vars(sys.modules["__main__"]).values()} >= {id(found["q5"])}


def test_checks_and_hints_do_nothing_and_may_be_replaced_to_no_effect(monkeypatch):
    question = names()["q3"]
    before = marks()
    assert question.check() is question.hint() is question.solution() is None
    question.check = 3
    monkeypatch.setattr(type(question), "check", print)
    assert changed(before) is None


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x = 1", None),
        ("%matplotlib inline\n%time x = 1\n!ls\n  \nx = 2", None),
        ("%%time\nif True:\n    !ls\n    x = 1\nworld?", None),
        ("x = 7\nx = (x\n% 4)", None),
        ("raise SystemExit", "it raised SystemExit"),
        ("x = ", "it raised SyntaxError: invalid syntax (<cell 04-bounds>, line 1)"),
        ("import nothing_like_it", "it raised ModuleNotFoundError: No module named"),
    ],
)
def test_a_cell_fails_in_words(source, says):
    names = {}
    found = run(Cell(0, "04-bounds", source), names)
    assert found == says or found.startswith(says)
    assert ("x" in names) == (says is None)


def test_all_questions_of_a_notebook_are_asked_one_after_the_other():
    whole, *found = asked(
        notebook(
            cell(SETUP), cell("few_pages = [1]", "04-foresee"), cell(BOUNDS, "04-bounds"),
            cell("raise ValueError('no')", "04-smallest"), uvmlab={"seed": 5},
        ), "grader", 2,
    )  # fmt: skip
    assert whole == {"exercise": "04", "seed": "5"}
    assert [each["name"] for each in found] == [problem.name for problem in problems("04")]
    by_name = {each["name"]: each for each in found}
    assert by_name["04-foresee"]["answers"] == [[1]]
    assert by_name["04-active"]["trouble"] == "Its cell is not in the notebook"
    assert len(by_name["04-bounds"]["answers"]) == len(CASES)
    assert by_name["04-smallest"] == {
        "name": "04-smallest",
        "trouble": "In its cell it raised ValueError: no",
        "stub": True,
        "changed": None,
        "answers": [],
        "printed": "",
        "lost": None,
    }
    json.dumps(found)


def test_what_cannot_be_read_is_said_and_nothing_is_asked():
    assert list(asked(b"", "grader", 1)) == [{"unreadable": "the notebook is empty"}]


def test_a_cell_that_ends_the_program_is_left_out_from_then_on_but_not_ever_more_of_them():
    ends = "import os\nos._exit(3)"
    _, *found = asked(
        notebook(*[cell(ends)] * 2, cell(ends, "04-foresee"), cell(BOUNDS, "04-bounds")), "g", 2
    )
    first, _, bounds, *_ = found
    assert first["trouble"] == "In its cell it left with exit code 3"
    assert bounds["trouble"] is None
    assert bounds["answers"]
    _, first, *_ = asked(notebook(*[cell(ends)] * 4, cell("few_pages = [1]", "04-foresee")), "g", 2)
    assert (first["lost"], first["answers"], first["stub"]) == (
        "it left with exit code 3",
        [],
        False,
    )
