"""A learner's numbers follow from the name and the question, and from nothing else."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from uvmlab.check import learner


def test_the_same_name_has_the_same_numbers_in_another_process():
    code = "from uvmlab.check import learner; print(learner('Ada').number('pages', 1, 10**6))"
    env = {**os.environ, "PYTHONHASHSEED": "4711"}
    words = [sys.executable, "-c", code]
    said = subprocess.run(words, capture_output=True, text=True, env=env, check=True)
    assert int(said.stdout) == learner("Ada").number("pages", 1, 10**6)


def test_capitals_spaces_and_ways_to_write_a_letter_make_no_difference():
    assert learner(" ADA ").seed == learner("ada").seed
    assert learner("Ångström").seed == learner("A\u030angstro\u0308m").seed


def test_another_name_and_another_question_have_other_numbers():
    me = learner("Ada")
    assert me.seed != learner("Grace").seed
    drawn = {me.number(f"q{i}", 0, 10**9) for i in range(1000)}
    assert len(drawn) == 1000


def test_asking_in_another_order_changes_nothing():
    first, second = learner("Ada"), learner("Ada")
    a, b = first.number("a", 0, 99), first.number("b", 0, 99)
    assert (second.number("b", 0, 99), second.number("a", 0, 99)) == (b, a)
    assert second.number("a", 0, 99) == a


def test_numbers_keep_within_their_bounds_and_reach_them_all():
    drawn = Counter(learner(f"learner {i}").number("q", 3, 5) for i in range(900))
    assert drawn.keys() == {3, 4, 5}
    assert min(drawn.values()) > 250


def test_a_sample_has_different_things_in_their_order():
    me = learner("Ada")
    drawn = me.sample("q", "abcdefgh", 4)
    assert len({*drawn}) == 4
    assert drawn == sorted(drawn)
    assert me.sample("q", "abc", 0) == []
    assert me.sample("q", "abc", 3) == ["a", "b", "c"]


def test_a_choice_is_one_of_the_things():
    found = {learner(str(i)).choice("q", ("ERROR", "AGAIN")) for i in range(20)}
    assert found == {"ERROR", "AGAIN"}


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda me: me.number("q", 2, 1), "no number from 2 to 1"),
        (lambda me: me.choice("q", []), "nothing to choose from"),
        (lambda me: me.sample("q", "abc", 4), "4 of 3 things"),
        (lambda me: me.sample("q", "abc", -1), "-1 of 3 things"),
        (lambda me: learner("  "), "a letter at least"),
    ],
)
def test_what_cannot_be_drawn_is_refused(ask, said):
    with pytest.raises(ValueError, match=said):
        ask(learner("Ada"))


def test_a_name_is_a_text():
    with pytest.raises(TypeError, match="a text, not 7"):
        learner(7)


def test_a_learner_says_who_it_is():
    assert repr(learner("Ada")) == f"<learner ada: seed {learner('Ada').seed}>"
