"""The builder: it reads like a sentence, changes nothing behind one's back, and refuses what is impossible."""

import pytest

from uvmlab.kernel import FaultPlan
from uvmlab.worlds import AnonState, PageState, State, World, world

W = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK")


def test_the_sentence_of_the_lessons_builds_what_it_says():
    state = W.state
    assert [(a.name, a.swslot) for a in state.anons.values()] == [("a0", 1), ("a1", 2), ("a2", 3)]
    assert [(p.name, p.owner, p.offset, p.pqflags) for p in state.pages.values()] == [
        ("p0", "a0", 0, ("INACTIVE", "ANON")),
        ("p1", "a1", 0, ("INACTIVE", "ANON")),
        ("p2", "a2", 0, ("INACTIVE", "ANON")),
        ("p3", "o0", 0, ("INACTIVE", "AOBJ")),
        ("p4", "o0", 4096, ("INACTIVE", "AOBJ")),
    ]
    assert state.objects["o0"].swslots == {0: 4, 1: 5}
    assert state.plan == FaultPlan(("ERROR", "OK"))
    assert repr(W) == "<world: 5 pages, 3 anons, 1 object, 5 of 64 slots allocated>"


def test_an_empty_world_is_one():
    assert repr(world()) == "<world: 0 pages>"


def test_names_go_on_where_they_ended():
    w = world().anons(2).vnode("f", 1).anons(1).free(1)
    assert list(w.state.anons) == ["a0", "a1", "a2"]
    assert list(w.state.pages) == ["p0", "p1", "p2", "p3", "p4"]


def test_names_of_one_s_own_do_not_disturb_the_numbers():
    state = State(pages={"page": PageState("page", "a"), "p7": PageState("p7", "a7")})
    state.anons = {name: AnonState(name) for name in ("a", "a7")}
    w = World(state).anons(1)
    assert [*w.state.anons][-1] == "a8"
    assert [*w.state.pages][-1] == "p8"


@pytest.mark.parametrize("kind", ["vnode", "device", "aobj"])
def test_each_kind_of_object_has_its_pages_and_its_shape(kind):
    w = getattr(world(), kind)(
        "x", [1, 5], size=9, cluster="forward", window=4, kill=True, flags="BUSY CLEAN",
        queue="ACTIVE", modified=True, referenced=True, prot="READ",
    )  # fmt: skip
    uobj, pages = w.state.objects["x"], w.state.pages_of("x")
    assert (uobj.pager, uobj.size, uobj.cluster, uobj.window, uobj.kill) == (
        kind,
        9,
        "forward",
        4,
        True,
    )
    assert [page.index for page in pages] == [1, 5]
    for page in pages:
        assert (page.flags, page.prot) == (("BUSY", "CLEAN"), "READ")
        assert (page.modified, page.referenced) == (True, True)
        assert page.pqflags == (("ACTIVE", "AOBJ") if kind == "aobj" else ("ACTIVE",))


def test_an_object_is_16_pages_long_or_as_long_as_its_pages_need():
    assert world().vnode("f", 2).state.objects["f"].size == 16
    assert world().vnode("f", range(20)).state.objects["f"].size == 20
    assert world().vnode("f").state.objects["f"].size == 16


def test_pages_change_by_name():
    w = W.page("p0 p3", flags="BUSY WANTED", queue="ACTIVE", modified=True, prot="NONE")
    for name, kind in (("p0", "ANON"), ("p3", "AOBJ")):
        page = w.state.pages[name]
        assert (page.flags, page.pqflags, page.modified) == (
            ("BUSY", "WANTED"),
            ("ACTIVE", kind),
            True,
        )
        assert page.prot == "NONE"
    assert w.state.pages["p1"] == W.state.pages["p1"]
    assert w.page("p0", flags="").state.pages["p0"].flags == ()
    assert w.page("p0", queue="").state.pages["p0"].pqflags == ("ANON",)
    moved = world().vnode("f", 1).vnode("g").page("p0", owner="g", offset=8192).state.pages["p0"]
    assert (moved.owner, moved.index) == ("g", 2)


def test_the_hardware_is_part_of_the_sentence():
    w = world(swap=9).bad(2, 3).arena(8, used=(1,)).disk(
        "AGAIN", ranges=[(1, 2, "BAD")], rate=0.5, seed=7, seek_us=1, transfer_us=2
    )  # fmt: skip
    state = w.state
    assert (state.bad_slots, state.pager_map_pages, state.pager_map_used) == ((2, 3), 8, (1,))
    assert state.plan == FaultPlan(("AGAIN",), ((1, 2, "BAD"),), 0.5, 7)
    assert (state.seek_us, state.transfer_us) == (1, 2)
    assert world().disk("BAD").disk() == world()


WORDS = {
    "anons": lambda w: w.anons(1),
    "vnode": lambda w: w.vnode("f", 1),
    "device": lambda w: w.device("d", 1),
    "aobj": lambda w: w.aobj("q", 1, slot=9),
    "free": lambda w: w.free(1),
    "page": lambda w: w.page("p3", flags="BUSY"),
    "disk": lambda w: w.disk("BAD"),
    "bad": lambda w: w.bad(60),
    "arena": lambda w: w.arena(3),
}


@pytest.mark.parametrize("word", WORDS)
def test_every_word_makes_a_new_world_and_leaves_the_old_one_alone(word):
    before = W.to_json()
    after = WORDS[word](W)
    assert W.to_json() == before != after.to_json()
    assert after != W


def test_a_machine_does_not_share_its_state_with_its_world():
    before = W.to_json()
    m = W.machine()
    m.objects[0].swslots.clear()
    m.anons[0].an_swslot = 9
    m.pages[0].flags = 8
    assert W.to_json() == before


def test_worlds_are_equal_by_what_is_in_them():
    assert world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK") == W
    assert W.anons(1) != W
    assert W != "a world"
    with pytest.raises(TypeError, match="unhashable type: 'World'"):
        hash(W)


REFUSED = [
    (lambda: world(-1), "swap is a whole number from 0 to 16777216, not -1"),
    (lambda: world().anons(-1), "n is a whole number from 0 to 16777216, not -1"),
    (lambda: world().free(-2), "n is a whole number from 0 to 16777216, not -2"),
    (lambda: world().vnode("f", -3), "pages is a whole number from 0 to 1048576, not -3"),
    (lambda: world().anons(1, refs=-1), "a0: refs is a whole number, 0 or more, not -1"),
    (lambda: W.page("p3", offset=100), "page p3: offset 100 is not a multiple of 4096 from 0 to 4294963200"),
    (lambda: W.page("p3", offset=-4096), "page p3: offset -4096 is not a multiple of 4096"),
    (lambda: W.page("p3", offset=2**32), "page p3: offset 4294967296 is not a multiple"),
    (lambda: world().vnode("f", [2, 2]), "pages p0 and p1 are both at offset 8192 of f"),
    (lambda: W.page("p0", owner="a1"), "pages p0 and p1 are both in a1"),
    (lambda: W.page("p0", owner="x"), "page p0: no owner 'x'; legal: a0, a1, a2, o0"),
    (lambda: world().free(1).page("p0", owner="x", queue="INACTIVE"), "no owner 'x'; legal: there is none yet"),
    (lambda: W.page("p0", owner=None), "page p0 has no owner, so its pqflags must be FREE"),
    (lambda: W.page("p0", queue="FREE"), "page p0 is FREE, so it cannot have the owner a0"),
    (lambda: W.anons(1, slot=2), "slot 2 is owned twice, by a1 and a3"),
    (lambda: W.anons(1, slot=5), r"slot 5 is owned twice, by a3 and o0\[1\]"),
    (lambda: W.anons(1, slot=65), "slot 65 of a3 is beyond the device: its slots are 1 to 64"),
    (lambda: W.aobj("q", 2, slot=64), r"slot 65 of q\[1\] is beyond the device: its slots are 1 to 64"),
    (lambda: W.anons(1, slot=-1), "slot is a whole number from 0 to 16777216, not -1"),
    (lambda: world().anons(1, slot=1), "slot 1 of a0 is beyond the device: it has no slots"),
    (lambda: W.bad(2), "slot 2 is bad, so it cannot be a1's"),
    (lambda: W.bad(99), "slot 99 is beyond the device: its slots are 1 to 64"),
    (lambda: W.anons(1, flags="BSY"), "page p5: flags: 'BSY' is no PG word; legal: CLEAN, BUSY, WANTED"),
    (lambda: W.anons(1, queue="LAZY"), "page p5: queue: 'LAZY' is no PQ word; legal: FREE, INACTIVE"),
    (lambda: W.page("p0", prot="rw"), "page p0: prot: 'rw' is no Prot word; legal: NONE, READ, ALL"),
    (lambda: W.page("p0", queue="ACTIVE INACTIVE"), "page p0: queue: 'ACTIVE INACTIVE' is no PQ word"),
    (lambda: W.vnode("a0"), "a0 is the name of an anon and of an object"),
    (lambda: W.vnode("o0"), "there is an object o0 already"),
    (lambda: world().vnode("f", size=0), "f: size is a whole number from 1 to 1048576, not 0"),
    (lambda: world().vnode("f", window=0), "f: window is a whole number from 1 to 1048576, not 0"),
    (lambda: world().vnode("f", cluster="round"), "object f: no cluster 'round'; legal: aligned, forward"),
    (lambda: W.arena(3, used=(3,)), "each of used is a whole number from 0 to 2, not 3"),
    (lambda: W.arena(-1), "pages is a whole number from 0 to 1048576, not -1"),
    (lambda: world(10**9), "swap is a whole number from 0 to 16777216, not 1000000000"),
    (lambda: W.disk("FINE"), "'FINE' is no PagerResult word; legal: OK, BAD, FAIL"),
    (lambda: W.disk(rate=2), "a rate is 0.0 to 1.0, not 2"),
    (lambda: W.disk(ranges=[(5, 1, "OK")]), "blocks 5 to 1 are no range"),
    (lambda: W.disk(seek_us=-1), "seek_us is a whole number, 0 or more, not -1"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "said"), REFUSED, ids=[said[:40] for _, said in REFUSED])
def test_what_is_impossible_is_refused_with_what_is_wrong(act, said):
    with pytest.raises(ValueError, match=said):
        act()


@pytest.mark.parametrize(
    ("act", "error", "said"),
    [
        (lambda: W.page("p9", flags="BUSY"), KeyError, "no page 'p9'; legal: p0, p1, p2, p3, p4"),
        (lambda: world().page("p0"), KeyError, "no page 'p0'; legal: there is none"),
        (
            lambda: W.page("p0", colour=1),
            TypeError,
            "a page has no 'colour'; legal: flags, queue, modified",
        ),
        (lambda: W.anons(1, colour=1), TypeError, "a page has no 'colour'; legal: flags, queue"),
        (
            lambda: W.vnode("f", colour=1),
            TypeError,
            r"vnode\(\) has no 'colour'; legal: size, cluster, window",
        ),
        (lambda: W.vnode("f", slot=1), TypeError, r"vnode\(\) has no 'slot'; legal: size"),
        (lambda: W.page("p0", modified="no"), TypeError, "modified is True or False, not 'no'"),
    ],
)
def test_an_unknown_word_gets_the_legal_ones(act, error, said):
    with pytest.raises(error, match=said):
        act()


def test_a_page_may_lie_beyond_its_object_and_be_wanted_by_nobody():
    w = world().vnode("f", [20], size=4, flags="WANTED")
    assert w.state.pages["p0"].index == 20
    assert w.machine().check() == []


def test_only_an_aobj_has_slots():
    state = world(swap=8).vnode("f").state
    state.objects["f"].swslots = {0: 1}
    with pytest.raises(ValueError, match="object f: only an aobj has swap slots, not a vnode"):
        World(state)


def test_an_unknown_pager_is_refused():
    state = world().vnode("f").state
    state.objects["f"].pager = "tape"
    with pytest.raises(ValueError, match="object f: no pager 'tape'; legal: vnode, aobj, device"):
        World(state)


def test_a_page_says_whether_it_is_dirty_and_which_slot_it_has():
    state = W.vnode("f", 1, flags="CLEAN").free(1).state
    assert [page.dirty for page in state.pages.values()] == [True] * 5 + [False, False]
    assert [state.slot_of(page) for page in state.pages.values()] == [1, 2, 3, 4, 5, 0, 0]
    assert state.owned_slots() == {1: ["a0"], 2: ["a1"], 3: ["a2"], 4: ["o0[0]"], 5: ["o0[1]"]}


def test_a_machine_whose_slots_are_all_freed_says_so_whoever_names_one():
    machine = world(swap=4).anons(1, slot=2).machine()
    machine.swap.free(2, 1)
    w = World.of(machine)
    assert w.state.allocated == ()
    assert "0 of 4 slots allocated" in repr(w)


def test_an_owner_of_a_slot_that_is_said_to_be_free_is_refused():
    data = world(swap=4).anons(1, slot=2).to_json() | {"swap_allocated": []}
    with pytest.raises(ValueError, match="slot 2 is named by a0, so it cannot be free"):
        World.from_json(data)


def test_a_bad_slot_is_nobody_s():
    data = world(swap=4).bad(2).to_json() | {"swap_allocated": [2]}
    with pytest.raises(ValueError, match="slot 2 is bad, so it cannot be anybody's"):
        World.from_json(data)


def test_a_slot_that_is_said_twice_to_be_allocated_is_allocated():
    data = world(swap=4).to_json() | {"swap_allocated": [3, 1, 3]}
    assert World.from_json(data).machine().swap.allocated == [1, 3]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: world(2.5), "swap is a whole number from 0 to 16777216, not 2.5"),
        (lambda: world(8).anons(1, slot=1.5), "slot is a whole number from 0 to 16777216, not 1.5"),
        (lambda: world().vnode("f", kill="yes"), "f: kill is true or false, not 'yes'"),
        (
            lambda: world().vnode("f", size=True),
            "f: size is a whole number from 1 to 1048576, not True",
        ),
        (lambda: world().vnode(""), "a name has a letter at least"),
        (
            lambda: world().disk(seek_us=1.5),
            "the world: seek_us is a whole number, 0 or more, not 1.5",
        ),
    ],
)
def test_what_is_of_the_wrong_kind_is_said(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_what_a_world_holds_is_not_said_to_its_machine_again():
    with pytest.raises(TypeError, match="swap_slots, plan: that is the world's to say"):
        world(4).machine(plan=FaultPlan(), swap_slots=1)
