"""The page daemon: who is written, who is freed, and what becomes of them."""

import pytest

from tests.kernel_scenes import boot, named, put, rules
from uvmlab.kernel.acts import unbusy
from uvmlab.kernel.flags import PG_BUSY, PG_CLEAN, PG_RELEASED, PG_WANTED, VM_PROT_NONE
from uvmlab.kernel.pagedaemon import SWCLUSTER, pagedaemon, scan_inactive
from uvmlab.run import world as lab_world
from uvmlab.worlds import world


def clean(m, free_target, *, sync=False):
    """Run the daemon to its end.  Returns: how many pages are free."""
    thread = m.thread("pagedaemon", pagedaemon(m, free_target, sync=sync))
    m.run()
    assert rules(m) == []
    return thread.result


def swap_puts(m):
    return [(e.args[0], len(e.args[1])) for e in m.trace.events if e.kind == "swap_put"]


SYNC = pytest.mark.parametrize("sync", [False, True])


@SYNC
def test_dirty_anons_are_written_in_clusters_and_then_freed(sync):
    m = boot(world(swap=64).anons(20))
    assert clean(m, 20, sync=sync) == 20
    assert swap_puts(m) == [(1, 16), (17, 4)]
    assert [anon.an_swslot for anon in m.anons] == list(range(1, 21))
    assert m.swap.allocated == list(range(1, 21))


@SYNC
def test_anons_and_aobj_pages_share_a_cluster_and_give_their_old_slots_back(sync):
    m = boot(world(swap=64).anons(2, slot=60).aobj("o", 2, slot=50))
    clean(m, 4, sync=sync)
    assert swap_puts(m) == [(1, 4)]
    assert ([a.an_swslot for a in m.anons], m.objects[0].swslots) == ([1, 2], {0: 3, 1: 4})
    assert m.swap.allocated == [1, 2, 3, 4]


@SYNC
def test_a_file_s_pages_go_with_their_neighbours(sync):
    m = boot(world().vnode("f", 4))
    assert clean(m, 4, sync=sync) == 4
    assert m.disk.ios == 1
    assert not m.objects[0].dead


def test_clean_pages_are_freed_without_a_write():
    m = boot(world(swap=8).anons(2, slot=1, flags="CLEAN").vnode("f", 1, flags="CLEAN"))
    assert clean(m, 3) == 3
    assert (m.disk.ios, m.swap.allocated) == (0, [1, 2])


def test_the_oldest_pages_go_first_and_no_more_than_are_needed():
    m = boot(world(swap=8).anons(4, slot=1, flags="CLEAN"))
    assert clean(m, 2) == 2
    assert [page.name for page in m.queues.free] == ["p0", "p1"]


def test_a_page_that_was_used_is_spared_and_active_again():
    m = boot(world(swap=8).anons(2, slot=1, flags="CLEAN").page("p0", referenced=True))
    assert clean(m, 2) == 1
    assert list(m.queues.active) == [m.pages[0]]
    assert not m.pages[0].referenced


def test_a_busy_page_is_left_alone():
    m = boot(world(swap=8).anons(2, slot=1).page("p0", flags="BUSY"))
    assert clean(m, 2) == 1
    assert (m.pages[0].flags, m.anons[0].an_swslot) == (PG_BUSY, 1)


def test_without_a_slot_a_page_stays_in_memory_and_active():
    m = boot(world().anons(2))
    assert clean(m, 2) == 0
    assert len(m.queues.active) == 2


def test_swap_that_is_nearly_full_makes_small_clusters():
    m = boot(world(swap=3).anons(5).bad(2))
    assert clean(m, 5) == 2
    assert swap_puts(m) == [(1, 1), (3, 1)]
    assert m.swap.allocated == [1, 3]


@SYNC
@pytest.mark.parametrize("slots", [1, 0])
def test_after_an_error_the_pages_stay_dirty_and_lose_their_slots(sync, slots):
    w = world(swap=64).anons(2, slot=slots).aobj("o", 2, slot=slots and 40)
    m = boot(w.disk(rate=1.0))
    assert clean(m, 4, sync=sync) == 0
    assert not any(page.flags & (PG_CLEAN | PG_BUSY) for page in m.pages)
    assert (m.swap.allocated, m.objects[0].swslots) == ([], {})


def test_an_asynchronous_error_of_a_file_leaves_its_pages_dirty_and_idle():
    m = boot(world().vnode("f", 3).disk("ERROR"))
    assert clean(m, 3) == 0
    assert ([page.flags for page in m.pages], m.disk.ios) == ([0, 0, 0], 1)


def test_after_a_synchronous_error_the_page_is_tried_alone_and_its_neighbours_in_their_turn():
    m = boot(world().vnode("f", 3).disk("ERROR", "ERROR", "OK"))
    assert clean(m, 3, sync=True) == 3
    puts = [event.args[1] for event in m.trace.events if event.kind == "pgo_put"]
    assert puts == [["p0", "p1", "p2"], ["p0"], ["p0", "p1", "p2"]]


def test_a_round_that_freed_a_clean_page_is_followed_by_one_that_tries_the_dirty_again():
    m = boot(world(swap=8).anons(1, slot=8, flags="CLEAN").anons(1).disk("ERROR", "OK"))
    assert clean(m, 2) == 2
    assert [answer for answer, _ in swap_puts(m)] == [1, 1]


def test_a_device_s_page_cannot_be_written_and_the_daemon_gives_up():
    m = boot(world().device("d", 1))
    assert clean(m, 1) == 0
    assert m.pages[0].flags == 0


def test_nothing_is_done_when_enough_pages_are_free():
    m = boot(world(swap=8).anons(1).free(2))
    assert clean(m, 2) == 2
    assert m.trace.raw == []


def test_the_daemon_stops_scanning_when_the_arena_has_no_room_for_a_cluster():
    m = boot(world(swap=64).anons(20).arena(SWCLUSTER + 1, used=(0, 1)))
    assert clean(m, 20) == 0
    m = boot(world(swap=64).anons(20).arena(SWCLUSTER))
    assert clean(m, 20) == 20  # the second cluster waits for a round of its own
    assert [n for _, n in swap_puts(m)] == [16, 4]


def test_the_daemon_finishes_what_others_began_though_enough_pages_are_free():
    m = boot(world(swap=8).anons(1, slot=1, flags="BUSY"))
    put(m, "p0", slot=1, flags="")
    assert len(m.aio.done) == 1
    assert clean(m, 0) == 0
    assert (m.pages[0].flags, list(m.aio.live)) == (PG_CLEAN, [])


def test_the_daemon_that_gives_up_still_waits_for_what_is_in_flight():
    m = boot(world(swap=64).anons(20).disk(rate=1.0))
    assert clean(m, 20) == 0
    assert (m.disk.ios, m.swap.allocated, list(m.aio.live)) == (2, [], [])


@SYNC
def test_an_arena_smaller_than_a_cluster_makes_smaller_clusters(sync):
    m = boot(world(swap=64).anons(7).vnode("f", 6).arena(3))
    assert clean(m, 13, sync=sync) == 13
    assert max(n for _, n in swap_puts(m)) == 3


def test_without_an_arena_nothing_can_be_written():
    m = boot(world(swap=64).anons(2).vnode("f", 2).arena(0))
    assert clean(m, 4) == 0
    assert (m.disk.ios, m.swap.allocated) == (0, [])


def test_a_freed_page_is_mapped_nowhere():
    m = boot(world(swap=8).anons(1, slot=1, flags="CLEAN").vnode("f", 1, flags="CLEAN"))
    clean(m, 2)
    assert [page.prot for page in m.pages] == [VM_PROT_NONE] * 2


def test_a_page_released_during_its_write_is_gone_afterwards():
    m = boot(world(swap=8).anons(2).vnode("f", 2, kill=True))
    m.thread("pagedaemon", pagedaemon(m, 4))
    m.env.run(until=1)
    for page in m.pages:
        assert page.flags & PG_BUSY
        page.flags |= PG_RELEASED
    m.run()
    assert [anon.dead for anon in m.anons] == [True, True]
    assert (m.objects[0].dead, m.swap.allocated, rules(m)) == (True, [], [])


@SYNC
def test_a_file_s_page_that_is_released_alone_takes_its_object_along(sync):
    m = boot(world().vnode("f", 1, kill=True))
    m.thread("pagedaemon", pagedaemon(m, 1, sync=sync))
    m.env.run(until=1)
    m.pages[0].flags |= PG_RELEASED | PG_WANTED
    m.run()
    assert (m.objects[0].dead, rules(m)) == (True, [])


def test_another_thread_may_empty_the_queue_during_a_write():
    m = boot(world().vnode("f", 1).vnode("g", 3, flags="CLEAN"))

    def takes_all():
        yield m.env.timeout(1)
        for page in list(m.queues.inactive):
            m.queues.pageactivate(page)

    m.thread("pagedaemon", pagedaemon(m, 4, sync=True))
    m.thread("user", takes_all())
    m.run()
    assert (len(m.queues.active), rules(m)) == (4, [])


def test_a_scan_tells_how_many_puts_were_a_success():
    m = boot(world(swap=64).anons(20).vnode("f", 1).disk("OK", "ERROR", "OK"))
    scan = m.thread("scan", scan_inactive(m, 99, 0x92))
    m.run()
    assert (m.disk.ios, scan.result) == (3, 2)


def test_letting_go_of_a_page_after_an_error_leaves_it_dirty():
    m = boot(world().vnode("f", 1, flags="BUSY WANTED", modified=True))
    unbusy(m, m.pages[0], clean=False)
    assert (m.pages[0].flags, m.pages[0].modified) == (0, True)
    m.pages[0].flags = PG_BUSY
    unbusy(m, named(m)["p0"], clean=True)
    assert (m.pages[0].flags, m.pages[0].modified) == (PG_CLEAN, False)


@pytest.mark.parametrize("answer", ["OK", "ERROR"])
@pytest.mark.parametrize("diagnostic", [True, False])
def test_an_object_that_dies_when_its_i_o_is_finished_panics_at_672_with_diagnostic(
    diagnostic, answer
):
    w = lab_world().vnode("f", 2, kill=True).disk(answer)
    machine = w.machine(diagnostic=diagnostic)
    machine.pager_put(pg="p0", flags="ALLPAGES PDFREECLUST", meanwhile=[(0, "p0 p1", "RELEASED")])
    run = machine.finish()
    assert [step.line for step in run.steps if step.kind == "releasepg"] == [667, 667]
    assert run.after.state.objects["f"].dead
    if diagnostic:
        assert (run.said, run.steps[-2].line) == (
            "uvm_pager_dropcluster: object died with active page",
            672,
        )
    else:
        assert (run.said, run.after.state.locks_held, machine.kernel.check()) == (None, (), [])
