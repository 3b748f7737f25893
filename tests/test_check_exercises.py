"""The exercises: problems by number, three hints each, every name used once."""

import pytest

from uvmlab.check.exercises import NAMES, TIERS, hints, problems

ALL = [problem for number in NAMES for problem in problems(number)]


@pytest.mark.parametrize("problem", ALL, ids=lambda problem: problem.name)
def test_a_problem_has_three_hints_and_points(problem):
    tiers = hints(problem)
    assert len(tiers) == TIERS
    assert all(tiers)
    assert problem.points >= 1
    assert problem.name.startswith(tuple(NAMES))


def test_names_are_used_once():
    for names in ([p.name for p in ALL], [p.wants for p in ALL]):
        assert len(set(names)) == len(names)


def test_an_unknown_exercise_gets_the_legal_numbers():
    legal = f"there is no exercise '99'; there are {', '.join(NAMES)}"
    with pytest.raises(KeyError, match=f'^"{legal}"$'):
        problems("99")
