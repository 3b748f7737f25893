"""What came of the page daemon's work, in words and tables."""

import pytest

from uvmlab.kernel import Panic, Slip
from uvmlab.run import world
from uvmlab.widgets import Daemon
from uvmlab.widgets.cleaned import Cleaned, Write

NOTHING = {"anons": "none", "aobj": "none", "file": "none", "answers": ""}


def cleaned(**chosen):
    return Daemon(**(NOTHING | chosen)).run()


def why(outcome):
    return {fate.page: fate.why for fate in outcome.fates}


def test_dirty_pages_are_written_together_and_freed_in_the_next_round():
    outcome = cleaned(free=3, anons="3", swap=8)
    assert (outcome.free, outcome.there, outcome.rounds, outcome.most) == (3, [], 2, 1)
    assert outcome.writes == [Write(("p0", "p1", "p2"), "slots 1 to 3", "OK", 0, 9200)]
    assert outcome.done == [(9200, "aio0", "OK", ("aio0",))]
    assert [(fate.owner, fate.before, fate.after, fate.state) for fate in outcome.fates] == [
        ("a0", 0, 1, "freed"),
        ("a1", 0, 2, "freed"),
        ("a2", 0, 3, "freed"),
    ]
    assert outcome.sentence() == (
        "3 of 3 pages are free: enough. It took 9200 µs and 2 rounds through the inactive pages; "
        "1 I/O, none failed. In flight at once: 1."
    )


def test_a_put_that_is_waited_for_is_never_in_flight():
    outcome = cleaned(free=2, anons="2", sync=True)
    assert (outcome.most, outcome.done) == (0, [])
    assert outcome.writes == [Write(("p0", "p1"), "slots 1 to 2", "OK", 0, 8800)]
    assert outcome.sentence().endswith("In flight at once: none, for each put was waited for.")
    assert "The done queue: nothing" in outcome.text()


def test_two_are_in_flight_and_end_one_after_the_other():
    outcome = cleaned(free=19, anons="17", file="2", swap=64, arena=64)
    assert outcome.most == 3
    assert [each.to for each in outcome.writes] == [
        "slots 1 to 16",
        "page 0 of f0 on",
        "slot 17",
    ]
    assert [each.took for each in outcome.writes] == ["14400 µs", "23200 µs", "31600 µs"]
    assert [each.time for each in outcome.done] == [14400, 23200, 31600]


def test_a_small_pager_map_lets_the_daemon_try_again_later():
    outcome = cleaned(free=20, anons="20", swap=64, arena=16)
    assert (outcome.most, outcome.free, len(outcome.writes)) == (1, 20, 2)


@pytest.mark.parametrize(
    ("chosen", "reasons"),
    [
        ({"anons": "T"}, ["it had been used lately, so it is active again"]),
        ({"anons": "B"}, ["it was busy, so somebody else had it"]),
        ({"anons": "A"}, ["it is active, and the daemon looks at inactive pages only"]),
        ({"anons": "D", "swap": 0}, ["no slot was free for it, so it is active again"]),
        ({"anons": "D", "answers": "ERROR"}, ["I/O 0 answered ERROR, so it is dirty"]),
        ({"file": "D", "answers": "FAIL"}, ["I/O 0 answered FAIL, so it is dirty"]),
        ({"file": "D", "answers": "AGAIN"}, ["I/O 0 answered AGAIN, so it is dirty"]),
        ({"anons": "CC"}, ["the daemon found it clean", "enough pages were free then"]),
        ({"anons": "2"}, ["I/O 0 answered OK, then the daemon found it clean", "I/O 0 answered OK, but enough pages were free then"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sync", [False, True])
def test_each_page_that_is_still_there_has_a_reason(chosen, reasons, sync):
    outcome = cleaned(free=1, sync=sync, **chosen)
    assert [*why(outcome).values()] == reasons
    for page, reason in why(outcome).items():
        assert f"  {page}; " in outcome.text()
        assert reason in outcome.text()


def test_a_page_that_failed_before_it_was_written_has_its_whole_story_and_so_have_its_slots():
    outcome = cleaned(free=3, anons="2", file="D", swap=4, answers="OK ERROR ERROR OK")
    assert [*why(outcome).values()] == [
        "I/Os 1 2 answered ERROR, then I/O 3 answered OK, then the daemon found it clean",
        "I/Os 1 2 answered ERROR, then I/O 3 answered OK, then the daemon found it clean",
        "I/O 0 answered OK, then the daemon found it clean",
    ]
    account = dict(outcome.account())
    assert account["freed, and still free"] == "none"
    _, first, second, _ = (each.ended for each in outcome.writes)
    assert account["freed on the way"].split("; ") == [
        "3 4 at 0 µs",  # a cluster has room for more than there is to write
        f"1 2 at {first} µs",
        f"3 4 at {first} µs",
        f"1 2 at {second} µs",
        f"3 4 at {second} µs",
    ]
    assert f"freed on the way; {account['freed on the way']}" in outcome.text()
    full = cleaned(free=1, anons="D", swap=1)
    assert dict(full.account())["freed on the way"] == "none"


def test_a_pager_map_that_is_somebody_else_s_leaves_no_room():
    w = world(swap=8).anons(2).arena(4, used=[1])
    outcome = Cleaned(w.machine().pagedaemon(2), 2)
    assert [*why(outcome).values()] == ["the pager map had no room"] * 2
    assert "0 of 2 pages are free: not enough, and it gave up." in outcome.sentence()


def test_a_daemon_that_gives_up_says_so_of_a_page_it_cleaned():
    outcome = cleaned(free=3, anons="TDD", swap=1, answers="OK")
    assert why(outcome) == {
        "p0": "it had been used lately, so it is active again",
        "p1": "I/O 0 answered OK, then the daemon found it clean",
        "p2": "no slot was free for it, so it is active again",
    }
    assert "1 of 3 pages are free: not enough" in outcome.sentence()
    assert repr(outcome) == "<cleaned: 1 of 3 pages free; 1 I/O>"


def test_a_file_may_take_the_room_that_a_swap_cluster_needs():
    outcome = cleaned(free=18, anons="5", file="13", arena=16)
    assert [(each.answer, each.to) for each in outcome.writes[:2]] == [
        ("OK", "page 0 of f0 on"),
        ("AGAIN, without room in the pager map", "slots 1 to 5"),
    ]
    assert (outcome.free, outcome.most) == (18, 1)


def test_a_slip_of_1998_keeps_a_file_s_neighbours_at_home():
    assert len(cleaned(free=4, file="4").writes) == 1
    outcome = cleaned(free=4, file="4", slips=Slip.STRIDE)
    assert [each.pages for each in outcome.writes] == [("p0",), ("p1",), ("p2",), ("p3",)]
    assert [each.to for each in outcome.writes][-1] == "page 3 of f0 on"


def test_an_answer_that_comes_later_to_a_synchronous_put_is_waited_for():
    outcome = cleaned(free=1, anons="D", sync=True, answers="PEND")
    assert [(each.answer, each.took) for each in outcome.writes] == [("OK", "8400 µs")]
    assert outcome.most == 1


def panics(k, *_):
    raise Panic("null dereference")


def test_a_panic_is_told_and_what_was_in_flight_has_not_ended():
    w = world(swap=8).anons(2)
    outcome = Cleaned(w.machine(dropcluster=panics).pagedaemon(2), 2)
    assert outcome.sentence().startswith("The page daemon ended in a panic: null dereference.")
    assert [(each.answer, each.took) for each in outcome.writes] == [("OK", "8800 µs")]
    assert [*why(outcome).values()] == ["I/O 0 answered OK, so it is dirty"] * 2


def test_a_panic_before_the_put_leaves_a_cluster_that_is_never_written():
    def pager_put(k, *_):
        yield from panics(k)

    w = world(swap=8).vnode("f", 1).anons(1)
    outcome = Cleaned(w.machine(pager_put=pager_put).pagedaemon(2), 2)
    assert why(outcome) == {
        "p0": "its cluster was never written",
        "p1": "all ended in a panic",
    }
    assert outcome.writes == []


def test_one_that_has_not_ended_says_so():
    assert Write(("p0",), "slot 1", "PEND", 0, None).took == "not ended"
