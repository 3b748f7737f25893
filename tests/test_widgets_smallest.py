"""The smallest case as a learner reads it: its words name all that it has, and its code makes it."""

import pytest

from uvmlab.check.cases import Case, strip
from uvmlab.check.drops import owners
from uvmlab.check.exercises import NAMES, problems
from uvmlab.check.kinds import Inside, joined
from uvmlab.kernel import pager
from uvmlab.run import World
from uvmlab.widgets import RunView, smallest
from uvmlab.widgets.smallest import code, sentences

SEED = "tests"
INSIDE = {
    problem.name: problem
    for number in NAMES
    for problem in problems(number)
    if isinstance(problem, Inside)
}
WHOLE = INSIDE["04-mk_pcluster"]


def lonely(k, uobj, cluster, center, flags, mlo, mhi):
    k.pgo_cluster(uobj, center.offset)
    k.plug(cluster, 0, center)
    cluster.first, cluster.npages = 0, 1
    return cluster


@pytest.fixture
def displayed(monkeypatch):
    """What is displayed."""
    found = []
    monkeypatch.setattr(smallest, "display", lambda each, raw=False: found.append(each))
    return found


def wrong_case(function):
    return WHOLE.check({"mk_pcluster": function}, SEED).case


def test_a_function_is_walked_from_where_it_parts_from_the_engines(displayed):
    smallest.show(WHOLE, lonely, wrong_case(lonely), "q4.case(5)")
    words, view = displayed
    assert words["text/plain"].startswith(
        "The smallest case that was found:\nmk_pcluster is called."
    )
    assert "m = q4.case(5).machine(mk_pcluster=mk_pcluster)\n" in words["text/plain"]
    assert "<summary>The world in words</summary><pre>World: " in words["text/html"]
    assert isinstance(view, RunView)
    assert view.run.steps[view.start].kind in (
        "return",
        "page_own",
        "pmap_page_protect",
        "pmap_is_modified",
    )
    assert view.run.call.startswith("mk_pcluster(")


def test_where_no_picture_can_be_made_the_words_stand(displayed, capsys, monkeypatch):
    def broken(*args, **more):
        raise ValueError("no paint")

    monkeypatch.setattr(smallest, "RunView", broken)
    smallest.show(WHOLE, lonely, wrong_case(lonely), "q4.case(5)")
    assert len(displayed) == 1
    assert capsys.readouterr().out == (
        "At step 2 the two runs part. The call page_own p0 uvm_mk_pcluster is missing, at the end.\n"
        "It cannot be walked through: ValueError: no paint.\n"
    )


def test_a_function_that_never_ends_has_no_picture(displayed):
    def endless(k, uobj, cluster, center, flags, mlo, mhi):
        while True:
            pass

    smallest.show(WHOLE, endless, WHOLE.cases(SEED)[0], "q4.case(0)")
    assert len(displayed) == 1


@pytest.mark.parametrize("problem", INSIDE.values(), ids=INSIDE)
def test_the_code_makes_the_case_s_own_calls(problem):
    for case in problem.cases(SEED)[::5]:
        right = joined(case, case.world().machine(**case.options))
        lines = code(problem, case, "w").splitlines()
        names = {"w": case.world(), problem.wants: getattr(pager, problem.function)}
        exec("\n".join(lines[:2] if right.said else lines), names)  # noqa: S102
        made = names["run"].then(names["rest"]) if "rest" in names else names["run"]
        assert (made.call, made.steps, made.after) == (right.call, right.steps, right.after)


@pytest.mark.parametrize("problem", INSIDE.values(), ids=INSIDE)
def test_each_part_of_a_case_is_said_in_sentences(problem):
    for case in problem.cases(SEED):
        for sentence in sentences(case):
            assert sentence[-1] == "."
            assert not {*'={([]"'} & {*sentence}


def test_a_case_is_said_in_words():
    state = World(owners("ao", 3, kill=True)).disk("ERROR", "OK").state
    happens = ((0, "p1", "WANTED RELEASED"),)
    args = {"pages": "p0 p1", "pg": None, "flags": "", "meanwhile": happens, "wait": True}
    assert " ".join(sentences(Case(state, "pager_put", args, {"diagnostic": True}))) == (
        "pager_put is called. Its pages: p0 p1. There is no page of interest. No flag is set. "
        "While I/O 0 is under way, p1 gets WANTED RELEASED. wait is True. "
        "o0 dies when its last page is released. The disk answers ERROR and then OK. "
        "The kernel is compiled with DIAGNOSTIC."
    )


def test_what_the_pager_offers_is_said_in_words():
    args = {"center": "p1", "lo": 4096, "hi": 8192, "npages": 4}
    state = strip("DDD", window=2, cluster="forward")
    assert " ".join(sentences(Case(state, "mk_pcluster", args))) == (
        "mk_pcluster is called. The center is p1. The caller's limits begin with page 1. "
        "They end before page 2. The array has room for 4 pages. "
        "The pager's window has 2 pages, counted from the center on."
    )
