"""Where two runs part: at the first step that matters, and never where another order is right too."""

import json

import pytest

from tests.kill_matrix.matrix import PROBLEMS, RIGHT, changed
from tests.kill_matrix.right04 import mk_pcluster_as_in_c, mk_pcluster_looks_first
from tests.kill_matrix.right06 import (
    dropcluster_as_in_c,
    dropcluster_with_helpers,
    give_up_as_in_c,
)
from uvmlab.check.kinds import Inside, joined
from uvmlab.check.parting import parting, readable
from uvmlab.run import world

INSIDE = [name for name, problem in PROBLEMS.items() if isinstance(problem, Inside)]
SWAP = world(swap=9).anons(3, slot=3)
FILE = world().vnode("f0", pages=3)


def drops(function, *changes, pg="p1", flags="REALLOCSWAP", seen=SWAP):
    """Drop a cluster with a function that has some words changed, and say where it and the engine's part."""
    mine, right = (
        seen.machine(**options).dropcluster("p0 p1 p2", pg=pg, flags=flags)
        for options in ({"dropcluster": changed(function, changes)}, {})
    )
    step, why = parting(mine, right)
    return str(mine.steps[step]).strip(), why


def builds(function, *changes, seen=FILE, **args):
    mine, right = (
        seen.machine(**options).mk_pcluster("p1", **args)
        for options in ({"mk_pcluster": changed(function, changes)}, {})
    )
    step, why = parting(mine, right)
    return str(mine.steps[step]).strip(), why


@pytest.mark.parametrize("name", INSIDE)
def test_what_is_right_never_parts_before_the_end(name):
    problem = PROBLEMS[name]
    for function in RIGHT[name].values():
        for case in problem.cases("parting")[::9]:
            mine, right = (
                joined(case, case.world().machine(**case.options | options))
                for options in (problem.functions(function), {})
            )
            assert parting(mine, right, problem.events) == (len(mine) - 1, "")


def test_a_flag_that_stays_is_told_at_the_page_s_next_call():
    assert drops(dropcluster_as_in_c, ("PG_BUSY | PG_WANTED", "PG_WANTED")) == (
        "page_own p0 -",
        "After line 678 p0 keeps BUSY; the engine has taken it off.",
    )
    assert builds(mk_pcluster_as_in_c, ("k.set(page, PG_BUSY)", "pass")) == (
        "page_own p0 uvm_mk_pcluster",
        "After line 347 p0 has no BUSY; the engine has set it.",
    )


def test_in_a_function_that_goes_another_way_it_is_told_at_its_own_call():
    assert builds(mk_pcluster_looks_first, ("k.set(page, PG_BUSY)", "pass")) == (
        "page_own p0 uvm_mk_pcluster",
        "After line 347 p0 has no BUSY; the engine has set it.",
    )


def test_what_the_engine_leaves_alone_is_told_where_it_is_changed():
    clears = ("    for forward in", "    k.clear(center, PG_CLEAN)\n    for forward in")
    seen = FILE.page("p1", flags="CLEAN")
    assert builds(mk_pcluster_as_in_c, clears, seen=seen) == (
        "clear p1 [CLEAN]",
        "p1 loses CLEAN; the engine leaves it on.",
    )
    marks = (
        "        if page is pg:\n",
        "        if page is pg:\n            k.set(pg, PG_CLEAN)\n",
    )
    assert drops(dropcluster_as_in_c, marks, seen=SWAP) == (
        "set p1 [CLEAN]",
        "p1 gets CLEAN; the engine does not set it.",
    )


def test_slots_may_be_freed_last_and_one_that_is_not_is_told_at_the_next_put_or_the_end():
    too_few = ("npages - kept)", "npages - kept - 1)")
    where, why = drops(dropcluster_with_helpers, too_few)
    assert where == "return -"
    assert why == "The call swap_free 5 1 is missing."
    case = SWAP.disk("ERROR")
    mine, right = (
        case.machine(**options).pager_put("p0 p1 p2", pg="p0", flags="SYNCIO")
        for options in ({"dropcluster": changed(dropcluster_with_helpers, [too_few])}, {})
    )
    step, why = parting(mine, right)
    assert (mine.steps[step].kind, mine.steps[step].args[0]) == ("swap_put", 3)
    assert why == "The call swap_free 5 1 is missing."


def test_a_slot_that_is_freed_too_much_is_told_where_it_is():
    where, why = drops(
        dropcluster_as_in_c, ("swblk + 1, cluster.npages - 1", "swblk, cluster.npages")
    )
    assert where == "swap_free slot 3, n 3"
    assert why == "The call swap_free 3 1 is too much."


def test_who_keeps_a_slot_and_who_gets_another_one_are_told():
    where, why = drops(dropcluster_as_in_c, ("page.uanon.an_swslot = 0", "pass"))
    assert where == "unlock anon:a0"
    assert why == "After line 636 a0.swslot is still 3; the engine has made it 0."
    where, why = drops(dropcluster_as_in_c, ("an_swslot = swblk", "an_swslot = swblk + 2"))
    assert where == "meanwhile"
    assert why == "a1.swslot becomes 5; in the engine it is 3."


def test_what_a_lock_guards_is_told_when_it_is_let_go():
    clears = "        k.clear(page, PG_BUSY | PG_WANTED)\n"
    unlocks = "            else:\n                k.unlock(page.uobject.vmobjlock)\n"
    late = (clears, ""), (unlocks, unlocks + clears)
    assert drops(dropcluster_as_in_c, *late) == (
        "unlock anon:a0",
        "After line 678 p0 keeps BUSY; the engine has taken it off.",
    )


def test_what_a_lock_guards_is_told_where_it_is_written_without_the_lock():
    lock = "                k.lock(pg.uanon.an_lock)\n"
    gives = "                pg.uanon.an_swslot = swblk\n"
    assert drops(dropcluster_as_in_c, (lock + gives, gives + lock)) == (
        "meanwhile",
        "a1.swslot becomes 3; in the engine it is 4.",
    )


def test_a_lock_that_is_kept_is_told_as_a_call():
    unlock = "                k.unlock(pg.uanon.an_lock)\n"
    where, why = drops(dropcluster_as_in_c, (unlock, ""))
    assert where == "return -"
    assert why == "The call unlock anon:a1 is missing."


def test_who_is_in_the_cluster_is_told_wherever_in_the_array_it_is():
    counts = ("            cluster.npages += 1\n", "            cluster.npages += not forward\n")
    assert builds(mk_pcluster_as_in_c, counts) == (
        "return cluster",
        "After line 357 p2 is not in the cluster; the engine has put it in.",
    )
    found = ("            if forward:\n", "            if True:\n")
    assert builds(mk_pcluster_as_in_c, found, seen=FILE.page("p2", flags="CLEAN")) == (
        "meanwhile",
        "cluster.pages becomes p1 p0; in the engine it is p0 p1.",
    )
    lost = ("cluster.npages = len(before) + 1 + len(after)", "cluster.npages = len(before) + 1")
    assert builds(mk_pcluster_looks_first, lost) == (
        "return cluster",
        "p2 leaves the cluster; the engine keeps it.",
    )
    _, why = drops(dropcluster_as_in_c, ("        cluster.npages = 1\n", ""))
    assert why == "After line 712 p2 is still in the cluster; the engine has taken it out."


def test_a_cluster_with_holes_is_told_by_its_length():
    leaves = ("center)\n    cluster.npages = 1\n    for", "center)\n    for")
    alone = FILE.page("p0 p2", flags="CLEAN")
    assert builds(mk_pcluster_as_in_c, leaves, seen=alone, npages=16) == (
        "return cluster",
        "After line 309 cluster.npages is still 16; the engine has made it 1.",
    )


def test_a_call_in_the_place_of_another_is_told_there():
    assert builds(mk_pcluster_as_in_c, ("VM_PROT_READ", "0")) == (
        "pmap_page_protect p0 NONE",
        "It calls pmap_page_protect p0 NONE, where the next call should be pmap_page_protect p0 READ.",
    )


def test_what_is_raised_and_what_alone_ends_otherwise_is_at_the_end():
    raises = (
        "    lo, hi = k.pgo_cluster(uobj, center.offset)\n",
        "    k.panic('Your f raised X')\n",
    )
    assert builds(mk_pcluster_as_in_c, raises) == ("return panic", "")
    last = ("    return cluster\n", "    k.panic('over')\n")
    seen = FILE.page("p0 p2", flags="CLEAN")
    assert builds(mk_pcluster_as_in_c, last, seen=seen) == ("return panic", "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("page_own(page, None)", "page_own(page, 0)"), "owner_tag: 0 is not a text"),
        (("an_swslot = 0", "an_swslot = -1"), "swslot: -1 is not 0 or more"),
    ],
)
def test_a_run_is_shown_up_to_a_step_that_leaves_what_no_machine_holds(changes, said):
    problem = PROBLEMS["06-dropcluster"]
    wrong = changed(dropcluster_as_in_c, [changes])
    case = problem.cases("parting")[1]
    mine, right, (step, why) = problem.walks(wrong, case)
    assert step == len(mine) - 1 < len(right) - 1
    assert why == f"The next step leaves what no machine holds: {said}."


def test_what_is_no_run_is_refused():
    told = json.loads(json.dumps(FILE.machine().mk_pcluster("p1").to_json()))
    for odd in (told | {"version": 0}, told | {"steps": [told["steps"][0] | {"line": "x"}]}):
        with pytest.raises(ValueError, match="^this is a run of version 0|^run.steps"):
            readable(odd)


def test_nothing_is_hidden_by_what_a_part_may_do_in_any_order():
    problem = PROBLEMS["06-swap-side"]
    wrong = changed(give_up_as_in_c, [("page.uanon.an_swslot = 0", "pass")])
    case = problem.cases("parting")[1]
    mine, _, (step, why) = problem.walks(wrong, case)
    assert str(mine.steps[step]).strip() == "634 lock anon:a1"
    assert why == "After line 636 a1.swslot is still 4; the engine has made it 0."
