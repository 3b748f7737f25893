"""Pages and the queues that they wait on."""

import pytest

from tests.kernel_scenes import boot, named
from uvmlab.kernel import PG, PQ, Page, Panic
from uvmlab.kernel.page import PageQueues, page_own
from uvmlab.worlds import world


def names(queue):
    return [page.name for page in queue]


def test_a_page_says_what_it_is():
    m = boot(world().vnode("f", 1, flags="BUSY").free(1))
    assert repr(m.pages[0]) == "<page p0 of f: busy inactive>"
    assert repr(m.pages[1]) == "<page p1: free>"
    assert repr(Page("p2")) == "<page p2>"


def test_an_anon_or_an_object_owns_a_page_or_nobody():
    m = boot(world().anons(1).vnode("f", 1).free(1))
    assert [page.owner for page in m.pages] == [m.anons[0], m.objects[0], None]


def test_pages_are_queued_oldest_first_and_move_to_the_end():
    m = boot(world().vnode("f", 3))
    queues = m.queues
    queues.pageactivate(m.pages[1])
    queues.pageactivate(m.pages[0])
    queues.pagedeactivate(m.pages[1])
    assert (names(queues.active), names(queues.inactive)) == (["p0"], ["p2", "p1"])
    assert [page.pqflags for page in m.pages] == [PQ.ACTIVE, PQ.INACTIVE, PQ.INACTIVE]


def test_a_page_on_no_queue_can_be_put_on_one():
    m = boot(world().anons(1, queue=""))
    assert m.queues.of(m.pages[0]) is None
    m.queues.pageactivate(m.pages[0])
    assert m.pages[0].pqflags == PQ.ACTIVE | PQ.ANON


@pytest.mark.parametrize(("modified", "flags"), [(True, 0), (False, PG.CLEAN)])
def test_deactivating_takes_over_what_the_mappings_knew(modified, flags):
    m = boot(
        world().vnode("f", 1, queue="ACTIVE", flags="CLEAN", modified=modified, referenced=True)
    )
    m.queues.pagedeactivate(m.pages[0])
    assert (m.pages[0].flags, m.pages[0].referenced) == (flags, False)


@pytest.mark.parametrize("kind", ["anons", "vnode"])
def test_a_freed_page_leaves_its_queue_and_owner_and_keeps_its_other_flags(kind):
    w = (
        world().anons(1, flags="TABLED CLEAN")
        if kind == "anons"
        else world().vnode("f", 1, flags="TABLED CLEAN")
    )
    m = boot(w)
    (page,) = m.pages
    m.queues.pagefree(page)
    assert (page.flags, page.pqflags, page.owner) == (PG.CLEAN, PQ.FREE, None)
    assert [names(queue) for queue in m.queues.all] == [["p0"], [], []]
    assert m.check() == []


def test_a_page_on_no_queue_and_with_no_owner_can_be_freed_once():
    queues, page = PageQueues(), Page("p0")
    queues.pagefree(page)
    with pytest.raises(Panic, match="^freeing free page$"):
        queues.pagefree(page)
    assert names(queues.free) == ["p0"]


def test_page_own_notes_who_made_it_busy():
    page = Page("p0")
    page_own(page, "me")
    assert page.owner_tag == "me"


def test_a_page_s_name_finds_it():
    m = boot(world().anons(2))
    assert named(m)["p1"] is m.pages[1]
