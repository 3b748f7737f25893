"""Sleeping on a channel, and waiting for a busy page."""

import pytest

from tests.kernel_scenes import boot
from uvmlab.kernel import Deadlock, Machine, Panic
from uvmlab.kernel.acts import unbusy
from uvmlab.kernel.flags import PG_BUSY, PG_RELEASED, PG_WANTED
from uvmlab.worlds import world


def sleeper(m, channel, woken):
    yield from m.sleep.wait(channel)
    woken.append((len(woken), m.env.now))


def wakes_at(m, channel, us):
    yield m.env.timeout(us)
    m.sleep.wakeup(channel)


def test_a_wake_up_wakes_all_who_sleep_there_and_nobody_else():
    m, woken = Machine(), []
    threads = [m.thread(f"t{i}", sleeper(m, m.pager_map, woken)) for i in range(3)]
    other = m.thread("other", sleeper(m, m.aio, []))
    m.thread("waker", wakes_at(m, m.pager_map, 7))
    with pytest.raises(
        Deadlock, match="other has slept on aio_done since 0 µs; the end of an I/O could have"
    ):
        m.run()
    assert woken == [(0, 7), (1, 7), (2, 7)]
    assert [thread.ended for thread in (*threads, other)] == [True, True, True, False]


def test_a_wake_up_with_nobody_asleep_is_lost():
    m = Machine()
    m.sleep.wakeup(m.pager_map)
    m.thread("late", sleeper(m, m.pager_map, []))
    with pytest.raises(
        Deadlock, match="late has slept on pager_map since 0 µs; nobody that is left could"
    ):
        m.run()


def test_every_sleeper_is_in_the_report_with_its_time():
    m = Machine()

    def late():
        yield m.env.timeout(30)
        yield from m.sleep.wait(m.aio)

    m.thread("one", sleeper(m, m.pager_map, []))
    m.thread("two", late())
    with pytest.raises(
        Deadlock, match="^deadlock: one has .* since 0 µs.*; two has .* since 30 µs"
    ) as ended:
        m.run()
    assert [s.channel for s in ended.value.sleepers] == ["pager_map", "aio_done"]


def test_unlock_and_wait_lets_go_of_its_lock_and_panics_about_another():
    m = boot(world().anons(2))
    first, second = (anon.an_lock for anon in m.anons)
    m.locks.lock(first)
    m.locks.lock(second)
    m.thread("t", m.sleep.unlock_and_wait(m.pager_map, first))
    with pytest.raises(Panic, match="^sleeping with a simple lock held: anon:a1$"):
        m.run()


def fault(m, page):
    lock = page.uobject.vmobjlock
    m.locks.lock(lock)
    found = yield from m.sleep.wait_for_page(page, lock)
    return found, lock in m.locks.held


def lets_go(m, page, flags=0):
    yield m.env.timeout(10)
    m.locks.lock(page.uobject.vmobjlock)
    page.flags |= flags
    uobj = page.uobject
    unbusy(m, page, clean=True)
    m.locks.unlock(uobj.vmobjlock)


def test_an_idle_page_is_not_waited_for():
    m = boot(world().vnode("f", 1))
    thread = m.thread("fault", fault(m, m.pages[0]))
    m.run()
    assert thread.result == (True, True)
    assert not m.pages[0].flags & PG_WANTED


@pytest.mark.parametrize(("flags", "found"), [(0, (True, True)), (PG_RELEASED, (False, False))])
def test_who_waits_has_the_page_and_its_lock_or_neither(flags, found):
    m = boot(world().vnode("f", 1, flags="BUSY"))
    thread = m.thread("fault", fault(m, m.pages[0]))
    m.thread("writer", lets_go(m, m.pages[0], flags))
    m.run()
    assert thread.result == found


def test_who_finds_the_page_busy_again_waits_again():
    m = boot(world().vnode("f", 1, flags="BUSY"))
    page = m.pages[0]
    thread = m.thread("fault", fault(m, page))

    def twice():
        yield from lets_go(m, page)
        page.flags |= PG_BUSY
        yield from lets_go(m, page)

    m.thread("writer", twice())
    m.run()
    assert (thread.result, m.env.now) == ((True, True), 20)


def test_one_of_several_asleep_can_be_woken_and_the_others_sleep_on():
    m = Machine()
    threads = [m.thread(name, m.sleep.wait(m.aio)) for name in "ab"]
    with pytest.raises(Deadlock):
        m.run()
    ((channel, sleepers),) = m.sleep.asleep.items()
    m.sleep.wake_one(channel, sleepers[1])
    with pytest.raises(Deadlock, match="^deadlock: a has slept"):
        m.run()
    assert [thread.ended for thread in threads] == [False, True]
    m.sleep.wake_one(channel, sleepers[0])
    m.run()
    assert (threads[0].ended, m.sleep.asleep) == (True, {})
