"""The kinds of problems, each with a right answer, a wrong one, and one of the wrong kind."""

import ast
import inspect
from functools import partial
from types import FunctionType

import pytest

from tests.kill_matrix.right04 import bounds_in_two_loops as bounds
from uvmlab.check import kinds
from uvmlab.check.exercises import problems
from uvmlab.check.problem import Correct, Incorrect
from uvmlab.kernel import pager
from uvmlab.run import world

SEED = "tests"
ALL = {problem.wants: problem for number in ("04", "06") for problem in problems(number)}


def copied(function, *changes):
    """A function of the engine's, as somebody would write it who knows it, with some changes."""
    text = inspect.getsource(function)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    names = dict(vars(pager))
    exec(compile(ast.parse("from __future__ import annotations\n" + text), "<copy>", "exec"), names)  # noqa: S102
    return names[function.__name__]


def check(wants, value):
    return ALL[wants].check({wants: value}, SEED)


def whys(wants, value):
    outcome = check(wants, value)
    assert isinstance(outcome, Incorrect), outcome
    return "\n".join(outcome.whys)


@pytest.mark.parametrize("wants", ["few_pages", "active_pages", "freed_slots"])
def test_foreseeing_wants_the_numbers_and_gives_none_away(wants):
    problem = ALL[wants]
    right = problem.right(problem.world(SEED))
    assert check(wants, right) == Correct(1)
    assert check(wants, set(right)) == Correct(1)
    assert whys(wants, [*right[1:], 999]) == "Not right: 1 missing, 1 too many."
    for odd in (4 - 9, "p3", [3.5], [True], {"a": 1}, [[1]]):
        assert "An answer is a list of" in whys(wants, odd)


def test_a_function_is_judged_by_what_it_returns():
    assert isinstance(check("bounds", bounds), Correct)
    assert (
        whys("bounds", lambda *args: 7)
        == "bounds([True], 0, 0, 1) returned 7, and should return [0, 1]."
    )
    assert "raised ZeroDivisionError" in whys("bounds", lambda *args: 1 // 0)
    assert "raised TypeError" in whys("bounds", 5)


def test_a_function_that_spoils_its_arguments_spoils_its_own_only():
    def spoils(takes, center, lo, hi):
        found = bounds(takes, center, lo, hi)
        takes.clear()
        return found

    assert isinstance(check("bounds", spoils), Correct)


def test_what_a_right_engine_does_is_right():
    for function, note in (
        (pager.mk_pcluster, 'k.note("called", uobj, center)'),
        (pager.dropcluster, 'k.note("skip", page)'),
    ):
        assert isinstance(check(function.__name__, copied(function, (note, "pass"))), Correct)


@pytest.mark.parametrize("function", [pager.mk_pcluster, pager.dropcluster])
def test_a_copy_of_the_engines_function_is_refused_under_other_names_too(function):
    for copy in (copied(function), copied(function, ("page", "seite"), ("pclust", "andere"))):
        assert "is the engine's own function" in whys(function.__name__, copy)


@pytest.mark.parametrize("wants", ["mk_pcluster", "dropcluster"])
def test_the_engines_own_function_is_refused_whole_or_called(wants):
    own = getattr(pager, wants)
    for cheat in (own, partial(own)):
        assert "is the engine's own function, or calls it" in whys(wants, cheat)


@pytest.mark.parametrize("wants", ["mk_pcluster", "dropcluster"])
def test_a_copy_of_the_engine_s_code_is_refused_when_it_is_called(wants):
    copy = FunctionType(getattr(pager, wants).__code__, vars(pager))

    def calls_it(k, uobj, one, two, flags, *more):
        return copy(k, uobj, one, two, flags, *more)

    assert "is the engine's own function, or calls it" in whys(wants, copy)
    assert "is the engine's own function, or calls it" in whys(wants, calls_it)


@pytest.mark.parametrize("wants", ["mk_pcluster", "dropcluster"])
def test_bringing_the_engine_s_function_back_is_refused(wants):
    own = getattr(pager, wants)
    code = own.__code__

    def brings_it_back(k, uobj, one, two, flags, *more):
        refuses, own.__code__ = own.__code__, code
        try:
            return own(k, uobj, one, two, flags, *more)
        finally:
            own.__code__ = refuses

    assert "is the engine's own function, or calls it" in whys(wants, brings_it_back)


def test_a_part_may_not_call_a_copy_of_the_whole():
    copy = FunctionType(pager.dropcluster.__code__, vars(pager))

    def give_up(k, pg, cluster, swblk):
        copy(k, None, pg, cluster, pager.PGO_REALLOCSWAP, swblk)

    assert "is the engine's own function, or calls it" in whys("give_up", give_up)


def test_a_function_of_plain_values_may_not_bring_back_what_refuses():
    right = ALL["account"].right
    code = right.__code__

    def account(before, after):
        right.__code__ = code
        return right(before, after)

    assert "is the engine's own function, or calls it" in whys("account", account)
    copy = FunctionType(code, right.__globals__)
    assert "is the engine's own function, or calls it" in whys("account", copy)


def test_calling_the_engine_from_a_part_of_it_is_refused_too():
    def cheat(k, pg, cluster, swblk):
        pager.dropcluster(k, None, pg, cluster, pager.PGO_REALLOCSWAP, swblk)

    assert "is the engine's own function, or calls it" in whys("give_up", cheat)


@pytest.mark.parametrize("wants", ["bounds", "account"])
def test_what_works_out_the_right_answer_is_refused_as_an_answer(wants):
    right = ALL[wants].right
    for cheat in (right, partial(right)):
        assert "is the engine's own function, or calls it" in whys(wants, cheat)


def test_a_function_of_plain_values_may_not_ask_the_engine():
    def cheat(takes, center, lo, hi):
        machine = world().vnode("f0", pages=len(takes)).machine()
        found = machine.mk_pcluster(f"p{center}").cluster
        return int(found[0][1:]), int(found[-1][1:]) + 1

    assert "raised Panic: Your answer is the engine's own function" in whys("bounds", cheat)


def test_what_raises_late_is_not_tried_on_all_cases(monkeypatch):
    monkeypatch.setattr(kinds, "PATIENCE", -1.0)

    def fails(*args):
        raise MemoryError

    for wants, wrong in (("bounds", "raised MemoryError"), ("mk_pcluster", "raised MemoryError")):
        problem = ALL[wants]
        assert len(list(problem.answers(fails, problem.cases(SEED)))) == 1
        assert wrong in whys(wants, fails)


def test_a_part_that_names_no_object_is_wrong_and_no_accident():
    def names_none(k, pg, cluster, swblk):
        for page in cluster.pages:
            k.uao_set_swslot(None if page is pg else page.uobject, 0, 0)

    assert "uao_set_swslot" in whys("give_up", names_none)


def test_where_there_is_no_fork_the_engine_is_as_it_was_after_a_check(monkeypatch):
    monkeypatch.delattr("os.fork")
    own = pager.mk_pcluster
    assert "is the engine's own function, or calls it" in whys("mk_pcluster", own)
    written = copied(own, ('k.note("called", uobj, center)', "pass"))
    assert isinstance(check("mk_pcluster", written), Correct)
    assert world().vnode("f0", pages=2).machine().mk_pcluster("p0").said is None


def test_a_function_of_the_wrong_kind_gets_a_sentence():
    def sleeps(k, uobj, cluster, center, flags, mlo, mhi):
        yield

    assert "mk_pcluster may not sleep" in whys("mk_pcluster", sleeps)
    assert "mk_pcluster is called as mk_pcluster(k, uobj" in whys("mk_pcluster", lambda k: 1)
    assert "mk_pcluster is to be a function, not 3" in whys("mk_pcluster", 3)


def test_a_function_that_calls_on_and_on_is_told_so():
    changed = copied(
        pager.mk_pcluster,
        ("k.set(pclust, PG_BUSY)  # 347", "continue"),
    )
    assert "made 3000 calls and went on" in whys("mk_pcluster", changed)


def test_a_wrong_function_can_be_walked_through_beside_the_engines():
    problem = ALL["mk_pcluster"]
    changed = copied(pager.mk_pcluster, ("k.page_own(pclust", "(lambda *_: 0)(pclust"))
    outcome = check("mk_pcluster", changed)
    mine, right, (step, _) = problem.walks(changed, outcome.case)
    calls = [each.kind for each in mine.events]
    assert "page_own" not in calls
    assert mine.steps[step].kind == "pmap_page_protect"
    assert [each.kind for each in right.events[2:4]] == ["page_own", "pmap_page_protect"]

    def loops(*args):
        while True:
            pass

    assert (
        problem.walks(lambda k, uobj, cluster, center, flags, mlo, mhi: loops(), outcome.case)
        is None
    )


def test_they_part_where_a_mistake_is_and_not_where_another_order_is_right_too():
    problem = ALL["dropcluster"]
    own = "k.page_own(page, None)  # 653\n"
    protect = "k.pmap_page_protect(page, VM_PROT_NONE)  # 654\n"
    changed = copied(
        pager.dropcluster,
        (own, "pass\n"),
        (protect, protect + " " * 16 + own),
        ("k.unlock(anon.an_lock)  # 655", "pass"),
    )
    outcome = check("dropcluster", changed)
    mine, _, (step, _) = problem.walks(changed, outcome.case)
    assert mine.steps[step].kind == "anfree"


def test_a_part_is_walked_by_what_counts_alone():
    problem = ALL["give_up"]

    def locks_and_frees_nothing(k, pg, cluster, swblk):
        (page, *_) = cluster.pages
        k.lock((page.uanon or page.uobject).an_lock)
        k.unlock((page.uanon or page.uobject).an_lock)

    outcome = check("give_up", locks_and_frees_nothing)
    mine, _, (step, _) = problem.walks(locks_and_frees_nothing, outcome.case)
    assert str(mine.steps[step]) == " 634 lock anon:a0"  # where the engine goes on


def test_a_world_is_judged_by_running_it():
    assert check("smallest", world().vnode("f0", pages=2)) == Correct(1)
    assert "without p0 the slip shows just as well" in whys(
        "smallest", world().vnode("f0", pages=3)
    )
    assert "smallest is to be a world" in whys("smallest", 5)
    assert check("five", world(swap=6).anons(6, slot=1).disk("ERROR")) == Correct(1)
