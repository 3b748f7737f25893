"""Cases of `dropcluster`: they reach all of it, with pages in every state."""

import pytest

from uvmlab.check.drops import drop_cases, owners
from uvmlab.check.inside import observed
from uvmlab.kernel.flags import PG

LINES = (610, 612, 621, 634, 636, 638, 640, 646, 652, 655, 667, 672)
LINES += (675, 678, 688, 690, 696, 698, 711, 720, 724)


def test_the_drops_reach_every_line_that_a_right_machine_can_reach():
    lines = set()
    for case in drop_cases("lines"):
        for run in case.calls(case.world().machine(**case.options)):
            lines |= {step.line for step in run.steps}
    assert {*LINES} <= lines


@pytest.mark.parametrize("seed", ["one", "two"])
def test_pages_carry_every_flag_and_calls_every_kind_of_cluster(seed):
    cases = [case for case in drop_cases(seed) if case.call == "dropcluster"]
    flags = {flag for case in cases for page in case.state.pages.values() for flag in page.flags}
    assert flags == {*PG.__members__}
    kinds = {(case.args["uobj"], case.args["flags"], case.args["pg"] is None) for case in cases}
    assert len(kinds) == 2 * 3 * 2


def test_the_cluster_that_a_call_leaves_is_compared():
    (case,) = [
        case
        for case in drop_cases("s", 0)
        if case.args == {"pages": "p0 p1 p2", "uobj": None, "pg": "p1", "flags": "REALLOCSWAP"}
    ]
    assert observed(case, {})["after"]["clusters"] == [["p1"]]


def test_owners_name_slots_in_a_row():
    state = owners("aoqo", 3)
    assert [anon.swslot for anon in state.anons.values()] == [3]
    assert [uobj.swslots for uobj in state.objects.values()] == [{0: 4, 1: 6}, {0: 5}]
