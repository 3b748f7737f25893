"""Right answers to the code of exercise 06, three for each question, none of them written like another."""

# ruff: noqa: SIM102  nobody tells a learner how to write

from uvmlab.kernel.flags import (
    PAGE_SIZE,
    PG_BUSY,
    PG_CLEAN,
    PG_RELEASED,
    PG_WANTED,
    PGO_PDFREECLUST,
    PGO_REALLOCSWAP,
    PQ_ANON,
    VM_PROT_NONE,
)
from uvmlab.run import world


def give_up_as_in_c(k, pg, cluster, swblk):
    if pg is not None:
        k.swap_free(swblk + 1, cluster.npages - 1)
    else:
        k.swap_free(swblk, cluster.npages)
    for page in cluster.pages:
        if page is pg:
            continue
        if page.pqflags & PQ_ANON:
            page.uanon.an_swslot = 0
        else:
            k.uao_set_swslot(page.uobject, page.offset // PAGE_SIZE, 0)
    if pg is not None:
        if pg.pqflags & PQ_ANON:
            pg.uanon.an_swslot = swblk
        else:
            k.uao_set_swslot(pg.uobject, pg.offset // PAGE_SIZE, swblk)


def give_up_with_a_helper(k, pg, cluster, swblk):
    def name(page, slot):
        if page.uanon is None:
            k.uao_set_swslot(page.uobject, page.offset // PAGE_SIZE, slot)
        else:
            k.store(page.uanon, "an_swslot", slot)

    for page in cluster.pages:
        if page is not pg:
            name(page, 0)
    if pg:
        name(pg, swblk)
    kept = 1 if pg else 0
    k.swap_free(swblk + kept, cluster.npages - kept)


def give_up_under_locks(k, pg, cluster, swblk):
    i = 0
    while i < cluster.npages:
        page = cluster.pps[cluster.first + i]
        i += 1
        slot = swblk if page is pg else 0
        if page.pqflags & PQ_ANON:
            k.lock(page.uanon.an_lock)
            page.uanon.an_swslot = slot
            k.unlock(page.uanon.an_lock)
        else:
            k.lock(page.uobject.vmobjlock)
            if slot or page is not pg:
                k.uao_set_swslot(page.uobject, page.offset // PAGE_SIZE, slot)
            k.unlock(page.uobject.vmobjlock)
    if pg is None:
        k.swap_free(swblk, cluster.npages)
    elif cluster.npages > 1:
        k.swap_free(swblk + 1, cluster.npages - 1)
    else:
        k.swap_free(swblk, 0)


def dropcluster_as_in_c(k, uobj, pg, cluster, flags, swblk):
    if uobj is None and flags & PGO_REALLOCSWAP:
        if pg is not None:
            k.swap_free(swblk + 1, cluster.npages - 1)
        else:
            k.swap_free(swblk, cluster.npages)
    for page in cluster.pages:
        if page is pg:
            continue
        if uobj is None:
            if page.pqflags & PQ_ANON:
                k.lock(page.uanon.an_lock)
                if flags & PGO_REALLOCSWAP:
                    page.uanon.an_swslot = 0
            else:
                k.lock(page.uobject.vmobjlock)
                if flags & PGO_REALLOCSWAP:
                    k.uao_set_swslot(page.uobject, page.offset // PAGE_SIZE, 0)
        if page.flags & PG_WANTED:
            k.wakeup(page)
        if page.flags & PG_RELEASED:
            if page.pqflags & PQ_ANON:
                k.clear(page, PG_BUSY)
                k.page_own(page, None)
                k.pmap_page_protect(page, VM_PROT_NONE)
                anon = page.uanon
                k.unlock(anon.an_lock)
                k.anfree(anon)
            else:
                owner = page.uobject
                if k.releasepg(owner, page):
                    if owner is not uobj:
                        k.unlock(owner.vmobjlock)
                elif uobj is not None and k.diagnostic:
                    k.panic("uvm_pager_dropcluster: object died with active page")
            continue
        k.clear(page, PG_BUSY | PG_WANTED)
        k.page_own(page, None)
        if flags & PGO_PDFREECLUST:
            k.pmap_clear_reference(page)
            k.pmap_clear_modify(page)
            k.set(page, PG_CLEAN)
        if uobj is None:
            if page.pqflags & PQ_ANON:
                k.unlock(page.uanon.an_lock)
            else:
                k.unlock(page.uobject.vmobjlock)
    if pg is not None and not flags & PGO_PDFREECLUST:
        k.plug(cluster, cluster.first, pg)
        cluster.npages = 1
        if uobj is None and flags & PGO_REALLOCSWAP:
            if pg.pqflags & PQ_ANON:
                k.lock(pg.uanon.an_lock)
                pg.uanon.an_swslot = swblk
                k.unlock(pg.uanon.an_lock)
            else:
                k.lock(pg.uobject.vmobjlock)
                k.uao_set_swslot(pg.uobject, pg.offset // PAGE_SIZE, swblk)
                k.unlock(pg.uobject.vmobjlock)


def dropcluster_with_helpers(k, uobj, pg, cluster, flags, swblk):
    swap_backed = uobj is None
    gives_up = swap_backed and flags & PGO_REALLOCSWAP != 0

    def lock_of(page):
        return page.uanon.an_lock if page.uanon else page.uobject.vmobjlock

    def name(page, slot):
        if page.uanon:
            page.uanon.an_swslot = slot
        else:
            k.uao_set_swslot(page.uobject, page.offset // PAGE_SIZE, slot)

    def release(page):
        if page.flags & PG_WANTED:
            k.wakeup(page)
        if page.uanon:
            anon = page.uanon
            k.pmap_page_protect(page, VM_PROT_NONE)
            page.flags &= ~PG_BUSY
            k.page_own(page, None)
            k.unlock(anon.an_lock)
            k.anfree(anon)
            return
        owner = page.uobject
        lives = k.releasepg(owner, page)
        if not lives and k.diagnostic and not swap_backed:
            k.panic("uvm_pager_dropcluster: object died with active page")
        if lives and swap_backed:
            k.unlock(owner.vmobjlock)

    def let_go(page):
        if page.flags & PG_WANTED:
            k.wakeup(page)
        page.flags &= ~(PG_BUSY | PG_WANTED)
        if flags & PGO_PDFREECLUST:
            page.flags |= PG_CLEAN
            k.pmap_clear_modify(page)
            k.pmap_clear_reference(page)
        k.page_own(page, None)
        if swap_backed:
            k.unlock(lock_of(page))

    npages = cluster.npages
    for page in [each for each in cluster.pages if each is not pg]:
        if swap_backed:
            k.lock(lock_of(page))
        if gives_up:
            name(page, 0)
        (release if page.flags & PG_RELEASED else let_go)(page)
    if pg and not flags & PGO_PDFREECLUST:
        cluster.pps[cluster.first], cluster.npages = pg, 1
        if gives_up:
            k.lock(lock_of(pg))
            name(pg, swblk)
            k.unlock(lock_of(pg))
    if gives_up:
        kept = int(pg is not None)
        k.swap_free(swblk + kept, npages - kept)


def dropcluster_wakes_last(k, uobj, pg, cluster, flags, swblk):
    realloc = flags & PGO_REALLOCSWAP
    clean = flags & PGO_PDFREECLUST
    npages = cluster.npages
    for i in range(cluster.first, cluster.first + npages):
        page = cluster.pps[i]
        anon, owner = page.uanon, page.uobject
        if page is pg:
            if uobj is None and realloc:
                lock = anon.an_lock if anon else owner.vmobjlock
                k.lock(lock)
                if anon:
                    anon.an_swslot = swblk
                else:
                    k.uao_set_swslot(owner, page.offset // PAGE_SIZE, swblk)
                k.unlock(lock)
            continue
        wanted = page.flags & PG_WANTED
        released = page.flags & PG_RELEASED
        if uobj is None:
            k.lock(anon.an_lock if anon else owner.vmobjlock)
        if anon or not released:
            k.page_own(page, None)
            k.clear(page, PG_BUSY if released else PG_BUSY | PG_WANTED)
            if released:
                k.pmap_page_protect(page, VM_PROT_NONE)
            elif clean:
                k.set(page, PG_CLEAN)
                k.pmap_clear_reference(page)
                k.pmap_clear_modify(page)
        if wanted:
            k.wakeup(page)
        if uobj is None and realloc:
            if anon:
                k.store(anon, "an_swslot", 0)
            else:
                k.uao_set_swslot(owner, page.offset // PAGE_SIZE, 0)
        if released and not anon:
            if not k.releasepg(owner, page):
                if uobj is not None and k.diagnostic:
                    k.panic("uvm_pager_dropcluster: object died with active page")
                continue
        if uobj is None:
            k.unlock(anon.an_lock if anon else owner.vmobjlock)
        if released and anon:
            k.anfree(anon)
    if uobj is None and realloc:
        k.swap_free(swblk if pg is None else swblk + 1, npages if pg is None else npages - 1)
    if pg is None or clean:
        return
    cluster.first, cluster.npages, cluster.pps[0] = 0, 1, pg


def account_by_sets(before, after):
    was, now = set(before["allocated"]), set(after["allocated"])
    named = {slot for slot, who in after["named"]}
    return {
        "freed": sorted(was - now),
        "kept": sorted(was & now),
        "new": sorted(now - was),
        "lost": sorted(now - named),
    }


def account_slot_by_slot(before, after):
    found = {"freed": [], "kept": [], "new": [], "lost": []}
    who = dict(after["named"])
    for slot in sorted({*before["allocated"], *after["allocated"]}):
        if slot not in after["allocated"]:
            found["freed"].append(slot)
            continue
        found["kept" if slot in before["allocated"] else "new"].append(slot)
        if slot not in who:
            found["lost"].append(slot)
    return found


def account_by_lists(before, after):
    was, now = sorted(before["allocated"]), sorted(after["allocated"])
    names = [pair[0] for pair in after["named"]]
    lost = [slot for slot in now if names.count(slot) == 0]
    new = [slot for slot in now if slot not in was]
    kept = [slot for slot in now if slot not in new]
    freed = [slot for slot in was if slot not in kept]
    return {"lost": lost, "new": new, "kept": kept, "freed": freed}


RIGHT = {
    "06-swap-side": {
        "as in C": give_up_as_in_c,
        "a helper that names a slot; frees last": give_up_with_a_helper,
        "each owner locked; while": give_up_under_locks,
    },
    "06-dropcluster": {
        "as in C": dropcluster_as_in_c,
        "helpers, writes to the fields; frees last": dropcluster_with_helpers,
        "wakes last, forgets the slot last; gives the page of interest its slot on the way": dropcluster_wakes_last,
    },
    "06-five": {
        "six anons": world(swap=6).anons(6, slot=1).disk("ERROR"),
        "two kinds of owners": world(swap=6)
        .aobj("o0", pages=2, slot=1)
        .anons(4, slot=3)
        .disk("FAIL"),
        "every I/O fails": world(swap=6).aobj("o0", pages=6, slot=1).disk(rate=1.0, answer="BAD"),
    },
    "06-account": {
        "sets": account_by_sets,
        "slot by slot": account_slot_by_slot,
        "lists": account_by_lists,
    },
}
