"""What a learner may commit to: read out of a form, written back, compared with the right answer."""

import pytest

from uvmlab.kernel import PagerResult
from uvmlab.widgets.form import Wrong
from uvmlab.widgets.kinds import choose, number, numbers, order


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("5", [5]),
        (" 7, 5 6 5 ", [5, 6, 7]),
        ("4 7-9", [4, 7, 8, 9]),
        ("7 – 9", [7, 8, 9]),
        ("None", []),
        ("1-64", [*range(1, 65)]),
    ],
)
def test_numbers_are_read_in_any_order_and_in_runs(typed, read):
    kind = numbers(1, 64)
    assert kind.read({"numbers": typed}) == read
    assert kind.read(kind.written(read)) == read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type your answer first: numbers from 1 to 64"),
        (" , ", "Type your answer first"),
        ("five", "“five” is no number: type numbers from 1 to 64, such as 4 7-9, or none"),
        ("-3", "“-3” is no number"),
        ("1.5", "“1.5” is no number"),
        ("٣", "“٣” is no number"),
        ("none 5", "“none” is no number"),
        ("9-7", "“9-7” is no run"),
        ("1-999999999", "no run of up to 4096"),
        ("9" * 50, r"“9{40}…” is no number"),
        ("0", "0 cannot be: type numbers from 1 to 64"),
        ("60-65", "65 cannot be"),
    ],
)
def test_what_is_no_number_of_the_range_is_said(typed, said):
    with pytest.raises(Wrong, match=said) as wrong:
        numbers(1, 64).read({"numbers": typed})
    assert wrong.value.field == "numbers"


def test_where_one_number_is_asked_for_two_are_wrong():
    with pytest.raises(Wrong, match="One number is asked for"):
        number(1, 64).read({"numbers": "4 5"})
    assert number(1, 64).read({"numbers": "none"}) == number(1, 64).settled(None) == []


def test_where_a_count_is_asked_for_none_is_zero():
    kind = number(0, 9)
    assert kind.read({"numbers": "none"}) == kind.read({"numbers": "0"}) == kind.settled(0)
    assert kind.settled(None) == [0]
    assert kind.fields()[0]["hint"] == "one number from 0 to 9"
    assert number(1).fields()[0]["hint"] == "one number from 1 on, or none"


def test_the_right_numbers_may_come_as_any_iterable_or_as_one():
    assert numbers().settled(range(5, 8)) == numbers().settled({7, 6, 5}) == [5, 6, 7]
    assert numbers().settled(5) == [5]


def test_a_difference_of_numbers_names_right_missing_and_too_many():
    said = numbers().difference([4, 5, 9], [4, 5, 6, 7, 8])
    assert said == "It is 4-8. Right among yours: 4 5. Missing: 6-8. Too many: 9."
    assert numbers().difference([1], []) == "It is none. Too many: 1."
    assert number().difference([4], [5]) == "It is 5."


def test_one_option_is_chosen():
    kind = choose([PagerResult.OK, "something else"])
    assert kind.fields()[0]["options"] == ["OK", "something else"]
    assert kind.read(kind.written("OK")) == kind.settled(PagerResult.OK) == "OK"
    assert kind.difference("something else", "OK") == "It is OK."
    assert kind.text("OK") == "OK"


@pytest.mark.parametrize("values", [{}, {"choice": ""}, {"choice": "neither"}])
def test_no_option_chosen_is_said(values):
    with pytest.raises(Wrong, match="Choose one of them first") as wrong:
        choose("ab").read(values)
    assert wrong.value.field == "choice"


def test_a_right_answer_that_is_no_option_is_the_authors_mistake():
    with pytest.raises(ValueError, match="'c' is none of a, b"):
        choose("ab").settled("c")
    with pytest.raises(ValueError, match="a, c are not the items"):
        order("ab").settled("ac")


def test_items_are_offered_in_another_order_than_they_are_given_in():
    given = ["wake", "unlock", "free", "lock"]
    offered = order(given).fields()[0]["options"]
    assert sorted(offered) == ["", *sorted(given)]
    assert offered[1:] != given
    assert offered == order(reversed(given)).fields()[0]["options"]


def test_an_order_is_read_place_by_place():
    kind = order(["lock", "free", "unlock"])
    right = ["lock", "free", "unlock"]
    assert kind.read(kind.written(right)) == kind.settled(iter(right)) == right
    assert kind.text(right) == "lock, free, unlock"
    said = kind.difference(["lock", "unlock", "free"], right)
    assert said == "It is lock, free, unlock. Yours is right up to place 1."


@pytest.mark.parametrize(
    ("values", "said", "field"),
    [
        ({"1": "a"}, "Place 2 is empty yet", "2"),
        ({"1": "a", "2": "a"}, "a is there twice", "2"),
        ({"1": "c", "2": "a"}, "Place 1 is empty yet", "1"),
    ],
)
def test_an_order_with_a_gap_or_a_repetition_is_said(values, said, field):
    with pytest.raises(Wrong, match=said) as wrong:
        order("ab").read(values)
    assert wrong.value.field == field


@pytest.mark.parametrize("things", [[], ["a"], ["a", "a"], ["a", ""]])
@pytest.mark.parametrize("kind", [choose, order])
def test_two_different_things_are_needed(kind, things):
    with pytest.raises(ValueError, match="two different things or more"):
        kind(things)
