"""Cases: small worlds and calls, drawn from a seed, small before large, and none that the engine cannot make."""

import pytest

from uvmlab.check.cases import Case, cluster_cases, strip
from uvmlab.check.drops import drop_cases, owners
from uvmlab.check.inside import observed

FAMILIES = [cluster_cases, drop_cases]
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)


@each_family
def test_a_seed_draws_the_same_cases_each_time_and_another_seed_others(family):
    assert list(family("one")) == list(family("one"))
    assert list(family("one")) != list(family("two"))


@each_family
def test_every_case_begins_in_a_sound_state(family):
    for case in family("sound"):
        case.state.check()


@each_family
def test_the_engine_can_make_every_case(family):
    ends = [observed(case, {})["ends"] for case in family("all")]
    assert all(ends)
    assert not [end for end in ends if "center outside" in str(end)]


def test_the_clusters_differ_in_every_way_that_ends_one():
    notes = set()
    for case in cluster_cases("ways"):
        (run,) = case.calls(case.world().machine(**case.options))
        notes |= {step.args[0] for step in run.notes}
    assert {"limit", "no page", "active", "clean", "busy", "array too small"} <= notes


def test_a_case_is_smaller_with_fewer_pages_and_then_with_fewer_words():
    case = Case(owners("ao", 3), "pager_put", {"pages": "p0 p1"}, {"diagnostic": True}, finish=True)
    assert Case(case.state, "pager_put", case.args).size < case.size
    assert case.size < Case(owners("aoq", 3), "pager_put", {"pages": ""}).size
    assert strip("D.C").pages.keys() == {"p0", "p2"}
