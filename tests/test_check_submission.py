"""A submission is read as JSON: which cells are its own, whose it is, and a sentence for what is none."""

import json

import pytest

from tests.submissions import cell, notebook
from uvmlab.check.exercises import NAMES, problems
from uvmlab.check.submission import NO_SEED, Unreadable, read, seed_of

BOUNDS = {problem.wants: problem for problem in problems("04")}["bounds"]
KNOWN = ", ".join(NAMES.values())


def test_the_exercise_is_told_by_its_cells_and_the_seed_by_the_metadata():
    found = read(notebook(cell("x = 1", "06-freed"), uvmlab={"seed": 17}))
    assert (found.exercise, found.seed) == ("06", "17")
    assert found.cells == [(0, "06-freed", "x = 1")]


@pytest.mark.parametrize("metadata", [{}, {"uvmlab": {}}, {"uvmlab": None}, {"uvmlab": 3}])
def test_a_notebook_without_a_seed_is_nobody_s(metadata):
    assert seed_of({"metadata": metadata}) == NO_SEED
    assert seed_of([]) == NO_SEED


def test_for_a_problem_all_above_is_run_and_what_follows_up_to_the_next_cell_of_ours():
    found = read(
        notebook(
            cell("setup"),
            cell("words", kind="markdown"),
            cell(["a\n", "b"], "04-foresee"),
            cell("q1.check()", "check-04-foresee"),
            cell("helper", "some-other-name"),
            cell("bounds", "04-bounds"),
            cell("more"),
            cell("q3.check()", "check-04-bounds"),
            cell("q3.hint()"),
            cell("whole", "04-mk_pcluster"),
        )
    )
    sources = [each.source for each in found.above(BOUNDS)]
    assert sources == ["setup", "a\nb", "helper", "bounds", "more"]
    assert found.own(BOUNDS).source == "bounds"


def test_of_two_cells_with_its_name_the_last_is_its_own():
    found = read(notebook(cell("one", "04-bounds"), cell("two", "04-bounds"), cell("three")))
    assert found.own(BOUNDS).source == "two"
    assert [each.source for each in found.above(BOUNDS)] == ["one", "two", "three"]


def test_without_a_cell_of_its_own_all_are_run():
    found = read(notebook(cell("one", "04-foresee"), cell("two", "check-04-foresee"), cell("3")))
    assert found.own(BOUNDS) is None
    assert [each.source for each in found.above(BOUNDS)] == ["one", "3"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b" \n", "the notebook is empty"),
        (b"import this", "it is no notebook, which is JSON: Expecting value"),
        (b"\xff\xfe\xfd", "it is no notebook, which is JSON: 'utf-16-le' codec"),
        (b"[" * 100_000, "it is no notebook, which is JSON: maximum recursion depth"),
        (b"[]", "it is JSON, but no notebook"),
        (b"{}", "it is JSON, but no notebook"),
        (b'{"cells": [3]}', "it is JSON, but no notebook"),
        (notebook(cell(3)), "it is JSON, but no notebook"),
        (notebook({"cell_type": "code", "metadata": [], "source": ""}), "but no notebook"),
        (notebook(), "there is no code cell in it"),
        (notebook(cell("words", kind="markdown")), "there is no code cell in it"),
        (
            notebook(cell("1 + 1", "some-cell")),
            f"no cell of an exercise is in it; there are {KNOWN}$",
        ),
    ],
)
def test_what_is_no_submission_gets_a_sentence(content, why):
    with pytest.raises(Unreadable, match=f"^.*{why}"):
        read(content)


def test_what_there_is_no_memory_for_gets_a_sentence(monkeypatch):
    def none_left(content):
        raise MemoryError

    monkeypatch.setattr(json, "loads", none_left)
    with pytest.raises(Unreadable, match="^it is too large to be read$"):
        read(b"{}")
