"""The put cluster."""

import pytest

from uvmlab.kernel import SEVEN, Cluster, Page, Panic
from uvmlab.kernel.cluster import MOST, plug
from uvmlab.run import world

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


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (None, "not None$"),
        (7, "not 7$"),
        (Cluster(), "not another one, <cluster: empty>$"),
    ],
)
@pytest.mark.parametrize("call", [lambda m: m.mk_pcluster("p0"), lambda m: m.pager_put(pg="p0")])
def test_a_learner_s_mk_pcluster_returns_the_cluster_that_it_was_given(call, made, said):
    def mine(k, uobj, cluster, center, flags, mlo, mhi):
        return made

    m = world().vnode("f", 2).machine(mk_pcluster=mine)
    with pytest.raises(
        TypeError, match=f"^mk_pcluster returns the cluster that it was given, {said}"
    ):
        call(m)


def test_a_learner_s_mk_pcluster_may_hand_on_to_ours():
    def mine(k, *args):
        return SEVEN["mk_pcluster"](k, *args)

    run = world().vnode("f", 2).machine(mk_pcluster=mine).mk_pcluster("p0")
    assert run.cluster == ("p0", "p1")
