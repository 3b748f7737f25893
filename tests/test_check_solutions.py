"""Solutions come from the notebook that the exercise is made from."""

import json

import pytest

from uvmlab.check import solutions
from uvmlab.check.exercises import problems

BOUNDS = problems("04")[2]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(solutions, "FOLDER", tmp_path)
    return tmp_path


def test_what_stands_between_the_markers_is_shown_without_them(folder):
    source = [
        "def bounds():\n",
        "    ### BEGIN SOLUTION\n",
        "    return 1\n",
        "    ### END SOLUTION\n",
    ]
    cell = {"metadata": {"nbgrader": {"grade_id": BOUNDS.name}}, "source": source}
    (folder / "04_clusters.ipynb").write_text(json.dumps({"cells": [{"metadata": {}}, cell]}))
    assert solutions.solution(BOUNDS) == "def bounds():\n    return 1\n"


def test_where_there_is_none_a_sentence_says_so(folder):
    assert "The solutions are not here" in solutions.solution(BOUNDS)
    (folder / "04_clusters.ipynb").write_text(json.dumps({"cells": []}))
    assert solutions.solution(BOUNDS).endswith("04_clusters.ipynb holds no solution of 04-bounds.")
