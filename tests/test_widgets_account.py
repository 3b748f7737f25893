"""The account of the swap slots."""

from uvmlab.run import world
from uvmlab.widgets.account import Account


def test_freed_kept_new_lost_and_stray_slots_are_told_apart():
    account = Account(5, (1, 2), (2, 4), {1: "a0", 2: "a1"}, {1: "a0", 2: "a0"})
    assert (account.freed, account.kept, account.new) == ([1], [2], [4])
    assert (account.lost, account.stray) == ([4], [1])
    assert account.free == [1, 3, 5]
    assert account.names == [
        (1, "a0", "free, and named by a0"),
        (2, "a1", "a0"),
        (4, "free", "nobody"),
    ]
    assert str(account).splitlines()[3:] == [
        "newly allocated: 4",
        "allocated after: 2 4",
        "free afterwards: 1 3 5",
        "named by nobody (lost): 4",
        "named, and free: 1",
    ]


def test_none_is_said_where_there_is_none():
    state = world(swap=2).anons(2, slot=1).state
    assert str(Account.of(state, state)).endswith(
        "free afterwards: none\nnamed by nobody (lost): none\nnamed, and free: none"
    )


def test_slots_that_nobody_names_are_accounted_for():
    m = world(swap=8).anons(2, slot=3).machine()
    before = m.pager_put("p0 p1", flags="SYNCIO").before.state
    m.kernel.anons[0].an_swslot = 0
    after = m.pager_put("p1", flags="SYNCIO").after.state
    account = Account.of(before, after)
    assert account.names == [(3, "a0", "nobody"), (4, "a1", "a1")]
    assert account.lost == [3]


def test_a_starting_state_has_the_slots_that_are_named():
    state = world(swap=8).anons(2, slot=3).state
    account = Account.of(state, state)
    assert account.before == (3, 4)
    assert account.names == [(3, "a0", "a0"), (4, "a1", "a1")]
