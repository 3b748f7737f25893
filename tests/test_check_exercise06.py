"""Exercise 06: worlds drawn from a seed, and what is said of a world that does not free five slots."""

import pytest

from uvmlab.check.exercise06 import account_cases, account_of, freed, not_five, strangers
from uvmlab.run import world


def test_each_seed_frees_slots_of_its_own():
    found = {tuple(freed(strangers(str(i)))) for i in range(20)}
    assert len(found) > 10
    assert all(3 <= len(slots) <= 6 for slots in found)


def test_behind_the_first_page_are_an_anon_s_and_an_aobj_s():
    for seed in map(str, range(50)):
        _, *pages = strangers(seed).state.pages.values()
        assert {page.pqflags[-1] for page in pages} == {"ANON", "AOBJ"}


def test_an_account_names_what_was_lost():
    before = {"allocated": [4, 5], "named": [[4, "a0"], [5, "a1"]]}
    after = {"allocated": [5, 6, 7], "named": [[5, "a1"], [6, "a0"]]}
    assert account_of(before, after) == {"freed": [4], "kept": [5], "new": [6, 7], "lost": [7]}
    assert any(account_of(*args)["lost"] for args in account_cases("s"))


@pytest.mark.parametrize(
    ("built", "says"),
    [
        (world(swap=9).disk("ERROR"), "There is no page p0"),
        (world(swap=9).anons(6, slot=2).disk("ERROR"), "Before the put slot 1 is free."),
        (world(swap=7).anons(6, slot=1).disk("ERROR"), "Before the put slot 7 is free."),
        (world(swap=9).anons(8).disk("ERROR"), "Before the put slot 1 is free."),
        (world(swap=6).anons(3, slot=4).anons(3, slot=1).disk("ERROR"), "have slots in a row"),
        (world(swap=6).anons(6, slot=1), "The first I/O does not fail."),
        (world(swap=6).anons(6, slot=1).disk("OK", "ERROR"), "The first I/O does not fail."),
        (world(swap=5).anons(5, slot=1).disk("ERROR"), "It frees 4 slots."),
        (world(swap=7).anons(7, slot=1).disk("FAIL"), "It frees 6 slots."),
        (world(swap=1).anons(1, slot=1).disk("ERROR"), "It frees 0 slots."),
    ],
)
def test_a_world_that_does_not_free_five_is_told_why(built, says):
    assert says in "\n".join(not_five(built))


def test_five_of_six_is_five():
    built = world(swap=8).bad(1, 8).anons(4, slot=2).aobj("o0", pages=2, slot=6)
    assert list(not_five(built.disk("AGAIN"))) == []
