"""The rules: each breach is named, and the one weakness of the design is told apart."""

import pytest

from tests.kernel_scenes import boot, drop, put, putting, rules
from uvmlab.kernel import AioPointer, Cluster, Slip
from uvmlab.kernel.flags import PG_BUSY, PGO_SYNCIO
from uvmlab.kernel.invariants import Broken
from uvmlab.worlds import world


def sound(**options):
    """A machine with one of everything, and an I/O in flight."""
    w = world(swap=16).anons(2, slot=1).aobj("o", 2, slot=5).vnode("f", 2, queue="ACTIVE").free(1)
    m = boot(w.arena(8, used=(7,)).anons(1, slot=8, flags="BUSY"), **options)
    m.thread("put", putting(m, "p7", slot=8, flags=""))
    m.env.run(until=1)
    return m


def test_a_sound_machine_breaks_no_rule():
    m = sound()
    assert (m.check(), len(m.aio.inflight)) == ([], 1)
    m.run()
    assert (m.check(), len(m.aio.done)) == ([], 1)


def test_an_object_s_i_o_in_flight_owns_no_slots():
    m = boot(world(swap=8).vnode("f", 2, flags="BUSY"))
    m.thread("put", putting(m, uobj="f", pg="p0", flags=""))
    m.env.run(until=1)
    m.swap.take(1)
    assert len(m.aio.inflight) == 1
    assert [str(broken) for broken in m.check()] == [f"{SLOTS}: slot 1 is named by nobody"]


def names_a_free_slot(m):
    m.swap.free(2, 1)


def names_a_slot_beyond_the_device(m):
    m.anons[0].an_swslot = 99
    m.swap.free(1, 1)


def has_a_dangling_pointer(m):
    pointer = AioPointer()
    pointer.aio = m.aio.malloc("aiodesc", 0)
    m.aio.free(pointer.aio)
    m.aio.pointers[pointer] = None


def is_on_two_queues(m):
    m.queues.active[m.pages[0]] = None


def is_on_no_queue(m):
    del m.queues.inactive[m.pages[0]]


def is_on_the_wrong_queue(m):
    del m.queues.inactive[m.pages[0]]
    m.queues.active[m.pages[0]] = None


def lists_another_s_page(m):
    m.objects[0].memq[8192] = m.pages[0]


def lists_a_page_at_the_wrong_place(m):
    m.pages[4].offset += 4096 * 5


def does_not_list_its_page(m):
    del m.objects[1].memq[0]


def has_no_page_but_the_page_says_so(m):
    m.anons[0].u_page = None


def has_a_page_that_says_no(m):
    m.pages[0].uanon = None
    m.pages[0].uobject = None


def leaks_a_slot(m):
    m.swap.alloc(1)


def shares_a_slot(m):
    m.anons[0].an_swslot = 2


def shares_a_slot_with_an_aobj(m):
    m.anons[0].an_swslot = 5


def reserves_and_maps_nothing(m):
    m.pager_map.uvm_map(1)


def maps_and_reserves_nothing(m):
    m.pager_map.pmap.pmap_enter(3 * 4096, m.pages[0])


def loses_a_mapping(m):
    m.pager_map.live[2 * 4096] = 1


def forgets_to_unmap(m):
    m.pager_map.pmap.pmap_enter(m.pager_map.uvm_map(1), m.pages[0])


def holds_a_lock(m):
    m.locks.lock(m.anons[0].an_lock)


def is_busy_for_nobody(m):
    m.pages[0].flags |= PG_BUSY


def leaks_a_descriptor(m):
    m.aio.malloc("aiodesc", 0)


FREE_SLOT = "no owner names a free slot"
COUNTS = "counts are right"
SLOTS = "every allocated slot has exactly one owner"
ARENA = "the arena is mapped exactly by live mappings"


@pytest.mark.parametrize(
    ("breach", "said"),
    [
        (names_a_free_slot, {f"{FREE_SLOT}: a1 names slot 2"}),
        (names_a_slot_beyond_the_device, {f"{FREE_SLOT}: a0 names slot 99"}),
        (has_a_dangling_pointer, {"no pointer names a freed descriptor: one names aio1"}),
        (
            is_on_two_queues,
            {
                "a page is on at most one queue: p0 is on 2",
                f"{COUNTS}: p0 is on a queue that its pqflags do not name",
            },
        ),
        (is_on_no_queue, {f"{COUNTS}: p0 is not on the queue that its pqflags name"}),
        (
            is_on_the_wrong_queue,
            {
                f"{COUNTS}: p0 is not on the queue that its pqflags name",
                f"{COUNTS}: p0 is on a queue that its pqflags do not name",
            },
        ),
        (lists_another_s_page, {f"{COUNTS}: o lists p0, which is not its own"}),
        (
            lists_a_page_at_the_wrong_place,
            {
                f"{COUNTS}: f lists p4, which is not its own",
                f"{COUNTS}: p4 is not listed by its owner",
            },
        ),
        (does_not_list_its_page, {f"{COUNTS}: p4 is not listed by its owner"}),
        (has_no_page_but_the_page_says_so, {f"{COUNTS}: p0 is not listed by its owner"}),
        (has_a_page_that_says_no, {f"{COUNTS}: a0 has p0, which is not its own"}),
        (leaks_a_slot, {f"{SLOTS}: slot 3 is named by nobody"}),
        (
            shares_a_slot,
            {f"{SLOTS}: slot 1 is named by nobody", f"{SLOTS}: slot 2 is named by a0 and a1"},
        ),
        (
            shares_a_slot_with_an_aobj,
            {f"{SLOTS}: slot 1 is named by nobody", f"{SLOTS}: slot 5 is named by a0 and o[0]"},
        ),
        (reserves_and_maps_nothing, {f"{ARENA}: arena page 1 is reserved and maps nothing"}),
        (maps_and_reserves_nothing, {f"{ARENA}: arena page 3 is mapped and not reserved"}),
        (forgets_to_unmap, {f"{ARENA}: arena page 1 still maps p0, for no I/O"}),
        (loses_a_mapping, {f"{ARENA}: arena page 2 is not mapped, and an I/O needs it"}),
        (holds_a_lock, {"no simple lock is held: anon:a0 is"}),
        (is_busy_for_nobody, {"no busy page without an owner tag: p0 is busy for nobody"}),
        (leaks_a_descriptor, {"no live descriptor without a request: aio1 is in no I/O"}),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_each_breach_is_named_and_nothing_else(breach, said):
    m = sound()
    breach(m)
    assert set(map(str, m.check())) == said


@pytest.mark.parametrize("breach", [names_a_free_slot, has_a_dangling_pointer, is_on_two_queues])
def test_a_watch_names_the_breach_and_the_step_after_which_it_was_there(breach):
    m = sound()
    watched = m.watch()
    m.k.printf("before")
    assert watched == []
    before = len(m.trace.raw)
    breach(m)
    m.k.printf("after")
    ((number, broken),) = watched
    assert (number, broken.weakness) == (before, False)
    assert broken in m.check()


def test_at_rest_rules_are_not_watched():
    m = sound()
    watched = m.watch()
    holds_a_lock(m)
    leaks_a_slot(m)
    m.k.printf("after")
    assert watched == []


def busy(pg=None):
    m = boot(world(swap=8).anons(2, slot=1, flags="BUSY").aobj("o", 1, slot=3, flags="BUSY"))
    watched = m.watch()
    drop(m, "p0 p1 p2", pg=pg, flags="REALLOCSWAP", swblk=1)
    return m, watched


@pytest.mark.parametrize(
    ("pg", "line", "owners"), [(None, 612, "a0 a1 o[0]"), ("p1", 610, "a1 o[0]")]
)
def test_freed_slots_are_named_by_their_owners_for_a_moment_and_that_is_a_weakness(
    pg, line, owners
):
    m, watched = busy(pg)
    first = watched[0][0]
    assert m.trace.steps[first].line == line
    here = [broken for number, broken in watched if number == first]
    assert [broken.text.split()[0] for broken in here] == owners.split()
    assert {broken.weakness for _, broken in watched} == {True}
    assert m.check() == []


def test_the_weakness_says_so():
    assert str(Broken("rule", "text", weakness=True)) == "rule: text (a weakness of the design)"
    assert str(Broken("rule", "text")) == "rule: text"


def test_once_the_cluster_is_dropped_the_same_breach_is_no_weakness():
    m, _ = busy()
    m.anons[0].an_swslot = 1
    assert [(broken.rule, broken.weakness) for broken in m.check()] == [(FREE_SLOT, False)]


def test_a_slot_outside_of_the_dropped_ones_is_no_weakness():
    m = boot(world(swap=8).anons(3, slot=1, flags="BUSY"))
    m.swap.free(3, 1)
    watched = m.watch()
    drop(m, "p0 p1", flags="REALLOCSWAP", swblk=1)
    found = {(broken.text, broken.weakness) for _, broken in watched}
    assert ("a2 names slot 3", False) in found
    assert ("a1 names slot 2", True) in found


def test_pages_loaded_busy_need_no_owner_tag():
    m = boot(world().vnode("f", 1, flags="BUSY"))
    assert m.check() == []


def test_a_freed_page_may_still_say_busy():
    m = boot(world().vnode("f", 1).free(1))
    m.pages[1].flags |= PG_BUSY
    assert m.check() == []


@pytest.mark.parametrize(
    ("slip", "broken"),
    [
        (Slip.HELD_ANON_LOCK, ["no simple lock is held"]),
        (Slip.NONE, []),
    ],
)
def test_a_slip_that_leaves_something_behind_is_seen_at_rest(slip, broken):
    m = boot(world(swap=8).anons(1, slot=1, flags="BUSY RELEASED"), slips=slip)
    put(m, "p0", slot=1, flags="SYNCIO PDFREECLUST")
    assert rules(m) == broken


def test_a_put_that_does_not_unmap_is_seen_though_its_page_stays_busy():
    w = world(swap=4).anons(1, slot=1, flags="BUSY")
    m = boot(w, pagermapout=lambda k, kva, npages: None)
    m.locks.lock(m.queues.lock)
    m.call("pager_put", None, m.pages[0], Cluster(m.pages), PGO_SYNCIO, 1, 0)
    assert [str(broken) for broken in m.check()] == [
        f"{ARENA}: arena page 0 still maps p0, for no I/O"
    ]
