"""The pager map lab without its form."""

import pytest

from uvmlab.kernel import Slip
from uvmlab.widgets.form import Wrong
from uvmlab.widgets.pagermap import LABELS, NAMES, ORDERS, PROCESSORS, TYPED, Waiting

LOST, IN_TIME = "B A B A", "B A A B"


def outcome(**chosen):
    return Waiting(**chosen).run()


def wrong(field, **typed):
    """Type something wrong; return what is said, and see that it is said of that field and nothing changed."""
    lab = Waiting()
    lab.run()
    plan, found = lab.plan, lab.outcome
    with pytest.raises(Wrong) as said:
        lab.run(lab.plan.written() | typed)
    assert said.value.field == field
    assert (lab.plan, lab.outcome) == (plan, found)
    return str(said.value)


def test_it_runs_what_it_begins_with_and_nothing_is_amiss():
    found = outcome()
    assert found.sentence() == (
        "All threads have ended after 800 µs. One after the other ran A, B, A, B."
    )
    assert dict(found.account()) == {
        "asleep in the end": "none",
        "pager map pages still in use": "none",
        "descriptors still there": "none",
        "descriptors that leaked": "none",
    }


def test_a_wake_up_is_lost_by_choice_on_two_processors_only():
    assert "Its wake-up is lost" in outcome(order=LOST).sentence()
    assert outcome(order=LOST).sentence().startswith("It ended in a deadlock after 400 µs.")
    assert dict(outcome(order=LOST).account())["asleep in the end"] == "A"
    for more in ({"order": IN_TIME}, {"order": LOST, "cpus": 1}):
        assert outcome(**more).sentence().startswith("All threads have ended")


def test_what_a_sleeper_lives_through_is_told():
    text = outcome(order=IN_TIME).text()
    assert "0 µs, A goes to sleep on pager_map\n" in text
    assert "400 µs, A goes on after 400 µs: B woke it\n" in text
    assert "A:  167 resume\n" in text


def test_who_may_not_sleep_is_refused():
    found = outcome(order=IN_TIME, a="pagermapin p0 p1 nowait; pagermapout")
    assert "0 µs, A gives up: nothing is mapped in\n" in found.text()


@pytest.mark.parametrize(("slips", "leaked"), [(Slip.NONE, "none"), (Slip.AIO_LEAK, "aio0")])
def test_the_descriptor_leaks_as_written(slips, leaked):
    found = outcome(order=IN_TIME, slips=slips)
    assert dict(found.account())["descriptors that leaked"] == leaked
    assert ("aio0 is leaked" in found.sentence()) == (leaked != "none")


def test_a_third_thread_may_come():
    found = outcome(order=LOST, c="pagermapin p9; pagermapout")
    assert "wakes A" in found.text()
    assert [deed.thread for deed in found.fates.deeds if "asks" in deed.what] == ["B", "A", "C"]


def test_turns_can_be_typed():
    lab = Waiting()
    lab.run(lab.plan.written() | {"order": ORDERS[TYPED], "turns": "b, a"})
    assert lab.plan.turns == ("B", "A")
    assert "turns: B A; " in lab.text()
    assert Waiting(order="B A").plan == lab.plan


def test_no_typed_turns_are_whoever_has_waited_longest():
    lab = Waiting()
    first = lab.run()
    lab.run(lab.plan.written() | {"order": ORDERS[TYPED]})
    assert lab.outcome.run.steps == first.run.steps


@pytest.mark.parametrize(
    "chosen", [{}, {"order": LOST}, {"order": "A A B"}, {"c": "pagermapin p9"}]
)
def test_what_is_written_reads_as_the_same(chosen):
    lab = Waiting(**chosen)
    assert lab.read(lab.plan.written()) == lab.plan
    assert lab.plan.written().keys() == {*LABELS}
    assert [field["name"] for field in lab.fields()] == [*LABELS]


@pytest.mark.parametrize("typed", ["", "abc", "0", "-1", "17", "1.5", "9" * 5000, "²", "<b>"])
def test_the_arena_is_a_whole_number_of_pages(typed):
    assert wrong("arena", arena=typed).startswith(
        "Pages of the pager map: a whole number from 1 to 16, not “"
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("map p9", "no command 'map'; legal: pagermapin with pages"),
        ("<img src=x>", "no command '<img'; legal: "),
        ("-1", "no command '-1'; legal: "),
        ("pagermapin", "pagermapin: name the pages to map in, such as"),
        ("pagermapin p99", "no page “p99”; there are p0 to p15."),
        (f"pagermapin {'p' * 5000}", f"no page “{'p' * 40}…”; there are p0 to p15."),
        ("pagermapin p9; write soon", "write: 1 to 1000000 µs, not 'soon'."),
        ("pagermapin p9; write -1", "write: 1 to 1000000 µs, not '-1'."),
        ("pagermapin p9; write 99999999999", "write: 1 to 1000000 µs, not "),
        ("pagermapout", "pagermapout: there is nothing mapped in by then."),
        ("pagermapin p9 SLOWLY", "no page “SLOWLY”; there are p0 to p15."),
    ],
)
def test_a_program_that_is_none_is_a_sentence(name, typed, said):
    assert wrong(name, **{name: typed}).startswith(f"Thread {name}: {said}")


def test_a_page_is_one_thread_s():
    assert wrong("B", B="pagermapin p9 p0") == (
        "Thread B: p0 is busy for thread A, so it cannot have it, too."
    )


def test_one_thread_at_least_does_something():
    assert wrong("A", A="", B=" ; ").startswith("Thread A: one thread at least has a program")


@pytest.mark.parametrize("field", ["cpus", "order", "slips"])
def test_what_is_selected_is_one_of_those_offered(field):
    assert wrong(field, **{field: "?"}).startswith(f"{LABELS[field]}: ")
    assert wrong(field, **{field: ""}).endswith(", not “”.")


def test_turns_name_threads_that_there_are():
    assert wrong("turns", order=ORDERS[TYPED], turns="A X") == (
        "Turns: no thread 'X' to go on; legal: A, B."
    )
    assert wrong("order", order=ORDERS[LOST], B="") == (
        "Whose turn it is: no thread 'B' to go on; legal: A."
    )
    assert wrong("turns", order=ORDERS[TYPED], turns="A " * 41) == "Turns: 40 turns are enough."


def test_turns_that_would_not_count_are_not_passed_over_in_silence():
    assert wrong("turns", turns="A B").startswith(
        "Turns: “A B” counts only with “as typed below” above it"
    )


def test_an_impossible_lab_is_refused_where_it_is_made():
    for chosen in ({"arena": 40}, {"a": "x"}, {"cpus": 3}, {"order": "X"}, {"slips": 99}):
        with pytest.raises(ValueError, match=r"legal|not “"):
            Waiting(**chosen)
    assert Waiting(cpus=1).plan.written()["cpus"] == PROCESSORS[1]


@pytest.mark.parametrize("nonsense", [None, 3.5, [], {}, (), -1, "typed", b"A"])
@pytest.mark.parametrize("name", ["arena", "a", "b", "c", "cpus", "order", "slips"])
def test_nonsense_where_the_lab_is_made_is_told_with_what_is_legal(name, nonsense):
    with pytest.raises(ValueError, match=r"legal|not “|there are"):
        Waiting(**{name: nonsense})


def test_it_says_what_it_is_in_words():
    lab = Waiting(order="A B")
    assert repr(lab) == "<Waiting: not run yet>"
    assert lab.text().splitlines() == [
        "pager map: 4 pages; processors: two",
        "A: pagermapin p0 p1 p2 AIO; write 400; pagermapout",
        "B: pagermapin p3 p4 p5; write 400; pagermapout",
        "turns: A B; uvm_pager.c is as intended",
        "not run yet",
    ]
    lab.run()
    assert repr(lab) == "<Waiting: <outcome all threads ended; ran A B A B>>"
