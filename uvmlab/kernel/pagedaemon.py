"""The caller: it cleans inactive pages when memory is short, and finishes asynchronous I/O.

Swap-backed pages of any owner go together, up to 16 of them in slots in a row; a page of a file goes
with its neighbours (`mk_pcluster`).  Each page is looked at once a scan, oldest first.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

from simpy import Event

from uvmlab.kernel.aio import AioDesc
from uvmlab.kernel.cluster import Cluster
from uvmlab.kernel.flags import (
    PG_BUSY,
    PG_CLEAN,
    PG_RELEASED,
    PG_WANTED,
    PGO_ALLPAGES,
    PGO_PDFREECLUST,
    PGO_REALLOCSWAP,
    PGO_SYNCIO,
    PQ_ANON,
    PQ_AOBJ,
    VM_PAGER_OK,
    VM_PAGER_PEND,
    VM_PROT_NONE,
    VM_PROT_READ,
    PagerResult,
)
from uvmlab.kernel.lock import SimpleLock
from uvmlab.kernel.page import Page
from uvmlab.kernel.panic import deref
from uvmlab.kernel.uobject import page_index

if TYPE_CHECKING:
    from uvmlab.kernel.machine import Machine

SWCLUSTER: Final = 16  # pages in a swap cluster: 64 KiB
SWAP_BACKED: Final = PQ_ANON | PQ_AOBJ


def owner_lock(page: Page) -> SimpleLock:
    """Return the lock of the anon or object that owns the page."""
    return page.uanon.an_lock if page.uanon is not None else deref(page.uobject).vmobjlock


def give_slot(m: Machine, page: Page, slot: int) -> None:
    """Let a swap-backed page's owner name `slot`, and free the slot that it named before.

    Needs: the owner locked.
    """
    if page.uanon is not None:
        old, page.uanon.an_swslot = page.uanon.an_swslot, slot
    else:
        uobj, index = deref(page.uobject), page_index(page)
        old, uobj.swslots[index] = uobj.swslots.get(index, 0), slot
    if old:
        m.swap.free(old, 1)


class SwapCluster:
    """The swap cluster that a scan is building: its pages so far, and the slots kept for it."""

    def __init__(self, m: Machine, most: int) -> None:
        self.m = m
        self.most = most
        self.pages: list[Page] = []
        self.slot = 0
        self.room = 0

    def add(self, page: Page) -> bool:
        """Take a dirty idle page in: busy, write-protected, with the next slot for its own.

        Returns: False if swap is full.
        """
        if not self.pages:
            self.slot, self.room = self.m.swap.alloc(self.most, lessok=True)
            if not self.room:
                return False
        lock = owner_lock(page)
        self.m.locks.lock(lock)
        give_slot(self.m, page, self.slot + len(self.pages))
        make_busy(page)
        self.m.locks.unlock(lock)
        self.pages.append(page)
        return True

    @property
    def full(self) -> bool:
        """Whether each of its slots has a page."""
        return bool(self.pages) and len(self.pages) == self.room

    def put(self, flags: int) -> Generator[Event, Any, PagerResult]:
        """Write the cluster, without a page of interest, and give back the slots it did not fill.

        Returns: a PagerResult.
        """
        m, cluster = self.m, Cluster(self.pages)
        m.swap.free(self.slot + len(self.pages), self.room - len(self.pages))
        self.pages = []
        m.locks.lock(m.queues.lock)  # pager_put unlocks it
        return (yield from m.k.pager_put(None, None, cluster, flags, self.slot, 0))


def make_busy(page: Page, tag: str = "scan_inactive") -> None:
    """Make a page busy, for whom `tag` says, and keep everybody from writing to it."""
    page.flags |= PG_BUSY
    page.owner_tag = tag
    page.prot &= VM_PROT_READ


def scan_inactive(m: Machine, free_target: int, flags: int) -> Generator[Event, Any, int]:
    """Look once at each inactive page, until `free_target` pages are free: free the clean, write the dirty.

    It stops early when the pager map has no room for another cluster.
    Returns: how many puts answered OK (a pending one has not answered yet).
    """
    good = 0
    most = min(SWCLUSTER, m.pager_map.npages)  # a larger cluster could never be mapped
    swap = SwapCluster(m, most)
    for _ in range(len(m.queues.inactive)):
        if len(m.queues.free) >= free_target or not m.pager_map.room(most or 1):
            break
        page = next(iter(m.queues.inactive), None)
        if page is None:
            break
        m.queues.inactive.move_to_end(page)
        if page.flags & PG_BUSY:
            continue
        if page.referenced:
            page.referenced = False
            m.queues.pageactivate(page)
        elif page.flags & PG_CLEAN:
            free_clean(m, page)
        elif not page.pqflags & SWAP_BACKED:
            good += (yield from put_object_page(m, page, flags, most)) == VM_PAGER_OK
        elif not swap.add(page):
            m.queues.pageactivate(page)  # no slot left: it stays in memory
        elif swap.full:
            good += (yield from swap.put(flags)) == VM_PAGER_OK
    if swap.pages:
        good += (yield from swap.put(flags)) == VM_PAGER_OK
    return good


def free_clean(m: Machine, page: Page) -> None:
    """Free a clean idle page: its owner finds its contents on the disk."""
    lock = owner_lock(page)
    m.locks.lock(lock)
    page.prot = VM_PROT_NONE
    m.queues.pagefree(page)
    m.locks.unlock(lock)


def put_object_page(
    m: Machine, page: Page, flags: int, most: int
) -> Generator[Event, Any, PagerResult]:
    """Write one dirty page of a file in a cluster of at most `most`, and tidy up after the page itself."""
    uobj = deref(page.uobject)
    m.locks.lock(m.queues.lock)
    m.locks.lock(uobj.vmobjlock)
    make_busy(page)
    cluster = Cluster(room=most)
    result = yield from m.k.pager_put(uobj, page, cluster, flags, 0, 0)
    if result != VM_PAGER_PEND:  # a pending one is finish()'s, all its pages alike
        unbusy(m, page, clean=result == VM_PAGER_OK)
        if not uobj.dead:
            m.locks.unlock(uobj.vmobjlock)
    return result


def unbusy(m: Machine, page: Page, *, clean: bool) -> None:
    """Let go of one page that its put is done with: wake who wants it, free it if it was released.

    Needs: its owner locked.
    """
    if page.flags & PG_WANTED:
        m.sleep.wakeup(page)
    if page.flags & PG_RELEASED:
        deref(deref(page.uobject).pgops.pgo_releasepg)(page)
        return
    page.flags &= ~(PG_BUSY | PG_WANTED)
    page.owner_tag = None
    if clean:
        page.modified = page.referenced = False
        page.flags |= PG_CLEAN


def finish(m: Machine, aio: AioDesc) -> None:
    """Finish one asynchronous I/O from the done queue: map it out, drop its cluster, free its descriptor.

    Differs: ours; the file leaves it to the done function (525-526).  Success makes the pages clean; after
        an error they stay dirty, and those of swap lose their slots.
    """
    kva = deref(aio.kva)
    del m.pager_map.live[kva]
    m.k.pagermapout(kva, len(aio.pages))
    swapped = aio.uobj is None
    if aio.uobj is not None:
        m.locks.lock(aio.uobj.vmobjlock)
    flags = PGO_PDFREECLUST if aio.result == VM_PAGER_OK else PGO_REALLOCSWAP
    m.k.dropcluster(aio.uobj, None, Cluster(aio.pages), flags, aio.block if swapped else 0)
    if aio.uobj is not None and not aio.uobj.dead:
        m.locks.unlock(aio.uobj.vmobjlock)
    m.aio.free(aio)


def finish_all(m: Machine) -> int:
    """Finish everything on the done queue.

    Returns: how many of those I/Os were a success.
    """
    good = 0
    while m.aio.done:
        aio = m.aio.done[0]
        good += aio.result == VM_PAGER_OK
        finish(m, aio)
        m.aio.done.popleft()
    return good


def finish_inflight(m: Machine) -> Generator[Event, Any, int]:
    """Wait for all I/O that is under way, and finish it.

    Returns: how many of those I/Os were a success.
    """
    good = 0
    while m.aio.inflight or m.aio.done:
        if not m.aio.done:
            yield from m.sleep.wait(m.aio)
        good += finish_all(m)
    return good


def pagedaemon(m: Machine, free_target: int, *, sync: bool = False) -> Generator[Event, Any, int]:
    """Scan, wait for I/O and finish it, until `free_target` pages are free or a whole round did nothing.

    `sync`: wait for each put instead of having many in flight.
    Returns: how many pages are free.
    """
    flags = PGO_ALLPAGES | PGO_PDFREECLUST | (PGO_SYNCIO if sync else 0)
    while len(m.queues.free) < free_target:
        before = len(m.queues.free)
        good = yield from scan_inactive(m, free_target, flags)
        good += yield from finish_inflight(m)
        if not good and len(m.queues.free) == before:
            break
    yield from finish_inflight(m)
    return len(m.queues.free)
