"""Every step in plain sentences: each event, each note, each reason has words of its own."""

import ast
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.kernel_scenes import put
from uvmlab.kernel import PG, PagerResult, Prot, Slip, Step, pager
from uvmlab.kernel.trace import EVENTS, NOTES
from uvmlab.replay import Replay, check_vector
from uvmlab.run import world
from uvmlab.run.explain import NOTED, SAID, explain
from uvmlab.run.meanings import ANSWERS, FLAGS, PANICS, PROTECTED, RULES
from uvmlab.run.recorder import MEANWHILE, RETURN, Recorder
from uvmlab.run.source import strings

KERNEL = Path(pager.__file__).parent
GOLDEN = (Path(__file__).parent / "golden" / "vectors.jsonl").read_text().splitlines()
UNSAID = re.compile(r"None|\bTrue|\bFalse|<|>|object at|\['|\[\d+[, ]|\[\]|\(\)|\s\s|\.\.|,\)|''")


def calls(path):
    """Yield (function, call) for each call in a module."""
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    yield function.name, node


def reasons():
    """List (function, reason, number of arguments) of every note in pager.py."""
    return [
        (function, why, len(call.args) - 1)
        for function, call in calls(KERNEL / "pager.py")
        if ast.unparse(call.func) == "k.note"
        for why in strings(call.args[0])
    ]


def recorded(vector):
    """Replay a golden vector and record it.  Returns: (step, changes) of all its steps."""
    replay = Replay(check_vector(vector))
    recorder = Recorder(replay.m)
    recorder.stop(replay.run()["result"])
    return list(zip(recorder.steps, recorder.changes, strict=True))


@pytest.fixture(scope="module")
def replayed():
    return [each for line in GOLDEN[::3] for each in recorded(json.loads(line))]


def kind(step):
    """Name what a step is: a note by its reason, a store by its field, everything else by its kind."""
    if step.kind in ("note", "store"):
        return step.kind, step.args[step.kind == "store"]
    return (step.kind,)


# Nothing is without words


@pytest.mark.parametrize("name", sorted({*EVENTS, *NOTES, MEANWHILE, RETURN} - {"note"}))
def test_each_kind_of_step_has_words(name):
    assert name in SAID


@pytest.mark.parametrize(("function", "why", "n"), reasons())
def test_each_reason_of_pager_py_has_words_for_just_its_arguments(function, why, n):
    said = NOTED.get(f"{function} {why}") or NOTED[why]
    assert said.__code__.co_argcount == n


def test_no_words_are_for_a_reason_that_there_is_not():
    there = {name for function, why, _ in reasons() for name in (why, f"{function} {why}")}
    assert set(NOTED) <= there
    assert set(SAID) == {*EVENTS, *NOTES, MEANWHILE, RETURN} - {"note"}


def test_each_panic_of_the_kernel_is_explained():
    texts = {
        strings(call.args[0])[0]
        for path in KERNEL.glob("*.py")
        for _, call in calls(path)
        if ast.unparse(call.func) in ("Panic", "k.panic") and strings(call.args[0])
    }
    texts |= {"locking against myself", "spinning for ever on "}  # one or the other, at one place
    assert len(texts) > 10
    for text in texts:
        assert any(text.startswith(start) for start in PANICS), text
    for start in PANICS:
        assert any(text.startswith(start) for text in texts), start


def test_each_word_of_the_kernel_s_is_explained():
    assert set(ANSWERS) == set(PagerResult.__members__)
    assert set(FLAGS) == set(PG.__members__)
    assert set(PROTECTED) == set(Prot.__members__)
    rules = {
        ast.literal_eval(number)
        for _, call in calls(KERNEL / "pager.py")
        if ast.unparse(call.func) == "k.note" and strings(call.args[0]) == ["return"]
        for number in ast.walk(call.args[-1])
        if isinstance(number, ast.Constant) and number.value is not None
    }
    assert rules == set(RULES)


# Every step of many runs


def test_all_steps_of_golden_runs_are_explained_in_words(replayed):
    for step, changes in replayed:
        said = explain(step, changes)
        assert not UNSAID.search(said), said
        assert not said.startswith(f"{step.kind} "), "words of its own, not the bare step"
        assert said.endswith(".")
        assert (f"(line {step.line})." in said) == (step.line is not None)
        assert ("Changed: " in said) == bool(changes)


def test_they_hold_every_kind_and_every_reason_of_cluster_s_end(replayed):
    seen = {kind(step) for step, _ in replayed}
    assert {(name,) for name in EVENTS} <= seen
    assert {("note", why) for _, why, _ in reasons()} <= seen
    assert {(MEANWHILE,), (RETURN,), ("set",), ("clear",), ("plug",)} <= seen
    assert {("store", name) for name in ("wanted", "aio", "npages", "first", "an_swslot")} <= seen


def test_no_two_kinds_are_told_in_the_same_words(replayed):
    told = defaultdict(set)
    for step, _ in replayed:
        told[re.sub(r"\(line.*|\d+", "", explain(step))].add(kind(step))
    assert {said: kinds for said, kinds in told.items() if len(kinds) > 1} == {}


# Some, in full


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (
            Step("note", 345, ("clean", "p3")),
            "The cluster grows no further this way: p3 is already clean, so it need not be written (line 345).",
        ),
        (
            Step("note", 345, ("busy", "p3")),
            "The cluster grows no further this way: p3 is busy, so somebody else is at work on it (line 345).",
        ),
        (
            Step("note", 329, ("no page", 4294963200)),
            "The cluster grows no further this way: there is no page in memory at offset 4294963200, page 1048575 (line 329).",
        ),
        (
            Step("note", 324, ("limit", 1)),
            "The cluster grows no further this way: offset 1 is outside the range (line 324).",
        ),
        (
            Step("pagelookup", 327, ("f0", 8192, "p2")),
            "f0 has p2 in memory at offset 8192, page 2 (line 327).",
        ),
        (
            Step("pagelookup", 327, ("f0", 0, None)),
            "f0 has no page in memory at offset 0, page 0 (line 327).",
        ),
        (
            Step("pmap_is_modified", 338, ("p3", False)),
            "The pmap layer is asked about p3: it has not been written to (line 338).",
        ),
        (
            Step("pmap_is_modified", 338, ("p3", True)),
            "The pmap layer is asked about p3: it has been written to (line 338).",
        ),
        (
            Step("lock", 634, ("anon:a1",)),
            "The lock of anon a1 is asked for, so that nobody else gets in between (line 634).",
        ),
        (Step("swap_free", 610, (2, 4)), "4 swap slots, slots 2 to 5, are freed (line 610)."),
        (Step("swap_free", 612, (2, 1)), "1 swap slot, slot 2, is freed (line 612)."),
        (Step("swap_free", 610, (2, 0)), "0 swap slots are freed (line 610)."),
        (
            Step("uvm_map", 156, (1, 0)),
            "Addresses for 1 page are reserved in the pager map, from its page 0 on (line 156).",
        ),
        (
            Step("uvm_map", 156, (2, None)),
            "The pager map has no room for 2 pages in a row (line 156).",
        ),
        (
            Step("swap_put", 512, (3, ["p1"], ["SYNCIO"], "ERROR")),
            "p1 was to be written to slot 3, and waited for; the answer is ERROR: the disk has failed (line 512).",
        ),
        (
            Step("pgo_put", 508, ("f0", ["p1", "p2"], [], "PEND")),
            "p1 and p2 were to be written by the pager of f0, without a wait; the answer is PEND: the write is under way, and ends later (line 508).",
        ),
        (
            Step("releasepg", 667, ("-",)),
            "The pager is to free the page of interest, but there is none (line 667).",
        ),
        (Step("store", 720, ("a1", "an_swslot", 4)), "a1 names slot 4 now (line 720)."),
        (Step("store", 636, ("a1", "an_swslot", 0)), "a1 forgets its swap slot (line 636)."),
        (
            Step("clear", 678, ("p1", ["BUSY", "WANTED"])),
            "p1 loses BUSY and WANTED: others may use it again; nobody waits for it any more (line 678).",
        ),
        (
            Step("note", 540, ("return", "OK", 5)),
            "pager_put returns OK, and by rule 5 the whole cluster is still busy (line 540).",
        ),
        (
            Step("note", 147, ("return", None)),
            "pagermapin gives up, without memory for a descriptor (line 147).",
        ),
        (
            Step("panic", 696, ("locking against myself",)),
            'The kernel panics with "locking against myself", and all ends here: the thread waits for a lock that it holds itself, so for ever (line 696).',
        ),
        (
            Step("panic", None, ("my own",)),
            'The kernel panics with "my own", and all ends here: a rule is broken.',
        ),
        (Step(RETURN, None, (None,)), "The call is over; it returns nothing."),
        (Step(RETURN, None, (3,)), "The call is over; it returns 3."),
        (Step(RETURN, None, ("cluster",)), "The call is over; it returns the cluster."),
        (Step(RETURN, None, ("deadlock",)), "The call has ended in a deadlock."),
        (
            Step(RETURN, None, ("AGAIN",)),
            "The call is over; it returns AGAIN: not now, but it may be tried again later.",
        ),
    ],
)
def test_a_step_is_told(step, said):
    assert explain(step) == said


def test_a_run_explains_its_steps_with_what_they_changed():
    run = (
        world(swap=64).anons(3, slot=1).disk("ERROR", "OK").machine()
        .pager_put("p0 p1 p2", pg="p1", flags="SYNCIO", meanwhile=[(0, "p0", "WANTED")])
    )  # fmt: skip
    said = [run.explain(i) for i in range(len(run))]
    assert said[2] == (
        "Meanwhile the rest of the kernel was at work: a caller, a pager, the disk, another thread."
        " Changed: flags of p0: BUSY → BUSY WANTED."
    )
    assert (
        "2 swap slots, slots 2 to 3, are freed (line 610). Changed: slots 2 to 3: allocated → free."
        in said
    )
    assert "p1 is skipped: it is the page of interest (line 621)." in said
    assert "a1 names slot 1 now (line 720). Changed: slot of a1: 2 → 1." in said
    assert run.explain(-1) == said[-1]


def test_a_step_that_is_not_there_is_refused():
    run = world().vnode("f0", pages=1).machine().mk_pcluster("p0")
    with pytest.raises(
        IndexError, match=f"there is no step 99; the run has steps 0 to {len(run) - 1}"
    ):
        run.explain(99)


# A learner's own function


def test_a_learner_s_own_notes_and_stores_are_told_as_they_are():
    def mine(k, uobj, cluster, center, flags, mlo, mhi):
        k.note("mine", center)
        k.note("busy")
        k.note("limit", center)  # 324
        k.note("done", None)  # 196
        k.set(center, 0)
        k.lock(k.pager_map_wanted_lock)
        k.unlock(k.pager_map_wanted_lock)
        return cluster

    run = world().vnode("f0", pages=1).machine(mk_pcluster=mine).mk_pcluster("p0")
    assert [run.explain(i) for i in range(5)] == [
        "note mine p0.",
        "note busy.",
        "The cluster grows no further this way: offset p0 is outside the range (line 324).",
        "note done nothing (line 196).",
        "p0 gets none: nothing is different.",
    ]


def test_a_store_that_the_file_has_not_is_told_with_its_value():
    assert explain(Step("store", None, ("p0", "offset", 5))) == "p0.offset becomes 5."


def test_a_kind_that_nobody_knows_is_told_as_it_is():
    assert explain(Step("hello", 5, ("you",))) == "hello you (line 5)."
    assert explain(Step("note", None, ())) == "note."


def test_a_panic_is_told_where_it_happened_and_the_end_after_it():
    w = world().vnode("f0", pages=1).page("p0", flags="BUSY RELEASED")
    run = w.machine(slips=Slip.WRONG_PAGE).dropcluster("p0", uobj="f0")
    assert run.explain(-2) == (
        'The kernel panics with "null dereference", and all ends here: a pointer that leads nowhere was followed (line 667).'
    )
    assert run.explain(-1) == "The call has ended in a panic."


def test_a_null_page_has_words_too():
    m = world().device("o", 1, flags="BUSY").machine().kernel
    recorder = Recorder(m)
    recorder.stop(put(m, uobj="o")[0])
    said = [explain(step) for step in recorder.steps]
    assert "a null page goes into place 0 of the array (line 477)." in said
    assert "a null page is to be written now (line 506)." in said
    assert "a null page is skipped: it is the page of interest (line 621)." in said
    assert any(each.startswith("a null page was to be written") for each in said)
    assert not UNSAID.search(" ".join(said))
