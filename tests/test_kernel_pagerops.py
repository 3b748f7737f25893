"""What the pagers provide."""

import pytest

from tests.kernel_scenes import boot, put
from uvmlab.kernel import PAGE_SIZE, Machine, Panic
from uvmlab.kernel.flags import VM_PROT_NONE
from uvmlab.kernel.pagerops import MapEntry, Pager
from uvmlab.run import world as lab_world
from uvmlab.worlds import world


def test_boot_makes_the_pagers_of_the_table_ready_and_the_aobj_pager_exists_beside_them():
    m = Machine()
    assert {name: pager.ready for name, pager in m.pagers.items()} == {
        "device": True,
        "vnode": True,
        "aobj": False,
    }


def test_a_pager_of_the_table_without_an_init_is_passed_over():
    m = boot(world())
    m.pagers["device"].pgo_init = None
    m.call("pager_init")
    assert [event.args for event in m.trace.events if event.kind == "pgo_init"] == [("vnode",)]


def test_a_pager_without_a_put_cannot_be_made():
    with pytest.raises(TypeError, match="abstract"):
        Pager(Machine())


@pytest.mark.parametrize(
    ("cluster", "window", "index", "lo", "hi"),
    [
        ("aligned", 4, 5, 4, 8),
        ("aligned", 4, 9, 8, 10),
        ("forward", 4, 5, 5, 9),
        ("forward", 4, 8, 8, 10),
    ],
)
def test_a_pager_offers_a_range_of_its_object(cluster, window, index, lo, hi):
    m = boot(world().vnode("f", size=10, cluster=cluster, window=window))
    offered = m.pagers["vnode"].pgo_cluster(m.objects[0], index * PAGE_SIZE)
    assert offered == (lo * PAGE_SIZE, hi * PAGE_SIZE)


def released(**more):
    m = boot(world(swap=8).aobj("o", 2, slot=3, flags="RELEASED", **more))
    return m, m.pagers["aobj"].pgo_releasepg


def test_releasing_a_page_frees_it_and_its_slot_and_the_object_lives():
    m, release = released()
    assert release(m.pages[0]) is True
    assert (m.swap.allocated, m.pages[0].prot, m.pages[0].owner) == ([4], VM_PROT_NONE, None)
    assert m.check() == []


def test_an_object_to_be_killed_dies_with_its_last_page_and_its_lock():
    m, release = released(kill=True)
    m.locks.lock(m.objects[0].vmobjlock)
    assert [release(page) for page in m.pages] == [True, False]
    assert (m.objects[0].dead, m.locks.held) == (True, {})


def test_releasing_no_page_or_one_that_nobody_owns_is_a_null_pointer():
    m, release = released()
    with pytest.raises(Panic, match="^null dereference$"):
        release(None)
    release(m.pages[0])
    with pytest.raises(Panic, match="^null dereference$"):
        release(m.pages[0])


def test_with_diagnostic_a_page_that_is_not_released_panics():
    m = boot(world().vnode("f", 1), diagnostic=True)
    with pytest.raises(Panic, match="^releasepg: page not released$"):
        m.pagers["vnode"].pgo_releasepg(m.pages[0])


def test_a_file_s_pages_lie_behind_the_swap_slots_file_after_file():
    m = boot(world(swap=8).vnode("f", size=4).vnode("g", 2, size=4, flags="BUSY").disk("OK"))
    assert [uobj.block for uobj in m.objects] == [9, 13]
    put(m, uobj="g", pg="p1", flags="SYNCIO")
    assert m.disk._head == 13 + 2


def test_an_aobj_s_put_gives_new_slots_in_a_row_and_the_old_ones_back():
    m = boot(world(swap=8).aobj("o", 3, slot=2).page("p1", flags="BUSY"))
    assert put(m, uobj="o", pg="p1", flags="SYNCIO ALLPAGES")[0] == "OK"
    assert m.objects[0].swslots == {0: 5, 1: 6, 2: 7}
    assert m.swap.allocated == [5, 6, 7]


def test_an_aobj_without_slots_gets_some():
    m = boot(world(swap=8).aobj("o", 1, flags="BUSY"))
    put(m, uobj="o", pg="p0")
    assert m.objects[0].swslots == {0: 1}


def test_an_aobj_s_put_answers_again_when_swap_is_full():
    m = boot(world(swap=4).aobj("o", 3, slot=2, flags="BUSY"))
    assert put(m, uobj="o", pg="p1", flags="SYNCIO")[0] == "OK"
    full = boot(world().aobj("o", 1, flags="BUSY"))
    assert put(full, uobj="o", pg="p0")[0] == "AGAIN"
    assert full.disk.ios == 0


def test_a_device_has_no_cluster_and_cannot_be_written():
    m = boot(world().device("d", 3).page("p1", flags="BUSY"))
    result, cluster = put(m, uobj="d", pg="p1", flags="SYNCIO ALLPAGES")
    assert (result, [page.name for page in cluster.pages], m.disk.ios) == ("BAD", ["p1"], 0)


def test_a_map_entry_has_a_name_for_steps():
    assert MapEntry(0, 1, 2, None).name == "entry"


@pytest.mark.parametrize("pager", ["vnode", "aobj"])
@pytest.mark.parametrize("npages", [0, 2])
def test_a_cluster_with_a_hole_or_without_a_page_is_a_null_pointer_for_the_pager(pager, npages):
    def mine(k, uobj, cluster, center, flags, mlo, mhi):
        cluster.pps[0], cluster.npages = center, npages
        return cluster

    w = getattr(lab_world(swap=4), pager)("o", 2)
    run = w.machine(mk_pcluster=mine).pager_put(pg="p0", flags="SYNCIO")
    assert (run.said, run.events[-1].line) == ("null dereference", 508)
