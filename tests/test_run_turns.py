"""Whose turn it is: an interleaving is chosen, and is the same each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uvmlab.kernel import Slip
from uvmlab.run import world
from uvmlab.run.fates import Fates
from uvmlab.run.turns import order_of

THREE = "pagermapin {}; write 400; pagermapout"
A, B, C = (THREE.format(pages) for pages in ("p0 p1 p2", "p3 p4 p5", "p6 p7"))


def together(order="", cpus=2, **programs):
    w = world().vnode("f", 9).arena(4)
    return w.machine(cpus=cpus).together(order, **(programs or {"A": A, "B": B}))


def ran(run):
    return "".join(Fates(run).ran)


def places(run, thread):
    return [
        (step.kind, step.line)
        for step, who in zip(run.events, on_events(run), strict=True)
        if who == thread
    ]


def on_events(run):
    return [who for step, who in zip(run.steps, run.threads, strict=True) if step.is_event]


def test_with_no_order_the_one_that_has_waited_longest_goes_on():
    assert ran(together()) == "ABAB"
    assert ran(together("", A=A, B=B, C=C)) == "ABCBCABCBC"


def test_a_wake_up_is_lost_when_the_other_gets_in_between_the_look_and_the_lock():
    run = together("B A B A")
    assert run.result == "deadlock"
    assert ran(run) == "BABA"
    lines = [step.line for step in run.steps]
    assert lines.index(224) < lines.index(164)
    assert run.after.state.asleep == (("A", "pager_map", 400),)
    assert run.after.state.pager_map_used == ()
    assert (run.steps[-2].kind, run.steps[-2].line) == ("deadlock", 167)


def test_no_wake_up_is_lost_when_the_looker_goes_on_at_once():
    run = together("B A A B")
    assert run.result == "all threads ended"
    assert ("resume", 167) in places(run, "A")


def test_a_third_one_that_maps_out_later_wakes_the_lost_sleeper():
    run = together("B A B A", A=A, B=B, C=C)
    assert run.result == "all threads ended"
    assert ("wakeup", 228) in places(run, "C")


@pytest.mark.parametrize("order", ["", "B A B A", "B A A B", "A B A B"])
def test_with_one_processor_nobody_gets_in_between_and_no_wake_up_is_lost(order):
    assert together(order, cpus=1).result == "all threads ended"


@pytest.mark.parametrize("order", ["B A B A", "B A A B", ""])
def test_the_same_order_is_the_same_run(order):
    one, other = together(order), together(order)
    assert one == other


def test_one_that_writes_is_waited_for():
    run = together("B B A")
    assert ran(run) == "BA"
    assert run.times[run.threads.index("A")] == 400


def test_one_that_sleeps_or_has_ended_is_passed_over():
    run = together("B A A A A A B B B", A=A, B=B)
    assert run.result == "all threads ended"
    assert ran(run) == "BABA"


def test_between_two_calls_another_processor_s_thread_may_run():
    at_once = {"A": "pagermapin p0; pagermapout", "B": "pagermapin p1; pagermapout"}
    assert ran(together("A B A B", **at_once)) == "ABAB"
    assert ran(together("A B A B", cpus=1, **at_once)) == "AB"


def test_two_that_hold_and_wait_sleep_for_ever():
    run = together(
        cpus=1,
        A="pagermapin p0 p1; write 9; pagermapin p2",
        B="pagermapin p3 p4; write 9; pagermapin p5",
    )
    assert [who for who, _, _ in run.after.state.asleep] == ["A", "B"]
    assert run.said.count("could have woken it") == 2


def test_a_thread_asleep_is_told_so_at_the_step_at_which_it_lies_down():
    run = together("B A A B")
    (sleep,) = (i for i, step in enumerate(run.steps) if step.kind == "sleep")
    assert "A: awake → asleep on pager_map" in run.explain(sleep)
    assert run[sleep - 1].state.asleep == ()


def test_a_run_of_threads_is_saved_and_read_again(tmp_path):
    run = together("B A B A")
    run.save(tmp_path / "run.json")
    loaded = type(run).load(tmp_path / "run.json")
    assert (loaded.steps, loaded.threads, loaded.said) == (run.steps, run.threads, run.said)
    assert [*Fates(loaded).ends()] == [*Fates(run).ends()]


def test_a_machine_that_goes_on_runs_threads_once_more():
    m = world().vnode("f", 9).arena(4).machine(cpus=2, slips=Slip.ALL)
    assert m.together(A=A).call == "together(A)"
    assert m.together("B B", B=B).call == "together(B; B B)"


def test_a_thread_can_be_woken_that_was_not():
    was = together("B A B A")
    (sleep,) = (i for i, step in enumerate(was.steps) if step.kind == "sleep")
    assert was.what_ifs(sleep)[0] == "WAKE A"
    found = was.what_if(sleep, "WAKE A")
    assert found.parting.number == sleep + 1
    assert found.would_be.result == "all threads ended"
    assert "goes on after 0 µs: somebody woke it" in [
        each.what for each in Fates(found.would_be).of("A")
    ]


def test_a_wake_up_can_be_lost_that_was_not():
    was = together("B A A B")
    (wakeup,) = (i for i, step in enumerate(was.steps) if step.kind == "wakeup")
    found = was.what_if(wakeup, "NO WAKE")
    assert found.parting.number > wakeup
    assert found.would_be.result == "deadlock"
    (end,) = Fates(found.would_be).ends()
    assert end.endswith(
        "There is room for it by now, but nobody has woken it, and nobody is left who will."
    )


@st.composite
def programs(draw):
    """Draw programs of three threads that hold one mapping at a time, each of at most the arena's pages."""
    made = {}
    for first, name in enumerate("ABC"):
        parts = []
        for npages, us in draw(
            st.lists(st.tuples(st.integers(1, 4), st.integers(0, 2)), max_size=3)
        ):
            pages = " ".join(f"p{4 * first + i}" for i in range(npages))
            parts += [f"pagermapin {pages}", *[f"write {us}"] * bool(us), "pagermapout"]
        made[name] = "; ".join(parts)
    return made


@given(programs(), st.lists(st.sampled_from("ABC"), max_size=12), st.sampled_from([1, 2]))
def test_whatever_the_turns_all_threads_end_or_a_wake_up_was_lost(made, order, cpus):
    m = world().vnode("f", 12).arena(4).machine(cpus=cpus)
    run = m.together(" ".join(order), **made)
    ends = [*Fates(run).ends()]
    assert run.result == ("deadlock" if ends else "all threads ended")
    assert all("Its wake-up is lost" in end for end in ends)
    assert cpus == 2 or not ends
    assert m.kernel.check() == []
    assert run.after.state.pager_map_used == ()


def test_an_order_names_threads_that_there_are():
    assert order_of(" A, B A", "AB") == ("A", "B", "A")
    with pytest.raises(ValueError, match="^no thread 'X' to go on; legal: A, B$"):
        together("A X")
    with pytest.raises(TypeError, match="^an order is a text such as 'A B', not 7$"):
        together(7)
    with pytest.raises(KeyError, match="no page 'p99'; legal: p0"):
        together(A="pagermapin p99")
