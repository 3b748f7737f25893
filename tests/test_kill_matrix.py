"""The kill matrix: a wrong answer that passes, or a right one that does not, fails here."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.kill_matrix import matrix, right04, table
from tests.kill_matrix.matrix import EQUIVALENT, PROBLEMS, RIGHT, WORLDS, row, wrong_answers
from uvmlab.check.cases import cluster_cases
from uvmlab.check.drops import drop_cases
from uvmlab.check.kinds import Build, Foresee, Inside, Write
from uvmlab.check.problem import Correct, Incorrect, NotAttempted
from uvmlab.kernel.flags import PG, PGO, PQ

PAGE = Path(__file__).parents[1] / "docs" / "kill-matrix.md"
SEEDS = 500  # fewer, and chance alone makes one of twelve answers look like a good guess
FORESEEN = [name for name, problem in PROBLEMS.items() if isinstance(problem, Foresee)]
WRITTEN = [name for name in PROBLEMS if name not in FORESEEN]
each_question = pytest.mark.parametrize("name", PROBLEMS)


@each_question
def test_each_wrong_answer_and_each_mutant_is_rejected_but_for_those_that_are_listed(name):
    assert row(name).survivors == []


@each_question
def test_the_solution_is_accepted_and_what_is_right_in_another_way(name):
    assert row(name).refused == []


@each_question
def test_the_stub_is_no_attempt_and_the_solution_is_right_on_all_cases(name):
    found = row(name)
    assert isinstance(found.stub, NotAttempted)
    assert isinstance(found.solution, Correct)
    assert found.solution.cases == len(PROBLEMS[name].cases(matrix.SEED))


@each_question
def test_a_prediction_and_a_world_are_one_case_and_code_is_tried_on_many(name):
    least = {Foresee: 1, Build: 1, Write: 60, Inside: 120}[type(PROBLEMS[name])]
    tried = len(PROBLEMS[name].cases(matrix.SEED))
    assert tried == 1 if least == 1 else tried > least


@each_question
def test_what_is_made_is_an_answer_and_no_accident(name):
    wrong = wrong_answers(PROBLEMS[name])
    assert [mistake for mistake, value in wrong.items() if isinstance(value, Exception)] == []
    assert len(wrong) >= (3 if name in FORESEEN else 8)
    assert len(RIGHT.get(name, {})) == (0 if name in FORESEEN else 3)
    assert row(name).mutants


@pytest.mark.parametrize("name", FORESEEN)
def test_no_mistake_in_a_prediction_is_lucky_in_anybody_s_world(name):
    wrong = row(name).wrong
    assert [*wrong] == [*wrong_answers(PROBLEMS[name])]
    assert {type(outcome) for outcome in wrong.values()} == {Incorrect}


@pytest.mark.parametrize("name", FORESEEN)
def test_a_guess_that_is_right_in_one_of_the_worlds_is_a_survivor(name, monkeypatch):
    problem = PROBLEMS[name]
    lucky = problem.right(problem.world("7"))
    monkeypatch.setattr(matrix, "LEARNERS", 9)
    monkeypatch.setitem(
        matrix.WRONG, name, {"a guess": lambda seen: lucky, "no answer": lambda seen: []}
    )
    found = replace(row(name), wrong=matrix.in_all_worlds(problem), mutants={})
    assert found.survivors == ["a guess"]


@pytest.mark.parametrize("name", FORESEEN)
def test_no_guess_is_right_for_more_than_one_learner_in_seven(name):
    problem = PROBLEMS[name]
    found = Counter(str(problem.right(problem.world(str(seed)))) for seed in range(SEEDS))
    assert found.most_common(1)[0][1] < SEEDS / 7


def test_few_mutants_are_listed_and_each_is_one():
    assert list(table.complaints([row(name) for name in PROBLEMS])) == []
    listed = {name: len(mutants) for name, mutants in EQUIVALENT.items()}
    made = {name: len(row(name).mutants) for name in WRITTEN}
    assert sum(listed.values()) <= 0.05 * sum(made.values())
    assert [name for name in listed if listed[name] > 0.05 * made[name]] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_an_endless_mutant_is_stopped_by_its_calls_if_it_makes_some(name):
    if isinstance(PROBLEMS[name], Inside):
        assert row(name).stopped(matrix.BY_CLOCK) == 0
    else:
        assert row(name).stopped(matrix.BY_EVENTS) == 0


def test_an_equivalent_mutant_agrees_with_the_solution_on_more_worlds():
    told = list(matrix.agreeing(10))
    assert [each for each in told if not isinstance(each[2], Correct)] == []
    listed = Counter({name: len(mutants) + 1 for name, mutants in EQUIVALENT.items()})
    assert Counter(name for name, _, _ in told) == listed


def test_those_worlds_use_every_flag():
    cases = [*cluster_cases("flags", WORLDS), *drop_cases("flags", WORLDS)]
    pages = [page for case in cases for page in case.state.pages.values()]
    assert {flag for page in pages for flag in page.flags} == {*PG.__members__}
    assert {flag for page in pages for flag in page.pqflags} == {*PQ.__members__} - {"FREE"}
    asked = {word for case in cases for word in case.args.get("flags", "").split()}
    assert asked == {*PGO.__members__}
    assert {case.options.get("diagnostic", False) for case in cases} == {False, True}


def test_the_page_of_the_documentation_is_in_step():
    assert PAGE.read_text() == table.page([row(name) for name in PROBLEMS])


def test_a_survivor_a_refusal_and_a_mutant_that_is_none_are_told():
    found = row("04-mk_pcluster")
    (listed, *_) = found.equivalent
    bad = replace(
        found,
        wrong={"a mistake": Correct(9)},
        right={"another way": found.mutants["break -> pass"]},
        mutants={listed: found.mutants["break -> pass"]},
    )
    told = list(table.complaints([bad]))
    assert told[:3] == [
        "04-mk_pcluster: passes and should not: a mistake",
        "04-mk_pcluster: is refused and should not be: another way",
        f"04-mk_pcluster: is refused and should not be: {listed}",
    ]
    assert all("is listed, and no mutant: if step" in each for each in told[3:])
    assert len(told) == 5
    assert table.cells(bad)[1:4] == ("0 of 1", "0 of 1", "1 of 1")


def test_a_change_of_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match="^bounds_in_two_loops has no 'while true'$"):
        matrix.changed(right04.bounds_in_two_loops, [("while true", "while 1")])
