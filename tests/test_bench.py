"""The bench measures real work and prints a table; how fast anything is, no test asks."""

import re

import pytest

from uvmlab.commands import bench
from uvmlab.kernel.flags import PG_CLEAN


@pytest.fixture(autouse=True)
def small(monkeypatch):
    for name, value in {"PUTS": 4, "TIMEOUTS": 50, "RESIDENT": 200, "DAEMON": (10, 20, 40)}.items():
        monkeypatch.setattr(bench, name, value)


def test_a_row_has_its_median_and_quartiles():
    row = str(bench.Row("what", [1.0, 2.0, 3.0, 4.0, 5.0], "at most 4"))
    assert re.fullmatch(r"what +3\.00 × +\(1\.50 to 4\.50\) +at most 4", row)
    assert re.fullmatch(r"memory +7\.00 bytes +", str(bench.Row("memory", [7.0], unit="bytes")))


def test_the_put_that_is_measured_fails_is_dropped_and_tried_again():
    m = bench.anon_machine(
        16, slots=64, plan=bench.FaultPlan(answers=("ERROR", "OK") * 4), trace=True
    )
    kinds = []
    m.trace.listeners.append(lambda: kinds.append(m.trace.raw[-1][0]))
    m.thread("bench", bench.put_loop(m))
    m.run()
    assert m.disk.ios == 2 * 4
    assert kinds.count("swap_put") == 2 * 4
    assert kinds.count("swap_free") == 4
    assert kinds.count("pmap_enter") == 4 * (16 + 1)
    assert len(m.swap.allocated) == 4  # the page of interest's, one a put


def test_the_daemon_cleans_and_frees_all_pages_and_they_are_made_dirty_again():
    daemon = bench.Daemon(40)
    assert daemon() > 0
    assert daemon.m.disk.pages_written == 40
    assert len(daemon.m.queues.inactive) == 40
    assert not any(page.flags & PG_CLEAN for page in daemon.m.pages)
    daemon()
    assert daemon.m.disk.pages_written == 80


def test_a_daemon_that_leaves_pages_is_no_measurement():
    daemon = bench.Daemon(10)
    daemon.m.pages[0].referenced = True
    with pytest.raises(RuntimeError, match="left dirty pages"):
        daemon()


@pytest.mark.parametrize("words", [["--pairs", "2"], ["--pairs", "2", "--quick"]])
def test_the_table_has_every_ratio_and_what_is_asked_of_it(capsys, words):
    assert bench.main(words) == 0
    table = capsys.readouterr().out
    for name, asked in [
        ("a failing put of 16 pages: pages/s over timeouts/s", "at least 0.5"),
        ("a failing put of 16 pages, traced: pages/s over timeouts/s", "at least 0.15"),
        ("import uvmlab.kernel over import simpy", "at most 1.5"),
        ("a picture of 16 pages over the renderer alone", "at most 1.3"),
        ("memory per resident page", "at most 700"),
    ]:
        assert re.search(rf"^{re.escape(name)} +\d+\.\d\d .*{asked}$", table, re.MULTILINE)
    largest = 20 if "--quick" in words else 40
    assert f"  per page at {largest} over 10 " in table


def test_too_few_pairs_are_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        bench.main(["--pairs", "1"])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.endswith("--pairs is 2 or more\n")
