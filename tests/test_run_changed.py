"""Changes in words: every field of a moment, old and new, like ones together."""

from dataclasses import fields, replace

import pytest

from uvmlab.kernel import FaultPlan
from uvmlab.run.changed import changed, names, ranges
from uvmlab.run.moment import Moment, differences
from uvmlab.worlds import AnonState, ObjectState, PageState


def told(before, after):
    """Say what changed between two moments, each given as the fields of one."""
    return changed(tuple(differences(Moment(**before), Moment(**after))))


def page(**more):
    return {"pages": {"p0": PageState(**({"name": "p0"} | more))}}


EACH = {
    "pages": (page(), page(flags=("BUSY", "WANTED")), "flags of p0: none → BUSY WANTED"),
    "anons": (
        {"anons": {"a0": AnonState("a0", 3)}},
        {"anons": {"a0": AnonState("a0")}},
        "slot of a0: 3 → none",
    ),
    "objects": (
        {"objects": {"o0": ObjectState("o0", swslots={0: 4, 1: 5})}},
        {"objects": {"o0": ObjectState("o0", swslots={1: 5, 2: 6})}},
        "slot of o0[0]: 4 → none; slot of o0[2]: none → 6",
    ),
    "swap_slots": ({"swap_slots": 4}, {"swap_slots": 8}, "number of swap slots: 4 → 8"),
    "bad_slots": ({}, {"bad_slots": (3,)}, "slot 3: good → bad"),
    "swap_allocated": (
        {"swap_allocated": (1, 2, 3, 5)},
        {"swap_allocated": (1, 9)},
        "slots 2 to 3 and 5: allocated → free; slot 9: free → allocated",
    ),
    "pager_map_pages": (
        {"pager_map_pages": 4},
        {"pager_map_pages": 8},
        "pages of the pager map: 4 → 8",
    ),
    "pager_map_used": ({}, {"pager_map_used": (0, 1)}, "pager map pages 0 to 1: free → reserved"),
    "pager_map_wanted": ({}, {"pager_map_wanted": True}, "pager_map_wanted: no → yes"),
    "plan": ({}, {"plan": FaultPlan(("OK",))}, "plan of the disk: "),
    "seek_us": ({"seek_us": 1}, {"seek_us": 2}, "time for a seek (µs): 1 → 2"),
    "transfer_us": ({"transfer_us": 1}, {"transfer_us": 2}, "time for a page (µs): 1 → 2"),
    "locks_held": ({"locks_held": ("pageq",)}, {}, "lock pageq: held → free"),
    "aio_live": ({}, {"aio_live": ("aio0",)}, "I/O descriptor aio0: not there → there"),
    "aio_done": (
        {},
        {"aio_done": ("aio0",)},
        "I/O aio0: not on the done queue → on the done queue",
    ),
    "aio_inflight": ({}, {"aio_inflight": ("aio0",)}, "I/O aio0: not under way → under way"),
    "now": ({}, {"now": 400}, "time (µs): 0 → 400"),
    "thread": ({"thread": "a"}, {"thread": "b"}, "thread that runs: a → b"),
    "asleep": (
        {"asleep": (("a", "p1", 0), ("b", "p1", 0), ("c", "p1", 0))},
        {"asleep": (("b", "p1", 0), ("c", "p2", 0), ("d", "pager_map", 0))},
        "a: asleep on p1 → awake; c: asleep on p1 → asleep on p2; d: awake → asleep on pager_map",
    ),
    "arena": (
        {"arena": {0: "p0", 1: "p1"}},
        {},
        "mappings at pager map pages 0 to 1: p0 and p1 → none",
    ),
    "inactive": (
        {"inactive": ("p0", "p1")},
        {"inactive": ("p1",)},
        "p0: on the inactive queue → not on the inactive queue",
    ),
    "active": ({}, {"active": ("p0",)}, "p0: not on the active queue → on the active queue"),
    "free": (
        {"free": ("p0", "p1")},
        {"free": ("p1", "p0")},
        "order of free: p0 and p1 → p1 and p0",
    ),
    "array": ({"array": (None, None)}, {"array": (None, "p1")}, "place 1 of the array: none → p1"),
    "first": ({}, {"first": 2}, "place where the cluster begins: 0 → 2"),
    "npages": ({"npages": 16}, {"npages": 1}, "npages of the cluster: 16 → 1"),
    "ios": ({}, {"ios": 1}, "I/Os so far: 0 → 1"),
}


def test_every_field_of_a_moment_has_words():
    assert EACH.keys() == {each.name for each in fields(Moment)}


@pytest.mark.parametrize("name", EACH)
def test_a_change_is_told_with_old_and_new(name):
    before, after, said = EACH[name]
    assert told(before, after).startswith(said)
    assert told(before, after).endswith(said) or name == "plan"
    assert told(before, before) == ""


def test_a_page_that_the_daemon_looked_at_has_gone_from_first_to_last():
    said = told({"inactive": ("p0", "p1", "p2")}, {"inactive": ("p1", "p2", "p0")})
    assert said == "p0: first on the inactive queue → last"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({}, {"owner": "a0"}, "owner of p0: none → a0"),
        ({}, {"offset": 4096}, "offset of p0: 0 → 4096"),
        ({}, {"pqflags": ("ACTIVE",)}, "queue of p0: INACTIVE → ACTIVE"),
        ({}, {"modified": True}, "modified bit of p0: no → yes"),
        ({"referenced": True}, {}, "referenced bit of p0: yes → no"),
        ({}, {"prot": "READ"}, "protection of p0: ALL → READ"),
        ({"owner_tag": "me"}, {}, "owner tag of p0: me → none"),
        (
            {"flags": ("BUSY",)},
            {"prot": "NONE"},
            "flags of p0: BUSY → none; protection of p0: ALL → NONE",
        ),
    ],
)
def test_every_field_of_a_page_has_words(one, other, said):
    assert told(page(**one), page(**other)) == said


def test_an_anon_and_an_object_may_die():
    anon, uobj = AnonState("a0", refs=1), ObjectState("o0")
    assert (
        told({"anons": {"a0": anon}}, {"anons": {"a0": replace(anon, refs=0, dead=True)}})
        == "references to a0: 1 → 0; a0: alive → dead"
    )
    assert told({"objects": {"o0": uobj}}, {"objects": {"o0": replace(uobj, dead=True)}}) == (
        "o0: alive → dead"
    )


def test_what_was_not_there_is_said():
    assert told({}, page()) == "p0: not there → there"
    assert told(page(), {}) == "p0: there → not there"


def test_like_changes_are_told_together():
    before = {"pages": {name: PageState(name, flags=("BUSY",)) for name in ("p0", "p1", "p2")}}
    after = {"pages": {name: PageState(name) for name in ("p0", "p1", "p2")}}
    assert told(before, after) == "flags of p0, p1 and p2: BUSY → none"


def test_very_many_are_counted():
    assert names(range(8)) == "0, 1, 2, 3, 4, 5, 6 and 7"
    assert names(range(20)) == "0, 1, 2, 3, 4, 5, 6, 7 and 12 more"
    assert names([]) == "none"


def test_numbers_in_a_row_are_a_range():
    assert ranges([7, 2, 4, 3]) == ["2 to 4", "7"]
