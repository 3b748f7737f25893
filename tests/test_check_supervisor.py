"""The supervisor of a submission: it has it asked, says what it heard, and leaves nothing behind."""

import io
import json
import resource
import signal
import sys
from types import SimpleNamespace

import pytest

from tests.submissions import BOUNDS, SETUP, cell, notebook
from uvmlab.check import supervisor
from uvmlab.check.supervisor import PROCESSES, adopt, limit_processes, main


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_it_writes_what_was_answered_as_json_and_sweeps_where_it_can(platform, monkeypatch):
    swept = []
    content = notebook(cell(SETUP), cell(BOUNDS, "04-bounds"))
    for name in ("adopt", "limit_processes"):  # they are for good
        monkeypatch.setattr(supervisor, name, lambda: None)
    monkeypatch.setattr(supervisor, "sweep", swept.append)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    monkeypatch.setattr(sys, "stdout", out := io.StringIO())
    assert main(["grader", "2"]) == 0
    (whole, *told), printed, lost = json.loads(out.getvalue())
    assert whole == {"exercise": "04", "seed": "nobody"}
    assert [bool(each["answers"]) for each in told] == [False, False, True, False, False]
    assert (printed, lost) == ("", None)
    assert swept == ([supervisor.descendants] if platform == "linux" else [])


@pytest.mark.parametrize(
    ("platform", "calls"), [("linux", [(36, 1), (1, signal.SIGTERM)]), ("darwin", [])]
)
def test_it_inherits_orphans_and_ends_with_the_grader(platform, calls, monkeypatch):
    told, handlers = [], {}
    library = SimpleNamespace(prctl=lambda *words: told.append(words[:2]))
    monkeypatch.setattr(supervisor.ctypes, "CDLL", lambda name: library)
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    monkeypatch.setattr(sys, "platform", platform)
    adopt()
    assert told == calls
    with pytest.raises(SystemExit) as ended:
        handlers[signal.SIGTERM]()
    assert ended.value.code == 1
    assert handlers == {signal.SIGTERM: signal.SIG_IGN}  # while it clears away


def test_a_submission_may_start_so_many_processes_and_no_more(monkeypatch):
    told = []
    monkeypatch.setattr(resource, "setrlimit", lambda *words: told.append(words))
    monkeypatch.setattr(supervisor, "of_this_user", lambda: 7)
    limit_processes()
    assert told == [(resource.RLIMIT_NPROC, (7 + PROCESSES, 7 + PROCESSES))]


def test_where_there_are_no_such_limits_there_is_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    assert limit_processes() is None
