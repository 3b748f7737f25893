"""What the bench says of an open lab and of a run that is sent."""

import json

from uvmlab.commands.bench import labs
from uvmlab.commands.bench.pictures import put_of
from uvmlab.widgets import RunView


def test_each_lab_that_is_open_costs_memory(monkeypatch):
    monkeypatch.setattr(labs, "OPEN", 2)
    rows = {row.name.split()[-1]: row.figures for row in labs.memory_rows()}
    assert [*rows] == ["ClusterLab", "DaemonLab", "FaultLab", "PagerMapLab"]
    assert all(min(figures) > 0 and len(figures) == 2 for figures in rows.values())


def test_what_is_sent_for_a_run_is_what_its_view_holds():
    run = put_of(4)
    (row,) = labs.sent_rows([(4, run)])
    assert row.figures == [len(json.dumps(RunView(run).data)) / 1000]
