"""The arena of kernel addresses, and what the pmap layer knows."""

import pytest
from simpy import Environment

from tests.kernel_scenes import boot, mapping
from uvmlab.kernel import PAGE_SIZE, Page, pmap
from uvmlab.kernel.flags import M_NOWAIT
from uvmlab.kernel.pagermap import PagerMap
from uvmlab.worlds import world


def arena(npages, *used):
    made = PagerMap(Environment(), npages)
    made.resize(npages, used)
    return made


def test_addresses_are_given_first_fit_from_0():
    a = arena(8, 1)
    assert [a.uvm_map(n) for n in (2, 1, 3, 1)] == [2 * 4096, 0, 4 * 4096, 7 * 4096]
    assert a.mapped == list(range(8))
    assert a.uvm_map(1) is None


def test_room_is_a_gap_that_is_long_enough():
    a = arena(6, 2)
    assert [a.room(n) for n in (1, 3, 4)] == [True, True, False]


def test_giving_back_says_whether_anything_was_mapped():
    a = arena(6, 2)
    assert a.unmap_remove(0, 2) is False
    assert a.unmap_remove(PAGE_SIZE, 4) is True
    assert (a.mapped, a.pmap.wired) == ([], [None] * 6)


def test_addresses_beyond_the_arena_are_given_back_for_nothing():
    a = arena(4, 3)
    assert a.unmap_remove(3 * PAGE_SIZE, 100) is True
    assert a.unmap_remove(9 * PAGE_SIZE, 2**40) is False
    assert (len(a.pmap.wired), a.npages) == (4, 4)


def test_no_pages_need_no_room():
    a = arena(0)
    assert a.uvm_map(0) == 0
    assert a.mapped == []


def test_reserving_no_pages_leaves_the_first_page_s_holder():
    a = arena(4, 0)
    a.uvm_map(0)
    assert a.holders == ["elsewhere"]


def test_it_says_how_full_it_is():
    assert repr(arena(6, 2)) == "<pager_map: 1 of 6 pages in use>"


@pytest.mark.parametrize("pmap_new", [False, True])
def test_the_arena_maps_the_pages_of_a_put_one_after_the_other(pmap_new):
    m = boot(world().vnode("f", 3, flags="BUSY").arena(8, used=(0,)), pmap_new=pmap_new)
    assert m.call("pagermapin", tuple(m.pages), None, M_NOWAIT) == PAGE_SIZE
    assert m.pager_map.pmap.wired[:5] == ["elsewhere", *m.pages, None]
    assert [event.args for event in m.trace.events[1:]] == [(1, "p0"), (2, "p1"), (3, "p2")]
    m.call("pagermapout", PAGE_SIZE, 3)
    assert m.check() == []


def test_the_holders_are_the_threads_that_mapped_and_what_was_there():
    m = boot(world().vnode("f", 3, flags="BUSY").arena(8, used=(0,)))
    first, second = m.thread("one", mapping(m, "p0 p1")), m.thread("two", mapping(m, "p2"))
    m.run()
    assert m.pager_map.holders == ["elsewhere", first.process, second.process]


def test_protection_is_lowered_and_never_raised():
    page = Page("p0")
    found = []
    for prot in (7, 1, 7, 0, 7):
        pmap.pmap_page_protect(page, prot)
        found.append(page.prot)
    assert found == [7, 1, 1, 0, 0]


def test_the_bits_of_the_hardware_are_asked_and_cleared():
    page = Page("p0")
    page.modified = page.referenced = True
    assert pmap.pmap_is_modified(page)
    pmap.pmap_clear_modify(page)
    pmap.pmap_clear_reference(page)
    assert not pmap.pmap_is_modified(page)
    assert not page.referenced
