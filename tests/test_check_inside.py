"""A learner's function inside the engine: what it did as plain data, and how it fails in a sentence."""

import json

import pytest

from uvmlab.check.cases import Case, strip
from uvmlab.check.drops import owners
from uvmlab.check.inside import GIVES, VOID, TooLong, guarded, observed
from uvmlab.check.traps import REFUSED
from uvmlab.kernel import Panic

CASE = Case(strip("DDD"), "mk_pcluster", {"center": "p1", "flags": "ALLPAGES"})


def alone(k, uobj, cluster, center, flags, mlo, mhi):
    k.pgo_cluster(uobj, center.offset)
    k.plug(cluster, 0, center)
    cluster.npages = 1
    return cluster


def test_the_engines_own_run_is_plain_data():
    seen = observed(CASE, {})
    assert json.loads(json.dumps(seen))["ends"] == [[["p0", "p1", "p2"], None]]
    assert ["page_own", "p0", "uvm_mk_pcluster"] in seen["events"]
    assert [page["flags"] for page in seen["after"]["pages"]] == [["BUSY"]] * 3
    assert seen["after"]["held"] == ["obj:f0", "pageq"]


def test_it_keeps_what_a_lock_guards_each_time_it_is_taken_or_let_go():
    put = {"pages": "p0 p1", "flags": "SYNCIO PDFREECLUST"}
    left = observed(Case(owners("ao", 3), "pager_put", put), {})["left"]
    assert left == [
        ["anon:a0 taken", {"a0.swslots": [3], "p0.flags": ["BUSY"]}],
        ["anon:a0", {"a0.swslots": [3], "p0.flags": ["CLEAN"]}],
        ["obj:o0 taken", {"o0.swslots": [(0, 4)], "p1.flags": ["BUSY"]}],
        ["obj:o0", {"o0.swslots": [(0, 4)], "p1.flags": ["CLEAN"]}],
    ]


def test_it_says_what_an_owner_finds_and_what_was_changed_in_the_kernel_s_table():
    seen = observed(Case(owners("ao", 3), "dropcluster", {"pages": "p0 p1"}), {})["after"]
    assert (seen["o0.memq"], seen["a0.u_page"]) == (["p1"], "p0")
    assert seen["what was changed in k"] == []

    def writes(k, *args):
        vars(k)["diagnostic"] = True
        return alone(k, *args)

    assert observed(CASE, {"mk_pcluster": writes})["after"]["what was changed in k"] == [
        "diagnostic"
    ]


@pytest.mark.parametrize(
    "change", ["k.diagnostic = True", "k.pageq = None", "del k.lock", "k.x = 1"]
)
def test_nobody_writes_to_the_kernel_s_table(change):
    def writes(k, *args):
        exec(change)  # noqa: S102

    (name,) = (word for word in change.split() if word.startswith("k."))
    with pytest.raises(AttributeError, match=f"^{name} is the kernel's, and stays as it is$"):
        observed(CASE, {"mk_pcluster": writes})


def test_what_it_returns_and_should_not_ends_the_run():
    for mine, said in ((lambda *_: 5, "5"), (lambda *_: [1], "a list")):
        with pytest.raises(Panic, match=f"^Your f returned {said}, and should return nothing$"):
            guarded("f", mine, VOID)("k", 1)
    assert guarded("f", lambda k, uobj, cluster: cluster, GIVES["mk_pcluster"])(1, 2, 3) == 3
    with pytest.raises(Panic, match="and should return the cluster that it was given$"):
        guarded("f", lambda *_: None, GIVES["mk_pcluster"])(1, 2, 3)


def test_who_made_a_call_that_is_refused_ends_the_run():
    ends = observed(CASE, {}, lambda kind, code: kind == "page_own")["ends"]
    assert ends == [["panic", REFUSED]]
    assert observed(CASE, {}, lambda kind, code: code is None)["ends"][0][1] is None


def test_a_learners_function_is_run_in_place_of_the_engines():
    seen = observed(CASE, {"mk_pcluster": alone})
    assert seen["ends"] == [[["p1"], None]]
    assert [event[0] for event in seen["events"]] == ["pgo_cluster"]


def test_what_it_raises_ends_the_run_and_says_where():
    def fails(k, uobj, cluster, center, flags, mlo, mhi):
        k.pgo_cluster(uobj, center.offset)
        return unknown  # noqa: F821

    seen = observed(CASE, {"mk_pcluster": guarded("mk_pcluster", fails)})
    assert seen["ends"][0][0] == "panic"
    assert seen["ends"][0][1].startswith(
        "Your mk_pcluster raised NameError: name 'unknown' is not defined, at its line 3: return unknown"
    )


def test_a_panic_of_the_kernel_is_a_panic():
    def panics(k, *args):
        k.panic("my own")

    with pytest.raises(Panic, match="^my own$"):
        guarded("f", panics)(type("K", (), {"panic": staticmethod(raise_panic)}))


def raise_panic(text):
    raise Panic(text)


def test_one_that_takes_what_it_does_not_get_fails_without_a_line():
    with pytest.raises(Panic, match=r"^Your len raised TypeError: [^,]*$"):
        guarded("len", len)(1, 2)


def test_a_function_that_goes_on_and_on_is_stopped():
    def on_and_on(k, uobj, cluster, center, flags, mlo, mhi):
        while True:
            try:
                k.page_own(center, None)
            except Exception:  # noqa: S112
                continue

    with pytest.raises(TooLong, match="^$"):
        observed(CASE, {"mk_pcluster": on_and_on})
