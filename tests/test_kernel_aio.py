"""I/O descriptors, and the put that every pager shares."""

import pytest

from tests.kernel_scenes import boot, events, put, putting, rules
from uvmlab.kernel.aio import Aio, AioPointer
from uvmlab.kernel.flags import M_NOWAIT, M_WAITOK
from uvmlab.worlds import world


def busy(*answers, n=2, **disk):
    return boot(world(swap=8).anons(n, slot=1, flags="BUSY").disk(*answers, **disk))


def test_descriptors_are_numbered_and_live_until_they_are_freed():
    aio = Aio()
    first, second = aio.malloc("aiodesc", M_WAITOK), aio.malloc("aiodesc", M_NOWAIT)
    aio.free(first)
    assert (list(aio.live), first.freed, second.freed) == ([second], True, False)
    assert (repr(first), repr(second)) == ("<aiodesc aio0: freed>", "<aiodesc aio1: PEND>")


@pytest.mark.parametrize(("waitf", "made"), [(M_NOWAIT, False), (M_WAITOK, True)])
def test_memory_fails_only_who_may_not_wait(waitf, made):
    aio = Aio()
    aio.malloc_fails = 1
    assert aio.malloc("aiodesc", waitf) is not None
    assert (aio.malloc("aiodesc", waitf) is not None) is made
    assert aio.malloc("aiodesc", waitf).name == "aio2"


def test_the_done_queue_is_emptied_at_boot():
    aio = Aio()
    aio.done.append(aio.malloc("aiodesc", M_WAITOK))
    aio.tailq_init("aio_done")
    assert not aio.done
    assert AioPointer().aio is None


def test_a_synchronous_write_takes_its_time_and_maps_everything_out():
    m = busy(seek_us=100, transfer_us=10)
    assert put(m, "p0 p1", slot=2)[0] == "OK"
    assert (m.env.now, m.pager_map.mapped, list(m.aio.live)) == (120, [], [])
    assert ("uvm_map", 2, 0) in events(m)
    assert ("unmap_remove", 0, 2) in events(m)


@pytest.mark.parametrize("answer", ["ERROR", "FAIL", "BAD", "AGAIN"])
def test_a_synchronous_write_answers_what_the_disk_does(answer):
    m = busy(answer)
    assert put(m, "p0 p1", slot=1)[0] == answer
    assert m.disk.ios == 1
    assert rules(m) == []


def test_a_synchronous_write_that_the_disk_puts_off_is_pending_and_then_done():
    m = busy("PEND")
    assert put(m, "p0 p1", slot=1)[0] == "PEND"
    (aio,) = m.aio.done
    assert (aio.result.name, [page.name for page in aio.pages]) == ("OK", ["p0", "p1"])
    assert rules(m) == []


@pytest.mark.parametrize(
    ("answer", "result"), [("OK", "OK"), ("PEND", "OK"), ("ERROR", "ERROR"), ("FAIL", "FAIL")]
)
def test_an_asynchronous_write_is_pending_and_has_its_answer_at_its_end(answer, result):
    m = busy(answer)
    assert put(m, "p0 p1", slot=1, flags="")[0] == "PEND"
    (aio,) = m.aio.done
    assert (aio.result.name, aio.block, aio.kva, aio.uobj) == (result, 1, 0, None)
    assert not m.aio.inflight
    assert rules(m) == []


def test_an_asynchronous_write_that_the_disk_does_not_take_leaves_nothing_behind():
    m = busy("AGAIN")
    assert put(m, "p0 p1", slot=1, flags="")[0] == "AGAIN"
    assert (m.env.now, m.pager_map.mapped, list(m.aio.live), rules(m)) == (0, [], [], [])


def test_an_asynchronous_write_without_memory_answers_again():
    m = busy()
    m.aio.malloc_fails = 0
    assert put(m, "p0 p1", slot=1, flags="")[0] == "AGAIN"
    assert (m.disk.ios, rules(m)) == (0, [])


def test_writes_that_end_in_turn_are_done_in_turn():
    m = busy("OK", "ERROR")
    m.thread("one", putting(m, "p0", slot=1, flags=""))
    m.thread("two", putting(m, "p1", slot=2, flags=""))
    m.run()
    assert [aio.name for aio in m.aio.done] == ["aio0", "aio1"]
    assert [aio.result.name for aio in m.aio.done] == ["OK", "ERROR"]


def test_the_pointer_of_a_write_under_way_is_watched():
    m = busy()
    watched = m.watch()
    put(m, "p0 p1", slot=1, flags="")
    assert (watched, m.aio.pointers) == ([], {})
