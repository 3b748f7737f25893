"""Exercise 04: worlds drawn from a seed, and what is said of a world that is not the smallest."""

import pytest

from uvmlab.check.exercise04 import (
    active,
    bounds_cases,
    bounds_of,
    cluster_of,
    few,
    not_the_smallest,
)
from uvmlab.run import world


def test_each_seed_has_a_cluster_of_its_own_that_is_no_accident():
    found = [cluster_of(few(str(i)), "p6", "ALLPAGES") for i in range(20)]
    assert len(set(map(tuple, found))) > 3
    assert all(6 in pages and 1 < len(pages) < 12 for pages in found)
    found = [cluster_of(active(str(i)), "p5", "ALLPAGES DOACTCLUST") for i in range(20)]
    assert len(set(map(tuple, found))) > 3


def test_bounds_are_those_of_the_engine():
    assert bounds_of([True, True, False, True], 1, 0, 4) == [0, 2]
    assert bounds_of([False] * 3, 1, 0, 3) == [1, 2]
    assert all(lo <= center < hi <= len(takes) for takes, center, lo, hi in bounds_cases("s"))


@pytest.mark.parametrize(
    ("built", "says"),
    [
        (world(swap=9).anons(1, slot=1), "one file, made by `vnode`"),
        (world().vnode("f0", pages=2).vnode("f1", pages=1), "one file, made by `vnode`"),
        (world().aobj("o0", pages=2), "one file, made by `vnode`"),
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
