"""While a learner's answer is asked for, whatever would answer in their place refuses to run."""

import inspect
from functools import partial

import pytest

from uvmlab.check.cases import Case, strip
from uvmlab.check.exercise04 import bounds_of
from uvmlab.check.inside import observed
from uvmlab.check.traps import ENGINE, refusing
from uvmlab.kernel import Panic, pager
from uvmlab.run import world

ARGS = ([True, True], 0, 0, 2)
REFUSED = "^Your answer is the engine's own function, or calls it: write one yourself$"
NAMES = ("takes", "center", "lo", "hi")


def test_a_function_refuses_whoever_holds_it_and_afterwards_runs_again():
    held, signature = partial(bounds_of), inspect.signature(bounds_of)
    with refusing(bounds_of):
        assert inspect.signature(bounds_of) == signature
        assert bounds_of.__code__.co_varnames[: bounds_of.__code__.co_argcount] == NAMES
        for each in (bounds_of, held):
            with pytest.raises(RuntimeError, match=REFUSED):
                each(*ARGS)
    assert held(*ARGS) == bounds_of(*ARGS) == [0, 2]


def test_who_brings_a_function_back_is_found_out():
    own = bounds_of.__code__
    with refusing(bounds_of, len) as all_refuse:
        assert all_refuse()
        bounds_of.__code__ = own
        assert not all_refuse()
    assert bounds_of.__code__ is own


def test_one_of_the_engine_s_ends_the_run_as_a_panic_does():
    machine = world().vnode("f0", pages=2).machine()
    with refusing(pager.mk_pcluster):
        run = machine.mk_pcluster("p0")
    assert run.result == "panic"
    assert run.said == REFUSED.strip("^$")


def test_inside_the_engine_it_refuses_installed_or_called():
    case = Case(strip("DDD"), "mk_pcluster", {"center": "p1", "flags": "ALLPAGES"})
    with refusing(pager.mk_pcluster):
        for cheat in (pager.mk_pcluster, partial(pager.mk_pcluster)):
            ends = observed(case, {"mk_pcluster": cheat})["ends"]
            assert ends == [["panic", REFUSED.strip("^$")]]
    assert observed(case, {})["ends"][0][1] is None


def test_it_runs_again_after_an_exception_too():
    with pytest.raises(Panic, match="^mine$"), refusing(bounds_of, len):
        raise Panic("mine")
    assert bounds_of(*ARGS) == [0, 2]


def test_the_engine_s_functions_are_the_seven_of_the_file():
    assert [each.__name__ for each in ENGINE] == [
        "pager_init", "pagermapin", "pagermapout", "mk_pcluster", "shareprot", "pager_put", "dropcluster",
    ]  # fmt: skip
