"""The account of a put: slots, pages, I/Os, and how it ended."""

import pytest

from uvmlab.kernel import Slip
from uvmlab.run import world
from uvmlab.widgets import Fault
from uvmlab.widgets.outcome import Account, Outcome

PENDING = "pager_put answered PEND after 1 I/O, 0 µs."


def test_an_account_tells_freed_kept_and_new_slots_apart():
    account = Account(5, {1: "a0", 2: "a1"}, {2: "a0", 4: "nobody"})
    assert (account.freed, account.kept, account.new) == ([1], [2], [4])
    assert account.free == [1, 3, 5]
    assert account.names == [(1, "a0", "free"), (2, "a1", "a0"), (4, "free", "nobody")]
    assert str(account).splitlines()[3] == "newly allocated: 4"


def test_slots_that_nobody_names_are_accounted_for():
    m = world(swap=8).anons(2, slot=3).machine()
    before = m.pager_put("p0 p1", flags="SYNCIO").before.state
    m.kernel.anons[0].an_swslot = 0
    after = m.pager_put("p1", flags="SYNCIO").after.state
    assert Account.of(before, after).names == [(3, "a0", "nobody"), (4, "a1", "a1")]


def test_a_starting_state_has_the_slots_that_are_named():
    state = world(swap=8).anons(2, slot=3).state
    assert Account.of(state, state).before == {3: "a0", 4: "a1"}


def test_each_io_is_told_with_its_pages_and_its_answer():
    outcome = Fault(pages=3, aobj="", answers="AGAIN BAD").run()
    assert outcome.ios == [(4, ("p0", "p1", "p2"), "AGAIN"), (4, ("p1",), "BAD")]
    assert "I/O 1: p1 to slot 4 on: BAD" in outcome.text()


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"answers": "OK"}, "pager_put answered OK after 1 I/O, 10000 µs."),
        ({"answers": "ERROR ERROR"}, "pager_put answered ERROR after 2 I/Os, 18400 µs."),
        (
            {"answers": "OK", "sync": False},
            f"{PENDING} Then the I/O ended without an error, and its pages were let go.",
        ),
        (
            {"answers": "ERROR", "sync": False},
            f"{PENDING} Then the I/O ended with an error, and its pages were let go.",
        ),
    ],
)
def test_how_it_ended_is_a_sentence(chosen, said):
    assert Fault(**chosen).run().sentence() == said


def test_a_panic_is_a_sentence_too():
    m = world(swap=8).aobj("o0", pages=3, slot=3).disk("ERROR").machine(slips=Slip.WRONG_PAGE)
    run = m.pager_put("p0 p1 p2", flags="SYNCIO", meanwhile=[(0, "p1", "RELEASED")])
    outcome = Outcome((run,))
    assert outcome.sentence() == "The put ended in a panic: null dereference."
    assert outcome.result == "panic"


def test_an_outcome_says_the_least_in_its_repr_and_all_in_its_text():
    outcome = Fault().run()
    assert repr(outcome) == "<outcome OK: 2 I/Os; freed 5-8, kept 4>"
    text = outcome.text()
    assert "slot 4: a0 → a1" in text
    assert "p1: slot 5 → 4; dirty, busy" in text
    assert text.endswith("\n".join(map(str, outcome.steps)))
    assert text == Fault().run().text()
