"""The acts of the page daemon: without a trace they are the plain functions, with one each is a note."""

from functools import partial

import pytest

from uvmlab.kernel.acts import Acts, SwapCluster
from uvmlab.kernel.pagedaemon import pagedaemon
from uvmlab.kernel.trace import DAEMON
from uvmlab.run import world
from uvmlab.worlds.load import boot


def acts(run):
    """List the page daemon's acts in a run, as their steps say them."""
    return [str(step).strip() for step in run.steps if step.kind in DAEMON]


def changed(run, kind):
    """Return which fields each step of a kind changed."""
    return [
        {change.field for change in changes}
        for step, changes in zip(run.steps, run.changes, strict=True)
        if step.kind == kind
    ]


def test_without_a_trace_an_act_is_the_plain_function():
    m = world().machine(trace=False).kernel
    assert m.acts.take is SwapCluster.take
    assert isinstance(m.acts.reclaim, partial)
    assert vars(m.acts).keys() == set(DAEMON) == Acts.__annotations__.keys()


def test_each_look_and_what_comes_of_it_is_a_step():
    w = world(swap=2).anons(2, slot=1).anons(2).anons(1, referenced=True).anons(1, flags="BUSY")
    w = w.page("p0", flags="CLEAN")
    assert acts(w.machine().pagedaemon(2))[:12] == [
        "scan free 0, wanted 2",
        "look p0",
        "reclaim p0",
        "look p1",
        "reserve",
        "keep p1",
        "look p2",
        "reserve",
        "keep p2",
        "look p3",
        "reserve",
        "keep p3",
    ]
    assert acts(w.machine().pagedaemon(2))[12:16] == ["look p4", "spare p4", "look p5", "leave p5"]


def test_a_cluster_is_built_page_by_page_and_its_io_ends_on_the_done_queue():
    run = world(swap=8).anons(2).disk("ERROR").machine().pagedaemon(1)
    assert acts(run) == [
        "scan free 0, wanted 1",
        "look p0",
        "reserve",
        "take p0 slot 1",
        "look p1",
        "take p1 slot 2",
        "close [p0 p1] slot 1",
        "wait aio_done",
        "io_done aio0 ERROR",
        "drain aio0 ERROR",
        "drained aio0",
    ]
    assert {"array", "npages", "pages", "anons"} <= changed(run, "take")[0]
    assert "swap_allocated" in changed(run, "close")[0]
    assert "asleep" in changed(run, "wait")[0]
    assert {"aio_inflight", "aio_done", "asleep"} <= changed(run, "io_done")[0]
    assert changed(run, "drained")[0] == {"aio_done"}


def test_the_array_that_a_run_shows_is_the_cluster_at_hand():
    run = world(swap=4).anons(2).vnode("f", 2).machine().pagedaemon(4, sync=True)

    def array(kind):
        return run[[step.kind for step in run.steps].index(kind)].state.array

    assert array("reserve") == (None, None, None, None)
    assert array("take") == ("p0", None, None, None)
    assert array("pick") == (None,) * 16
    assert array("close") == ("p0", "p1")


def test_a_file_s_page_is_picked_and_let_go_of():
    run = world().vnode("f", 1).disk("ERROR").machine().pagedaemon(1, sync=True)
    assert acts(run) == ["scan free 0, wanted 1", "look p0", "pick p0", "unbusy p0 False"]
    assert "locks_held" in changed(run, "pick")[0]


def test_the_disk_s_interrupt_runs_in_no_thread():
    run = world(swap=4).anons(1).machine().pagedaemon(1)
    who = dict(zip([step.kind for step in run.steps], run.threads, strict=True))
    assert (who["io_done"], who["drain"], who["return"]) == ("the disk", "pagedaemon", "the caller")


def test_without_room_in_the_pager_map_a_round_ends_early():
    run = world(swap=8).anons(2).arena(4, used=[0]).machine().pagedaemon(2)
    assert acts(run) == ["scan free 0, wanted 2", "crowded"]


@pytest.mark.parametrize("sync", [False, True])
def test_a_trace_changes_nothing(sync):
    w = world(swap=8).anons(5).aobj("o", 2).vnode("f", 3).disk("OK", "ERROR", "AGAIN").arena(20)
    ends = []
    for trace in (False, True):
        m = boot(w.state, trace=trace)
        thread = m.thread("pagedaemon", pagedaemon(m, 10, sync=sync))
        m.run()
        ends.append((thread.result, int(m.env.now), [page.flags for page in m.pages]))
    assert ends[0] == ends[1]
