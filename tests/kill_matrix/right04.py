"""Right answers to the code of exercise 04, three for each question, none of them written like another."""

# ruff: noqa: FURB136, RUF021, SIM102  nobody tells a learner how to write

from itertools import takewhile

from uvmlab.kernel.flags import (
    OFFSET_MASK,
    PAGE_SIZE,
    PG_BUSY,
    PG_CLEAN,
    PG_CLEANCHK,
    PGO_ALLPAGES,
    PGO_DOACTCLUST,
    PQ_INACTIVE,
    VM_PROT_READ,
)
from uvmlab.run import world


def bounds_in_two_loops(takes, center, lo, hi):
    first, stop = center, center + 1
    while first > lo and takes[first - 1]:
        first -= 1
    while stop < hi and takes[stop]:
        stop += 1
    return [first, stop]


def bounds_by_ranges(takes, center, lo, hi):
    first = stop = center
    for i in range(center + 1, hi):
        if not takes[i]:
            break
        stop = i
    for i in reversed(range(lo, center)):
        if not takes[i]:
            break
        first = i
    return first, stop + 1


def bounds_by_counting(takes, center, lo, hi):
    back = len(list(takewhile(bool, takes[lo:center][::-1])))
    ahead = len(list(takewhile(bool, takes[center + 1 : hi])))
    return (center - back, center + ahead + 1)


def mk_pcluster_as_in_c(k, uobj, cluster, center, flags, mlo, mhi):
    lo, hi = k.pgo_cluster(uobj, center.offset)
    if not flags & PGO_ALLPAGES:
        lo = max(lo, mlo)
        hi = min(hi, mhi)
    if (hi - lo) // PAGE_SIZE > cluster.npages:
        if k.diagnostic:
            k.printf("uvm_mk_pcluster: provided page array too small (fixed)")
        k.plug(cluster, 0, center)
        cluster.npages = 1
        return cluster
    cluster.first = (center.offset - lo) // PAGE_SIZE
    k.plug(cluster, cluster.first, center)
    cluster.npages = 1
    for forward in (False, True):
        offset = center.offset + (PAGE_SIZE if forward else -PAGE_SIZE)
        while lo <= offset < hi:
            page = k.pagelookup(uobj, offset)
            if page is None:
                break
            if not page.pqflags & PQ_INACTIVE:
                if not flags & PGO_DOACTCLUST:
                    break
                if not page.flags & PG_CLEANCHK:
                    if page.flags & (PG_CLEAN | PG_BUSY) == PG_CLEAN:
                        if k.pmap_is_modified(page):
                            k.clear(page, PG_CLEAN)
                    k.set(page, PG_CLEANCHK)
            if page.flags & (PG_CLEAN | PG_BUSY):
                break
            k.set(page, PG_BUSY)
            k.page_own(page, "uvm_mk_pcluster")
            k.pmap_page_protect(page, VM_PROT_READ)
            if forward:
                k.plug(cluster, cluster.first + cluster.npages, page)
            else:
                cluster.first -= 1
                k.plug(cluster, cluster.first, page)
            cluster.npages += 1
            offset += PAGE_SIZE if forward else -PAGE_SIZE
    return cluster


def mk_pcluster_with_a_helper(k, uobj, cluster, center, flags, mlo, mhi):
    def take(offset):
        page = k.pagelookup(uobj, offset)
        if page is None:
            return None
        if page.pqflags & PQ_INACTIVE == 0:
            if flags & PGO_DOACTCLUST == 0:
                return None
            unsure = not page.flags & PG_CLEANCHK
            page.flags |= PG_CLEANCHK
            if unsure and page.flags & PG_CLEAN and not page.flags & PG_BUSY:
                if k.pmap_is_modified(page):
                    page.flags &= ~PG_CLEAN
        if page.flags & PG_CLEAN or page.flags & PG_BUSY:
            return None
        page.flags |= PG_BUSY
        k.pmap_page_protect(page, VM_PROT_READ)
        k.page_own(page, "uvm_mk_pcluster")
        return page

    lo, hi = k.pgo_cluster(uobj, center.offset)
    if not flags & PGO_ALLPAGES:
        lo, hi = max(lo, mlo), min(hi, mhi)
    if hi - lo > cluster.npages * PAGE_SIZE:
        if k.diagnostic:
            k.printf("uvm_mk_pcluster: provided page array too small (fixed)")
        cluster.pps[0], cluster.npages = center, 1
        return cluster
    where = (center.offset - lo) // PAGE_SIZE
    cluster.pps[where] = center
    first = where
    while first > 0 and (page := take(lo + (first - 1) * PAGE_SIZE)):
        first -= 1
        cluster.pps[first] = page
    stop = where + 1
    while stop < (hi - lo) // PAGE_SIZE and (page := take(lo + stop * PAGE_SIZE)):
        cluster.pps[stop] = page
        stop += 1
    cluster.first, cluster.npages = first, stop - first
    return cluster


def mk_pcluster_looks_first(k, uobj, cluster, center, flags, mlo, mhi):
    lo, hi = k.pgo_cluster(uobj, center.offset)
    if flags & PGO_ALLPAGES:
        pass
    else:
        lo = mlo if mlo > lo else lo
        hi = mhi if mhi < hi else hi
    if cluster.npages < (hi - lo & OFFSET_MASK) // PAGE_SIZE:
        if k.diagnostic:
            k.printf("uvm_mk_pcluster: provided page array too small (fixed)")
        ahead = back = range(0)
    else:
        ahead = range(center.offset + PAGE_SIZE, hi, PAGE_SIZE)
        back = range(center.offset - PAGE_SIZE, lo - 1, -PAGE_SIZE)

    def those_that_go(offsets):
        for offset in offsets:
            page = k.pagelookup(uobj, offset)
            if not page or not page.pqflags & PQ_INACTIVE and not flags & PGO_DOACTCLUST:
                return
            if not page.pqflags & PQ_INACTIVE and not page.flags & PG_CLEANCHK:
                k.set(page, PG_CLEANCHK)
                if page.flags & (PG_CLEAN | PG_BUSY) == PG_CLEAN and k.pmap_is_modified(page):
                    k.clear(page, PG_CLEAN)
            if page.flags & (PG_CLEAN | PG_BUSY) != 0:
                return
            yield page

    after = list(those_that_go(ahead))
    before = list(those_that_go(back))[::-1]
    for page in before + after:
        k.set(page, PG_BUSY)
        k.page_own(page, "uvm_mk_pcluster")
        k.pmap_page_protect(page, VM_PROT_READ)
    cluster.first = 0
    for i, page in enumerate([*before, center, *after]):
        k.plug(cluster, i, page)
    cluster.npages = len(before) + 1 + len(after)
    return cluster


RIGHT = {
    "04-bounds": {
        "two loops": bounds_in_two_loops,
        "ranges, forward first": bounds_by_ranges,
        "counting, no loop": bounds_by_counting,
    },
    "04-mk_pcluster": {
        "as in C": mk_pcluster_as_in_c,
        "a helper that takes a page; writes to the fields": mk_pcluster_with_a_helper,
        "looks first, forward first; then makes busy": mk_pcluster_looks_first,
    },
    "04-smallest": {
        "two pages": world().vnode("f0", pages=2),
        "two pages in the middle": world().vnode("f0", pages=[6, 7], size=9),
        "a window that goes forward": world().vnode("f0", pages=2, cluster="forward", window=2),
    },
}
