"""A recorded run: every step's changes, walked in either direction, told where they were made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uvmlab.kernel import Slip
from uvmlab.run import World, world
from uvmlab.run.moment import CLOCK, Moment, apply, differences
from uvmlab.run.recorder import Recorder

W = world(swap=16).anons(3, slot=1).aobj("o0", pages=2, slot=4)
FLAGS = "SYNCIO PDFREECLUST"


def put(*answers, pages="p0 p1 p2 p3 p4", **more):
    options = more.pop("options", {})
    return W.disk(*answers).machine(**options).pager_put(pages, **({"flags": FLAGS} | more))


def told(run, line, kind=None):
    """Return what the first step of a C line changed, but for the clock: field, key and new value."""
    number = next(
        i for i, step in enumerate(run.steps) if step.line == line and kind in (None, step.kind)
    )
    return [(c.field, c.key, c.new) for c in run.changes[number] if c.field not in CLOCK]


def test_a_run_begins_and_ends_in_the_states_of_its_machine():
    machine = W.machine()
    run = machine.pager_put("p0 p1", flags=FLAGS)
    assert run.before.state.pages["p0"].flags == ("BUSY",)
    assert run[-1] == run[len(run) - 1] == run.after
    assert {
        p.name: p for p in World.of(machine.kernel).state.pages.values()
    } == run.after.state.pages


def test_every_step_has_its_changes_thread_and_time():
    run = put("ERROR", "OK", pg="p1")
    assert len(run) == len(run.steps) == len(run.changes) == len(run.threads) == len(run.times)
    assert run.times == tuple(sorted(run.times))
    assert set(run.threads) == {"pager_put", "the caller"}
    assert run.took == run.times[-1] == 18400


def test_a_change_is_told_at_the_step_that_made_it():
    run = put("ERROR", "OK", pg="p1")
    assert told(run, 498) == [("locks_held", None, ())]
    assert told(run, 610) == [("swap_allocated", None, (1,))]
    [(field, key, anon)] = told(run, 636)
    assert (field, key, anon.swslot) == ("anons", "a0", 0)
    [(field, key, page)] = told(run, 678)
    assert (field, key, page.flags) == ("pages", "p0", ())
    assert told(run, 190)[0] == ("arena", 0, "p0")
    assert told(run, 712) == [("npages", None, 1)]


def test_what_others_do_meanwhile_is_a_step_of_its_own():
    run = put("OK", meanwhile=[(0, "p0", "WANTED")])
    number = next(i for i, s in enumerate(run.steps) if s.kind == "meanwhile")
    [change] = [c for c in run.changes[number] if c.field == "pages"]
    assert (change.key, change.old.flags, change.new.flags) == ("p0", ("BUSY",), ("BUSY", "WANTED"))
    assert run[number - 1].state.pages["p0"].flags == ("BUSY",)
    assert run[number].state.pages["p0"].flags == ("BUSY", "WANTED")


def test_each_page_of_a_fast_mapping_is_told_by_itself():
    run = put("OK", options={"pmap_new": True})
    mapped = [c for i, s in enumerate(run.steps) if s.line == 178 for c in [run.changes[i]]]
    assert [[(c.field, c.key) for c in changes] for changes in mapped] == [
        [("arena", i)] for i in range(5)
    ]


def test_a_sleeper_is_seen_asleep():
    machine = world().vnode("f0", pages=1).arena(1, used=[0]).machine()
    run = machine.pagermapin("p0")
    number = next(i for i, step in enumerate(run.steps) if step.kind == "deadlock")
    assert run[number].state.asleep == (("pagermapin", "pager_map", 0),)
    assert run[0].state.asleep == ()


def test_a_cluster_grows_in_the_caller_s_array():
    run = world().vnode("f0", pages=4, size=4).machine().mk_pcluster("p1")
    seen = [tuple(run[i].state.array[:4]) for i, s in enumerate(run.steps) if s.kind == "plug"]
    assert seen == [
        (None, "p1", None, None),
        ("p0", "p1", None, None),
        ("p0", "p1", "p2", None),
        ("p0", "p1", "p2", "p3"),
    ]


def test_a_panic_and_its_state_are_the_last_that_is_recorded():
    w = world().vnode("f0", pages=1).page("p0", flags="BUSY RELEASED")
    run = w.machine(slips=Slip.WRONG_PAGE).dropcluster("p0", uobj="f0")
    assert [step.kind for step in run.steps[-2:]] == ["panic", "return"]
    assert run.after.state.locks_held == ("obj:f0",)


def test_what_the_return_leaves_over_belongs_to_the_return():
    run = W.machine().pagedaemon(5)
    assert run.steps[-1].kind == "return"
    assert apply(run.base, sum(run.changes, ())) == run.after.state


def test_a_step_that_is_not_there_is_refused():
    run = put("OK")
    for index in (len(run), -len(run) - 1):
        with pytest.raises(IndexError, match=f"there is no step {index}; the run has steps 0 to"):
            run[index]


def test_a_world_out_of_a_run_boots_again():
    run = put("ERROR", "OK", pg="p1")
    again = run.after.machine().dropcluster("p1")
    assert again.after.state.allocated == ()


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(["OK", "ERROR", "AGAIN", "PEND"]), max_size=3),
    st.sampled_from([None, "p0", "p2", "p4"]),
    st.sampled_from([Slip.NONE, Slip.HELD_ANON_LOCK, Slip.ALL]),
    st.lists(
        st.tuples(
            st.integers(0, 1),
            st.sampled_from(["p0", "p1", "p3"]),
            st.sampled_from(["WANTED", "RELEASED"]),
        ),
        max_size=3,
    ),
    st.randoms(use_true_random=False),
)
def test_forward_and_backward_give_the_same_states(answers, pg, slips, meanwhile, random):
    run = put(*answers, pg=pg, options={"slips": slips}, meanwhile=meanwhile)
    forward = [run[i].state for i in range(len(run))]
    assert [run[i].state for i in reversed(range(len(run)))] == forward[::-1]
    order = list(range(len(run)))
    random.shuffle(order)
    assert all(run[i].state == forward[i] for i in order)
    for i in range(1, len(run)):
        assert tuple(differences(forward[i - 1], forward[i])) == run.changes[i]


def test_applying_changes_leaves_the_first_moment_alone():
    run = put("OK")
    base = run.base
    apply(base, sum(run.changes, ()))
    assert base.pages["p0"].flags == ("BUSY",)
    assert isinstance(base, Moment)


def test_a_recorder_that_has_stopped_hears_nothing_more():
    machine = W.machine().kernel
    recorder = Recorder(machine)
    recorder.stop(None)
    machine.call("pager_init")
    assert [step.kind for step in recorder.steps] == ["return"]
    assert machine.trace.listeners == machine.trace.before == []
