"""What the work in a child may take, and how long it may wait."""

import time

import pytest

from uvmlab.check import limits
from uvmlab.check.limits import Waited, awake


def naps(n):
    for i in range(n):
        time.sleep(0.02)
        yield i


def test_short_waits_add_up():
    assert list(awake(lambda: naps(3), 10)) == [0, 1, 2]
    with pytest.raises(Waited, match="^$"):
        list(awake(lambda: naps(1000), 0.1))


def test_who_never_gives_the_processor_up_has_not_waited(monkeypatch):
    monkeypatch.setattr(limits, "_given_up", lambda: 7)
    assert list(awake(lambda: naps(3), 0.01)) == [0, 1, 2]


def test_time_between_two_answers_is_the_others():
    found = []
    for each in awake(lambda: iter(range(3)), 0.01):
        time.sleep(0.02)
        found.append(each)
    assert found == [0, 1, 2]
