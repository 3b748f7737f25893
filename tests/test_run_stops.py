"""Where a walk may stop: each I/O, each one that leaves the done queue, and nothing else."""

import pytest

from uvmlab.run import world
from uvmlab.run.stops import STOPS, stops

W = world(swap=64).anons(17).vnode("f", 2).arena(64)


@pytest.mark.parametrize(("sync", "done"), [(False, 3), (True, 0)])
def test_a_walk_stops_at_each_io_and_where_one_leaves_the_done_queue(sync, done):
    run = W.machine().pagedaemon(19, sync=sync)
    found = stops(run)
    assert {run.steps[i].kind for i in found["Next I/O"]} == {"swap_put", "pgo_put"}
    assert len(found["Next I/O"]) == 3
    assert [run.steps[i].args[0] for i in found.get("Next done", ())] == ["aio0", "aio1", "aio2"][
        :done
    ]


def test_a_run_without_io_has_no_stop():
    assert stops(W.machine().shareprot("f", "READ")) == {}


def test_the_names_are_those_of_buttons():
    assert all(name.startswith("Next ") for name in STOPS)
