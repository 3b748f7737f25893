"""Two runs side by side, and the run that would have been."""

import pytest

from uvmlab.kernel import PG, PGO, Cluster, PagerResult, Slip
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
        (0, "OK", "'OK' is no answer at step 0; legal: WANTED p0 p1 p2, RELEASED p0 p1 p2$"),
        (None, "MAYBE", r"legal: OK, BAD, FAIL, PEND, AGAIN, WANTED p0 p1 p2, RELEASED p0 p1 p2$"),
        (None, "ERROR", r"'ERROR' is no answer at step \d+; legal: OK, BAD"),
        (None, "", "'' is no answer"),
        (None, "WANTED", "'WANTED' is no answer"),
        (None, "WANTED p0 p9", "'WANTED p0 p9' is no answer"),
        (None, "WAKE t", "'WAKE t' is no answer"),
        (None, "NO WAKE", "'NO WAKE' is no answer"),
        (None, "OK p1", "'OK p1' is no answer"),
        (None, None, "None is no answer"),
        (
            -1,
            "OK",
            r"is no answer at step \d+; legal: nothing, for nothing could go otherwise there",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(step, answer, says):
    run = put("ERROR")
    with pytest.raises(ValueError, match=says):
        run.what_if(ios(run)[0] if step is None else step, answer)


@pytest.mark.parametrize("step", ["3", 1.5, None, True, [], object()])
def test_a_step_that_is_no_number_is_said(step):
    run = put("OK")
    for ask in (run.what_ifs, lambda step: run.what_if(step, "OK"), run.explain):
        with pytest.raises(TypeError, match=f"a step is a whole number from 0 to {len(run) - 1}"):
            ask(step)
    with pytest.raises(
        IndexError, match=f"there is no step 999; the run has steps 0 to {len(run) - 1}"
    ):
        run.what_ifs(999)


def test_a_full_map_is_no_answer_of_the_disk():
    w = W.arena(2, used=[0, 1])
    run = w.machine().pager_put("p0", flags="PDFREECLUST")
    step = next(i for i, s in enumerate(run.steps) if s.line == 512)
    assert run.what_ifs(step) == ["WANTED p0", "RELEASED p0"]


def test_a_call_beside_i_o_that_is_under_way_is_made_again_with_it():
    machine = W.disk("OK", "OK").machine()
    machine.pager_put("p0", flags="PDFREECLUST")
    run = machine.pager_put("p1 p2", flags="PDFREECLUST")
    would = run.what_if(ios(run)[0], "AGAIN")
    assert would.would_be.result is PagerResult.AGAIN
    assert would.would_be.before.state == run.before.state
    assert would.would_be.before.state.aio_live == ("aio0",)


def test_two_calls_that_are_one_run_are_made_again_together():
    machine = W.disk("OK").machine()
    run = machine.pager_put("p0 p1", flags="PDFREECLUST").then(machine.finish())
    assert run.what_if(ios(run)[0], "ERROR").would_be.after.state.anons["a0"].swslot == 0
    late = next(i for i, step in enumerate(run.steps) if step.line == 679)
    would = run.what_if(late, "RELEASED p1").would_be
    assert would.after.state.anons["a1"].dead
    third = run.then(machine.finish())
    assert third.what_if(late, "RELEASED p1").would_be.steps[: len(run)] != run.steps
    assert third.what_if(late, "RELEASED p1").parting.number == late + 1


def test_runs_that_are_not_one_after_the_other_are_not_made_again_together():
    assert put("OK").then(put("OK")).again is None


def test_what_goes_otherwise_may_end_the_run_before_its_last_call():
    w = world().vnode("f0", pages=2, kill=True).page("p0", flags="BUSY RELEASED")
    machine = w.machine(diagnostic=True)
    run = machine.dropcluster("p0 p1", uobj="f0").then(machine.finish())
    would = run.what_if(0, "RELEASED p1").would_be
    assert (run.call, would.call) == ("dropcluster(p0 p1), then finish", "dropcluster(p0 p1)")
    assert (would.result, would.at(672)[0].kind) == ("panic", "panic")


def test_what_would_be_can_be_asked_again():
    would = put("OK").what_if(ios(put("OK"))[0], "ERROR").would_be
    both = would.what_if(ios(would)[1], "ERROR").would_be
    assert [both.steps[i].args[-1] for i in ios(both)] == ["ERROR", "ERROR"]


def test_an_iterator_is_there_the_second_time_too():
    run = W.machine().pager_put(
        iter(["p0", "p1"]), flags=FLAGS, meanwhile=iter([(0, "p0", "WANTED")])
    )
    would = run.what_if(ios(run)[0], "RELEASED p1").would_be
    assert would.at(646)[0].args == ("p0",)


def test_a_machine_that_was_changed_by_hand_is_not_made_again():
    machine = W.machine()
    machine.kernel.pages[0].flags |= PG.WANTED
    run = machine.pager_put("p0 p1", flags=FLAGS)
    with pytest.raises(ValueError, match=r"another one before that step already: was its machine"):
        run.what_if(ios(run)[0], "RELEASED p1")


def test_a_loaded_run_is_not_made_again(tmp_path):
    put("OK").save(tmp_path / "run.json")
    run = Run.load(tmp_path / "run.json")
    assert run.what_ifs(0) == []
    with pytest.raises(ValueError, match="cannot be made again: it was loaded"):
        run.what_if(0, "OK")


def sleeping():
    """Two pages want into a map of two pages, of which somebody else has one."""
    return world().vnode("f0", pages=2).arena(2, used=[0]).machine()


def step_of(run, kind):
    return next(i for i, step in enumerate(run.steps) if step.kind == kind)


def test_a_thread_asleep_could_have_been_woken():
    run = sleeping().pagermapin("p0 p1")
    asleep = step_of(run, "sleep")
    assert run.what_ifs(asleep) == [
        "WAKE pagermapin",
        "WANTED p0",
        "RELEASED p0",
        "WANTED p1",
        "RELEASED p1",
    ]
    would = run.what_if(asleep, "WAKE pagermapin")
    assert would.parting.number == asleep + 1
    assert [step.kind for step in would.would_be.steps[asleep + 1 : asleep + 3]] == [
        "meanwhile",
        "resume",
    ]
    assert "pagermapin: asleep on pager_map → awake" in would.would_be.explain(asleep + 1)
    assert would.would_be.result == "deadlock"


def test_after_the_end_nothing_could_have_been_otherwise():
    run = sleeping().pagermapin("p0 p1")
    assert [run.what_ifs(i) for i in range(step_of(run, "deadlock"), len(run))] == [[], []]


def test_a_wake_up_could_have_been_lost():
    machine = world().vnode("f0", pages=2).arena(1).machine()
    run = machine.together(A="pagermapin p0; write 9; pagermapout", B="pagermapin p1; pagermapout")
    wakes = step_of(run, "wakeup")
    assert "NO WAKE" in run.what_ifs(wakes)
    would = run.what_if(wakes, "NO WAKE")
    assert would.parting.number >= wakes
    assert (run.said, would.would_be.result) == (None, "deadlock")
    assert "B has slept on pager_map" in would.would_be.said
    assert would.would_be[wakes].state.asleep == (("B", "pager_map", 0),)
    assert would.would_be.at(228) == run.at(228)


def test_a_wake_up_of_nobody_cannot_be_lost():
    run = put("OK", meanwhile=[(0, "p0", "WANTED")])
    assert "NO WAKE" not in run.what_ifs(step_of(run, "wakeup"))


def test_each_of_several_threads_has_its_own_i_os():
    machine = W.disk("OK", "ERROR").machine()

    def body():
        for name in "ab":
            page = machine.kernel.pages["ab".index(name)]
            page.flags |= PG.BUSY
            cluster = Cluster([page])
            put = machine.kernel.k.pager_put(
                None, page, cluster, PGO.SYNCIO, cluster.pages[0].uanon.an_swslot, 0
            )
            machine.kernel.thread(name, locked(machine.kernel, put))
        machine.kernel.run()

    def locked(m, put):
        yield m.env.timeout(0)
        m.locks.lock(m.queues.lock)
        return (yield from put)

    run = machine._watched("two puts", body)
    assert [run.again.asked[i].io for i in ios(run)] == [0, 1]


def every_what_if():
    """All that could go otherwise in some runs of each kind."""
    put_and_finish = W.disk("ERROR").machine()
    f0 = world().vnode("f0", pages=4, kill=True).disk("ERROR")
    arena = world().vnode("f0", pages=2).arena(1).machine(cpus=2)
    for run in (
        put("ERROR", "AGAIN"),
        put_and_finish.pager_put("p0 p1 p2", flags=FLAGS[7:]).then(put_and_finish.finish()),
        f0.machine().pager_put(pg="p1", flags=f"ALLPAGES {FLAGS}"),
        f0.machine().mk_pcluster("p1"),
        f0.machine().dropcluster("p0 p1 p2 p3", uobj="f0"),
        f0.machine().shareprot("f0", "READ"),
        sleeping().pagermapin("p0 p1"),
        W.machine().pagedaemon(1),
        arena.together(A="pagermapin p0; write 9; pagermapout", B="pagermapin p1; pagermapout"),
    ):
        for step in range(0, len(run), 2):
            for answer in run.what_ifs(step):
                yield run, step, answer


def test_runs_never_part_before_the_step_that_went_otherwise():
    kinds = set()
    for run, step, answer in every_what_if():
        kinds.add(answer.split()[0])
        parting = run.what_if(step, answer).parting
        if answer in PagerResult.__members__:  # for PEND and OK the same may come of it
            assert parting is None or parting.number >= run.again.asked[step].since
        else:
            assert parting.number >= step + 1
            assert parting.number == step + 1 or answer == "NO WAKE"
    assert kinds == {*PagerResult.__members__, "WAKE", "NO", "WANTED", "RELEASED"}


@pytest.mark.parametrize("other", [None, "x", []])
def test_only_runs_are_compared(other):
    run = world().vnode("f0", pages=2).machine().mk_pcluster("p0")
    with pytest.raises(TypeError, match="compare takes two runs, and one is"):
        compare(run, other)
