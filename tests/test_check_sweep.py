"""What was started and left is found, and ended."""

import os
import subprocess
import sys
import time

import pytest

from uvmlab.check.child import in_child
from uvmlab.check.sweep import at_work, below, descendants, marked, of_this_user, sweep

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def sleeper():
    process = subprocess.Popen(SLEEP, env={"MARK_OF_A_TEST": str(os.getpid())})
    yield process
    process.kill()
    process.wait()


def test_what_bears_a_mark_is_found_and_ended(sleeper):
    mark = f"MARK_OF_A_TEST={os.getpid()}"
    while not marked(mark):  # it has begun, but is no Python yet
        time.sleep(0.01)
    assert marked(mark) == [sleeper.pid]
    assert sweep(lambda: marked(mark))
    assert sleeper.wait() == -9
    assert marked(mark) == []


def test_children_and_theirs_are_found(sleeper, monkeypatch):
    def none(pid, how):
        raise ChildProcessError

    monkeypatch.setattr(os, "waitpid", none)  # the children of this process are others' to bury
    assert sleeper.pid in descendants()
    assert os.getpid() not in descendants()
    assert os.getppid() not in descendants()


def test_what_is_below_a_process_is_found_while_it_lives(sleeper):
    assert sleeper.pid in below(os.getpid())
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)  # dead, and not buried
    assert sleeper.pid not in below(os.getpid())
    assert below(2**22 + 1) == []


def test_who_works_and_for_how_long_is_told(sleeper):
    works, seconds = at_work(os.getpid())
    assert works
    assert 0 < seconds <= time.process_time() + 0.1
    while at_work(sleeper.pid)[0]:  # it begins
        time.sleep(0.01)
    assert at_work(2**22 + 1) == (False, 0.0)


def test_the_dead_are_buried_and_the_orphans_of_a_session_of_their_own_are_ended():
    def work():
        from uvmlab.check.supervisor import adopt

        adopt()
        if not os.fork():
            os.setsid()
            if not os.fork():
                time.sleep(600)
            os._exit(0)
        while len(descendants()) != 1 or os.getpgid(descendants()[0]) == os.getpgrp():
            time.sleep(0.01)
        yield sweep(descendants)
        yield descendants()

    assert in_child(work, quiet=10).answers == [True, []]


def test_those_that_never_come_to_an_end_are_given_up():
    nobody = 2**22 + 1
    assert not sweep(lambda: [nobody], seconds=0.05)


def test_the_threads_of_this_user_are_counted(sleeper):
    assert of_this_user() >= 2
