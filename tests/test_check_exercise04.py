"""Exercise 04: worlds drawn from a seed, and what is said of a world that is not the smallest."""

import pytest

from uvmlab.check.exercise04 import (
    active,
    bounds_cases,
    bounds_of,
    clusters_of,
    few,
    not_the_smallest,
)
from uvmlab.run import world


def letters(world):
    """The pages of a file: D, or the first letter of a flag, or a point for one that is not in memory."""
    pages = world.state.pages
    size = world.state.objects["f0"].size
    return "".join(
        (pages[f"p{i}"].flags or "D")[0][0] if f"p{i}" in pages else "." for i in range(size)
    )


def test_each_seed_has_a_cluster_of_its_own_that_is_no_accident():
    found = [clusters_of(few(str(i)), "p5 p11", "ALLPAGES") for i in range(20)]
    assert len(set(map(tuple, found))) > 3
    assert all({4, 5, 11} < set(pages) and len(pages) < 12 for pages in found)
    found = [clusters_of(active(str(i)), "p5", "ALLPAGES DOACTCLUST") for i in range(20)]
    assert len(set(map(tuple, found))) > 3


def test_of_four_walks_each_ends_for_another_reason():
    for seed in map(str, range(50)):
        pages = letters(few(seed))
        assert sorted(pages) == [".", "B", "C", *"D" * 15]
        found = {*clusters_of(few(seed), "p5 p11", "ALLPAGES")}
        behind = {i + way for i in found for way in (-1, 1)} - found
        assert sorted(pages[i] for i in behind) == [".", "B", "C", "D"]
        assert {7, 8, 16} > {i for i in behind if pages[i] == "D"}


def test_bounds_are_those_of_the_engine():
    assert bounds_of([True, True, False, True], 1, 0, 4) == [0, 2]
    assert bounds_of([False] * 3, 1, 0, 3) == [1, 2]
    assert all(lo <= center < hi <= len(takes) for takes, center, lo, hi in bounds_cases("s"))


@pytest.mark.parametrize(
    ("built", "says"),
    [
        (world(swap=9).anons(1, slot=1), "one file `f0`, made by `vnode`"),
        (world().vnode("f0", pages=2).vnode("f1", pages=1), "one file `f0`, made by `vnode`"),
        (world().vnode("f1", pages=2), "one file `f0`, made by `vnode`"),
        (world().aobj("o0", pages=2), "one file `f0`, made by `vnode`"),
        (world().vnode("f0", pages=0), "There is no page in memory"),
        (world().vnode("f0", pages=1), "The slip changes nothing here"),
        (world().vnode("f0", pages=2, window=1), "The slip changes nothing here"),
        (world().vnode("f0", pages=2).page("p0 p1", flags="BUSY"), "The slip changes nothing here"),
        (world().vnode("f0", pages=65), "There is a smaller one: 64 pages are more than it takes"),
        (world().vnode("f0", pages=4), "without p0 the slip shows just as well"),
    ],
)
def test_a_world_that_is_not_the_smallest_is_told_why(built, says):
    assert says in "\n".join(not_the_smallest(built))
