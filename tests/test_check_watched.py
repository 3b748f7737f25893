"""The grader's side: what a supervisor said, how it ended, and that nothing goes on without it."""

import json
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from tests.submissions import SETUP, cell, notebook
from uvmlab.check import watched
from uvmlab.check.watched import Watch

ENDLESS = """import os, time
with open({pids!r}, 'a') as file:
    file.write(f'{{os.getpid()}}\\n')
if not os.fork():
    os.setsid()
    with open({pids!r}, 'a') as file:
        file.write(f'{{os.getpid()}}\\n')
time.sleep(600)
"""


def few(source):
    return notebook(cell(SETUP), cell(source, "04-foresee"))


def ended(pids, seconds=20):
    """Whether two processes were started, and both end."""
    for _ in range(int(seconds / 0.05)):
        alive = [pid for pid in pids.read_text().split() if runs(pid)]
        if not alive:
            return len(pids.read_text().split()) >= 2
        time.sleep(0.05)
    return False


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(pids):
    while not pids.exists() or len(pids.read_text().split()) < 2:
        time.sleep(0.02)


def test_what_was_said_comes_as_bytes_and_nothing_of_the_grader_s_is_there(monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_GRADER", "sesame")
    source = "import os\nfew_pages = [*os.environ, os.getcwd(), *os.listdir()]"
    heard = Watch().hear(few(source), "grader", 3)
    assert (heard.printed, heard.lost) == ("", None)
    (_, told, *_), _, lost = json.loads(heard.said)
    assert lost is None
    *names, folder = told["answers"][0]
    assert "UVMLAB_SUBMISSION" in names
    assert "SECRET_OF_THE_GRADER" not in names
    assert not Path(folder).exists()


def test_a_supervisor_that_is_not_done_in_time_is_ended_with_all_that_it_has_started(
    tmp_path, monkeypatch
):
    pids = tmp_path / "pids"
    monkeypatch.setattr(watched, "ALL", 0)
    monkeypatch.setattr(watched, "SPARE", 3)
    heard = Watch().hear(few(ENDLESS.format(pids=str(pids))), "grader", 60)
    assert heard == (b"", "", "it was not done after 3 seconds")
    assert ended(pids)


def test_one_that_takes_the_place_of_its_supervisor_is_ended_in_time(tmp_path, monkeypatch):
    pids = tmp_path / "pids"
    takes = (
        "import os\nparent = os.getppid()\nwith open(f'/proc/{parent}/stat') as file:\n"
        "    grandparent = int(file.read().rpartition(')')[2].split()[1])\n"
        "held = open(f'/proc/{grandparent}/fd/1', 'wb')\n"
        "os.kill(grandparent, 9)\nos.kill(parent, 9)\n"
    )
    monkeypatch.setattr(watched, "ALL", 0)
    monkeypatch.setattr(watched, "SPARE", 3)
    heard = Watch().hear(few(takes + ENDLESS.format(pids=str(pids))), "grader", 60)
    assert heard == (b"", "", "it was not done after 3 seconds")
    assert ended(pids)


def test_all_can_be_ended_at_once_and_none_begins_then(tmp_path):
    pids, found, watch = tmp_path / "pids", [], Watch()
    content = few(ENDLESS.format(pids=str(pids)))
    thread = Thread(target=lambda: found.append(watch.hear(content, "grader", 60)))
    thread.start()
    wait_for(pids)
    watch.end()
    thread.join()
    assert found == [(b"", "", "its supervisor failed")]
    assert ended(pids)
    heard = watch.hear(content, "grader", 60)
    assert heard.said == b""
    assert heard.lost in (
        "its supervisor failed",
        "it ended the process that watches over it (SIGTERM)",
    )


def test_when_the_grader_is_killed_all_that_it_has_started_ends(tmp_path):
    pids = tmp_path / "pids"
    code = (
        "import sys; from uvmlab.check.watched import Watch; "
        "Watch().hear(sys.stdin.buffer.read(), 'grader', 60)"
    )
    grader = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    grader.stdin.write(few(ENDLESS.format(pids=str(pids))))
    grader.stdin.close()
    wait_for(pids)
    grader.kill()
    grader.wait()
    assert ended(pids)


def test_a_supervisor_that_fails_is_told_of(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert Watch().hear(b"", "grader", 1) == (b"", "", "its supervisor failed")


def test_a_python_that_is_not_there_is_no_fault_of_the_notebook(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(FileNotFoundError, match="/nowhere/python"):
        Watch().hear(b"", "grader", 1)
