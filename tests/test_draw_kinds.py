"""The kinds of elements beside pages and slots: threads, locks, the cluster array, the arena, queues, I/O."""

from dataclasses import replace

import pytest

from uvmlab.draw.kinds import KINDS, NAMES, groups, kinds_named
from uvmlab.draw.labels import sentence
from uvmlab.draw.union import Ever, Sight
from uvmlab.run import world

W = world(swap=16).anons(3, slot=1).vnode("v0", pages=2)


def strips(run, kind, i=None):
    """Return the strips of a kind after step i of a run; None: before the first."""
    moment, number = (run.base, 0) if i is None else (run[i].state, i % len(run) + 1)
    return [
        strip
        for group in groups(frozenset((kind,)))
        for strip in group.strips(Sight(moment, number, Ever.of(run)))
    ]


def said(run, kind, i=None):
    return [sentence(part) for strip in strips(run, kind, i) for part in strip.parts]


def at(run, line=None, kind=None):
    """Return the number of the first step of a C line, or of a kind."""
    return next(
        i for i, step in enumerate(run.steps) if (step.line == line if line else step.kind == kind)
    )


def test_a_thread_runs_or_does_not():
    run = W.machine().pager_put("p0 p1", flags="SYNCIO")
    assert said(run, "threads") == ["threads: 0 µs", "the caller: runs", "pager_put: does not run"]
    assert said(run, "threads", 0)[1:] == ["the caller: does not run", "pager_put: runs"]
    assert said(run, "threads", -1)[0] == f"threads: {run.times[-1]} µs"


def test_a_sleeper_says_on_what_and_since_when():
    run = world().vnode("f0", pages=1).arena(1, used=[0]).machine().pagermapin("p0")
    assert said(run, "threads", at(run, kind="deadlock"))[-1] == (
        "pagermapin: asleep on pager_map since 0 µs"
    )
    assert strips(run, "threads", at(run, kind="deadlock"))[0].columns[-1].top.states == ("asleep",)


def test_in_a_deadlock_nobody_runs_and_nobody_is_no_thread():
    run = world().vnode("f0", pages=1).arena(1, used=[0]).machine().pagermapin("p0")
    asleep = "pagermapin: asleep on pager_map since 0 µs"
    for i in (at(run, kind="deadlock"), -1):
        assert said(run, "threads", i)[1:] == ["the caller: does not run", asleep]
    assert run.threads[-2:] == ("nobody", "nobody")


def test_a_sleepers_partners_are_what_it_sleeps_on():
    run = W.machine().pagermapin("p0")
    for channel, partner in [
        ("p0", "page-p0"),
        ("pager_map", "arena"),
        ("aio_done", "io-aio_done"),
    ]:
        moment = replace(run.base, asleep=(("pagermapin", channel, 0),))
        sight = Sight(moment, 0, Ever.of(run))
        (group,) = groups(frozenset(["threads"]))
        (strip,) = group.strips(sight)
        partners = {part.id: part.partners for part in strip.parts}
        assert partners["thread-pagermapin"] == (partner,)
        assert partners["thread-the_20_caller"] == ()


def test_a_lock_says_who_holds_it_and_its_seat_is_empty_afterwards():
    run = W.machine().pager_put("p0 p1", flags="SYNCIO PDFREECLUST")
    assert said(run, "locks") == ["locks held: 1", "pageq: by the caller", "no lock"]
    assert said(run, "locks", at(run, 498)) == ["locks held: 0", "no lock", "no lock"]
    assert said(run, "locks", at(run, 225)) == [
        *("locks held: 2", "map:pager_map: by pager_put", "pager_map_wanted: by pager_put"),
    ]
    assert said(run, "locks", at(run, 634))[1:] == ["anon:a0: by pager_put", "no lock"]


def test_a_run_without_a_lock_has_no_seats():
    run = W.machine(pmap_new=True).pagermapin("p0")
    assert strips(run, "locks") == []


def test_the_cluster_array_tells_what_is_in_the_cluster_from_what_is_left_over():
    run = W.disk("ERROR", "OK").machine().pager_put("p0 p1 p2", pg="p1", flags="SYNCIO")
    assert said(run, "array") == ["cluster array: 3 pages from 0 on", "0: p0", "1: p1", "2: p2"]
    assert said(run, "array", -1) == [
        *("cluster array: 1 page from 0 on", "0: p1", "1: p1, outside the cluster"),
        "2: p2, outside the cluster",
    ]


def test_an_entry_that_points_nowhere_is_empty():
    run = W.machine().mk_pcluster("p3", npages=16)
    assert said(run, "array")[1:] == [f"{i}: empty" for i in range(16)]
    assert said(run, "array", -1)[1:3] == ["0: p3", "1: p4"]


def test_a_call_without_a_cluster_has_no_array():
    assert strips(W.machine().pagermapin("p0"), "array") == []


def test_the_arena_shows_what_is_mapped_reserved_and_free_and_folds_the_rest():
    run = W.arena(12, used=[0, 5, 6, 7, 8]).machine().pagermapin("p0 p1")
    assert said(run, "arena") == [
        *("pager map: 5 of 12 pages in use", "0: elsewhere", "1: free", "2: free"),
        *("3: free", "4: free", "5 to 8: elsewhere, 4 pages", "9 to 11: free, 3 pages"),
    ]
    assert said(run, "arena", at(run, 156))[3:4] == ["2: reserved"]
    assert said(run, "arena", -1)[:4] == [
        *("pager map: 7 of 12 pages in use", "0: elsewhere", "1: p0", "2: p1"),
    ]


def test_what_an_earlier_call_has_mapped_stays_shown():
    machine = W.arena(8).machine()
    machine.pagermapin("p0 p1 p2")
    run = machine.pagermapin("p3")
    assert said(run, "arena")[1:] == ["0: p0", "1: p1", "2: p2", "3: free", "4 to 7: free, 4 pages"]
    assert said(run, "arena", -1)[4] == "3: p3"


def test_the_arena_says_that_somebody_waits_for_room():
    run = W.arena(1, used=[0]).machine().pagermapin("p0")
    assert said(run, "arena", -1)[0] == "pager map: 1 of 1 page in use, somebody waits for room"


def test_page_queues_list_names_oldest_first():
    run = W.free(2).page("p1", queue="ACTIVE").machine().pagermapin("p0")
    assert said(run, "queues") == [
        *("page queues: oldest first", "inactive: 4 pages: p0 p2 p3 p4"),
        *("active: 1 page: p1", "free: 2 pages: p5 p6"),
    ]


def test_where_no_page_is_on_a_queue_there_are_none():
    assert strips(world().anons(1, queue="").machine().pagermapin("p0"), "queues") == []


def test_a_queue_that_is_filled_later_is_there_and_empty_before():
    run = world(swap=8).anons(2).machine().pagedaemon(2)
    assert said(run, "queues")[1:] == ["inactive: 2 pages: p0 p1", "free: empty"]
    assert said(run, "queues", -1)[1:] == ["inactive: empty", "free: 2 pages: p0 p1"]


def test_a_long_list_names_the_first_and_counts_the_rest():
    run = world().anons(40).machine().pagermapin("p0")
    names = " ".join(f"p{i}" for i in range(NAMES))
    assert said(run, "queues")[1] == f"inactive: 40 pages: {names} … 24 more"


def test_asynchronous_io_is_in_flight_then_done():
    machine = W.disk("PEND").machine()
    run = machine.pager_put("p0 p1", flags="PDFREECLUST")
    assert said(run, "io")[1:] == ["in flight: empty", "descriptors: empty"]
    assert said(run, "io", -1)[1:] == ["in flight: 1: aio0", "descriptors: 1: aio0"]
    end = machine.finish()
    assert said(end, "io", 0)[1:] == [
        *("in flight: empty", "done, not yet looked at: 1: aio0", "descriptors: 1: aio0"),
    ]
    assert said(end, "io", -1)[1:] == [
        *("in flight: empty", "done, not yet looked at: empty", "descriptors: empty"),
    ]


def test_where_all_io_is_waited_for_there_is_no_strip():
    assert strips(W.machine().pager_put("p0", flags="SYNCIO"), "io") == []


def test_kinds_are_named_in_a_string_or_one_by_one():
    assert kinds_named(None) == set(KINDS)
    assert kinds_named("swap io") == kinds_named(["io", "swap"]) == {"swap", "io"}
    with pytest.raises(ValueError, match="no kind of element 'x'; legal: threads, locks, array"):
        kinds_named("swap x")


def test_each_kind_reads_the_fields_that_it_says_and_no_others():
    """A group is not asked again when none of its fields has changed, so it must look the same."""
    run = W.disk("ERROR", "OK").machine().pager_put("p0 p1 p2", pg="p1", flags="SYNCIO")
    ever = Ever.of(run)
    for group in groups(frozenset(KINDS)):
        last = list(group.strips(Sight(run.base, 0, ever)))
        for i, changes in enumerate(run.changes):
            now = list(group.strips(Sight(run[i].state, i + 1, ever)))
            if not group.fields & {change.field for change in changes}:
                assert now == last
            last = now


@pytest.mark.parametrize(("show", "error"), [("", ValueError), ([], ValueError), (3, TypeError)])
def test_a_drawing_of_nothing_or_of_a_number_gets_the_legal_kinds(show, error):
    with pytest.raises(error, match="show names .*legal: threads, locks"):
        kinds_named(show)
