"""The fault lab without its form: what may be chosen, and what comes of it."""

import pytest

from uvmlab.kernel import Slip
from uvmlab.widgets import Fault
from uvmlab.widgets.form import Wrong
from uvmlab.widgets.put import ENDS, KINDS, WAYS


def wrong(field=None, **typed):
    """Type something into a lab that has run; return what is said, and check that nothing changed."""
    lab = Fault()
    lab.run()
    put, outcome = lab.plan, lab.outcome
    with pytest.raises(Wrong) as said:
        lab.run(put.written() | typed)
    assert (lab.plan, lab.outcome) == (put, outcome)
    assert said.value.field == (field or next(iter(typed)))
    return str(said.value)


@pytest.mark.parametrize(
    "typed", ["", "abc", "0", "17", "-1", "1.5", "1e1", "9" * 5000, "٥", "²", "5 5", "None"]
)
def test_the_number_of_pages_is_1_to_16(typed):
    assert wrong(pages=typed).startswith("Number of pages: a whole number from 1 to 16, not “")


@pytest.mark.parametrize("field", ["aobj", "pg", "wanted", "released"])
@pytest.mark.parametrize("typed", ["p5", "p-1", "P0", "0", "p0 none", "p0 <b>", "o0", "p00"])
def test_only_pages_that_there_are_can_be_named(field, typed):
    assert "there is no page “" in wrong(**{field: typed})
    assert wrong(**{field: typed}).endswith("there are p0 to p4, or none.")


def test_one_page_is_of_interest_or_none():
    assert wrong(pg="p0 p1") == "Page of interest: one page, or none."
    assert Fault(pg="none").plan.pg is Fault(pg=None).plan.pg is Fault(pg="").plan.pg is None


def test_a_lab_of_one_page_names_just_that():
    with pytest.raises(Wrong, match="there is no page “p1”; there are p0, or none"):
        Fault(pages=1, aobj="p1", pg="p0")


def test_the_disk_answers_legal_words_only():
    legal = "OK, BAD, FAIL, PEND, ERROR, AGAIN"
    assert wrong(answers="OK MAYBE") == f"The disk answers: no answer “MAYBE”; legal: {legal}."
    assert wrong(answers="OK " * 17) == "The disk answers: 16 answers are enough."
    assert Fault(answers="error, ok").plan.answers == ("ERROR", "OK")
    assert Fault(answers="").plan.answers == ()


@pytest.mark.parametrize("typed", ["", "-1", "16", "first"])
def test_meanwhile_is_during_an_io_of_the_first_16(typed):
    said = wrong(during=typed)
    assert said.startswith("Meanwhile is during I/O number: a whole number from 0 to 15, not “")


def test_what_is_selected_is_one_of_two():
    assert wrong(sync="often") == "The put is: synchronous (SYNCIO) or asynchronous, not “often”."
    assert "PDFREECLUST" in wrong(free="")


def test_what_is_put_is_one_of_three():
    assert wrong(kind="") == f"What is put: {' or '.join(KINDS.values())}, not “”."
    with pytest.raises(Wrong, match="kind: 'swap' or 'file' or 'dying', not “anons”"):
        Fault(kind="anons")


def test_the_slips_are_a_choice_and_those_of_the_lab_are_among_them():
    assert wrong(slips="some").startswith("uvm_pager.c is: as intended or as written in 1998")
    both = Slip.WRONG_PAGE | Slip.AIO_LEAK
    lab = Fault(slips=both)
    assert lab.plan.slips == both
    assert [field["options"] for field in lab.fields()][-1][-1] == lab.plan.written()["slips"]
    lab.run(lab.plan.written() | {"slips": "as intended"})
    assert lab.plan.slips == Slip.NONE


def test_a_put_of_a_file_goes_by_one_page():
    said = "Page of interest: a put of a file goes by one page."
    assert wrong(kind=KINDS["file"], pg="none", field="pg") == said
    assert wrong(kind=KINDS["dying"], pg="p0 p1", field="pg") == said


@pytest.mark.parametrize("slot", [0, 18, "x"])
def test_the_first_slot_leaves_room_for_16(slot):
    with pytest.raises(ValueError, match="slot: a whole number from 1 to 17"):
        Fault(slot=slot)


def test_lists_of_pages_are_read_in_any_order_with_or_without_commas():
    put = Fault(aobj="p4, p3 p3", wanted=" ", released="NONE").plan
    assert (put.aobj, put.wanted, put.released) == (("p3", "p4"), (), ())


def test_what_is_written_reads_as_the_same():
    lab = Fault(pages=7, aobj="p6", pg=None, sync=False, answers="PEND", wanted="p0", free=False)
    assert lab.read(lab.plan.written()) == lab.plan
    assert {field["name"] for field in lab.fields()} == lab.plan.written().keys()
    assert [*WAYS], [*ENDS] == ([True, False], [True, False])


def test_anons_and_pages_of_an_aobj_have_slots_in_a_row():
    state = Fault(pages=4, aobj="p1 p3", slot=7).plan.world().state
    assert [state.slot_of(page) for page in state.pages.values()] == [7, 8, 9, 10]
    assert [page.owner for page in state.pages.values()] == ["a0", "o0", "a1", "o0"]
    assert state.objects["o0"].swslots == {0: 8, 1: 10}
    assert "o0" not in Fault(aobj="").plan.world().state.objects


def test_a_file_has_its_pages_in_a_row_and_no_slots():
    lab = Fault(kind="dying", pages=3, aobj="p2")
    state = lab.plan.world().state
    assert [(page.owner, page.index) for page in state.pages.values()] == [
        ("f0", 0),
        ("f0", 1),
        ("f0", 2),
    ]
    assert state.objects["f0"].kill
    assert not Fault(kind="file").plan.world().state.objects["f0"].kill
    assert "3 pages of the file f0, which dies with its last page; " in lab.text()
    assert lab.plan.written()["aobj"] == "none"


def test_a_put_of_a_page_of_a_file_takes_its_neighbours_along():
    outcome = Fault(kind="file", pages=4, pg="p1", answers="ERROR").run()
    assert [io.pages for io in outcome.ios] == [("p0", "p1", "p2", "p3"), ("p1",)]
    assert [each.state for each in outcome.moved] == ["dirty", "dirty, busy", "dirty", "dirty"]
    stride = Fault(kind="file", pages=4, pg="p1", slips=Slip.STRIDE, answers="OK").run()
    assert [io.pages for io in stride.ios] == [("p1",)]


def test_the_page_of_interest_keeps_the_first_slot_after_an_error():
    outcome = Fault(pages=5, pg="p1", answers="ERROR OK", slot=4).run()
    assert outcome.result == "OK"
    assert (outcome.slots.freed, outcome.slots.kept) == ([5, 6, 7, 8], [4])
    assert outcome.moved[1][:3] == ("p1", 5, 4)


def test_without_one_all_slots_are_freed():
    outcome = Fault(pages=3, aobj="", pg=None, answers="ERROR").run()
    assert (outcome.slots.kept, outcome.result) == ([], "ERROR")


def test_an_asynchronous_io_is_seen_to_its_end():
    good = Fault(sync=False, answers="OK").run()
    assert (good.result, good.slots.freed) == ("PEND", [])
    assert {each.state for each in good.moved} == {"clean"}
    bad = Fault(sync=False, answers="ERROR").run()
    assert (bad.result, bad.slots.kept) == ("PEND", [])
    assert {each.state for each in bad.moved} == {"dirty"}


def test_a_synchronous_write_that_the_disk_puts_off_is_seen_to_its_end_too():
    outcome = Fault(answers="PEND").run()
    assert outcome.run.call.endswith(", then finish")
    assert {each.state for each in outcome.moved} == {"clean"}


def test_a_success_leaves_its_pages_busy_or_lets_them_go():
    stay = Fault(answers="OK", free=False).run()
    assert {each.state for each in stay.moved} == {"dirty, busy"}
    go = Fault(answers="OK", pg=None).run()
    assert {each.state for each in go.moved} == {"clean"}


def test_pages_are_wanted_and_released_while_an_io_is_in_flight():
    outcome = Fault(wanted="p0", released="p2 p3", answers="ERROR OK").run()
    assert ("wakeup", 646) in {(event.kind, event.line) for event in outcome.steps}
    assert [each.state for each in outcome.moved][2:4] == ["freed", "freed"]
    both = Fault(sync=False, answers="ERROR")
    assert {step.line for step in both.run().run.steps} >= {512, 612}
    later = Fault(released="p1", during=1, answers="ERROR ERROR").run()
    assert later.moved[1].state == "dirty, busy, released"


@pytest.mark.parametrize("pages", range(1, 17))
@pytest.mark.parametrize("sync", [True, False])
def test_every_number_of_pages_runs_and_tells_of_itself(pages, sync):
    lab = Fault(pages=pages, aobj="p0", pg=f"p{pages - 1}", sync=sync, released="p0")
    assert lab.text().endswith("not run yet")
    assert repr(lab) == "<Fault: not run yet>"
    lab.run()
    assert f"{pages} pages in slots 4 to {3 + pages}; " in lab.text()
    assert lab.outcome.text() in lab.text()
    assert repr(lab) == f"<Fault: {lab.outcome!r}>"
