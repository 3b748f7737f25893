"""The put cluster."""

import pytest

from uvmlab.kernel import Cluster, Page, Panic
from uvmlab.kernel.cluster import MOST, plug

PAGES = [Page(f"p{i}") for i in range(3)]


def test_a_cluster_that_is_built_has_all_its_pages():
    cluster = Cluster(PAGES)
    assert (cluster.pages, cluster.npages, cluster.first) == (tuple(PAGES), 3, 0)
    assert repr(cluster) == "<cluster: p0 p1 p2>"


def test_a_cluster_to_build_has_room_and_no_pages():
    cluster = Cluster(room=2)
    assert (cluster.pps, cluster.npages) == ([None, None], 2)
    assert repr(cluster) == "<cluster: - ->"
    assert repr(Cluster()) == "<cluster: empty>"


def test_room_is_never_less_than_its_pages():
    assert len(Cluster(PAGES, room=1).pps) == 3
    assert len(Cluster(PAGES, room=5).pps) == 5


def test_room_without_bounds_takes_no_memory_without_bounds():
    cluster = Cluster(room=2**40)
    assert (cluster.npages, len(cluster.pps)) == (2**40, MOST)


def test_the_pages_are_those_from_first_on():
    cluster = Cluster(PAGES)
    cluster.first, cluster.npages = 1, 2
    assert cluster.pages == (PAGES[1], PAGES[2])


@pytest.mark.parametrize("index", [-1, 3])
def test_writing_outside_the_array_panics(index):
    with pytest.raises(Panic, match="^written outside the cluster array$"):
        plug(Cluster(PAGES), index, PAGES[0])


def test_plug_puts_a_page_in_its_place():
    cluster = Cluster(room=2)
    plug(cluster, 1, PAGES[0])
    assert cluster.pps == [None, PAGES[0]]
