"""What a learner wrote runs in a child: however it ends, this process goes on and hears what it said."""

import ctypes
import os
import resource
import signal
import sys
import time
from pathlib import Path

import pytest

from uvmlab.check import child
from uvmlab.check.child import MOST_PRINTED, MOST_WRITTEN, in_child

QUIET = 0.5


class Mute(Exception):
    def __str__(self):
        raise ValueError


def raising(error):
    raise error


def forever():
    while True:
        pass


def deeper():
    return deeper()


def eat():
    kept = []
    while True:
        kept.append(bytes(10_000_000))


def test_answers_come_back_in_order_as_plain_data():
    assert in_child(lambda: iter([1, "two", [3], {"four": None}])) == (
        [1, "two", [3], {"four": None}],
        "",
        None,
    )


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (forever, "it gave no answer for 0.5 seconds (does a loop never end?)"),
        (lambda: sum(range(10**13)), "it gave no answer for 0.5 seconds"),
        (lambda: ctypes.string_at(0), "it ended the program it runs in (SIGSEGV)"),
        (lambda: os._exit(3), "it left with exit code 3"),
        (lambda: os._exit(0), "it ended before it had answered"),
        (lambda: os.kill(os.getpid(), signal.SIGTERM), "(SIGTERM)"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "it ended before it had answered"),
        (lambda: raising(SystemExit(2)), "it raised SystemExit: 2"),
        (lambda: raising(KeyboardInterrupt()), "it raised KeyboardInterrupt"),
        (lambda: raising(Mute()), "it raised Mute"),
        (deeper, "it raised RecursionError: maximum recursion depth exceeded"),
        (eat, "it raised MemoryError"),
        (object, "it raised TypeError: Object of type object is not JSON serializable"),
        (lambda: Path("left behind").write_text("x" * 100), "it raised OSError: [Errno 27]"),
    ],
)
def test_only_the_answer_that_it_was_at_is_lost(bad, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def work():
        yield "before"
        yield bad()

    said = in_child(work, 5 if bad is eat else QUIET)
    assert said.answers == ["before"]
    assert says in said.lost
    assert os.getpid() == PARENT


def sleeping():
    time.sleep(0.5)
    yield "awake"


def test_a_child_that_waits_for_a_processor_is_given_the_time_it_is_owed(monkeypatch):
    monkeypatch.setattr(child, "at_work", lambda pid: (True, 0.0))
    assert in_child(sleeping, 0.2) == (["awake"], "", None)


@pytest.mark.parametrize(("works", "had", "loaded"), [(False, 0, 4), (True, 0.1, 4), (True, 0, 0)])
def test_one_that_had_it_or_wants_none_is_not(monkeypatch, works, had, loaded):
    monkeypatch.setattr(child, "at_work", lambda pid: (works, had))
    monkeypatch.setattr(child, "LOADED", loaded)
    assert in_child(sleeping, 0.1).answers == []


def test_one_that_waits_too_long_in_all_is_told_so():
    def work():
        yield "at once"
        yield from sleeping()

    asleep = "it waits for something, and an answer is to work only (does it sleep?)"
    assert in_child(work, idle=0.2) == (["at once"], "", asleep)
    assert in_child(work, idle=8).answers == ["at once", "awake"]


PARENT = os.getpid()


def gone(group):
    """Whether no process of the group is left, or soon will be none."""
    for _ in range(1000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def test_what_it_starts_ends_with_it():
    def work():
        for _ in range(20):
            if not os.fork():
                time.sleep(600)
        yield os.getpgrp()

    (group,) = in_child(work).answers
    assert gone(group)


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are inherited on Linux alone")
@pytest.mark.parametrize("lost", [False, True])
def test_what_it_starts_in_a_session_of_its_own_ends_with_it_too(lost):
    def leaves():
        told, into = os.pipe()
        if not os.fork():
            if not os.fork():
                os.setsid()
                os.write(into, str(os.getpid()).encode())
                time.sleep(600)
            os._exit(0)  # so that the one below is nobody's
        return int(os.read(told, 20))

    def work():
        yield leaves()
        if lost:
            forever()

    (pid,) = in_child(work, QUIET).answers
    assert gone(pid)


def test_what_it_prints_is_kept_up_to_a_limit_and_reaches_no_terminal(capfd):
    def work():
        print("x" * 10 * MOST_PRINTED)
        os.write(1, b"straight to the terminal")
        os.write(2, b"straight to the terminal")
        yield 1

    assert in_child(work).printed == "x" * MOST_PRINTED
    assert capfd.readouterr() == ("", "")


def test_one_that_answers_too_much_is_stopped():
    def work():
        while True:
            yield "x" * 1000

    assert in_child(work, most=1 << 16).lost == "it answered more than anybody can read"


def test_one_that_answers_on_and_on_is_stopped():
    def work():
        while True:
            time.sleep(0.01)
            yield 1

    assert in_child(work, quiet=1, whole=0.2).lost == "it was not done after 0.2 seconds"


def test_what_passes_by_print_goes_to_a_file_of_limited_size_where_there_is_one(tmp_path):
    def work():
        os.write(1, b"heard")
        os.write(2, b"x" * 2 * MOST_WRITTEN)
        yield "not all of it fits, and that is no error yet"
        os.write(1, b"x")

    with (tmp_path / "printed").open("wb") as file:
        said = in_child(work, prints=file.fileno())
    assert (tmp_path / "printed").read_bytes()[:6] == b"heardx"
    assert (tmp_path / "printed").stat().st_size == MOST_WRITTEN
    assert said.lost == "it raised OSError: [Errno 27] File too large"


def test_the_files_and_sockets_of_this_process_are_closed_in_the_child(tmp_path):
    with (tmp_path / "grades").open("wb") as file:
        mine = file.fileno()
        said = in_child(lambda: [os.write(mine, b"full marks")])
    assert said.lost == "it raised OSError: [Errno 9] Bad file descriptor"
    assert (tmp_path / "grades").read_bytes() == b""


@pytest.mark.parametrize("rubbish", [b"rubbish\n", b"3\n", b'["answer", 1, 2]\n'])
def test_what_cannot_be_read_is_no_answer(monkeypatch, rubbish):
    monkeypatch.setattr(child, "_lines", lambda work: [b'["answer", 1]\n', rubbish])
    assert in_child(list) == ([1], "", "what it answered cannot be read")


def test_an_answer_that_is_too_deep_to_be_read_is_none(monkeypatch):
    deep = b'["answer", ' + b"[" * 100_000 + b"]" * 100_000 + b"]\n"
    monkeypatch.setattr(child, "_lines", lambda work: [deep])
    assert in_child(list) == ([], "", "what it answered cannot be read")


def test_what_is_said_to_be_raised_is_cut(monkeypatch):
    raised = b'["raised", "' + b"x" * 100_000 + b'"]\n'
    monkeypatch.setattr(child, "_lines", lambda work: [raised])
    assert in_child(list).lost == f"it raised {'x' * 300}"


def test_a_lower_limit_that_there_is_stays():
    def work():
        resource.setrlimit(resource.RLIMIT_CPU, (7, 7))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        limits = (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)
        yield from in_child(lambda: map(resource.getrlimit, limits), prints=2).answers

    assert in_child(work, prints=2).answers == [[7, 7], [1000, 1000]]


def test_it_works_in_any_thread_and_says_nothing_of_that(capfd, recwarn):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda i: in_child(lambda: [i]).answers, range(8)))
    assert found == [[i] for i in range(8)]
    assert capfd.readouterr() == ("", "")
    assert not recwarn


def test_where_there_is_no_fork_the_work_is_done_here(monkeypatch):
    monkeypatch.delattr(os, "fork")

    def work():
        print("heard")
        yield 1
        raise ValueError("no more")

    assert in_child(work) == ([1], "heard\n", "it raised ValueError: no more")
