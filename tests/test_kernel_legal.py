"""Whatever is said to a machine, a world or a call is taken, or refused by name with what is legal there."""

import re

import pytest

from uvmlab import worlds
from uvmlab.kernel import SEVEN, FaultPlan, Machine
from uvmlab.kernel.legal import known, several, truth, whole, wholes
from uvmlab.run import world

NONSENSE = [None, "x", -1, 1.5, True, 10**30, [], object()]
PYTHON = re.compile(  # in Python's own words, which help nobody
    "unhashable|unsupported operand|not supported between|object is not|has no attribute|unexpected keyword"
)
W = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).vnode("f0", pages=3)


def named(act, *names, **usual):
    """List calls of `act` with one argument each left open; the others are as usual."""
    return [
        (
            f"{act.__name__} {name}",
            name,
            lambda x, name=name: act(**usual | {name: x}),
        )
        for name in names
    ]


def on(word, *names, **usual):
    """List calls of a method of a world or of a new machine."""

    def act(**said):
        return getattr(W if hasattr(W, word) else W.machine(), word)(**said)

    act.__name__ = word
    return named(act, *names, **usual)


OF_PAGES = ("flags", "queue", "modified", "referenced", "prot")
OF_OBJECTS = ("name", "pages", "size", "cluster", "window", "kill", *OF_PAGES)
CALLS = [
    *named(Machine, *Machine.__init__.__kwdefaults__, *SEVEN),
    *named(FaultPlan, *FaultPlan._fields),
    ("an answer", "answers", lambda x: FaultPlan([x])),
    ("a range", "ranges", lambda x: FaultPlan(ranges=[x])),
    ("a first block", "ranges", lambda x: FaultPlan(ranges=[(x, 2, "OK")])),
    ("a last block", "ranges", lambda x: FaultPlan(ranges=[(1, x, "OK")])),
    ("a range's answer", "ranges", lambda x: FaultPlan(ranges=[(1, 2, x)])),
    ("world", "swap", world),
    ("World", "state", worlds.World),
    *on("anons", "n", "slot", "refs", *OF_PAGES, n=1),
    *on("vnode", *OF_OBJECTS, name="z", pages=1),
    *on("device", *OF_OBJECTS, name="z", pages=1),
    *on("aobj", *OF_OBJECTS, "slot", name="z", pages=1),
    ("a page's index", "pages", lambda x: W.vnode("z", [x])),
    *on("free", "n"),
    ("page names", "page|names", W.page),
    *on("page", *OF_PAGES, "offset", "owner", names="p0"),
    ("a page's name", "page", lambda x: W.page([x])),
    *on("disk", "ranges", "rate", "seed", "answer", "seek_us", "transfer_us"),
    ("disk", "answers", W.disk),
    ("bad", "slot", W.bad),
    *on("arena", "pages", "used", pages=4),
    ("a used page", "used", lambda x: W.arena(4, used=[x])),
    *on("pager_put", "pages", "pg", "flags", "start", "stop", "npages", "meanwhile", pages="p0 p1"),
    *on("pager_put", "pg", "flags", "start", "stop", "npages", "meanwhile", pg="p5"),
    ("a page of the cluster", "page", lambda x: W.machine().pager_put([x])),
    ("one meanwhile", "meanwhile", lambda x: W.machine().pager_put("p0", meanwhile=[x])),
    ("its number", "meanwhile", lambda x: W.machine().pager_put("p0", meanwhile=[(x, "p0", "WANTED")])),
    ("its pages", "page", lambda x: W.machine().pager_put("p0", meanwhile=[(0, x, "WANTED")])),
    ("its flags", "meanwhile", lambda x: W.machine().pager_put("p0", meanwhile=[(0, "p0", x)])),
    *on("dropcluster", "pages", "pg", "flags", "swblk", pages="p0 p1"),
    ("dropcluster uobj", "object", lambda x: W.machine().dropcluster("p0 p1", uobj=x)),
    *on("mk_pcluster", "center", "flags", "npages", "lo", "hi", center="p6", flags=""),
    *on("pagermapin", "pages", "wait", "aio", pages="p0 p1"),
    *on("pagermapout", "kva", "npages", kva=0, npages=1),
    *on("shareprot", "prot", "start", "end", uobj="f0", prot="READ"),
    ("shareprot uobj", "object", lambda x: W.machine().shareprot(x, "READ")),
    *on("pagedaemon", "free", "sync", free=1),
]  # fmt: skip


def refusal(call, nonsense):
    """Say with which words nonsense was refused; None if it was taken."""
    try:
        call(nonsense)
    except (TypeError, ValueError, KeyError) as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("name", "call"), [each[1:] for each in CALLS], ids=[each[0] for each in CALLS]
)
def test_nonsense_is_legal_or_refused_by_name(name, call):
    said = [text for nonsense in NONSENSE if (text := refusal(call, nonsense))]
    assert len(said) >= 4
    for text in said:
        assert re.search(name.removesuffix("s"), text)
        assert not PYTHON.search(text)


@pytest.mark.parametrize(
    ("limits", "legal"),
    [
        ((), "n is a whole number, 0 or more, not"),
        ((2,), "n is a whole number, 2 or more, not"),
        ((2, 5), "n is a whole number from 2 to 5, not"),
        ((None,), "n is a whole number, not"),
    ],
)
@pytest.mark.parametrize("wrong", [True, 2.0, "2", None])
def test_a_whole_number_is_one_within_its_limits(limits, legal, wrong):
    assert whole("n", 3, *limits) == 3
    with pytest.raises(ValueError, match=f"^{legal} {wrong!r}$"):
        whole("n", wrong, *limits)


@pytest.mark.parametrize("wrong", [1, 6])
def test_a_whole_number_outside_its_limits_is_refused(wrong):
    assert [whole("n", each, 2, 5) for each in (2, 5)] == [2, 5]
    with pytest.raises(ValueError, match=f"from 2 to 5, not {wrong}$"):
        whole("n", wrong, 2, 5)


def test_where_no_number_is_legal_that_is_said():
    with pytest.raises(ValueError, match="^each of used: none is legal here, so not 0 either$"):
        wholes("used", [0], 0, -1)


def test_a_row_of_numbers_may_be_of_any_kind_but_a_text():
    assert wholes("slots", iter([1, 2]), 1) == (1, 2)
    with pytest.raises(ValueError, match="^each of slots is a whole number, 1 or more, not 0$"):
        wholes("slots", {0}, 1)
    with pytest.raises(TypeError, match="^slots: whole numbers, one by one, not '12'$"):
        wholes("slots", "12")
    with pytest.raises(TypeError, match="^words: some, one by one, not 7$"):
        several("words", 7, "some")


def test_true_and_false_are_themselves_and_no_number():
    assert (truth("wait", True), truth("wait", False)) == (True, False)
    with pytest.raises(TypeError, match="^wait is True or False, not 0$"):
        truth("wait", 0)


def test_a_thing_is_known_by_its_name():
    assert known("page", "p0", {"p0": 3}) == 3
    for wrong in ("p1", [], None):
        with pytest.raises(KeyError, match="no page .*; legal: p0"):
            known("page", wrong, {"p0": 3})
    with pytest.raises(KeyError, match="legal: there is none"):
        known("page", "p0", {})


@pytest.mark.parametrize("most", ["seek_us", "transfer_us"])
def test_a_disk_may_be_slower_than_any(most):
    run = W.disk(**{most: 10**30}).machine().pager_put("p0", flags="SYNCIO")
    assert run.took >= 10**30
