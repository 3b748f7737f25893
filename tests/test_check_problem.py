"""A problem's outcome: right, wrong on the smallest case found, or not attempted."""

from dataclasses import dataclass

import pytest

from uvmlab.check.child import Said
from uvmlab.check.exercises import problems
from uvmlab.check.problem import Correct, Incorrect, NotAttempted, Problem, is_stub, plain


@dataclass(frozen=True)
class Twice(Problem):
    def cases(self, seed):
        return [5, 3, 1]

    def answers(self, value, cases):
        print("said")
        for case in cases:
            yield value(case)

    def wrong(self, answer, case, seed):
        if answer != 2 * case:
            yield f"{case}: {answer}"

    def size(self, case):
        return case


ALL = {problem.wants: problem for problem in problems("04")}
TWICE = Twice("00-twice", "Twice as much", "twice", 1)


def check(answer):
    return TWICE.check({"twice": answer}, "seed", quiet=0.3)


def test_right_on_all_cases_is_correct():
    assert check(lambda n: n + n) == Correct(3)


def test_the_smallest_case_that_is_wrong_is_told():
    assert check(lambda n: n * n) == Incorrect(("1: 1",), 1, "said\n")


def test_what_was_not_answered_is_wrong_in_the_case_it_was_at():
    def loops_at_three(n):
        while n == 3:
            pass
        return 2 * n

    found = check(loops_at_three)
    assert found.case == 3
    assert found.whys == (
        "Your twice: it gave no answer for 0.3 seconds (does a loop never end?).",
    )


def test_one_that_says_it_is_done_but_has_not_answered_all_is_wrong():
    assert TWICE.judged(Said([10], "", None), [5, 3, 1], "seed") == Incorrect(
        ("Your twice: it gave no answer.",), 3, answered=False
    )


@pytest.mark.parametrize("forged", [[None, 3, 1], [{}], 5])
def test_a_forged_answer_is_wrong_and_no_error(forged):
    found = TWICE.judged(Said(forged, "", None), [5, 3, 1], "seed")
    assert isinstance(found, Incorrect)
    whole = ALL["mk_pcluster"]
    cases = whole.cases("seed")
    assert whole.judged(Said([{}] * len(cases), "oh", None), cases, "seed") == Incorrect(
        ("Its answer has the wrong form (KeyError).",), None, "oh", answered=False
    )


def test_a_sentence_that_quotes_a_long_answer_is_cut():
    (why,) = TWICE.judged(Said(["x" * 10**6], "", None), [5], "seed").whys
    assert len(why) == 1000


def documented_stub(n):
    """Return twice as much."""


@pytest.mark.parametrize("stub", [..., None, documented_stub, lambda n: ..., lambda n: None])
def test_what_stood_there_before_is_no_attempt(stub):
    assert is_stub(stub)
    assert check(stub) == NotAttempted("there is no twice yet")


def test_a_name_that_is_not_there_is_no_attempt():
    assert TWICE.check({}, "seed") == NotAttempted("there is no twice yet")


@pytest.mark.parametrize("value", [0, "", [], lambda n: n, lambda n: 1, len, lambda: [].append(1)])
def test_anything_else_is_an_attempt(value):
    assert not is_stub(value)


def test_values_become_plain_and_what_cannot_is_told_by_its_type():
    assert plain([1, (2.5, "a"), {3, 1}, {4: None}, range(2), True]) == [
        1,
        [2.5, "a"],
        [1, 3],
        {"4": None},
        [0, 1],
        True,
    ]
    assert plain({1: [{2}]}, sets=False) == {"1": ["a set"]}
    assert plain(object()) == "a object"
    assert plain(1 << 80) == str(1 << 80)
    endless = []
    endless.append(endless)
    assert plain(endless) == [[[[[["a list"]]]]]]


def test_a_problem_says_what_its_kinds_must():
    bare = Problem("00-bare", "Bare", "bare", 1)
    for call in (lambda: bare.cases(""), lambda: bare.answers(1, []), lambda: bare.wrong(1, 1, "")):
        with pytest.raises(NotImplementedError, match="^$"):
            call()
