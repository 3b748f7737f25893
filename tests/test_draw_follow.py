"""Pages, owners and slots step by step look as they do when all of a moment is looked at."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uvmlab.draw.follow import Owners
from uvmlab.draw.kinds import groups
from uvmlab.draw.plan import Plan
from uvmlab.kernel import Slip
from uvmlab.run import world
from uvmlab.run.moment import Walker, apply, differences

OWNERS = frozenset(("anons", "objects", "free", "swap"))
W = world(swap=16).anons(3, slot=1).aobj("o0", pages=2, slot=4, kill=True).free(1)


def run(*answers, pages="p0 p1 p2 p3 p4", flags="SYNCIO", meanwhile=(), **options):
    return W.disk(*answers).machine(**options).pager_put(pages, flags=flags, meanwhile=meanwhile)


def assert_followed(base, moments, plan):
    """What comes of following is what is seen from scratch, and nothing is left out."""
    owners, seen, last = Owners(base, plan.ever), dict(plan.base), base
    for number, moment in enumerate(moments, 1):
        for part in owners.after(moment, tuple(differences(last, moment))):
            if part.id in seen:
                seen[part.id] = part
        assert seen == plan.parts(moment, number)
        last = moment


@settings(max_examples=25)
@given(
    answers=st.lists(st.sampled_from(["OK", "ERROR", "PEND", "AGAIN"]), max_size=3),
    meanwhile=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 4), st.sampled_from(["WANTED", "RELEASED"])),
        max_size=4,
    ),
    flags=st.sampled_from(["SYNCIO", "PDFREECLUST", "SYNCIO PDFREECLUST"]),
    slips=st.sampled_from([Slip.NONE, Slip.ALL]),
)
def test_following_a_run_leads_to_what_is_seen_from_scratch(answers, meanwhile, flags, slips):
    others = [(io, f"p{page}", word) for io, page, word in meanwhile]
    made = run(*answers, flags=flags, meanwhile=others, slips=slips)
    walker = Walker(made.base, made.changes)
    moments = [walker.to(number) for number in range(1, len(made) + 1)]
    assert_followed(made.base, moments, Plan(made, groups(OWNERS)))


def test_all_places_of_an_object_say_that_it_has_died():
    made = run(
        *("ERROR", "OK"),
        pages="p3 p4",
        meanwhile=[(0, "p3", "RELEASED"), (0, "p4", "RELEASED")],
        slips=Slip.ALL,
    )
    base = made.base
    dead = apply(base, tuple(died(base, "o0")))
    plan = Plan(made, groups(OWNERS))
    assert_followed(base, [dead, base], plan)
    assert plan.parts(dead, 1)["place-o0-1"].states == ("place", "dead")


def died(base, name):
    after = apply(base, ())
    after.objects = {name: replace(base.objects[name], dead=True)}
    return differences(base, after)


def test_pages_that_change_places_are_seen_where_they_are():
    made = run()
    base = made.base
    after = apply(base, ())
    p0, p1 = base.pages["p0"], base.pages["p1"]
    after.pages = base.pages | {"p0": replace(p0, owner="a1"), "p1": replace(p1, owner="a0")}
    owners = Owners(base, Plan(made, groups(OWNERS)).ever)
    parts = {part.id: part for part in owners.after(after, tuple(differences(base, after)))}
    assert parts["anon-a0"].partners == ("page-p1", "slot-1")
    assert parts["page-p0"].partners == ("anon-a1",)


def test_a_slot_that_two_name_says_both_in_the_order_of_the_picture():
    made = run()
    base = made.base
    after = apply(base, ())
    after.anons = base.anons | {"a0": replace(base.anons["a0"], swslot=4)}
    plan = Plan(made, groups(OWNERS))
    assert_followed(base, [after, base], plan)
    assert plan.parts(after, 1)["slot-4"].words == ("a0 and o0[0]",)
    assert plan.parts(after, 1)["slot-4"].partners == ("anon-a0", "place-o0-0")


@pytest.mark.parametrize("field", ["bad_slots", "swap_allocated"])
def test_a_slot_that_goes_bad_or_is_freed_is_made_again(field):
    made = run()
    base = made.base
    after = apply(base, ())
    setattr(after, field, (1,))
    owners = Owners(base, Plan(made, groups(OWNERS)).ever)
    states = {p.id: p.states for p in owners.after(after, tuple(differences(base, after)))}
    assert states == (
        {"slot-1": ("bad",)}
        if field == "bad_slots"
        else {f"slot-{number}": ("stale",) for number in range(2, 6)}
    )
