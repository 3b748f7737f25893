import pytest

from uvmlab.draw.describe import Slots, around, count, of_anon, of_index, of_object, of_page
from uvmlab.draw.styles import STYLES
from uvmlab.kernel.flags import PG
from uvmlab.worlds import AnonState, ObjectState, PageState, State


def page(flags="", queue="INACTIVE", **more):
    return PageState("p0", "a0", 0, tuple(flags.split()), tuple(queue.split()), **more)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (page(), "dirty inactive"),
        (page("CLEAN", "ACTIVE ANON"), "clean active"),
        (page("CLEAN", "AOBJ"), "clean, on no queue"),
        (page("BUSY", owner_tag="caller"), "dirty inactive busy, owner tag caller"),
        (
            page("WANTED RELEASED TABLED FAKE CLEANCHK"),
            "dirty inactive wanted released tabled fake cleanchk",
        ),
        (page("CLEAN", modified=True, referenced=True), "clean inactive modified referenced"),
        (page(prot="READ"), "dirty inactive write-protected"),
        (page(prot="NONE"), "dirty inactive, no access"),
        (page("BUSY", "FREE"), "free busy"),
    ],
)
def test_a_page_is_described_in_words(given, words):
    assert " ".join(of_page(given).words) == words.replace(",", "")


@pytest.mark.parametrize("flag", [flag.name for flag in PG])
def test_no_flag_of_a_page_is_passed_over(flag):
    assert of_page(page(flag)).words != of_page(page()).words


@pytest.mark.parametrize(
    ("given", "states"),
    [
        (page("BUSY WANTED RELEASED"), {"dirty", "inactive", "busy", "wanted", "released"}),
        (page("CLEAN", "ACTIVE", modified=True, referenced=True), {"clean", "active", "modified"}),
        (page(prot="READ"), {"dirty", "inactive", "protected"}),
        (page(prot="NONE"), {"dirty", "inactive", "hidden"}),
        (page(queue="FREE"), {"free"}),
    ],
)
def test_what_has_a_style_is_a_state_too(given, states):
    assert set(of_page(given).states) == states <= set(STYLES)


def test_an_anon_says_its_slot_its_references_and_whether_it_has_a_page():
    assert of_anon(AnonState("a0", 3), page=True).words == ("slot 3",)
    assert of_anon(AnonState("a0", refs=2), page=False).words == (
        "no slot",
        "no page",
        "2 references",
    )
    dead = of_anon(AnonState("a0", refs=0, dead=True), page=False)
    assert dead == (("anon", "dead"), ("dead", "no slot", "no page"))


def test_an_object_says_its_pager_and_size_and_an_index_its_slot():
    aobj = ObjectState("o0", "aobj", size=1, swslots={0: 7})
    assert of_object(aobj) == (("object",), ("aobj of 1 page",))
    assert of_index(aobj, 0, page=True).words == ("slot 7",)
    assert of_index(aobj, 1, page=False).words == ("no slot", "no page")
    assert of_index(ObjectState("v0"), 0, page=True).words == ()
    assert of_object(ObjectState("v0", dead=True)).words == ("dead", "vnode of 16 pages")


def slots(**more):
    anons = {"a0": AnonState("a0", 1), "a1": AnonState("a1", 2), "a2": AnonState("a2", 2)}
    return Slots.of(State(anons=anons, swap_slots=8, **more))


def test_a_slot_says_who_names_it_and_what_is_wrong_with_it():
    found = slots(swap_allocated=(2, 3), bad_slots=(4,))
    assert found.facts(1) == (("stale",), ("free, yet named by a0",))
    assert found.facts(2) == (("allocated",), ("a1 and a2",))
    assert found.facts(3) == (("unnamed",), ("allocated, named by nobody",))
    assert found.facts(4) == (("bad",), ("bad",))
    assert found.facts(5) == (("free",), ("free",))
    assert slots(bad_slots=(1,)).facts(1) == (("bad",), ("bad", "a0"))
    assert found.notable == {1, 2, 3, 4}


def test_in_a_world_that_is_being_built_what_is_named_is_allocated():
    assert slots().allocated == {1, 2}


def test_what_is_around_is_said_only_where_there_is_something():
    assert around(State()) == []
    state = State(
        pager_map_pages=8,
        pager_map_used=(0, 1),
        pager_map_wanted=True,
        locks_held=("pageq", "obj:o0"),
        aio_live=("d0",),
        aio_done=("d1",),
    )
    assert around(state) == [
        "locks held: pageq, obj:o0",
        "I/O requests: d0",
        "I/O done, not yet looked at: d1",
        "pager map: 2 of 8 pages mapped",
        "somebody waits for the pager map",
    ]


def test_things_are_counted_in_the_right_number():
    assert [count(n, "page") for n in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
