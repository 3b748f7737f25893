"""The seven functions: what no golden vector reaches, what they sleep on, and what they note."""

import json
from pathlib import Path

import pytest

from tests.kernel_scenes import (
    boot,
    drop,
    events,
    mapping,
    named,
    pages,
    pgo,
    places,
    put,
    putting,
    rules,
)
from uvmlab.kernel import AioPointer, Cluster, Deadlock, MapEntry, PagerResult, Panic, Slip
from uvmlab.kernel.acts import owner_lock
from uvmlab.kernel.flags import M_NOWAIT, M_WAITOK, PG_BUSY, PG_CLEAN, PG_RELEASED, PG_WANTED
from uvmlab.kernel.pagedaemon import finish_all
from uvmlab.replay import Replay, check_vector
from uvmlab.worlds import world

GOLDEN = Path(__file__).parent / "golden" / "vectors.jsonl"


def swapped(n=3, slot=1, **more):
    """A world whose anons' pages are busy in slots in a row, as the page daemon leaves them."""
    return world(swap=32).anons(n, slot=slot, flags="BUSY", **more)


def filed(n=4, **more):
    """A world with a file whose first page is busy."""
    return world(swap=8).vnode("f", n, **more).page("p0", flags="BUSY")


def panics(m, text, line, act):
    """See that `act` panics with this text, recorded as the last event with this C line."""
    with pytest.raises(Panic, match=f"^{text}$"):
        act()
    last = m.trace.events[-1]
    assert (last.kind, last.line, last.args) == ("panic", line, (text,))


# Panics that no vector reaches


def test_shareprot_of_a_submap_panics_at_390():
    m = boot(filed())
    entry = MapEntry(0, 4096, 0, None, submap=True)
    panics(m, "uvm_shareprot: non-object attached", 390, lambda: m.call("shareprot", entry, 1))


def test_shareprot_of_an_entry_without_an_object_is_a_null_pointer_at_399():
    m = boot(filed())
    entry = MapEntry(0, 4096, 0, None)
    panics(m, "null dereference", 399, lambda: m.call("shareprot", entry, 1))


def test_a_pager_without_releasepg_panics_at_665():
    m = boot(filed().page("p1", flags="BUSY RELEASED"), diagnostic=True)
    m.pagers["vnode"].pgo_releasepg = None
    text = "uvm_pager_dropcluster: no releasepg function"
    panics(m, text, 665, lambda: drop(m, "p0 p1", uobj="f", pg="p0"))


def test_a_pager_without_releasepg_is_a_null_pointer_at_667_without_diagnostic():
    m = boot(filed().page("p1", flags="BUSY RELEASED"))
    m.pagers["vnode"].pgo_releasepg = None
    panics(m, "null dereference", 667, lambda: drop(m, "p0 p1", uobj="f", pg="p0"))


@pytest.mark.parametrize(("diagnostic", "line"), [(True, 664), (False, 667)])
def test_a_released_page_whose_owner_is_no_object_is_a_null_pointer(diagnostic, line):
    w = filed().anons(1).page("p4", flags="BUSY RELEASED")
    m = boot(w, diagnostic=diagnostic)
    named(m)["p4"].pqflags &= ~0x10  # it says that an object owns it
    panics(m, "null dereference", line, lambda: drop(m, "p0 p4", uobj="f", pg="p0"))


def test_an_object_that_dies_under_its_own_cluster_panics_at_672_with_diagnostic():
    m = boot(world().vnode("f", 2, kill=True, flags="BUSY RELEASED"), diagnostic=True)
    text = "uvm_pager_dropcluster: object died with active page"
    panics(m, text, 672, lambda: drop(m, "p0 p1", uobj="f"))
    assert m.objects[0].dead
    assert places(m, "releasepg") == [667, 667]


def test_a_page_of_interest_without_an_object_is_a_null_pointer_at_723():
    m = boot(swapped(2))
    named(m)["p1"].pqflags &= ~0x10
    act = lambda: drop(m, "p0 p1", pg="p1", flags="REALLOCSWAP", swblk=1)  # noqa: E731
    panics(m, "null dereference", 723, act)
    assert ("lock", "anon:a0") in events(m)


def test_a_page_of_interest_without_an_anon_is_a_null_pointer_at_719():
    m = boot(swapped(2))
    named(m)["p1"].uanon = None
    act = lambda: drop(m, "p0 p1", pg="p1", flags="REALLOCSWAP", swblk=1)  # noqa: E731
    panics(m, "null dereference", 719, act)


@pytest.mark.parametrize(("anonymous", "line"), [(True, 634), (False, 638)])
def test_a_cluster_page_without_an_owner_is_a_null_pointer_and_no_lock_event(anonymous, line):
    m = boot(swapped(1) if anonymous else world(swap=8).aobj("o", 1, slot=1, flags="BUSY"))
    m.pages[0].uanon = m.pages[0].uobject = None
    panics(m, "null dereference", line, lambda: drop(m, "p0"))
    assert [event.kind for event in m.trace.events] == ["panic"]


def test_a_cluster_around_no_page_is_a_null_pointer_at_285():
    m = boot(world().vnode("o", 1, flags="BUSY"))
    panics(m, "null dereference", 285, lambda: put(m, uobj="o"))


def test_a_device_is_asked_to_write_a_null_page_and_its_cluster_is_dropped():
    m = boot(world().device("o", 1, flags="BUSY"))
    result, cluster = put(m, uobj="o")
    assert (result, cluster.npages, cluster.pps[0]) == ("BAD", 1, None)
    assert events(m) == [
        ("unlock", "pageq"),
        ("pgo_put", "o", [None], ["SYNCIO"], "BAD"),
        ("lock", "obj:o"),
    ]
    assert places(m, "note") == [506, 621, 564]


def test_a_null_page_that_was_written_is_skipped_when_its_cluster_is_let_go():
    m = boot(world().device("o", 1, flags="BUSY"))

    def written(uobj, slot, pages, flags):
        yield from ()
        return PagerResult.OK

    m.put = written
    assert put(m, uobj="o", flags="PDFREECLUST")[0] == "OK"
    assert places(m, "note") == [506, 621, 540]
    assert [lock.name for lock in m.locks.held] == ["obj:o"]


def test_freeing_a_free_page_panics():
    m = boot(world().vnode("f", 1).free(1))
    with pytest.raises(Panic, match="^freeing free page$"):
        m.queues.pagefree(named(m)["p1"])
    m.queues.pagefree(named(m)["p0"])
    with pytest.raises(Panic, match="^freeing free page$"):
        m.queues.pagefree(named(m)["p0"])


@pytest.mark.parametrize(("lo", "hi"), [(2, 4), (0, 1)])
def test_a_center_outside_the_range_panics_at_307(lo, hi):
    m = boot(filed(8).page("p1", flags="BUSY"))
    m.locks.lock(m.objects[0].vmobjlock)
    cluster = Cluster(room=16)
    args = m.objects[0], cluster, named(m)["p1"], 0, lo * 4096, hi * 4096
    panics(m, "mk_pcluster: center outside the cluster", 307, lambda: m.call("mk_pcluster", *args))


def test_a_page_below_offset_0_is_written_outside_the_array_at_353():
    w = filed(1).page("p0", flags="BUSY")
    m = boot(w)
    last = named(m)["p0"]
    ghost = type(last)("ghost", 4294963200, 0, 2)
    ghost.uobject = m.objects[0]
    m.objects[0].memq[ghost.offset] = ghost
    args = m.objects[0], Cluster(room=16), last, pgo("ALLPAGES"), 0, 0
    panics(m, "written outside the cluster array", 353, lambda: m.call("mk_pcluster", *args))


def test_a_page_that_is_not_busy_panics_at_187_with_debug():
    m = boot(filed(2), diagnostic=True)
    text = "uvm_pagermapin: page not busy"
    panics(m, text, 187, lambda: m.call("pagermapin", tuple(pages(m, "p0 p1")), None, M_WAITOK))


def test_a_lock_taken_twice_panics_where_it_is_taken():
    m = boot(swapped(2))
    m.locks.lock(m.anons[1].an_lock)
    panics(m, "locking against myself", 634, lambda: drop(m, "p0 p1"))
    assert m.trace.events[-2].args == ("anon:a1",)


def test_unlocking_page_queues_that_are_not_locked_panics_at_498():
    m = boot(swapped(1))
    body = m.k.pager_put(None, None, Cluster(m.pages), 0, 1, 0)
    m.thread("put", body)
    panics(m, "unlocking a lock not held", 498, m.run)


# Objects that die, pages that are released


def test_a_swap_backed_object_dies_with_its_last_page_and_its_lock_goes_along():
    m = boot(world(swap=8).aobj("o", 2, slot=3, kill=True, flags="BUSY RELEASED"))
    drop(m, "p0 p1")
    assert m.objects[0].dead
    assert m.locks.held == {}
    assert m.swap.allocated == []
    assert rules(m) == []
    assert [line for kind, line in places(m) if kind == "unlock"] == [675]


def test_two_released_pages_of_one_object_in_one_cluster_both_go():
    m = boot(world(swap=8).aobj("o", 3, slot=3, flags="BUSY").page("p0 p2", flags="BUSY RELEASED"))
    drop(m, "p0 p1 p2")
    assert list(m.objects[0].memq) == [4096]
    assert m.swap.allocated == [4]
    assert not m.objects[0].dead
    assert rules(m) == []


def test_two_objects_in_one_cluster_die_and_live_on_their_own():
    w = world(swap=8).aobj("o", 1, slot=1, kill=True, flags="BUSY RELEASED")
    m = boot(w.aobj("q", 2, slot=2, kill=True, flags="BUSY RELEASED").page("p2", flags="BUSY"))
    drop(m, "p0 p1 p2")
    assert [uobj.dead for uobj in m.objects] == [True, False]
    assert m.swap.allocated == [3]
    assert rules(m) == []


def test_an_object_that_dies_passed_in_leaves_no_lock_behind_without_diagnostic():
    m = boot(world().vnode("f", 2, kill=True, flags="BUSY RELEASED"))
    drop(m, "p0 p1", uobj="f")
    assert m.objects[0].dead
    assert m.locks.held == {}


def test_an_object_without_kill_outlives_its_last_page():
    m = boot(world().vnode("f", 1, flags="BUSY RELEASED"))
    drop(m, "p0", uobj="f")
    assert not m.objects[0].dead
    assert list(m.locks.held) == [m.objects[0].vmobjlock]


def test_a_released_anon_in_the_cluster_is_freed_with_its_page_and_slot():
    m = boot(swapped(2).page("p0", flags="BUSY RELEASED"))
    drop(m, "p0 p1")
    assert m.anons[0].dead
    assert m.swap.allocated == [2]
    assert m.pages[0] in m.queues.free
    assert rules(m) == []


def test_as_written_the_anon_is_freed_with_its_lock_held():
    m = boot(swapped(2).page("p0", flags="BUSY RELEASED"), slips=Slip.HELD_ANON_LOCK)
    drop(m, "p0 p1")
    assert rules(m) == ["no simple lock is held"]


def test_as_written_a_released_object_page_ends_in_a_null_pointer_at_698():
    m = boot(
        world(swap=8).aobj("o", 2, slot=3, flags="BUSY RELEASED"), slips=Slip.USE_AFTER_RELEASE
    )
    panics(m, "null dereference", 698, lambda: drop(m, "p0 p1"))


def test_as_written_the_page_of_interest_is_released_instead():
    w = world(swap=8).aobj("o", 2, slot=3, flags="BUSY").page("p1", flags="BUSY RELEASED")
    m = boot(w.page("p0", flags="BUSY RELEASED"), slips=Slip.WRONG_PAGE)
    drop(m, "p0 p1", pg="p0")
    assert [page.name for page in m.queues.free] == ["p0"]


def test_the_caller_s_array_holds_the_page_of_interest_where_its_cluster_begins():
    m = boot(filed(4).page("p1", flags="BUSY").page("p0", flags="").disk("ERROR", "OK"))
    result, cluster = put(m, uobj="f", pg="p1", flags="SYNCIO ALLPAGES")
    assert result == "OK"
    assert [page.name for page in cluster.pages] == ["p1"]
    assert cluster.pps[cluster.first] is named(m)["p1"]


def test_the_end_of_a_map_entry_wraps_at_32_bits():
    m = boot(filed(2))
    entry = MapEntry(
        8192, 4096, 0, m.objects[0]
    )  # it ends before it starts: the C's stop is 4294963200
    m.call("shareprot", entry, 1)
    assert events(m) == [("pmap_page_protect", name, "READ") for name in ("p0", "p1")]


# Sleeping on a full arena, and going on


def test_a_synchronous_put_sleeps_on_a_full_arena_and_goes_on():
    m = boot(swapped(4).arena(2))
    threads = [
        m.thread("one", putting(m, "p0 p1", slot=1)),
        m.thread("two", putting(m, "p2 p3", slot=3)),
    ]
    m.run()
    assert [thread.result[0] for thread in threads] == [PagerResult.OK, PagerResult.OK]
    kinds = [event[0] for event in events(m)]
    assert kinds.count("sleep") == kinds.count("resume") == 1
    assert kinds.index("sleep") < kinds.index("wakeup") < kinds.index("resume")
    assert m.pager_map.mapped == []
    assert m.disk.pages_written == 4


def test_an_asynchronous_put_answers_again_on_a_full_arena_and_drops_its_cluster():
    m = boot(swapped(2).arena(2, used=(0,)))
    result, cluster = put(m, "p0 p1", slot=1, flags="")
    assert result == "AGAIN"
    assert "sleep" not in [event[0] for event in events(m)]
    assert m.swap.allocated == []
    assert not any(page.flags & PG_BUSY for page in cluster.pages)
    assert rules(m) == []


def test_a_put_that_waits_for_the_disk_with_another_lock_held_panics():
    m = boot(swapped(1))
    m.locks.lock(m.anons[0].an_lock)
    m.thread("put", putting(m, "p0", slot=1))
    with pytest.raises(Panic, match="^sleeping with a simple lock held: anon:a0$"):
        m.run()


def test_sleeping_on_the_arena_with_another_lock_held_panics_at_167():
    m = boot(swapped(1).arena(0))
    m.locks.lock(m.anons[0].an_lock)
    m.thread("map", mapping(m, "p0"))
    panics(m, "sleeping with a simple lock held: anon:a0", 167, m.run)


def test_the_arena_s_sleeper_who_is_never_woken_is_a_deadlock_at_167():
    m = boot(swapped(1).arena(1, used=(0,)))
    m.thread("writer", mapping(m, "p0"))
    with pytest.raises(Deadlock) as ended:
        m.run()
    (sleeper,) = ended.value.sleepers
    assert (sleeper.thread, sleeper.channel, sleeper.since) == ("writer", "pager_map", 0)
    assert str(sleeper) == (
        "writer has slept on pager_map since 0 µs; "
        "elsewhere, by unmapping its pages, could have woken it"
    )
    last = m.trace.events[-1]
    assert (last.kind, last.line) == ("deadlock", 167)


def test_no_descriptor_is_left_when_there_is_no_room_and_no_time():
    m = boot(swapped(1).arena(0))
    pointer = AioPointer()
    assert m.call("pagermapin", tuple(m.pages), pointer, M_NOWAIT) is None
    assert (pointer.aio, list(m.aio.live)) == (None, [])


def test_as_written_the_caller_keeps_a_freed_descriptor():
    m = boot(swapped(1).arena(0), slips=Slip.AIO_DANGLING)
    pointer = AioPointer()
    m.aio.pointers[pointer] = None
    watched = m.watch()
    m.call("pagermapin", tuple(m.pages), pointer, M_NOWAIT)
    assert pointer.aio.freed
    assert {broken.rule for _, broken in watched} == {"no pointer names a freed descriptor"}


def test_as_written_a_descriptor_leaks_at_every_sleep():
    m = boot(swapped(1).arena(1, used=(0,)), slips=Slip.AIO_LEAK)
    body = mapping(m, "p0", M_WAITOK, AioPointer())
    m.thread("put", body)
    m.run(stuck=lambda: m.k.pagermapout(0, 1) or True)
    m.pager_map.live[0] = 1  # the mapping is the caller's
    assert [aio.name for aio in m.aio.live] == ["aio0", "aio1"]
    assert rules(m) == ["no live descriptor without a request"] * 2


# Another processor in between


def unmaps_late(m):
    """Unmap the arena's only page once the mapper has found no room."""
    yield m.env.timeout(0)
    m.k.pagermapout(0, 1)


def test_with_two_cpus_a_wake_up_can_be_lost_between_156_and_164():
    m = boot(swapped(1).arena(1, used=(0,)), cpus=2)
    m.thread("mapper", mapping(m, "p0"))
    m.thread("unmapper", unmaps_at_once(m))
    with pytest.raises(Deadlock, match="mapper has slept on pager_map"):
        m.run()
    assert m.pager_map.mapped == []
    kinds = places(m)
    assert (
        kinds.index(("uvm_map", 156))
        < kinds.index(("unmap_remove", 224))
        < kinds.index(("lock", 164))
    )


def unmaps_at_once(m):
    m.k.pagermapout(0, 1)
    yield from ()


@pytest.mark.parametrize("late", [unmaps_at_once, unmaps_late])
def test_with_one_cpu_no_wake_up_is_lost(late):
    m = boot(swapped(1).arena(1, used=(0,)))
    thread = m.thread("mapper", mapping(m, "p0"))
    m.thread("unmapper", late(m))
    m.run()
    assert thread.result == 0
    assert ("wakeup", 228) in places(m)


class Seen:
    """A thread that counts where another one stands while it is itself running."""

    def __init__(self, m, uobj):
        self.m, self.uobj, self.times = m, uobj, []

    def body(self):
        """Run whenever a moment passes, and note whether the object's lock was free then."""
        for _ in range(40):
            yield self.m.env.timeout(0)
            self.times.append((len(self.m.trace.raw), self.uobj.vmobjlock in self.m.locks.held))


@pytest.mark.parametrize(
    ("answers", "flags", "line"),
    [
        ("OK", "SYNCIO PDFREECLUST", 535),
        ("ERROR", "SYNCIO", 550),
        ("ERROR ERROR", "SYNCIO PDFREECLUST", 563),
    ],
)
def test_with_two_cpus_another_thread_runs_before_the_object_is_locked_again(answers, flags, line):
    w = filed(2).disk(*answers.split(), seek_us=0, transfer_us=0)
    found = {}
    for cpus in (1, 2):
        m = boot(w, cpus=cpus)
        m.thread("put", putting(m, uobj="f", pg="p0", flags=f"ALLPAGES {flags}"))
        seen = Seen(m, m.objects[0])
        m.thread("other", seen.body())
        m.run()
        relocked = next(
            i for i, step in enumerate(m.trace.steps) if (step.kind, step.line) == ("lock", line)
        )
        found[cpus] = (relocked, False) in seen.times
    assert found == {1: False, 2: True}


# Asynchronous I/O, its end, and those who wait meanwhile


def finished(m):
    """Finish what is on the done queue, in a thread."""

    def body():
        while m.aio.inflight:
            yield from m.sleep.wait(m.aio)
        return finish_all(m)

    thread = m.thread("finish", body())
    m.run()
    return thread.result


def test_an_asynchronous_put_is_pending_with_its_pages_busy_until_it_is_finished():
    m = boot(swapped(2))
    body = m.thread("put", putting(m, "p0 p1", slot=1, flags=""))
    m.env.run(until=1)
    assert body.result[0] is PagerResult.PEND
    assert [page.flags & PG_BUSY for page in m.pages] == [PG_BUSY] * 2
    assert m.pager_map.mapped == [0, 1]
    assert (len(m.aio.inflight), len(m.aio.done)) == (1, 0)
    m.run()
    assert (len(m.aio.inflight), len(m.aio.done)) == (0, 1)
    assert rules(m) == []


def test_a_finished_success_leaves_its_pages_clean_and_idle():
    m = boot(swapped(2))
    put(m, "p0 p1", slot=1, flags="")
    assert finished(m) == 1
    assert [page.flags for page in m.pages] == [PG_CLEAN] * 2
    assert (m.swap.allocated, m.pager_map.mapped, list(m.aio.live)) == ([1, 2], [], [])
    assert rules(m) == []


def test_a_finished_error_leaves_its_pages_dirty_without_slots():
    m = boot(swapped(2).disk("ERROR"))
    assert put(m, "p0 p1", slot=1, flags="")[0] == "PEND"
    assert finished(m) == 0
    assert [page.flags for page in m.pages] == [0, 0]
    assert [anon.an_swslot for anon in m.anons] == [0, 0]
    assert (m.swap.allocated, m.pager_map.mapped, list(m.aio.live)) == ([], [], [])
    assert rules(m) == []


def test_an_object_that_dies_when_its_asynchronous_put_is_finished_takes_its_lock_along():
    m = boot(world().vnode("f", 1, kill=True, flags="BUSY"))
    put(m, uobj="f", pg="p0", flags="")
    m.pages[0].flags |= PG_RELEASED
    finished(m)
    assert m.objects[0].dead
    assert rules(m) == []


def test_a_swap_backed_object_may_die_when_its_asynchronous_put_is_finished():
    m = boot(world(swap=8).aobj("o", 2, slot=1, kill=True, flags="BUSY"), diagnostic=True)
    put(m, "p0 p1", slot=1, flags="")
    for page in m.pages:
        page.flags |= PG_RELEASED
    finished(m)
    assert m.objects[0].dead
    assert (m.swap.allocated, rules(m)) == ([], [])


def waiter(m, page):
    """Wait for a page as a fault does.  Returns: whether it was still there."""
    lock = owner_lock(page)
    m.locks.lock(lock)
    there = yield from m.sleep.wait_for_page(page, lock)
    if there:
        m.locks.unlock(lock)
    return there


def test_who_waits_for_a_busy_page_has_it_when_the_put_lets_go():
    m = boot(swapped(2))
    m.thread("put", putting(m, "p0 p1", slot=1, flags="SYNCIO PDFREECLUST"))
    waits = m.thread("fault", waiter(m, m.pages[1]))
    m.run()
    assert waits.result is True
    assert m.pages[1].flags == PG_CLEAN
    assert ("wakeup", 646) in places(m)


def test_who_waits_for_a_page_that_is_released_learns_that_it_is_gone():
    m = boot(swapped(2))
    m.thread("put", putting(m, "p0 p1", slot=1, flags="SYNCIO PDFREECLUST"))
    waits = m.thread("fault", waiter(m, m.pages[1]))
    m.env.run(until=1)
    m.pages[1].flags |= PG_RELEASED
    m.run()
    assert waits.result is False
    assert (m.anons[1].dead, rules(m)) == (True, [])


def test_who_waits_for_a_page_that_nobody_lets_go_sleeps_for_ever():
    m = boot(swapped(1))
    m.pages[0].owner_tag = "nobody"
    m.thread("fault", waiter(m, m.pages[0]))
    with pytest.raises(
        Deadlock, match=r"fault has slept on p0 since 0 µs; whoever made p0 busy \(nobody\) could"
    ):
        m.run()
    assert m.pages[0].flags & PG_WANTED
    assert m.trace.events == []


# Notes: what no event says


def noted(m, line):
    """Return (kind, arguments) of each note at a C line."""
    return [
        (step.kind, *step.args) for step in m.trace.steps if step.line == line and not step.is_event
    ]


def test_boot_notes_that_nobody_wants_the_map():
    m = boot(world())
    m.call("pager_init")
    assert noted(m, 98) == [("store", "pager_map", "wanted", False)]


def test_pagermapin_notes_its_call_the_descriptor_and_its_end():
    m = boot(swapped(2))
    m.call("pagermapin", tuple(m.pages), AioPointer(), M_NOWAIT)
    assert [place for place in places(m) if place[0] in ("note", "store")] == [
        ("note", 140),
        ("store", 148),
        ("note", 196),
    ]
    assert noted(m, 148) == [("store", "aiop", "aio", "aio0")]
    assert noted(m, 196) == [("note", "done", 0)]


def test_pagermapin_notes_that_there_was_no_memory():
    m = boot(swapped(1))
    m.aio.malloc_fails = 0
    assert m.call("pagermapin", tuple(m.pages), AioPointer(), M_NOWAIT) is None
    assert noted(m, 147) == [("note", "return", None)]


def test_pagermapin_notes_the_descriptor_given_back_and_the_failure():
    m = boot(swapped(1).arena(0))
    m.call("pagermapin", tuple(m.pages), AioPointer(), M_NOWAIT)
    assert noted(m, 160) == [("store", "aiop", "aio", None)]
    assert noted(m, 161) == [("note", "NOWAIT failed")]


def test_the_map_is_wanted_from_165_to_227():
    m = boot(swapped(1).arena(1, used=(0,)))
    m.thread("map", mapping(m, "p0"))
    m.run(stuck=lambda: m.k.pagermapout(0, 1) or True)
    assert noted(m, 165) == [("store", "pager_map", "wanted", True)]
    assert noted(m, 166) == [("note", "SLEEPING on pager_map")]
    assert noted(m, 227) == [("store", "pager_map", "wanted", False)]
    assert [len(noted(m, line)) for line in (217, 235)] == [1, 1]


def cluster_of(m, center="p1", flags="ALLPAGES", room=16, lo=0, hi=65536):
    by_name = named(m)
    cluster = Cluster(room=room)
    return m.call("mk_pcluster", m.objects[0], cluster, by_name[center], pgo(flags), lo, hi)


def test_mk_pcluster_notes_each_page_that_it_takes_and_where_it_goes():
    m = boot(filed(3, size=3))
    cluster = cluster_of(m)
    assert [page.name for page in cluster.pages] == ["p1", "p2"]
    assert noted(m, 307) == [("plug", "cluster", 1, "p1")]
    assert noted(m, 308) == [("store", "cluster", "first", 1)]
    assert noted(m, 309) == [("store", "cluster", "npages", 1)]


def test_mk_pcluster_notes_both_directions_and_their_ends():
    m = boot(world().vnode("f", 3, size=3).page("p1", flags="BUSY"))
    assert [page.name for page in cluster_of(m).pages] == ["p0", "p1", "p2"]
    assert noted(m, 347) == [("set", "p0", ["BUSY"]), ("set", "p2", ["BUSY"])]
    assert noted(m, 352) == [("store", "cluster", "first", 0)]
    assert noted(m, 353) == [("plug", "cluster", 0, "p0")]
    assert noted(m, 355) == [("plug", "cluster", 2, "p2")]
    assert noted(m, 357) == [("store", "cluster", "npages", 2), ("store", "cluster", "npages", 3)]
    assert noted(m, 329) == [("note", "no page", 4294963200)]
    assert noted(m, 324) == [("note", "limit", 12288)]
    assert [len(noted(m, line)) for line in (271, 366)] == [1, 1]


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        ({"flags": "CLEAN"}, 345, ("note", "clean", "p0")),
        ({"flags": "BUSY"}, 345, ("note", "busy", "p0")),
        ({"flags": "BUSY CLEAN"}, 345, ("note", "busy", "p0")),
        ({"queue": "ACTIVE"}, 334, ("note", "active", "p0")),
    ],
)
def test_mk_pcluster_notes_why_it_stops(change, line, said):
    m = boot(world().vnode("f", 2).page("p1", flags="BUSY").page("p0", **change))
    assert [page.name for page in cluster_of(m).pages] == ["p1"]
    assert said in noted(m, line)


def test_mk_pcluster_notes_that_it_checked_whether_a_page_is_clean():
    w = world().vnode("f", 2).page("p1", flags="BUSY")
    m = boot(w.page("p0", flags="CLEAN", queue="ACTIVE", modified=True))
    assert [page.name for page in cluster_of(m, flags="ALLPAGES DOACTCLUST").pages] == ["p0", "p1"]
    assert noted(m, 339) == [("clear", "p0", ["CLEAN"])]
    assert noted(m, 340) == [("set", "p0", ["CLEANCHK"])]


def test_mk_pcluster_notes_an_array_too_small():
    m = boot(world().vnode("f", 2).page("p1", flags="BUSY"))
    assert [page.name for page in cluster_of(m, room=4).pages] == ["p1"]
    assert noted(m, 292) == [("note", "array too small", 0, 65536)]
    assert noted(m, 296) == [("plug", "cluster", 0, "p1")]
    assert noted(m, 297) == [("store", "cluster", "npages", 1)]


def test_shareprot_notes_its_call_and_its_end():
    m = boot(filed())
    m.call("shareprot", MapEntry(0, 8192, 0, m.objects[0]), 1)
    assert [place for place in places(m) if place[0] == "note"] == [("note", 387), ("note", 403)]


def test_pager_put_notes_the_cluster_the_i_o_and_its_return():
    m = boot(filed(2))
    put(m, uobj="f", pg="p0", flags="SYNCIO ALLPAGES")
    assert len(noted(m, 475)) == 1
    assert noted(m, 506) == [("note", "io", ["p0", "p1"])]
    assert noted(m, 540) == [("note", "return", "OK", 5)]


def test_pager_put_notes_the_one_page_of_a_device():
    m = boot(world().device("d", 2, flags="BUSY"))
    assert put(m, uobj="d", pg="p1")[0] == "BAD"
    assert noted(m, 477) == [("plug", "cluster", 0, "p1")]
    assert noted(m, 478) == [("store", "cluster", "npages", 1)]
    assert noted(m, 564) == [("note", "return", "BAD", 4)]


def test_pager_put_notes_the_retry_of_the_page_of_interest():
    m = boot(swapped(2).disk("ERROR", "AGAIN"))
    assert put(m, "p0 p1", pg="p1", slot=1)[0] == "AGAIN"
    assert noted(m, 553) == [("note", "retry", "p1")]
    assert noted(m, 564) == [("note", "return", "AGAIN", 4)]


def test_dropcluster_notes_every_write_of_a_dropped_cluster():
    m = boot(swapped(3).page("p2", flags="BUSY RELEASED"))
    drop(m, "p0 p1 p2", pg="p1", flags="REALLOCSWAP", swblk=1)
    assert noted(m, 621) == [("note", "skip", "p1")]
    assert noted(m, 636) == [("store", name, "an_swslot", 0) for name in ("a0", "a2")]
    assert noted(m, 652) == [("clear", "p2", ["BUSY"])]
    assert noted(m, 678) == [("clear", "p0", ["BUSY", "WANTED"])]
    assert noted(m, 711) == [("plug", "cluster", 0, "p1")]
    assert noted(m, 712) == [("store", "cluster", "npages", 1)]
    assert noted(m, 720) == [("store", "a1", "an_swslot", 1)]


def test_dropcluster_notes_that_a_page_is_clean_after_a_success():
    m = boot(swapped(1))
    drop(m, "p0")
    assert noted(m, 690) == [("set", "p0", ["CLEAN"])]


def test_every_state_write_of_the_c_is_noted_at_its_line_somewhere():
    """The lines that DESIGN lists, seen over all golden vectors."""
    written = {98, 148, 160, 165, 227, 296, 297, 307, 308, 309, 339, 340, 347, 353, 355, 357}
    written |= {475, 477, 478, 636, 652, 678, 690, 711, 712, 720}
    decided = {292, 324, 329, 334, 345, 506, 540, 564, 621}
    logged = {140, 161, 166, 196, 217, 235, 271, 366, 387, 403}
    seen = set()
    for line in GOLDEN.read_text().splitlines():
        run = Replay(check_vector(json.loads(line)))
        run.run()
        notes = [step for step in run.m.trace.steps if not step.is_event]
        assert all(str(step) for step in notes)
        seen |= {step.line for step in notes}
    assert (written | decided | logged) - seen == set()
    assert seen - (written | decided | logged) == {147, 352, 553}
