"""Simple locks: whoever misuses one panics."""

import pytest
from simpy import Environment

from uvmlab.kernel import Machine, Panic
from uvmlab.kernel.lock import SimpleLock, SimpleLocks


@pytest.fixture
def locks():
    return SimpleLocks(Environment())


LOCK = SimpleLock("pageq")


def test_a_lock_is_named_after_its_kind_and_its_owner():
    lock = Machine().pager_map.lock
    assert (lock.name, repr(lock), repr(LOCK)) == (
        "map:pager_map",
        "<lock map:pager_map>",
        "<lock pageq>",
    )


def test_taking_a_lock_twice_panics(locks):
    locks.lock(LOCK)
    with pytest.raises(Panic, match="^locking against myself$"):
        locks.lock(LOCK)


def test_unlocking_a_lock_that_is_free_panics(locks):
    with pytest.raises(Panic, match="^unlocking a lock not held$"):
        locks.unlock(LOCK)


def test_a_lock_is_free_after_it_was_let_go_or_made_anew(locks):
    for free in (locks.unlock, locks.lock_init):
        locks.lock(LOCK)
        free(LOCK)
        assert LOCK not in locks.held
    locks.lock_init(LOCK)
    assert locks.held == {}


def test_sleeping_with_a_lock_held_panics_and_names_it(locks):
    locks.sleeping()
    locks.lock(LOCK)
    with pytest.raises(Panic, match="^sleeping with a simple lock held: pageq$"):
        locks.sleeping()


def leaves_with(m, lock, then):
    """Let another processor in between with `lock` held."""
    m.locks.lock(lock)
    yield m.k.other_cpu()
    then(lock)


def comes_in(m, act):
    act()
    yield from ()


def test_a_lock_of_another_processor_s_thread_is_spun_on_for_ever():
    m = Machine(cpus=2)
    m.thread("holder", leaves_with(m, LOCK, m.locks.unlock))
    m.thread("other", comes_in(m, lambda: m.locks.lock(LOCK)))
    with pytest.raises(Panic, match="^spinning for ever on pageq$"):
        m.run()


def test_another_thread_s_lock_does_not_keep_this_one_from_sleeping():
    m = Machine(cpus=2)
    m.thread("holder", leaves_with(m, LOCK, m.locks.unlock))
    m.thread("other", comes_in(m, m.locks.sleeping))
    m.run()
    assert m.locks.held == {}


@pytest.mark.parametrize("misuse", ["lock", "sleeping"])
def test_a_lock_kept_while_another_ran_is_still_this_thread_s(misuse):
    m = Machine(cpus=2)
    then = m.locks.lock if misuse == "lock" else lambda _: m.locks.sleeping()
    m.thread("holder", leaves_with(m, LOCK, then))
    with pytest.raises(Panic, match="locking against myself|sleeping with a simple lock held"):
        m.run()


def test_leaving_twice_keeps_the_holder():
    m = Machine(cpus=2)

    def body():
        m.locks.lock(LOCK)
        for _ in range(2):
            yield m.k.other_cpu()
        m.locks.unlock(LOCK)

    m.thread("holder", body())
    m.thread("other", comes_in(m, m.locks.left))
    m.run()
    assert m.locks.held == {}
