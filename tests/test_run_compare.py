"""Two runs side by side, and the run that would have been."""

import pytest

from uvmlab.kernel import PagerResult, Slip
from uvmlab.run import Run, world
from uvmlab.run.compare import compare

W = world(swap=16).anons(3, slot=1)
FLAGS = "SYNCIO PDFREECLUST"


def put(*answers, options=None, **more):
    machine = W.disk(*answers).machine(**(options or {}))
    return machine.pager_put("p0 p1 p2", **({"flags": FLAGS, "pg": "p1"} | more))


def ios(run):
    return [number for number, step in enumerate(run.steps) if step.line == 512]


def test_the_same_call_goes_the_same_way():
    assert compare(put("ERROR"), put("ERROR")) is None


def test_with_and_without_a_fault_two_runs_part_at_the_disk_s_answer():
    parting = compare(put("OK"), put("ERROR"))
    assert parting.number == ios(put("OK"))[0]
    assert (parting.one.args[-1], parting.other.args[-1]) == ("OK", "ERROR")
    assert "[SYNCIO]: OK" in repr(parting)
    assert repr(parting).endswith("[SYNCIO]: ERROR")


def test_as_written_and_as_intended_part_where_the_slip_is():
    w = world().vnode("f0", pages=3)
    intended, written = (w.machine(slips=s).mk_pcluster("p1") for s in (Slip.NONE, Slip.STRIDE))
    parting = compare(intended, written)
    assert (parting.one.line, parting.one.args) == (327, ("f0", 0, "p0"))
    assert (parting.other.line, parting.other.args) == (327, ("f0", 1, None))


def test_a_run_that_ends_earlier_parts_from_one_that_goes_on():
    run = put("OK")
    shorter = Run(**{**vars(run), "steps": run.steps[:-1], "changes": run.changes[:-1]})
    parting = compare(shorter, run)
    assert (parting.number, parting.one) == (len(run) - 1, None)
    assert "(ended)" in repr(parting)


def test_another_answer_of_the_disk_makes_another_run():
    run = put("ERROR")
    would = run.what_if(ios(run)[0], "OK")
    assert would.was is run
    assert would.would_be.result is PagerResult.OK
    assert len(ios(would.would_be)) == 1
    assert would.parting.number == ios(run)[0]
    assert repr(would).splitlines()[0] == repr(run)


def test_what_was_answered_before_stays_and_what_was_planned_after_comes():
    run = put("ERROR", "OK")
    would = run.what_if(ios(run)[1], "FAIL").would_be
    assert [would.steps[i].args[-1] for i in ios(would)] == ["ERROR", "FAIL"]
    later = put("OK", "ERROR", "AGAIN")
    would = later.what_if(ios(later)[0], "ERROR").would_be
    assert [would.steps[i].args[-1] for i in ios(would)] == ["ERROR", "ERROR"]


def test_a_page_could_have_been_released_meanwhile():
    run = put("OK", meanwhile=[(0, "p0", "WANTED")])
    would = run.what_if(ios(run)[0], "RELEASED p0 p2").would_be
    assert would.after.state.anons["a0"].dead
    assert would.after.state.anons["a2"].dead
    assert [step.args for step in would.at(646)] == [("p0",)]


def test_slips_and_functions_of_one_s_own_are_in_the_other_run_too():
    run = put("OK", options={"slips": Slip.HELD_ANON_LOCK})
    would = run.what_if(ios(run)[0], "RELEASED p2").would_be
    assert would.after.state.locks_held == ("anon:a2",)


def test_a_call_on_a_machine_that_has_done_something_is_made_again_from_there():
    machine = W.disk("OK", "ERROR", "OK").machine()
    machine.pager_put("p0", flags=FLAGS)
    run = machine.pager_put("p0 p1 p2", pg="p1", flags=FLAGS)
    would = run.what_if(ios(run)[0], "OK")
    assert would.would_be.before.state.pages["p0"].flags == run.before.state.pages["p0"].flags
    assert would.would_be.after.state.allocated == (1, 2, 3)


def test_the_answer_of_an_object_s_put_can_be_another_too():
    run = world().vnode("f0", pages=3).machine().pager_put(pg="p1", flags="ALLPAGES SYNCIO")
    step = next(i for i, s in enumerate(run.steps) if s.line == 508)
    assert run.what_if(step, "BAD").would_be.cluster == ("p1",)


@pytest.mark.parametrize(
    ("step", "answer", "says"),
    [
        (0, "OK", r"the disk answered nothing at step 0; it did at \[\d+, \d+\]"),
        (
            None,
            "MAYBE",
            "'MAYBE' is no answer; legal: OK, BAD, FAIL, PEND, ERROR, AGAIN; WANTED or",
        ),
        (None, "", "'' is no answer"),
        (None, "WANTED", "'WANTED' is no answer"),
        (None, "OK p1", "'OK p1' is no answer"),
    ],
)
def test_what_cannot_be_asked_is_said(step, answer, says):
    run = put("ERROR")
    with pytest.raises(ValueError, match=says):
        run.what_if(ios(run)[0] if step is None else step, answer)


def test_a_page_that_is_none_is_said():
    run = put("ERROR")
    with pytest.raises(KeyError, match="no page 'p9'; legal: p0, p1, p2"):
        run.what_if(ios(run)[0], "WANTED p9")


def test_a_full_map_is_no_answer_of_the_disk():
    w = W.arena(2, used=[0, 1])
    run = w.machine().pager_put("p0", flags="PDFREECLUST")
    step = next(i for i, s in enumerate(run.steps) if s.line == 512)
    with pytest.raises(ValueError, match=f"answered nothing at step {step}; it did at none"):
        run.what_if(step, "OK")


def test_a_run_beside_i_o_that_is_under_way_is_not_made_again():
    machine = W.machine()
    machine.pager_put("p0", flags="PDFREECLUST")
    with pytest.raises(ValueError, match="cannot be made again"):
        machine.pager_put("p1 p2", flags="PDFREECLUST").what_if(0, "OK")


def test_a_loaded_run_is_not_made_again(tmp_path):
    put("OK").save(tmp_path / "run.json")
    with pytest.raises(ValueError, match="cannot be made again: it was loaded"):
        Run.load(tmp_path / "run.json").what_if(0, "OK")
