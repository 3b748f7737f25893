"""The swap device's slots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uvmlab.kernel import Panic
from uvmlab.kernel.swap import Swap


def test_slots_are_given_in_a_row_from_the_lowest_gap_that_is_long_enough():
    swap = Swap(10)
    assert [swap.alloc(3), swap.alloc(2), swap.alloc(1)] == [(1, 3), (4, 2), (6, 1)]
    swap.free(4, 2)
    assert [swap.alloc(3), swap.alloc(2)] == [(7, 3), (4, 2)]
    assert swap.allocated == list(range(1, 10))


def test_without_a_gap_nothing_is_given():
    swap = Swap(4)
    swap.take(2)
    assert swap.alloc(3) == (0, 0)
    assert swap.allocated == [2]


def test_less_is_fine_gives_the_longest_shorter_run():
    swap = Swap(8, bad=(3,))
    assert [swap.alloc(16, lessok=True) for _ in range(3)] == [(4, 5), (1, 2), (0, 0)]


def test_no_slots_are_never_given():
    assert Swap(4).alloc(0) == Swap(4).alloc(0, lessok=True) == (0, 0)


def test_a_bad_slot_is_never_given_and_never_comes_back():
    swap = Swap(4, bad=(2,))
    assert [swap.alloc(1), swap.alloc(1)] == [(1, 1), (3, 1)]
    swap.mark_bad(3)
    assert swap.is_allocated(3)
    swap.free(3, 1)
    assert (swap.allocated, swap.bad) == ([1], [2, 3])
    assert swap.alloc(2, lessok=True) == (4, 1)


@pytest.mark.parametrize("bad", [(), (2,)])
def test_freeing_a_free_or_bad_slot_panics_and_frees_nothing(bad):
    swap = Swap(4, bad)
    swap.take(1)
    with pytest.raises(Panic, match="^swap_free of a free slot$"):
        swap.free(1, 2)
    assert swap.allocated == [1]


def test_freeing_no_slots_is_nothing_wherever_they_are():
    Swap(2).free(99, 0)


def test_freeing_fewer_than_no_slots_is_nothing():
    s = Swap(2)
    s.take(1)
    s.free(1, -1)
    assert s.allocated == [1]


@pytest.mark.parametrize(("slot", "n"), [(0, 1), (2, 2), (3, 1), (-1, 1)])
def test_a_slot_that_is_not_there_is_a_free_one(slot, n):
    s = Swap(2)
    s.take(2)
    with pytest.raises(Panic, match="^swap_free of a free slot$"):
        s.free(slot, n)
    assert s.allocated == [2]


@pytest.mark.parametrize("slot", [0, 3, -1])
def test_taking_a_slot_beyond_the_device_is_refused(slot):
    with pytest.raises(ValueError, match=f"slots {slot} to {slot} are not all within 1 to 2"):
        Swap(2).take(slot)


@pytest.mark.parametrize("slot", [1, 2])
def test_a_slot_that_is_not_free_cannot_be_taken(slot):
    swap = Swap(2, bad=(2,))
    swap.take(1) if slot == 1 else None
    with pytest.raises(ValueError, match=f"slot {slot} is not free"):
        swap.take(slot)


@pytest.mark.parametrize("slot", [-1, 0, 3])
def test_what_is_no_slot_is_not_allocated(slot):
    assert not Swap(2).is_allocated(slot)


def test_it_says_how_full_it_is():
    swap = Swap(8)
    swap.alloc(3)
    assert repr(swap) == "<swap: 3 of 8 slots allocated>"


@given(st.integers(0, 12), st.lists(st.tuples(st.booleans(), st.integers(1, 5)), max_size=40))
def test_no_slot_is_ever_given_twice(nslots, steps):
    swap, taken = Swap(nslots), set()
    for give, n in steps:
        if give:
            slot, found = swap.alloc(n, lessok=True)
            new = set(range(slot, slot + found))
            longest = max(
                (
                    len(run)
                    for run in "".join(".x"[s in taken] for s in range(1, nslots + 1)).split("x")
                ),
                default=0,
            )
            assert found == min(n, longest)
            assert not new & taken
            taken |= new
        elif taken:
            swap.free(min(taken), 1)
            taken.remove(min(taken))
        assert swap.allocated == sorted(taken)
