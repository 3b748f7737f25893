"""The disk: what it answers and how long it takes."""

import pytest
from simpy import Environment

from uvmlab.kernel import FaultPlan
from uvmlab.kernel.disk import Disk


def disk(*answers, **how):
    times = {key: how.pop(key) for key in ("seek_us", "transfer_us") if key in how}
    return Disk(Environment(), FaultPlan(answers, **how), **times)


def answers(d, *blocks):
    return [d.answer(block, 2).name for block in blocks]


def test_answers_by_number_come_first_then_ok():
    assert answers(disk("ERROR", "AGAIN", "PEND"), 1, 1, 1, 1) == ["ERROR", "AGAIN", "PEND", "OK"]


def test_a_range_fails_whatever_touches_it():
    d = disk("OK", ranges=((10, 12, "FAIL"), (12, 20, "BAD")))
    assert answers(d, 10) == ["OK"]
    assert answers(d, 8, 9, 12, 13, 19, 20, 21) == ["OK", "FAIL", "FAIL", "BAD", "BAD", "BAD", "OK"]


def test_a_rate_is_drawn_with_its_seed():
    first, same, other = (answers(disk(rate=0.5, seed=s), *range(60)) for s in (1, 1, 2))
    assert first == same != other
    assert 15 < first.count("ERROR") < 45
    assert set(answers(disk(rate=1.0), *range(20))) == {"ERROR"}


def test_each_answer_is_counted():
    d = disk()
    answers(d, 1, 2, 3)
    assert d.ios == 3


def test_a_write_costs_a_seek_unless_it_begins_where_the_last_one_ended():
    d = disk(seek_us=1000, transfer_us=10)
    assert d.write(5, 2) == 1020
    assert d.write(7, 3) == 1020 + 30
    assert d.write(7, 3) == 1050 + 1030
    assert d.pages_written == 8


def test_writes_are_served_one_after_the_other_and_an_idle_disk_begins_at_once():
    d = disk(seek_us=1000, transfer_us=10)
    d.write(5, 2)
    d.env.run(until=500)
    assert d.write(7, 1) == 520 + 10
    d.env.run(until=5000)
    assert d.write(8, 1) == 10


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"answers": ("FINE",)}, "'FINE' is no PagerResult word; legal: OK, BAD, FAIL"),
        ({"ranges": ((1, 2, "FINE"),)}, "'FINE' is no PagerResult word"),
        ({"ranges": ((3, 2, "OK"),)}, "blocks 3 to 2 are no range; legal: 0 <= first <= last"),
        ({"ranges": ((-1, 2, "OK"),)}, "blocks -1 to 2 are no range"),
        ({"rate": 1.5}, r"a rate is 0.0 to 1.0, not 1.5"),
        ({"rate": -0.1}, r"a rate is 0.0 to 1.0, not -0.1"),
        ({"rate": float("nan")}, r"a rate is 0.0 to 1.0, not nan"),
    ],
)
def test_what_is_no_plan_is_refused(plan, said):
    with pytest.raises(ValueError, match=said):
        FaultPlan(**plan)


@pytest.mark.parametrize("answer", ["ERROR", "AGAIN", "PEND"])
def test_a_rate_draws_the_answer_that_was_asked_for(answer):
    d = Disk(Environment(), FaultPlan(rate=0.5, seed=3, answer=answer))
    assert {d.answer(1, 1).name for _ in range(50)} == {"OK", answer}
