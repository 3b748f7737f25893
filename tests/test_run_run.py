"""A run that goes on: two calls on one machine, walked as one."""

import pytest

from uvmlab.run import world


@pytest.fixture
def calls():
    machine = world(swap=8).anons(2, slot=1).disk("ERROR").machine()
    return machine.pager_put("p0 p1"), machine.finish()


def test_a_put_and_its_end_are_one_run_in_either_direction(calls):
    put, end = calls
    both = put.then(end)
    assert both.call == "pager_put(p0 p1), then finish"
    assert both.result is put.result
    assert both.steps == put.steps + end.steps
    assert len(both.changes) == len(both.threads) == len(both.times) == len(both)
    n = len(put)
    for i in (*range(len(both)), *reversed(range(len(both)))):
        assert both[i].state == (put[i] if i < n else end[i - n]).state
    assert both.took == end.times[-1] - put.base.now


def test_it_ends_as_the_last_call_did():
    machine = world(swap=8).anons(2, slot=1).machine()
    put = machine.pager_put("p0 p1")
    machine.kernel.locks.lock(machine.kernel.pager_map.lock)  # and never unlocks it
    both = put.then(machine.finish())
    assert both.result == "panic"
    assert both.said in repr(both)


def test_it_is_kept_in_a_file_and_then_not_made_again(calls, tmp_path):
    both = calls[0].then(calls[1])
    both.save(tmp_path / "run.json")
    loaded = type(both).load(tmp_path / "run.json")
    assert loaded.steps == both.steps
    with pytest.raises(ValueError, match="this run cannot be made again"):
        loaded.what_if(0, "OK")


def test_the_first_step_of_some_lines_is_found_and_others_are_refused_by_name():
    run = world(swap=8).anons(2, slot=1).machine().pager_put("p0 p1", flags="SYNCIO PDFREECLUST")
    number = run.first(690, 678)
    assert run.steps[number] == run.at(678, 690)[0]
    with pytest.raises(ValueError, match="no step of 612; it has steps of 140, 156"):
        run.first(612)
    with pytest.raises(ValueError, match="no step of no line"):
        run.first()
