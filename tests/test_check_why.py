"""Why a run came out so: sentences that follow from its steps."""

import pytest

from uvmlab.check import why
from uvmlab.kernel import Slip
from uvmlab.run import world

FLAGS = "SYNCIO PDFREECLUST"


def put(*answers, pages="p0 p1 p2", **more):
    machine = world(swap=16).anons(3, slot=4).disk(*answers).machine(**more.pop("options", {}))
    found = machine.kernel.watch()
    return machine.pager_put(pages, **({"flags": FLAGS} | more)), found


def test_a_success_makes_the_pages_clean():
    run, _ = put("OK")
    assert "dropcluster let go of p0, p1 and p2" in why.pages(run)
    assert why.state(run, "p0") == "in memory, clean and not busy"
    assert why.ios(run).endswith("There was no error, so line 540 returns at once.")
    assert (
        why.slots(run) == "Neither line 610 nor line 612 was reached, so no slot was freed there."
    )
    assert why.freed_slots(run) == []


def test_a_failure_makes_no_page_clean():
    run, _ = put("ERROR")
    assert why.pages(run) == "No page was let go clean: line 690 was never reached."
    assert why.state(run, "p0") == "in memory, dirty and not busy"
    assert "with no page of interest there is nothing to try again (552)" in why.ios(run)


def test_without_a_page_of_interest_all_slots_are_freed():
    run, _ = put("ERROR")
    assert "line 612 frees them all: slots 4 to 6" in why.slots(run)
    assert why.freed_slots(run) == [4, 5, 6]
    assert why.slot(run).startswith("Lines 720 and 724 were not reached")


def test_a_page_of_interest_keeps_the_first_slot():
    run, _ = put("ERROR", "OK", pg="p1")
    assert "line 610 frees slots 5 to 6, and slot 4 stays allocated" in why.slots(run)
    assert why.slot(run).startswith("Line 720 gives a1 slot 4")
    assert "the page of interest is tried alone (553)" in why.ios(run)
    assert why.state(run, "p1") == "in memory and still busy"


@pytest.mark.parametrize(("pages", "freed"), [("p0", "no slot"), ("p0 p1", "slot 5")])
def test_few_slots_are_said_as_few(pages, freed):
    run = world(swap=16).anons(3, slot=4).machine().dropcluster(pages, pg="p0")
    assert f"line 610 frees {freed}, " in why.slots(run)


def test_a_page_of_an_aobj_gets_its_slot_at_724():
    machine = world(swap=16).aobj("o0", pages=2, slot=4).disk("ERROR").machine()
    assert "Line 724 gives o0 slot 4" in why.slot(machine.pager_put("p0 p1", pg="p1", flags=FLAGS))


def test_a_second_error_is_final():
    run, _ = put("ERROR", "ERROR", pg="p1")
    assert why.ios(run).endswith("the caller may try again some other time.")


def test_the_window_ends_where_the_page_of_interest_gets_its_slot():
    run, found = put("ERROR", "OK", pg="p1")
    assert why.window_ends(run, found) == 720
    assert why.named_last(run) == [5]
    assert "a1 names slot 5, until line 720 is done" in why.moment(run, found)


def test_there_is_no_window_in_a_success():
    run, found = put("OK")
    assert why.window_ends(run, found) is None
    assert why.named_last(run) == []
    assert why.moment(run, found) == "No owner ever named a free slot."


def test_what_happens_meanwhile_is_told_with_its_lines():
    run, _ = put("OK", meanwhile=[(0, "p0", "WANTED"), (0, "p2", "RELEASED")])
    assert why.meanwhile(run).startswith("Line 646 wakes whoever waits for p0. Line 655 frees a2")
    assert why.state(run, "p2") == "free: gone from its owner"
    assert why.meanwhile(put("OK")[0]) == "Nobody wanted or released a page."


def test_a_released_page_of_an_object_goes_by_its_pager():
    w = world().vnode("f0", pages=2).page("p1", flags="BUSY RELEASED")
    run = w.machine().dropcluster("p0 p1", uobj="f0")
    assert why.meanwhile(run) == "Line 667 has the pager release p1."


def test_the_slip_leaves_a_lock_held_and_the_repair_does_not():
    released = {"meanwhile": [(0, "p2", "RELEASED")]}
    slipped, _ = put("OK", options={"slips": Slip.HELD_ANON_LOCK}, **released)
    assert why.locks(slipped).startswith("Line 634 took anon:a2.")
    assert "nothing is left held" in why.locks(put("OK", **released)[0])


def test_a_pending_put_cleans_nothing_up():
    run, _ = put("OK", flags="PDFREECLUST")
    assert why.pending(run).startswith("The put answered PEND.")


@pytest.mark.parametrize(
    ("answer", "says"), [("OK", "let go of p0 and p1"), ("ERROR", "The pages stay dirty")]
)
def test_the_end_of_a_pending_put_is_told_by_what_the_disk_said(answer, says):
    machine = world(swap=16).anons(2, slot=4).disk(answer).machine()
    machine.pager_put("p0 p1", flags="PDFREECLUST")
    assert says in why.done(machine.finish())


def test_the_page_daemon_leaves_the_slots_to_their_owners():
    machine = world(swap=16).anons(2, slot=4).machine()
    machine.pager_put("p0 p1", flags=FLAGS)
    run = machine.pagedaemon(2)
    assert "It has freed p0 and p1" in why.pagedaemon(run)
    assert "a0 names slot 4 and a1 names slot 5" in why.pagedaemon(run)


@pytest.mark.parametrize(
    ("answers", "pg", "says"),
    [
        (["OK"], "p1", 0),
        (["ERROR"], None, 0),
        (["ERROR", "OK"], "p1", 2),
        (["ERROR", "OK"], "p0", 2),
    ],
)
def test_what_the_disk_gets_next_is_told_from_its_writes(answers, pg, says):
    run, _ = put(*answers, pg=pg)
    assert why.next_write(run) == why.NEXT[says]


def test_a_single_page_of_no_interest_is_not_written_again():
    one = world(swap=4).anons(1, slot=1).disk("ERROR").machine()
    assert why.next_write(one.pager_put("p0", flags="SYNCIO")) == why.NEXT[0]
