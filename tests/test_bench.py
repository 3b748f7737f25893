"""The bench measures real work and prints a table; how fast anything is, no test asks."""

import re

import pytest

from uvmlab.commands import bench
from uvmlab.commands.bench import browser, checks, daemon, labs, pictures, put


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(put, "PUTS", 4)
    monkeypatch.setattr(put, "TIMEOUTS", 50)
    monkeypatch.setattr(daemon, "RESIDENT", 200)
    monkeypatch.setattr(daemon, "DAEMON", (10, 20, 40))
    monkeypatch.setattr(pictures, "RUNS", (2, 4))
    monkeypatch.setattr(labs, "OPEN", 1)
    monkeypatch.setattr(browser, "find_chromium", lambda: None)  # tests/browser has one


@pytest.fixture
def no_checkout(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "ROOT", tmp_path)


@pytest.mark.usefixtures("no_checkout")
@pytest.mark.parametrize("words", [["--pairs", "2"], ["--pairs", "2", "--quick"]])
def test_the_table_has_every_ratio_and_what_is_asked_of_it(capsys, words):
    assert bench.main(words) == 0
    table = capsys.readouterr().out
    for name, asked in [
        ("a failing put of 16 pages: pages/s over timeouts/s", "at least 0.5"),
        ("a failing put of 16 pages, traced: pages/s over timeouts/s", "at least 0.15"),
        ("import uvmlab.kernel over import simpy", "at most 1.5"),
        ("a picture of 16 pages over the renderer alone", "at most 1.3"),
        ("layout of a run of 2 pages over the renderer alone", "at most 1.5"),
        ("memory per resident page", "at most 700"),
    ]:
        assert re.search(rf"^{re.escape(name)} +\d+\.\d\d .*{asked}$", table, re.MULTILINE)
    largest = 20 if "--quick" in words else 40
    assert f"  per page at {largest} over 10 " in table
    assert (checks.WITHOUT in table) == ("--quick" not in words)
    assert ("a run of 4 pages" in table) == ("--quick" not in words)
    assert "not measured: Chromium is missing\n" in table


def test_too_few_pairs_are_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        bench.main(["--pairs", "1"])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.endswith("--pairs is 2 or more\n")
