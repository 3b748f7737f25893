"""What a run ever has, found from its first moment and its changes alone."""

import pytest

from uvmlab.draw.scene import View, part_id, place_id
from uvmlab.draw.union import Ever, _seated
from uvmlab.run import world
from uvmlab.worlds import PageState

W = world(swap=16).anons(3, slot=1).aobj("o0", pages=2, slot=4).free(1)


def reserve_only(k, pps, aiop, waitf):
    k.uvm_map(len(pps))  # 156
    yield from ()


def runs():
    yield W.machine(pagermapin=reserve_only).pagermapin("p0 p1")
    yield W.disk("ERROR", "OK").machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO")
    yield W.disk("PEND").machine().pager_put("p0 p1 p2", flags="PDFREECLUST")
    yield world(swap=40).anons(6).aobj("o0", pages=3).machine().pagedaemon(8)
    yield world().vnode("v0", pages=5).machine().mk_pcluster("p2")
    yield world().vnode("f0", pages=1).arena(5, used=range(5)).machine().pagermapin("p0")


def moments(run):
    return [run.base, *(run[i].state for i in range(len(run)))]


@pytest.mark.parametrize("run", list(runs()), ids=lambda run: run.call)
def test_it_has_what_any_moment_has(run):
    ever, all_moments = Ever.of(run), moments(run)
    views = [View(moment) for moment in all_moments]
    assert ever.slots == {slot for view in views for slot in view.slots.notable}
    for name in run.base.objects:
        assert ever.indexes[name] == {i for view in views for i in view.indexes[name]}
    assert {id_ for view in views for id_ in view.home} == ever.homes.keys()
    assert {*ever.threads} >= {moment.thread for moment in all_moments} - {"nobody"}
    assert set(ever.threads) >= {who for moment in all_moments for who, _, _ in moment.asleep}
    assert ever.array == max(len(moment.array) for moment in all_moments)
    used = [set(moment.pager_map_used) for moment in all_moments]
    assert ever.arena == set.union(*used) - set.intersection(*used)
    lists = ("inactive", "active", "free", "aio_inflight", "aio_done", "aio_live")
    assert ever.lists == {name for name in lists if any(getattr(m, name) for m in all_moments)}


@pytest.mark.parametrize("run", list(runs()), ids=lambda run: run.call)
def test_who_sits_where_are_the_locks_that_are_held(run):
    seats = Ever.of(run).seats
    held = [sorted(moment.locks_held) for moment in moments(run)]
    assert [sorted(seat[0] for seat in each if seat) for each in seats] == held


@pytest.mark.parametrize("run", list(runs()), ids=lambda run: run.call)
def test_what_looks_different_in_any_two_moments_is_touched(run):
    views = [View(moment) for moment in moments(run)]
    touched = Ever.of(run).touched
    for id_ in {id_ for view in views for id_ in view.facts}:
        if len({view.facts.get(id_) for view in views} - {None}) > 1:
            assert id_ in touched
    for slot in {slot for view in views for slot in view.slots.notable}:
        if len({view.slots.facts(slot) for view in views}) > 1:
            assert part_id("slot", str(slot)) in touched


def test_a_place_keeps_the_page_that_it_had_first():
    ever = Ever.of(world(swap=40).anons(2).vnode("v0", pages=[3]).machine().pagedaemon(3))
    assert ever.homes == {"page-p0": "anon-a0", "page-p1": "anon-a1", "page-p2": place_id("v0", 3)}
    assert ever.tenants == {place: page for page, place in ever.homes.items()}


def test_a_page_that_comes_where_another_was_gets_no_place_of_its_own():
    ever = Ever()
    ever._page(PageState("p0", "a0"))
    ever._page(PageState("p1", "a0"))
    assert (ever.homes, ever.tenants) == ({"page-p0": "anon-a0"}, {"anon-a0": "page-p0"})


def test_a_lock_keeps_its_seat_while_others_come_and_go():
    seats = _seated((), ("a", "b"), "one")
    assert seats == (("a", "one"), ("b", "one"))
    seats = _seated(seats, ("b",), "two")
    assert seats == (None, ("b", "one"))
    assert _seated(seats, ("b", "c"), "two") == (("c", "two"), ("b", "one"))


@pytest.mark.parametrize("run", list(runs()), ids=lambda run: run.call)
def test_settled_are_the_pages_that_are_at_home_in_all_moments(run):
    homes = [View(moment).home for moment in moments(run)]
    always = {id_ for id_ in homes[0] if len({home.get(id_) for home in homes}) == 1}
    assert Ever.of(run).settled == always


def test_a_page_without_an_owner_is_touched_alone():
    ever = Ever()
    ever._page_changed(PageState("p0"), PageState("p0", modified=True))
    assert (ever.touched, ever.settled) == ({"page-p0"}, set())
