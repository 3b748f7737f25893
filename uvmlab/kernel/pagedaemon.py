"""The caller: it cleans inactive pages when memory is short, and finishes asynchronous I/O.

Swap-backed pages of any owner go together, up to 16 of them in slots in a row; a page of a file goes
with its neighbours (`mk_pcluster`).  Each page is looked at once a scan, oldest first.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

from simpy import Event

from uvmlab.kernel.acts import SwapCluster
from uvmlab.kernel.aio import AioDesc
from uvmlab.kernel.cluster import Cluster
from uvmlab.kernel.flags import (
    PG_BUSY,
    PG_CLEAN,
    PGO_ALLPAGES,
    PGO_PDFREECLUST,
    PGO_REALLOCSWAP,
    PGO_SYNCIO,
    PQ_ANON,
    PQ_AOBJ,
    VM_PAGER_OK,
    VM_PAGER_PEND,
    PagerResult,
)
from uvmlab.kernel.page import Page
from uvmlab.kernel.panic import deref

if TYPE_CHECKING:
    from uvmlab.kernel.machine import Machine

SWCLUSTER: Final = 16  # pages in a swap cluster: 64 KiB
SWAP_BACKED: Final = PQ_ANON | PQ_AOBJ


def put_swap(m: Machine, swap: SwapCluster, flags: int) -> Generator[Event, Any, PagerResult]:
    """Write a swap cluster, without a page of interest, and give back the slots it did not fill.

    Returns: a PagerResult.
    """
    pages = tuple(swap.pages)
    m.acts.close(swap, pages, swap.slot)
    return (yield from m.k.pager_put(None, None, Cluster(pages), flags, swap.slot, 0))


def scan_inactive(m: Machine, free_target: int, flags: int) -> Generator[Event, Any, int]:
    """Look once at each inactive page, until `free_target` pages are free: free the clean, write the dirty.

    It stops early when the pager map has no room for another cluster.
    Returns: how many puts answered OK (a pending one has not answered yet).
    """
    good = 0
    most = min(SWCLUSTER, m.pager_map.npages)  # a larger cluster could never be mapped
    swap = SwapCluster(m, most)
    acts = m.acts
    acts.scan(len(m.queues.free), free_target)
    for _ in range(len(m.queues.inactive)):
        if len(m.queues.free) >= free_target:
            break
        if not m.pager_map.room(most or 1):
            acts.crowded()
            break
        page = next(iter(m.queues.inactive), None)
        if page is None:
            break
        acts.look(page)
        if page.flags & PG_BUSY:
            acts.leave(page)
        elif page.referenced:
            acts.spare(page)
        elif page.flags & PG_CLEAN:
            acts.reclaim(page)
        elif not page.pqflags & SWAP_BACKED:
            good += (yield from put_object_page(m, page, flags, most)) == VM_PAGER_OK
        elif not (swap.room or acts.reserve(swap)):
            acts.keep(page)  # no slot left: it stays in memory
        else:
            acts.take(swap, page, swap.slot + len(swap.pages))
            if swap.full:
                good += (yield from put_swap(m, swap, flags)) == VM_PAGER_OK
    if swap.room:
        good += (yield from put_swap(m, swap, flags)) == VM_PAGER_OK
    return good


def put_object_page(
    m: Machine, page: Page, flags: int, most: int
) -> Generator[Event, Any, PagerResult]:
    """Write one dirty page of a file in a cluster of at most `most`, and tidy up after the page itself."""
    uobj = deref(page.uobject)
    cluster = Cluster(room=most)
    m.acts.pick(page, cluster)
    result = yield from m.k.pager_put(uobj, page, cluster, flags, 0, 0)
    if result != VM_PAGER_PEND:  # a pending one is finish()'s, all its pages alike
        m.acts.unbusy(page, result == VM_PAGER_OK)
        if not uobj.dead:
            m.locks.unlock(uobj.vmobjlock)
    return result


def finish(m: Machine, aio: AioDesc) -> None:
    """Finish one asynchronous I/O from the done queue: map it out, drop its cluster, free its descriptor.

    Raises: Panic at 672, compiled with DIAGNOSTIC, for an object that dies here: 671 asks only whether there is an
        object, and counts (670) on a page of interest that keeps it alive.  A finished cluster has none, so when
        the last pages of an object to be killed are all released meanwhile the C panics, too; without DIAGNOSTIC
        it goes on (675).
    Differs: ours; the file leaves it to the done function (525-526).  Success makes the pages clean; after
        an error they stay dirty, and those of swap lose their slots.
    """
    m.acts.drain(aio, aio.result)
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
        m.acts.drained(aio)
    return good


def finish_inflight(m: Machine) -> Generator[Event, Any, int]:
    """Wait for all I/O that is under way, and finish it.

    Returns: how many of those I/Os were a success.
    """
    good = 0
    while m.aio.inflight or m.aio.done:
        if not m.aio.done:
            yield m.acts.wait(m.aio)
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
