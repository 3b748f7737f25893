"""Events and notes: when they are recorded, who hears of them, and how they read."""

import json
from pathlib import Path

import pytest

from tests.kernel_scenes import boot, drop, events, mapping, put
from uvmlab.kernel import PG, Step, Trace
from uvmlab.kernel.trace import ANSWERS, BEGINS, EVENTS, MADE, NOTES, SLEEPS
from uvmlab.replay import Replay, check_vector
from uvmlab.worlds import world

GOLDEN = Path(__file__).parent / "golden" / "vectors.jsonl"


def test_every_kind_is_recorded_in_one_way_and_the_vectors_know_all_events():
    kinds = [*BEGINS, *ANSWERS, *SLEEPS, *MADE, *NOTES]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) - set(NOTES) == EVENTS
    told = {
        event[0] for line in GOLDEN.read_text().splitlines() for event in json.loads(line)["events"]
    }
    assert told == EVENTS


def heard(m):
    """List, from now on, the kinds of all steps and what of the state each listener sees then."""
    found = []
    m.trace.listeners.append(
        lambda: found.append((m.trace.raw[-1][0], sorted(lock.name for lock in m.locks.held)))
    )
    return found


def test_listeners_hear_of_a_call_when_it_has_returned():
    m = boot(world(swap=8).anons(1, slot=1, flags="BUSY"))
    found = heard(m)
    drop(m, "p0", flags="REALLOCSWAP", swblk=1)
    assert found == [
        ("swap_free", []),
        ("lock", ["anon:a0"]),
        ("store", ["anon:a0"]),
        ("clear", ["anon:a0"]),
        ("page_own", ["anon:a0"]),
        ("unlock", []),
    ]


def test_who_wants_to_look_before_a_call_sees_the_state_before_it():
    m = boot(world(swap=8).anons(1, slot=1, flags="BUSY"))
    seen = []
    m.trace.before.append(
        lambda: seen.append((len(m.trace.raw), m.swap.allocated, m.pages[0].flags))
    )
    drop(m, "p0", flags="REALLOCSWAP", swblk=1)
    calls = [raw[0] for raw in m.trace.raw]
    state = dict(zip(calls, [each[1:] for each in seen], strict=True))
    assert [number for number, *_ in seen] == list(range(len(calls)))
    assert state["swap_free"] == ([1], PG.BUSY)
    assert state["clear"] == ([], PG.BUSY)
    assert state["page_own"] == ([], 0)


def test_listeners_hear_of_a_sleep_before_it_and_of_the_resume_after():
    m = boot(world().vnode("f", 1, flags="BUSY").arena(1, used=(0,)))
    found = heard(m)
    m.thread("map", mapping(m, "p0"))
    m.run(stuck=lambda: m.k.pagermapout(0, 1) or True)
    kinds = [kind for kind, _ in found]
    assert [kind for kind, _ in found if kind in ("sleep", "resume", "wakeup")] == [
        "sleep",
        "wakeup",
        "resume",
    ]
    assert found[kinds.index("sleep") - 1] == ("unlock", [])
    assert kinds == [raw[0] for raw in m.trace.raw]


@pytest.mark.parametrize("flags", ["SYNCIO", ""])
def test_a_put_is_recorded_when_it_returns_with_its_answer(flags):
    m = boot(world(swap=8).anons(2, slot=1, flags="BUSY").disk("ERROR"))
    put(m, "p0 p1", pg="p0", slot=1, flags=flags)
    kinds = [event[0] for event in events(m)]
    assert kinds.index("uvm_map") < kinds.index("swap_put")
    first = next(event for event in events(m) if event[0] == "swap_put")
    assert first == (
        "swap_put",
        1,
        ["p0", "p1"],
        [flags] if flags else [],
        "ERROR" if flags else "PEND",
    )


def test_without_a_trace_the_table_holds_the_plain_calls_and_does_the_same():
    w = world(swap=8).anons(3, slot=1, flags="BUSY").disk("ERROR", "OK")
    ends = []
    for trace in (True, False):
        m = w.machine(trace=trace)
        result, cluster = put(m, "p0 p1 p2", pg="p1", slot=1)
        ends.append(
            (result, repr(cluster), [repr(page) for page in m.pages], m.swap.allocated, m.env.now)
        )
    assert ends[0] == ends[1]
    assert m.trace is None
    assert m.k.lock == m.locks.lock


def test_what_the_boot_did_is_no_event():
    assert boot(world()).trace.steps == []


def test_a_step_reads_as_a_line():
    code = test_a_step_reads_as_a_line.__code__
    trace = Trace()
    trace.add("printf", code, -1, "hello")
    (step,) = trace.steps
    assert (step, step.is_event) == (Step("printf", None, ("hello",)), True)
    assert str(step) == repr(step) == "     printf hello"
    assert str(Step("unmap_detach", 233, ())) == " 233 unmap_detach"
    assert str(Step("note", 147, ("return", None))) == " 147 note return -"
    assert str(Step("note", 506, ("io", ["p0", "p1"]))) == " 506 note io [p0 p1]"
    assert not Step("note", 147, ()).is_event


def test_every_step_of_every_vector_reads_without_a_python_address():
    for line in GOLDEN.read_text().splitlines()[::4]:
        run = Replay(check_vector(json.loads(line)))
        run.run()
        for step in run.m.trace.steps:
            assert " object at 0x" not in str(step)
            assert len(str(step)) > 5
            assert step.line is not None


def test_events_are_the_steps_that_are_no_notes():
    m = boot(world(swap=8).anons(2, slot=1, flags="BUSY"))
    put(m, "p0 p1", slot=1)
    assert m.trace.events == [step for step in m.trace.steps if step.is_event]
    assert len(m.trace.events) < len(m.trace.steps) == len(m.trace.raw)
