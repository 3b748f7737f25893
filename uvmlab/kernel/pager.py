"""The subject: the seven functions of `uvm_pager.c` 1.1.1.1, in its order, to be read beside the C.

Rules of this file:
- A trailing comment is the line of the C that the statement stands for.
- `k` is the rest of the kernel.  Every call out of the file is `k.<name of its event>(...)`.
- `k.set`, `k.clear`, `k.store` and `k.plug` write state and note it; `k.note` says why and writes nothing.
- A `yield` is a place where another thread may run.  `mk_pcluster`, `shareprot`, `dropcluster`,
  `pager_init` and `pagermapout` have none and run to their end.
- `while ... else` says that a walk reached its limit.
- `or null()` stands where C follows a pointer without looking.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

from simpy import Event

from uvmlab.kernel.flags import (
    M_NOWAIT,
    OFFSET_MASK,
    PAGE_SIZE,
    PG_BUSY,
    PG_CLEAN,
    PG_CLEANCHK,
    PG_RELEASED,
    PG_WANTED,
    PGO_ALLPAGES,
    PGO_DOACTCLUST,
    PGO_PDFREECLUST,
    PGO_REALLOCSWAP,
    PGO_SYNCIO,
    PQ_ANON,
    PQ_INACTIVE,
    VM_PAGER_OK,
    VM_PAGER_PEND,
    VM_PROT_NONE,
    VM_PROT_READ,
    PagerResult,
)
from uvmlab.kernel.panic import null
from uvmlab.kernel.slips import (
    AIO_DANGLING,
    AIO_LEAK,
    HELD_ANON_LOCK,
    USE_AFTER_RELEASE,
    WRONG_PAGE,
    neighbour,
)

if TYPE_CHECKING:
    from uvmlab.kernel.aio import AioPointer
    from uvmlab.kernel.cluster import Cluster
    from uvmlab.kernel.kernel import Kernel, Pages
    from uvmlab.kernel.page import Page
    from uvmlab.kernel.pagerops import MapEntry
    from uvmlab.kernel.uobject import UvmObject

PAGER_MAP_SIZE: Final = 4 * 1024 * 1024  # bytes


def pager_init(k: Kernel) -> None:
    """Set up the pager map, its lock, the queue of finished I/O, and each pager of the table.

    Source: lines 86-114.
    """
    k.km_suballoc(PAGER_MAP_SIZE)  # 95
    k.lock_init(k.pager_map_wanted_lock)  # 97
    k.store(k.pager_map, "wanted", False)  # 98
    k.tailq_init("aio_done")  # 104
    for pager in k.uvmpagerops:  # 109
        if pager.pgo_init is not None:  # 111
            k.pgo_init(pager)  # 112


def pagermapin(
    k: Kernel, pps: Pages, aiop: AioPointer | None, waitf: int
) -> Generator[Event, Any, int | None]:
    """Map busy pages into the pager map for an I/O.  May sleep until there is room.

    Needs: no simple lock held.  `aiop`: where a caller that wants a descriptor gets it, or None;
        `waitf`: M_WAITOK or M_NOWAIT.
    Returns: the address in bytes (0 is one); None with M_NOWAIT when there is no room or no memory.
    Raises: Panic for a page that is not busy, if compiled with DEBUG and without PMAP_NEW.
    Source: lines 123-198.
    """
    k.note("called", pps, waitf)  # 140
    aio = None  # 150
    while True:  # 143
        if aiop is not None and (aio is None or k.slips & AIO_LEAK):  # 144
            aio = k.malloc("aiodesc", waitf)  # 145
            if aio is None:  # 146
                k.note("return", None)  # 147
                return None  # 147
            k.store(aiop, "aio", aio)  # 148
        kva = k.uvm_map(len(pps))  # 156
        if kva is not None:  # 156
            break
        if waitf == M_NOWAIT:  # 158
            if aio is not None:  # 159
                if not k.slips & AIO_DANGLING:
                    k.store(aiop, "aio", None)  # 160
                k.free(aio)  # 160
            k.note("NOWAIT failed")  # 161
            return None  # 162
        if k.cpus > 1:
            yield k.other_cpu()  # 164
        k.lock(k.pager_map_wanted_lock)  # 164
        k.store(k.pager_map, "wanted", True)  # 165
        k.note("SLEEPING on pager_map")  # 166
        yield from k.unlock_and_wait(k.pager_map, k.pager_map_wanted_lock)  # 167
    if k.pmap_new:
        k.pmap_kenter_pgs(kva, pps)  # 178
    else:
        cva = kva  # 183
        for pp in pps:  # 184
            if k.diagnostic and not pp.flags & PG_BUSY:  # 186
                k.panic("uvm_pagermapin: page not busy")  # 187
            k.pmap_enter(cva, pp)  # 190
            cva += PAGE_SIZE  # 183
    k.note("done", kva)  # 196
    return kva  # 197


def pagermapout(k: Kernel, kva: int, npages: int) -> None:
    """Take `npages` mappings away from address `kva` (bytes) on, and wake whoever waits for room.

    Source: lines 207-236.
    """
    k.note("called", kva, npages)  # 217
    k.lock(k.pager_map.lock)  # 223
    entries = k.unmap_remove(kva, npages)  # 224
    k.lock(k.pager_map_wanted_lock)  # 225
    if k.pager_map.wanted:  # 226
        k.store(k.pager_map, "wanted", False)  # 227
        k.wakeup(k.pager_map)  # 228
    k.unlock(k.pager_map_wanted_lock)  # 230
    k.unlock(k.pager_map.lock)  # 231
    if entries:  # 232
        k.unmap_detach()  # 233
    k.note("done")  # 235


def mk_pcluster(
    k: Kernel,
    uobj: UvmObject,
    cluster: Cluster,
    center: Page | None,
    flags: int,
    mlo: int,
    mhi: int,
) -> Cluster:
    """Build a cluster of dirty pages around `center`: backward first, then forward.

    Needs: object and page queues locked; `center` busy and write-protected.  `cluster`: an empty array
        with room for `npages`; `flags`: PGO_ALLPAGES, or else the limits `mlo` and `mhi` (bytes) count;
        PGO_DOACTCLUST takes active pages too.
    Returns: `cluster`, with its pages made busy.
    Source: lines 260-368.
    Differs: a center outside the range is a panic; the C writes beside its range, or outside its array.
    """
    k.note("called", uobj, center)  # 271
    center = center or null()  # 285
    lo, hi = k.pgo_cluster(uobj, center.offset)  # 285
    if not flags & PGO_ALLPAGES:  # 286
        lo = max(lo, mlo)  # 288
        hi = min(hi, mhi)  # 290
    if ((hi - lo) & OFFSET_MASK) // PAGE_SIZE > cluster.npages:  # 292
        k.note("array too small", lo, hi)  # 292
        if k.diagnostic:
            k.printf("uvm_mk_pcluster: provided page array too small (fixed)")  # 294
        k.plug(cluster, 0, center)  # 296
        k.store(cluster, "npages", 1)  # 297
        return cluster  # 298

    if not lo <= center.offset < hi:
        k.panic("mk_pcluster: center outside the cluster")  # 307
    center_idx = (center.offset - lo) // PAGE_SIZE  # 306
    k.plug(cluster, center_idx, center)  # 307
    k.store(cluster, "first", center_idx)  # 308
    k.store(cluster, "npages", 1)  # 309

    for forward in (0, 1):  # 321
        curoff = neighbour(k.slips, center.offset, forward)  # 323
        while curoff < hi if forward else curoff >= lo:  # 324
            pclust = k.pagelookup(uobj, curoff)  # 327
            if pclust is None:  # 328
                k.note("no page", curoff)  # 329
                break
            if not pclust.pqflags & PQ_INACTIVE:  # 332
                if not flags & PGO_DOACTCLUST:  # 333
                    k.note("active", pclust)  # 334
                    break
                if not pclust.flags & PG_CLEANCHK:  # 336
                    if pclust.flags & (PG_CLEAN | PG_BUSY) == PG_CLEAN and k.pmap_is_modified(
                        pclust
                    ):  # 338
                        k.clear(pclust, PG_CLEAN)  # 339
                    k.set(pclust, PG_CLEANCHK)  # 340
            if pclust.flags & (PG_CLEAN | PG_BUSY):  # 344
                k.note("busy" if pclust.flags & PG_BUSY else "clean", pclust)  # 345
                break
            k.set(pclust, PG_BUSY)  # 347
            k.page_own(pclust, "uvm_mk_pcluster")  # 348
            k.pmap_page_protect(pclust, VM_PROT_READ)  # 350
            if not forward:  # 351
                k.store(cluster, "first", cluster.first - 1)  # 352
                k.plug(cluster, cluster.first, pclust)  # 353
            else:
                k.plug(cluster, cluster.first + cluster.npages, pclust)  # 355
            k.store(cluster, "npages", cluster.npages + 1)  # 357
            curoff = neighbour(k.slips, curoff, forward)  # 325
        else:
            k.note("limit", curoff)  # 324
    k.note("done", cluster.npages)  # 366
    return cluster  # 367


def shareprot(k: Kernel, entry: MapEntry, prot: int) -> None:
    """Lower the protection of those pages of an object that a map entry covers.

    Needs: the entry's map and object locked.
    Raises: Panic if the entry holds a submap, or no object.
    Source: lines 378-404.
    """
    k.note("called", entry, prot)  # 387
    if entry.submap:  # 389
        k.panic("uvm_shareprot: non-object attached")  # 390
    start = entry.offset  # 392
    stop = (start + (entry.end - entry.start)) & OFFSET_MASK  # 393
    for pp in (entry.uobj or null()).memq.values():  # 399
        if start <= pp.offset < stop:  # 400
            k.pmap_page_protect(pp, prot)  # 401
    k.note("done")  # 403


def pager_put(
    k: Kernel,
    uobj: UvmObject | None,
    pg: Page | None,
    cluster: Cluster,
    flags: int,
    start: int,
    stop: int,
) -> Generator[Event, Any, PagerResult]:
    """Write a page to backing store, with as many neighbours as will go.  Sleeps.

    Needs: page queues locked; `uobj` locked, or None if swap-backed; `pg` busy, or None if swap-backed
        and no page is of special interest; `cluster`: room to build in, or, swap-backed, the cluster.
        `start`, `stop`: limits in bytes, or, swap-backed, `start` is the first slot.
    Returns: a PagerResult, with the page queues unlocked and `uobj` unlocked, but for one case: with
        PGO_PDFREECLUST and a result that is not PEND `uobj` is locked.  On an error the cluster is dropped,
        and only `pg` is still busy; on success all of it is, unless PGO_PDFREECLUST dropped it.
    Raises: Panic for an object without `pg` (285); a device, which builds no cluster, is handed the null page.
    Source: lines 446-565; the note of a return names its rule of the five at 428-443.
    """
    if uobj is not None:  # 465
        if uobj.pgops.pgo_mk_pcluster is not None:  # 472
            ppsp = k.pgo_mk_pcluster(uobj, cluster, pg, flags, start, stop)  # 473
            k.note("cluster", ppsp)  # 475
        else:
            k.plug(cluster, 0, pg)  # 477
            k.store(cluster, "npages", 1)  # 478
    swblk = 0 if uobj is not None else start  # 493
    k.unlock(k.pageq)  # 498

    while True:  # 505
        pages = cluster.pages
        k.note("io", pages)  # 506
        if uobj is not None:  # 506
            result = yield from k.pgo_put(uobj, pages, flags & PGO_SYNCIO)  # 508
        else:
            result = yield from k.swap_put(swblk, pages, flags & PGO_SYNCIO)  # 512

        if result in (VM_PAGER_PEND, VM_PAGER_OK):  # 529
            if result == VM_PAGER_OK and flags & PGO_PDFREECLUST:  # 530
                if uobj is not None:  # 534
                    if k.cpus > 1:
                        yield k.other_cpu()  # 535
                    k.lock(uobj.vmobjlock)  # 535
                if cluster.npages > 1 or pg is None:  # 536
                    k.dropcluster(uobj, pg, cluster, PGO_PDFREECLUST, 0)  # 537
            busy = result == VM_PAGER_OK and not flags & PGO_PDFREECLUST
            k.note("return", result, 5 if busy else 1 if uobj is None else 3)  # 540
            return result  # 540

        if cluster.npages <= 1 and pg is not None:  # 548
            break
        if uobj is not None:  # 549
            if k.cpus > 1:
                yield k.other_cpu()  # 550
            k.lock(uobj.vmobjlock)  # 550
        k.dropcluster(uobj, pg, cluster, PGO_REALLOCSWAP, swblk)  # 551
        if pg is None:  # 552
            break
        k.note("retry", pg)  # 553

    if uobj is not None and flags & PGO_PDFREECLUST:  # 562
        if k.cpus > 1:
            yield k.other_cpu()  # 563
        k.lock(uobj.vmobjlock)  # 563
    k.note("return", result, 4)  # 564
    return result  # 564


def dropcluster(
    k: Kernel, uobj: UvmObject | None, pg: Page | None, cluster: Cluster, flags: int, swblk: int
) -> None:
    """Let go of all pages of a cluster but `pg`: un-busy them, wake who wants them, free the released.

    Needs: `uobj` locked (it stays so), or None if swap-backed; page queues not locked.
        `flags`: PGO_PDFREECLUST after a success: the pages become clean.  PGO_REALLOCSWAP after an error: the
        slots from `swblk` on are freed and forgotten, but for one, which `pg` gets.
    Returns: nothing; without PGO_PDFREECLUST the cluster is then `pg` alone, if there is a `pg`.
    Raises: Panic for a page without an owner; if compiled with DIAGNOSTIC, for a pager without releasepg or an
        object that dies here.
    Source: lines 587-730.
    """
    realloc, pdfree = flags & PGO_REALLOCSWAP, flags & PGO_PDFREECLUST
    if uobj is None and realloc:  # 608
        if pg is not None:  # 609
            k.swap_free(swblk + 1, cluster.npages - 1)  # 610
        else:
            k.swap_free(swblk, cluster.npages)  # 612

    for page in cluster.pages:  # 619
        if page is pg:  # 621
            k.note("skip", page)  # 621
            continue

        if uobj is None:  # 632
            if page.pqflags & PQ_ANON:  # 633
                k.lock((page.uanon or null()).an_lock)  # 634
                if realloc:  # 635
                    k.store(page.uanon, "an_swslot", 0)  # 636
            else:
                k.lock((page.uobject or null()).vmobjlock)  # 638
                if realloc:  # 639
                    k.uao_set_swslot(page.uobject or null(), page.offset // PAGE_SIZE, 0)  # 640

        if page.flags & PG_WANTED:  # 645
            k.wakeup(page)  # 646

        if page.flags & PG_RELEASED:  # 649
            if page.pqflags & PQ_ANON:  # 651
                k.clear(page, PG_BUSY)  # 652
                k.page_own(page, None)  # 653
                k.pmap_page_protect(page, VM_PROT_NONE)  # 654
                anon = page.uanon or null()  # 655
                if not k.slips & HELD_ANON_LOCK:
                    k.unlock(anon.an_lock)  # 655
                k.anfree(anon)  # 655
                continue

            owner = page.uobject  # 664
            if k.diagnostic and (owner or null()).pgops.pgo_releasepg is None:  # 664
                k.panic("uvm_pager_dropcluster: no releasepg function")  # 665
            alive = k.releasepg(owner or null(), pg if k.slips & WRONG_PAGE else page)  # 667
            if k.diagnostic and uobj is not None and not alive:  # 671
                k.panic("uvm_pager_dropcluster: object died with active page")  # 672
            if not alive:  # 674
                continue
            if not k.slips & USE_AFTER_RELEASE:
                if owner is not uobj:
                    k.unlock((owner or null()).vmobjlock)  # 675
                continue
        else:
            k.clear(page, PG_BUSY | PG_WANTED)  # 678
            k.page_own(page, None)  # 679

        if pdfree:  # 686
            k.pmap_clear_reference(page)  # 688
            k.pmap_clear_modify(page)  # 689
            k.set(page, PG_CLEAN)  # 690

        if uobj is None:  # 694
            if page.pqflags & PQ_ANON:  # 695
                k.unlock((page.uanon or null()).an_lock)  # 696
            else:
                k.unlock((page.uobject or null()).vmobjlock)  # 698

    if pg is not None and not pdfree:  # 707
        k.plug(cluster, cluster.first, pg)  # 711
        k.store(cluster, "npages", 1)  # 712
        if uobj is None and realloc:  # 717
            if pg.pqflags & PQ_ANON:  # 718
                k.lock((pg.uanon or null()).an_lock)  # 719
                k.store(pg.uanon, "an_swslot", swblk)  # 720
                k.unlock((pg.uanon or null()).an_lock)  # 721
            else:
                k.lock((pg.uobject or null()).vmobjlock)  # 723
                k.uao_set_swslot(pg.uobject or null(), pg.offset // PAGE_SIZE, swblk)  # 724
                k.unlock((pg.uobject or null()).vmobjlock)  # 725
