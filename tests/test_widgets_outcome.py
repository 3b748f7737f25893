"""The account of a put: slots, pages, I/Os, and how it ended."""

import pytest

from uvmlab.kernel import Slip
from uvmlab.run import world
from uvmlab.widgets import Fault
from uvmlab.widgets.outcome import Outcome

PENDING = "pager_put answered PEND after 1 I/O, 0 µs."


def test_each_io_is_told_with_its_pages_and_its_answer():
    outcome = Fault(pages=3, aobj="", answers="AGAIN BAD").run()
    assert outcome.ios == [("slot 4", ("p0", "p1", "p2"), "AGAIN"), ("slot 4", ("p1",), "BAD")]
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


def test_an_io_that_never_was_is_said_to_whoever_waits_for_it():
    said = "There was no I/O 2, so nobody wanted or released a page."
    assert said in Fault(released="p2", during=2).run().text()
    assert "nobody wanted" not in Fault(released="p2", during=1).run().sentence()
    assert "nobody wanted" not in Fault(during=2).run().sentence()


def test_a_panic_is_a_sentence_too():
    m = world(swap=8).aobj("o0", pages=3, slot=3).disk("ERROR").machine(slips=Slip.WRONG_PAGE)
    run = m.pager_put("p0 p1 p2", flags="SYNCIO", meanwhile=[(0, "p1", "RELEASED")])
    outcome = Outcome(run)
    assert outcome.sentence() == (
        "The put ended in a panic: null dereference. "
        "1 slot is free, and named all the same: 5. 1 lock is still held: obj:o0."
    )
    assert outcome.result == "panic"


def test_what_is_left_behind_is_said():
    def left(**chosen):
        return Fault(**chosen).run().left()

    assert left() == left(released="p0 p2 p4") == []
    assert left(released="p2 p3", slips=Slip.WRONG_PAGE) == [
        "1 slot is lost: allocated, and named by nobody: 4.",
        "2 slots are free, and named all the same: 5 8.",
        "1 lock is still held: obj:o0.",
    ]
    assert left(released="p0 p2", pg="p1", answers="OK", slips=Slip.HELD_ANON_LOCK) == [
        "2 locks are still held: anon:a0, anon:a2."
    ]
    assert "1 I/O descriptor is still allocated: aio0." in left(
        sync=False, released="p3", slips=Slip.ALL
    )


def test_the_object_that_the_caller_is_to_find_locked_is_not_left_behind():
    outcome = Fault(kind="file", answers="ERROR ERROR").run()
    assert outcome.after.state.locks_held == ("obj:f0",)
    assert outcome.left() == []
    assert outcome.sentence() == "pager_put answered ERROR after 2 I/Os, 18400 µs."


def test_a_file_s_io_goes_to_its_pages():
    outcome = Fault(kind="file", pages=3, pg="p2", answers="ERROR").run()
    assert [io.to for io in outcome.ios] == ["page 0 of f0", "page 2 of f0"]
    assert "\np2: dirty, busy\n" in outcome.text()
    assert "slot" not in outcome.text()


def test_a_file_dies_with_its_last_page_and_it_is_said():
    chosen = {"pages": 2, "pg": "p0", "sync": False, "released": "p0 p1", "answers": "OK"}
    assert (
        Fault(kind="dying", **chosen)
        .run()
        .sentence()
        .endswith("let go. f0 is dead: its last page was released.")
    )
    assert "dead" not in Fault(kind="file", **chosen).run().sentence()


def test_an_outcome_says_the_least_in_its_repr_and_all_in_its_text():
    outcome = Fault().run()
    assert repr(outcome) == "<outcome OK: 2 I/Os; freed 5-8, kept 4>"
    text = outcome.text()
    assert "slot 4: a0 → a1" in text
    assert "p1: slot 5 → 4; dirty, busy" in text
    assert text.endswith("\n".join(map(str, outcome.steps)))
    assert text == Fault().run().text()
