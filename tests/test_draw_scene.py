import pytest

from uvmlab.draw.scene import Link, part_id, scene
from uvmlab.worlds import world


def five():
    return world(swap=16).anons(3, slot=1).aobj("o0", pages=2, slot=4)


def altered(before, change):
    """The world, changed as a run may leave it: not checked, as `World.of` does not check either."""
    after = before.page("", flags=None)
    change(after.state)
    return after


def parts(found):
    every = [*found.pages.values(), *(place.part for place in found.places), *found.slots]
    return {part.id: part for part in every + [part for part, _ in found.objects]}


def test_each_part_has_a_stable_id_and_no_other_has_it():
    found = scene(five())
    assert list(parts(found)) == [
        *(f"page-p{i}" for i in range(5)),
        *("anon-a0", "anon-a1", "anon-a2", "place-o0-0", "place-o0-1", "holes-o0-2-15"),
        *("slot-1", "slot-2", "slot-3", "slot-4", "slot-5", "slots-6-16"),
        "obj-o0",
    ]


def test_an_id_is_safe_whatever_the_name():
    assert part_id("obj", 'o"0: <é') == "obj-o_22_0_3a__20__3c__e9_"
    assert part_id("obj", "a b") != part_id("obj", "a_b")


def test_a_place_names_its_page_and_its_slot():
    links = {place.part.id: place.links for place in scene(five()).places}
    assert links["anon-a1"] == (Link("page-p1"), Link("slot-2"))
    assert links["place-o0-1"] == (Link("page-p4"), Link("slot-5"))


def holes(w):
    ((_, places),) = scene(w).objects
    return [
        (place.part.id, *place.part.words) for place in places if place.part.states == ("hole",)
    ]


@pytest.mark.parametrize(
    ("pages", "size", "found"),
    [
        ([0, 1], 2, []),
        ([0, 2], 3, [("hole-v0-1", "not in memory")]),
        (
            [2, 5],
            6,
            [
                ("hole-v0-0", "not in memory"),
                ("hole-v0-1", "not in memory"),
                ("hole-v0-3", "not in memory"),
                ("hole-v0-4", "not in memory"),
            ],
        ),
        ([0, 4], 6, [("holes-v0-1-3", "not in memory", "3 pages"), ("hole-v0-5", "not in memory")]),
        ([], 64, [("holes-v0-0-63", "not in memory", "64 pages")]),
        ([], 65, []),
        ([7, 9], 65, [("hole-v0-8", "not in memory")]),
    ],
)
def test_holes_of_a_small_object_are_parts_all_and_of_a_large_one_those_between_its_pages(
    pages, size, found
):
    assert holes(world().vnode("v0", pages=pages, size=size)) == found


def test_a_page_with_a_slot_alone_is_no_hole():
    assert (
        holes(
            altered(world(swap=2).aobj("o0", pages=2, slot=1, size=2), lambda s: s.pages.pop("p1"))
        )
        == []
    )


def test_pages_without_an_owner_are_loose():
    assert [part.id for part in scene(five().free(2)).loose] == ["page-p5", "page-p6"]


def test_a_place_without_a_page_is_there_if_it_has_a_slot():
    found = scene(altered(five(), lambda state: state.pages.pop("p4")))
    assert parts(found)["place-o0-1"].words == ("slot 5", "no page")


@pytest.mark.parametrize(
    ("swap", "ids"),
    [
        (3, []),
        (4, ["slot-4"]),
        (5, ["slot-4", "slot-5"]),
        (6, ["slots-4-6"]),
    ],
)
def test_a_longer_run_of_free_slots_is_one_part(swap, ids):
    found = scene(world(swap=swap).anons(3, slot=1))
    assert [part.id for part in found.slots] == ["slot-1", "slot-2", "slot-3", *ids]
    assert sum(part.n for part in found.slots) == swap


def test_without_a_state_before_nothing_is_marked():
    found = scene(five())
    assert not found.compared
    assert not any(part.changed for part in parts(found).values())


def test_beside_itself_a_world_has_not_changed():
    found = scene(five(), five())
    assert found.compared
    assert not any(part.changed for part in parts(found).values())
    assert {link.change for place in found.places for link in place.links} == {""}


def test_a_page_says_what_it_was():
    part = parts(scene(five().page("p1", flags="CLEAN BUSY"), five()))["page-p1"]
    assert (part.changed, part.was, part.new) == (True, ("dirty",), ("clean", "busy"))


def test_a_slot_that_moves_shows_at_its_owner_at_both_slots_and_in_the_links():
    def move(state):
        state.anons["a1"].swslot = 9

    found = scene(altered(five(), move), five())
    changed = {part.id: (part.words, part.was) for part in parts(found).values() if part.changed}
    assert changed == {
        "anon-a1": (("slot 9",), ("slot 2",)),
        "slot-2": (("free",), ("a1",)),
        "slot-9": (("a1",), ("free",)),
    }
    (place,) = [place for place in found.places if place.part.id == "anon-a1"]
    assert place.named("slot") == [Link("slot-9", "new"), Link("slot-2", "was")]


def free_p3(state):
    page = state.pages["p3"]
    page.owner, page.pqflags = None, ("FREE",)
    state.objects["o0"].swslots.pop(0)


def test_a_freed_page_says_whose_it_was_and_its_place_stays_in_sight():
    found = scene(altered(five(), free_p3), five())
    assert parts(found)["page-p3"].was == ("dirty", "inactive", "of o0[0]")
    place = next(place for place in found.places if place.part.id == "place-o0-0")
    assert place.part.words == ("no slot", "no page")
    assert place.links == (Link("page-p3", "was"), Link("slot-4", "was"))


def test_a_page_that_another_owner_has_now_is_marked():
    def give(state):
        state.pages["p0"].owner = "a1"
        state.pages.pop("p1")

    part = parts(scene(altered(five(), give), five()))["page-p0"]
    assert part.changed
    assert part.was == ("of a0",)


def test_what_was_not_there_before_is_new():
    found = scene(five().anons(1).vnode("v0", pages=1), five())
    new = {part.id for part in parts(found).values() if part.changed}
    assert new == {"page-p5", "page-p6", "anon-a3", "obj-v0", "place-v0-0"}


def test_notes_say_what_is_new_around_and_what_is_no_more():
    held = altered(five(), lambda state: setattr(state, "locks_held", ("pageq",)))
    assert scene(held).notes == ["locks held: pageq"]
    assert scene(held, held).notes == ["locks held: pageq"]
    assert scene(held, five()).notes == ["locks held: pageq (new)"]
    assert scene(five(), held).notes == ["no longer: locks held: pageq"]


def test_a_slot_beyond_the_device_is_shown_where_somebody_names_it():
    found = scene(altered(five(), lambda state: setattr(state.anons["a0"], "swslot", 99)))
    assert [part.id for part in found.slots][-3:] == ["slot-5", "slots-6-16", "slot-99"]


def test_worlds_that_have_little_in_common_are_compared_too():
    found = scene(world(swap=2).anons(1), five())
    assert [part.id for part in found.slots] == ["slot-1", "slot-2", "slot-3", "slot-4", "slot-5"]
    (place,) = found.places
    assert place.links == (Link("page-p0"), Link("slot-1", "was"))
    gone = scene(altered(five(), lambda state: state.pages.pop("p0")), five())
    assert next(gone.places).links == (Link("slot-1"),)
