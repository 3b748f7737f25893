"""The half that judges: points and sentences from plain data, which may be forged."""

import json

import pytest

from uvmlab.check import grading
from uvmlab.check.exercises import problems
from uvmlab.check.grading import ENDLESS, Row, judge, judged, sentence, verdict
from uvmlab.check.watched import Heard

PROBLEMS = {problem.wants: problem for problem in problems("04")}
BOUNDS = PROBLEMS["bounds"]
RIGHT = [{"returned": [*BOUNDS.right(*case)]} for case in BOUNDS.cases("grader")]


def told(answers, **more):
    found = {"trouble": None, "stub": False, "changed": None, "printed": "", "lost": None}
    return found | {"name": BOUNDS.name, "answers": answers} | more


def heard(*answers, lost=None):
    return json.dumps([answers, "", lost]).encode()


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (told(RIGHT), ""),
        (told(RIGHT, trouble="In its cell it raised Late"), ""),
        (told([{"returned": 3}, *RIGHT[1:]]), "bounds([True], 0, 0, 1) returned 3, and should"),
        (told(RIGHT[:9]), "Your bounds: it gave no answer."),
        (told(RIGHT[:9], lost="it went"), "Your bounds: it went."),
        (told(RIGHT[:9], lost="it went", trouble="Oh"), "Oh. Your bounds: it went."),
        (told([], stub=True), "Not attempted."),
        (told([], stub=True, trouble="Its cell is gone"), "Its cell is gone."),
        (told(RIGHT, changed="uvmlab.x"), "It changes uvmlab.x, and an answer must leave uvmlab"),
        (told([3] * len(RIGHT)), "Its answer has the wrong form (TypeError)."),
        (told([{}] * len(RIGHT)), "Its answer has the wrong form (KeyError)."),
    ],
)
def test_an_answer_is_right_or_gets_a_sentence(found, says):
    said = verdict(BOUNDS, found, "grader")
    assert said.startswith(says)
    assert bool(said) == bool(says)


def test_a_notebook_gets_points_for_each_question():
    whole = {"exercise": "04", "seed": "anna"}
    foresee = told([PROBLEMS["few_pages"].right(PROBLEMS["few_pages"].world("anna"))])
    found = heard(whole, foresee | {"name": "04-foresee"}, told(RIGHT), lost="it went")
    assert list(judged(found, "grader")) == [
        {"reason": "it went"},
        whole,
        {"name": "04-foresee", "points": 0, "wrong": ENDLESS},
        {"name": "04-foresee", "points": 1, "wrong": ""},
        {"name": "04-bounds", "points": 0, "wrong": ENDLESS},
        {"name": "04-bounds", "points": 2, "wrong": ""},
    ]
    assert list(judged(found, "grader", {"04-foresee"})) == [
        {"reason": "it went"},
        whole,
        {"name": "04-bounds", "points": 0, "wrong": ENDLESS},
        {"name": "04-bounds", "points": 2, "wrong": ""},
    ]


def test_one_that_cannot_be_read_and_one_that_said_nothing_get_none():
    assert list(judged(heard({"unreadable": "it is empty"}), "g")) == [{"reason": "it is empty"}]
    assert list(judged(heard(lost="it raised MemoryError"), "g")) == [
        {"reason": "it raised MemoryError"}
    ]
    assert list(judged(b"", "g")) == []


def test_a_row_is_filled_and_told_in_words():
    found = heard({"exercise": "04", "seed": "anna"}, told(RIGHT), told([], stub=True))
    row = judge(Row("anna", "anna.ipynb"), Heard(found, "oh\n", None), "grader")
    assert (row.exercise, row.seed, row.printed, row.reason) == ("04", "anna", "oh", "")
    assert (row.points, row.wrong) == ({"04-bounds": 0}, {"04-bounds": "Not attempted."})
    assert (row.total, row.of, row.words) == (0, 10, "q3: Not attempted.")
    assert Row.from_json(json.loads(json.dumps(row.to_json()))) == row


def test_what_became_of_its_supervisor_is_the_reason():
    row = judge(Row("anna", "anna.ipynb", "04"), Heard(b"", "", "it killed it"), "grader")
    assert (row.reason, row.words, row.of) == ("it killed it", "it killed it.", 10)


def test_an_answer_that_cannot_be_judged_in_time_costs_no_other(monkeypatch):
    def forever(problem, told, seed):
        while problem is not BOUNDS:
            pass
        return ""

    monkeypatch.setattr(grading, "verdict", forever)
    monkeypatch.setattr(grading, "QUIET", 0.3)
    whole = {"exercise": "04", "seed": "anna"}
    found = heard(whole, *({"name": name} for name in ("04-foresee", "04-bounds", "04-smallest")))
    row = judge(Row("anna", "anna.ipynb"), Heard(found, "", None), "grader")
    assert row.points == {"04-foresee": 0, "04-bounds": 2, "04-smallest": 0}
    assert row.wrong == {"04-foresee": ENDLESS, "04-smallest": ENDLESS}
    assert row.reason == ""


def test_what_is_no_answer_at_all_is_given_up():
    row = judge(Row("anna", "anna.ipynb"), Heard(b"rubbish", "", None), "grader")
    assert row.reason.startswith("its answers cannot be judged: it raised JSONDecodeError")


def test_a_sentence_is_one_line_and_not_too_long():
    assert sentence("a\n b\x1b[2Jc\udcff\u202e") == "a b [2Jc"
    assert len(sentence("x" * 10**6)) == 400
