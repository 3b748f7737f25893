"""Anons and objects: what owns a page, and what goes with it."""

import pytest

from tests.kernel_scenes import boot
from uvmlab.kernel import PAGE_SIZE, Anon, Panic
from uvmlab.kernel.anon import anfree, anon_unref
from uvmlab.kernel.flags import PG_BUSY, PG_RELEASED, VM_PROT_NONE
from uvmlab.kernel.uobject import page_index, pagelookup, uao_set_swslot
from uvmlab.worlds import world


def free(m, i=0):
    anfree(m.anons[i], m.queues, m.swap)


def test_an_anon_says_what_it_has():
    m = boot(world(swap=4).anons(1, slot=3).anons(1))
    free(m, 1)
    assert [repr(anon) for anon in m.anons] == ["<anon a0: slot 3>", "<anon a1: no slot, dead>"]


def test_freeing_an_anon_frees_its_page_and_slot():
    m = boot(world(swap=4).anons(2, slot=3))
    free(m)
    anon = m.anons[0]
    assert (anon.dead, anon.an_ref, anon.an_swslot, anon.u_page) == (True, 0, 0, None)
    assert (m.swap.allocated, m.pages[0] in m.queues.free) == ([4], True)
    assert m.pages[0].prot == VM_PROT_NONE
    assert m.check() == []


def test_freeing_an_anon_whose_page_is_busy_only_marks_the_page():
    m = boot(world(swap=4).anons(1, slot=3, flags="BUSY"))
    free(m)
    assert m.pages[0].flags == PG_BUSY | PG_RELEASED
    assert (m.anons[0].dead, m.swap.allocated) == (False, [3])


def test_the_last_reference_frees_an_anon_and_no_earlier_one():
    m = boot(world(swap=4).anons(1, slot=3, refs=2))
    anon = m.anons[0]
    anon_unref(anon, m.queues, m.swap)
    assert (anon.an_ref, anon.dead, m.swap.allocated) == (1, False, [3])
    anon_unref(anon, m.queues, m.swap)
    assert (anon.an_ref, anon.dead, m.swap.allocated) == (0, True, [])
    with pytest.raises(ValueError, match="^nobody refers to a0 any more$"):
        anon_unref(anon, m.queues, m.swap)


def test_an_anon_that_is_on_disk_only_gives_its_slot_back():
    m = boot(world(swap=4))
    anon = Anon("a0", 2)
    m.swap.take(2)
    anfree(anon, m.queues, m.swap)
    assert (anon.dead, m.swap.allocated) == (True, [])


def test_freeing_an_anon_whose_slot_is_free_panics():
    m = boot(world(swap=4).anons(1, slot=3))
    m.swap.free(3, 1)
    with pytest.raises(Panic, match="^swap_free of a free slot$"):
        free(m)


def test_an_object_says_what_it_has():
    m = boot(world().vnode("f", 2, size=9).aobj("o", size=1))
    m.objects[1].dead = True
    assert [repr(uobj) for uobj in m.objects] == [
        "<vnode object f: 9 pages, 2 in memory>",
        "<aobj object o: 1 pages, 0 in memory, dead>",
    ]


def test_a_page_is_found_at_its_offset_only():
    m = boot(world().vnode("f", [3]))
    assert pagelookup(m.objects[0], 3 * PAGE_SIZE) is m.pages[0]
    assert pagelookup(m.objects[0], 4 * PAGE_SIZE) is None
    assert page_index(m.pages[0]) == 3


def test_an_aobj_names_a_slot_until_it_forgets_it():
    m = boot(world(swap=8).aobj("o", 2, slot=1))
    uao_set_swslot(m.objects[0], 1, 7)
    assert m.objects[0].swslots == {0: 1, 1: 7}
    for _ in range(2):
        uao_set_swslot(m.objects[0], 1, 0)
        assert m.objects[0].swslots == {0: 1}
    assert m.swap.allocated == [1, 2]
