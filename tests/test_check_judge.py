"""Judging: behaviour counts, and an order that nobody can tell does not."""

import pytest

from uvmlab.check.judge import differences, in_order, said

RIGHT = {
    "ends": [["OK", None]],
    "events": [["lock", "anon:a0"], ["anfree", "a0"]],
    "left": [],
    "after": {"a": 1},
}


def told(**changed):
    return list(differences(RIGHT | changed, RIGHT))


def test_what_is_the_same_has_no_differences():
    assert told() == []


def test_each_kind_of_difference_is_a_sentence():
    assert told(ends=[["panic", "locking against myself"]]) == [
        "It ends with panic: locking against myself, and should end with OK."
    ]
    assert told(ends=[["panic", "Your f raised NameError: x"]], events=[]) == [
        "Your f raised NameError: x."
    ]
    assert told(events=[["lock", "anon:a0"]]) == ["The call anfree a0 is missing, at the end."]
    assert told(events=[*RIGHT["events"], ["free", "aio0"]]) == [
        "The call free aio0 is too much, at the end."
    ]
    assert told(events=[["unlock", "anon:a0"], ["anfree", "a0"]]) == [
        "It calls unlock anon:a0, where the next call should be lock anon:a0."
    ]
    assert told(after={"a": 2}) == ["Afterwards a is 2, and should be 1."]


def test_what_a_lock_guards_is_compared_when_it_is_let_go():
    right = RIGHT | {"left": [["anon:a0", {"p0.flags": []}]]}
    mine = RIGHT | {"left": [["anon:a0", {"p0.flags": ["BUSY"]}]]}
    assert list(differences(mine, right)) == [
        "When anon:a0 is unlocked, p0.flags is BUSY, and should be nothing."
    ]


def test_what_a_lock_guards_is_not_written_before_it_is_taken():
    right = RIGHT | {
        "left": [["anon:a0 taken", {"a0.swslots": [4]}], ["anon:a0", {"a0.swslots": [0]}]]
    }
    mine = RIGHT | {
        "left": [["anon:a0 taken", {"a0.swslots": [0]}], ["anon:a0", {"a0.swslots": [0]}]]
    }
    assert list(differences(mine, right)) == [
        "Already when anon:a0 is locked, a0.swslots is 0, and should be 4."
    ]


def test_a_call_that_comes_later_all_the_same_is_not_called_wrong():
    right = RIGHT | {"events": [["sleep", "a"], ["unlock", "b"], ["free", "c"]]}
    too_much = RIGHT | {"events": [["sleep", "a"], ["anfree", "x"], ["unlock", "b"], ["free", "c"]]}
    assert list(differences(too_much, right)) == ["The call anfree x is too much."]
    missing = RIGHT | {"events": [["sleep", "a"], ["free", "c"]]}
    assert list(differences(missing, right)) == ["The call unlock b is missing."]


def test_where_only_the_order_differs_at_first_what_is_missing_anywhere_is_told():
    right = RIGHT | {"events": [["sleep", "a"], ["sleep", "b"], ["free", "c"]]}
    mine = RIGHT | {"events": [["sleep", "b"], ["sleep", "a"]]}
    assert list(differences(mine, right)) == ["The call free c is missing."]
    turned = RIGHT | {"events": [["sleep", "b"], ["sleep", "a"], ["free", "c"]]}
    assert list(differences(turned, right)) == [
        "It calls sleep b, where the next call should be sleep a."
    ]


def test_states_are_compared_by_name_and_entry():
    pages = [{"name": "p0", "flags": ["BUSY"]}, {"name": "p1", "flags": []}]
    right = RIGHT | {"after": {"pages": pages, "slots": [4, 5]}}
    mine = RIGHT | {"after": {"pages": pages[1:], "slots": []}}
    assert list(differences(mine, right)) == [
        "Afterwards p0 is nothing, and should be {'name': 'p0', 'flags': ['BUSY']}.",
        "Afterwards slots is nothing, and should be 4 5.",
    ]
    mine["after"] = {"pages": [pages[0] | {"flags": []}, pages[1]], "slots": [4, 5]}
    assert list(differences(mine, right)) == ["Afterwards p0.flags is nothing, and should be BUSY."]


def test_a_number_that_is_not_whole_and_a_truth_are_no_slots():
    right = RIGHT | {"after": {"slots": [4, 0], "a0.swslot": 0, "b": {"c": 1, "d": 2}}}
    mine = RIGHT | {"after": {"slots": [4.0, False], "a0.swslot": False, "b": {"d": 2, "c": 1}}}
    assert list(differences(mine, right)) == [
        "Afterwards slots is 4.0 False, and should be 4 0.",
        "Afterwards a0.swslot is False, and should be 0.",
    ]


def test_what_is_gone_is_told_from_what_is_empty():
    one, other = RIGHT | {"after": {"flags": []}}, RIGHT | {"after": {}}
    assert list(differences(other, one)) == ["Afterwards flags is gone."]
    assert list(differences(one, other)) == ["Afterwards flags is there, and should not be."]


def test_what_is_done_to_a_page_between_two_locks_has_no_order():
    one = [["lock", "l"], ["page_own", "p0", None], ["pmap_clear_modify", "p0"], ["unlock", "l"]]
    other = [one[0], one[2], one[1], one[3]]
    assert in_order(one) == in_order(other)
    assert in_order(one) != in_order([one[0], one[1], one[3], one[2]])


def test_a_page_is_asked_for_its_modify_bit_and_its_slot_forgotten_and_who_waits_woken_in_any_order():
    one = [["pmap_is_modified", "p1", True], ["uao_set_swslot", "o0", 0, 0], ["wakeup", "p0"]]
    assert in_order(one) == in_order(one[::-1])
    anfree = ["anfree", "a0"]
    assert in_order([*one, anfree]) != in_order([anfree, *one])


def section(anon, *events):
    return [["lock", f"anon:{anon}"], *events, ["unlock", f"anon:{anon}"]]


def test_it_is_all_the_same_whose_lock_is_taken_first():
    one, other = section("a0", ["wakeup", "p0"]), [*section("a1"), ["anfree", "a1"]]
    assert in_order([*one, *other]) == in_order([*other, *one])
    put = ["swap_put", 4]
    assert in_order([*one, put, *other]) != in_order([*other, put, *one])


@pytest.mark.parametrize(
    "events",
    [
        [["lock", "l"], ["lock", "anon:a0"], ["unlock", "anon:a0"], ["unlock", "l"]],
        [["lock", "l"], ["unlock", "anon:a0"], ["unlock", "l"]],
        [["lock", "l"], ["lock", "anon:a0"]],
    ],
)
def test_locks_within_locks_stay_as_they_are(events):
    assert in_order([*section("z"), *events, *section("a")]) == [
        *section("z"),
        *events,
        *section("a"),
    ]


def test_an_anon_is_freed_when_its_lock_is_let_go():
    anfree, locked = ["anfree", "a0"], section("a0")
    assert in_order([*locked, anfree]) != in_order([anfree, *locked])
    assert in_order([*locked, anfree]) != in_order([locked[0], anfree, locked[1]])


def test_slots_are_freed_one_by_one_or_at_once():
    at_once, one_by_one = [["swap_free", 4, 2]], [["swap_free", 5, 1], ["swap_free", 4, 1]]
    assert in_order(at_once) == in_order(one_by_one) != in_order(one_by_one[:1])


@pytest.mark.parametrize("odd", [["swap_free", "x", None], ["swap_free", 1, 10**12]])
def test_a_call_that_frees_what_nobody_has_is_one_call(odd):
    assert in_order([odd]) == [odd]
    assert odd in in_order([["swap_free", 4, 1], odd])


def test_slots_are_freed_at_any_time_before_the_next_put():
    free, lock, put = ["swap_free", 4, 2], ["lock", "l"], ["swap_put", 4]
    assert in_order([free, lock, put]) == in_order([lock, free, put])
    assert in_order([free, lock, put]) != in_order([lock, put, free])


def test_looking_up_changes_nothing_and_is_not_compared():
    assert in_order([["pagelookup", "f0", 0, "p0"], ["panic", "x"]]) == []


def test_an_event_is_read_as_a_list_of_words():
    assert said(["swap_put", 4, ["p0", "p1"], ["SYNCIO"], "OK"]) == "swap_put 4 p0 p1 SYNCIO OK"
