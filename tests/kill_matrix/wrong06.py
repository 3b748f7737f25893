"""Wrong answers to exercise 06, each named for its mistake; in the form of `wrong04`."""

from tests.kill_matrix.right06 import account_by_sets, dropcluster_as_in_c, give_up_as_in_c
from uvmlab.run import world

GIVE_UP = {
    "makes the cluster the page of interest": [
        ("    for page in cluster.pages:", "    if pg is not None:\n        cluster.npages = 1\n    for page in cluster.pages:")
    ],
    "owners of released pages do not forget": [
        ("            continue\n", "            continue\n        if page.flags & PG_RELEASED:\n            continue\n")
    ],
    "clears BUSY, too": [
        ("            continue\n", "            continue\n        k.clear(page, PG_BUSY)\n")
    ],
    "leaves an owner locked": [
        ("    for page in cluster.pages:", "    if cluster.pages[0].uanon:\n        k.lock(cluster.pages[0].uanon.an_lock)\n    for page in cluster.pages:")
    ],
    "wakes who waits for a page, too": [
        ("            continue\n", "            continue\n        if page.flags & PG_WANTED:\n            k.wakeup(page)\n")
    ],
    "writes False for no slot": [("page.uanon.an_swslot = 0", "page.uanon.an_swslot = False")],
    "writes a slot that is not whole": [("pg.uanon.an_swslot = swblk", "pg.uanon.an_swslot = swblk / 1")],
    "prints what it does": [("    for page in cluster.pages:", "    k.printf('freed')\n    for page in cluster.pages:")],
    "returns what is left of the cluster": [
        ("pg.offset // PAGE_SIZE, swblk)\n", "pg.offset // PAGE_SIZE, swblk)\n    return cluster\n")
    ],
    "frees the slot of the page of interest": [("swblk + 1, cluster.npages - 1", "swblk, cluster.npages")],
    "frees one slot too few": [("cluster.npages - 1)", "cluster.npages - 2)")],
    "frees one slot too many": [("cluster.npages - 1)", "cluster.npages)")],
    "frees from the first slot on": [("swblk + 1, ", "swblk, ")],
    "keeps a slot for nobody": [("k.swap_free(swblk, cluster.npages)", "k.swap_free(swblk + 1, cluster.npages - 1)")],
    "frees nothing": [
        ("k.swap_free(swblk + 1, cluster.npages - 1)", "pass"), ("k.swap_free(swblk, cluster.npages)", "pass"),
    ],
    "frees each page's own slot": [
        ("        if page is pg:\n            continue\n", "        if page is pg:\n            continue\n        if page.uanon:\n            k.swap_free(page.uanon.an_swslot, 1)\n")
    ],
    "keeps the slot that the page of interest had": [
        ("k.swap_free(swblk + 1, cluster.npages - 1)", "[k.swap_free(swblk + i, 1) for i, page in enumerate(cluster.pages) if page is not pg]")
    ],
    "anons do not forget": [("page.uanon.an_swslot = 0", "pass")],
    "aobjs do not forget": [("k.uao_set_swslot(page.uobject, page.offset // PAGE_SIZE, 0)", "pass")],
    "the page of interest is made to forget, too": [
        ("        if page is pg:\n            continue\n", ""), ("    if pg is not None:\n        if pg.pqflags", "    if False:\n        if pg.pqflags"),
    ],
    "the page of interest keeps the name of its old slot": [("    if pg is not None:\n        if pg.pqflags", "    if False:\n        if pg.pqflags")],
    "the page of interest gets the second slot": [("pg.uanon.an_swslot = swblk", "pg.uanon.an_swslot = swblk + 1")],
    "only an anon of interest gets the slot": [("k.uao_set_swslot(pg.uobject, pg.offset // PAGE_SIZE, swblk)", "pass")],
    "names an aobj's page by its offset": [("page.offset // PAGE_SIZE, 0", "page.offset, 0")],
    "names an aobj's page of interest by its offset": [("pg.offset // PAGE_SIZE, swblk", "pg.offset, swblk")],
    "takes all owners for anons": [("if page.pqflags & PQ_ANON:", "if True:")],
    "takes a page for an anon's when anything is set": [("if page.pqflags & PQ_ANON:", "if page.pqflags:")],
    "stops at the page of interest": [("continue", "break")],
    "forgets the last page": [("in cluster.pages:", "in cluster.pages[:-1]:")],
    "forgets the first page": [("in cluster.pages:", "in cluster.pages[1:]:")],
    "gives the slot first, and forgets it again": [
        ("    for page in cluster.pages:\n        if page is pg:\n            continue\n", "    if pg is not None:\n        if pg.pqflags & PQ_ANON:\n            pg.uanon.an_swslot = swblk\n    for page in cluster.pages:\n"),
        ("    if pg is not None:\n        if pg.pqflags & PQ_ANON:\n            pg.uanon.an_swslot = swblk\n        else:\n            k.uao_set_swslot(pg.uobject, pg.offset // PAGE_SIZE, swblk)\n", ""),
    ],
}  # fmt: skip

LAST = "    if pg is not None and not flags & PGO_PDFREECLUST:"
CLEARS = "        k.clear(page, PG_BUSY | PG_WANTED)\n        k.page_own(page, None)\n"
UNLOCKS = """        if uobj is None:
            if page.pqflags & PQ_ANON:
                k.unlock(page.uanon.an_lock)
            else:
                k.unlock(page.uobject.vmobjlock)
"""
PDFREE = """        if flags & PGO_PDFREECLUST:
            k.pmap_clear_reference(page)
            k.pmap_clear_modify(page)
            k.set(page, PG_CLEAN)
"""
SKIPS = "        if page is pg:\n            continue\n"

DROPCLUSTER = {
    "returns the cluster": [
        ("                k.unlock(pg.uobject.vmobjlock)\n", "                k.unlock(pg.uobject.vmobjlock)\n    return cluster\n")
    ],
    "takes the page away from its anon": [
        ("                    page.uanon.an_swslot = 0\n", "                    page.uanon.an_swslot = 0\n                    page.uanon.u_page = None\n")
    ],
    "lets go of the page of interest after a success": [(SKIPS, "        if page is pg and not flags & PGO_PDFREECLUST:\n            continue\n")],
    "wakes when the owner is unlocked already": [
        ("        if page.flags & PG_WANTED:\n            k.wakeup(page)\n", "        wanted = page.flags & PG_WANTED\n"),
        (UNLOCKS, UNLOCKS + "        if wanted:\n            k.wakeup(page)\n"),
    ],
    "wakes twice": [("            k.wakeup(page)\n", "            k.wakeup(page)\n            k.wakeup(page)\n")],
    "makes the cluster the page of interest before it walks": [
        ("    for page in cluster.pages:", "    if pg is not None and not flags & PGO_PDFREECLUST:\n        cluster.npages = 1\n    for page in cluster.pages:")
    ],
    "takes all owners for such as the first page has": [
        ("            if page.pqflags & PQ_ANON:\n                k.lock(page.uanon.an_lock)", "            if cluster.pages[0].pqflags & PQ_ANON:\n                k.lock(page.uanon.an_lock)")
    ],
    "makes pages dirty after an error": [(CLEARS, CLEARS + "        if flags & PGO_REALLOCSWAP:\n            k.clear(page, PG_CLEAN)\n")],
    "marks released pages clean, too": [
        ("        if page.flags & PG_RELEASED:\n", "        if page.flags & PG_RELEASED:\n            if flags & PGO_PDFREECLUST:\n                k.set(page, PG_CLEAN)\n")
    ],
    "clears BUSY on the page of interest": [(SKIPS, "        if page is pg:\n            k.clear(page, PG_BUSY)\n            continue\n")],
    "treats the page of interest as any other": [(SKIPS, "")],
    "stops at the page of interest": [(SKIPS, "        if page is pg:\n            break\n")],
    "frees the slot of the page of interest": [("swblk + 1, cluster.npages - 1", "swblk, cluster.npages")],
    "frees one slot too few": [("cluster.npages - 1)", "cluster.npages - 2)")],
    "frees slots after a success, too": [("if uobj is None and flags & PGO_REALLOCSWAP:\n        if pg is not None:\n            k.swap_free", "if uobj is None:\n        if pg is not None:\n            k.swap_free")],
    "frees slots of an object's cluster": [("if uobj is None and flags & PGO_REALLOCSWAP:\n        if pg is not None:\n            k.swap_free", "if flags & PGO_REALLOCSWAP:\n        if pg is not None:\n            k.swap_free")],
    "anons do not forget their slots": [("page.uanon.an_swslot = 0", "pass")],
    "anons forget their slots after a success, too": [("                if flags & PGO_REALLOCSWAP:\n                    page.uanon", "                if True:\n                    page.uanon")],
    "aobjs forget their slots after a success, too": [("                if flags & PGO_REALLOCSWAP:\n                    k.uao", "                if True:\n                    k.uao")],
    "forgets all slots before it locks anybody": [
        ("    for page in cluster.pages:", "    for page in cluster.pages if uobj is None and flags & PGO_REALLOCSWAP else ():\n        if page is not pg and page.pqflags & PQ_ANON:\n            page.uanon.an_swslot = 0\n    for page in cluster.pages:")
    ],
    "clears BUSY before it locks": [
        ("        if uobj is None:\n            if page.pqflags & PQ_ANON:\n                k.lock(page", "        if not page.flags & PG_RELEASED:\n            k.clear(page, PG_BUSY)\n        if uobj is None:\n            if page.pqflags & PQ_ANON:\n                k.lock(page")
    ],
    "marks the page clean before it locks": [
        ("        if uobj is None:\n            if page.pqflags & PQ_ANON:\n                k.lock(page", "        if flags & PGO_PDFREECLUST and not page.flags & PG_RELEASED:\n            k.set(page, PG_CLEAN)\n        if uobj is None:\n            if page.pqflags & PQ_ANON:\n                k.lock(page")
    ],
    "gives the slot before it locks the owner": [
        ("                k.lock(pg.uanon.an_lock)\n                pg.uanon.an_swslot = swblk\n", "                pg.uanon.an_swslot = swblk\n                k.lock(pg.uanon.an_lock)\n")
    ],
    "locks nobody": [
        ("        if uobj is None:\n            if page.pqflags & PQ_ANON:\n                k.lock(page.uanon.an_lock)", "        if uobj is None:\n            if page.pqflags & PQ_ANON:\n                pass"),
        ("                k.lock(page.uobject.vmobjlock)\n                if", "                if"),
    ],
    "locks the owner of an object's page again": [("        if uobj is None:\n            if page.pqflags & PQ_ANON:\n                k.lock(page", "        if True:\n            if page.pqflags & PQ_ANON:\n                k.lock(page")],
    "forgets to unlock the owner": [(UNLOCKS, "")],
    "unlocks the owner too early": [(CLEARS, UNLOCKS + CLEARS), (PDFREE + UNLOCKS, PDFREE)],
    "makes the page idle when its owner is unlocked already": [
        (CLEARS, "        k.page_own(page, None)\n"), (UNLOCKS, UNLOCKS + "        k.clear(page, PG_BUSY | PG_WANTED)\n"),
    ],
    "marks the page clean when its owner is unlocked already": [
        ("            k.set(page, PG_CLEAN)\n", ""), (UNLOCKS, UNLOCKS + "        if flags & PGO_PDFREECLUST:\n            k.set(page, PG_CLEAN)\n"),
    ],
    "wakes nobody": [("k.wakeup(page)", "pass")],
    "wakes everybody": [("if page.flags & PG_WANTED:", "if True:")],
    "forgets who waits for a page that was released": [
        ("        if page.flags & PG_WANTED:\n            k.wakeup(page)\n", ""),
        (CLEARS, "        if page.flags & PG_WANTED:\n            k.wakeup(page)\n" + CLEARS),
    ],
    "wakes for the page of interest": [(SKIPS, "        if page is pg:\n            if page.flags & PG_WANTED:\n                k.wakeup(page)\n            continue\n")],
    "leaves WANTED": [("PG_BUSY | PG_WANTED", "PG_BUSY")],
    "leaves BUSY": [("PG_BUSY | PG_WANTED", "PG_WANTED")],
    "clears all flags": [("k.clear(page, PG_BUSY | PG_WANTED)", "page.flags = 0")],
    "keeps the owner tag": [(CLEARS, "        k.clear(page, PG_BUSY | PG_WANTED)\n")],
    "does not free what was released": [("if page.flags & PG_RELEASED:", "if False:")],
    "frees every page": [("if page.flags & PG_RELEASED:", "if True:")],
    "goes on with a page that was freed": [("                    k.panic(\"uvm_pager_dropcluster: object died with active page\")\n            continue\n", "                    k.panic(\"uvm_pager_dropcluster: object died with active page\")\n")],
    "the slip of 655: frees an anon with its lock held": [("                k.unlock(anon.an_lock)\n", "")],
    "frees the anon, then unlocks it": [
        ("                k.unlock(anon.an_lock)\n                k.anfree(anon)\n", "                k.anfree(anon)\n                k.unlock(anon.an_lock)\n")
    ],
    "leaves a released anon's page busy": [("                k.clear(page, PG_BUSY)\n", "")],
    "leaves a released anon's page mapped": [("                k.pmap_page_protect(page, VM_PROT_NONE)\n", "")],
    "leaves a released anon's page its owner tag": [("                k.page_own(page, None)\n                k.pmap", "                k.pmap")],
    "frees the anon's page and not the anon": [("k.anfree(anon)", "pass")],
    "the slip of 667: releases the page of interest": [("k.releasepg(owner, page)", "k.releasepg(owner, pg)")],
    "forgets the object's lock after release": [("                    if owner is not uobj:\n                        k.unlock(owner.vmobjlock)\n", "                    pass\n")],
    "unlocks the caller's object after release": [("if owner is not uobj:", "if True:")],
    "unlocks an object that died": [("                if k.releasepg(owner, page):\n", "                k.releasepg(owner, page)\n                if True:\n")],
    "says nothing of an object that died (DIAGNOSTIC)": [("elif uobj is not None and k.diagnostic:", "elif False:")],
    "panics for an object that died, DIAGNOSTIC or not": [("elif uobj is not None and k.diagnostic:", "elif uobj is not None:")],
    "panics for an owner that died in swap": [("elif uobj is not None and k.diagnostic:", "elif k.diagnostic:")],
    "asks the owner of a freed page": [("k.unlock(owner.vmobjlock)", "k.unlock(page.uobject.vmobjlock)")],
    "does not mark the pages clean": [("k.set(page, PG_CLEAN)", "pass")],
    "marks the pages clean after an error": [("        if flags & PGO_PDFREECLUST:\n            k.pmap", "        if True:\n            k.pmap")],
    "keeps the modify bit": [("            k.pmap_clear_modify(page)\n", "")],
    "keeps the reference bit": [("            k.pmap_clear_reference(page)\n", "")],
    "marks the page of interest clean, too": [(SKIPS, "        if page is pg:\n            if flags & PGO_PDFREECLUST:\n                k.set(page, PG_CLEAN)\n            continue\n")],
    "leaves the cluster as it was": [("        k.plug(cluster, cluster.first, pg)\n        cluster.npages = 1\n", "")],
    "leaves the first page in the cluster": [("        k.plug(cluster, cluster.first, pg)\n", "")],
    "leaves the count of the cluster": [("        cluster.npages = 1\n", "")],
    "puts the page of interest at the head of the array": [("k.plug(cluster, cluster.first, pg)", "k.plug(cluster, 0, pg)")],
    "makes the cluster the page of interest after a success, too": [(LAST, "    if pg is not None:")],
    "forgets that there may be no page of interest": [(LAST, "    if not flags & PGO_PDFREECLUST:")],
    "the page of interest gets no slot": [("        if uobj is None and flags & PGO_REALLOCSWAP:\n            if pg", "        if False:\n            if pg")],
    "the page of interest gets the second slot": [("pg.uanon.an_swslot = swblk", "pg.uanon.an_swslot = swblk + 1")],
    "gives the slot without the owner's lock": [("                k.lock(pg.uanon.an_lock)\n", ""), ("                k.unlock(pg.uanon.an_lock)\n", "")],
    "gives the slot when the owner is unlocked already": [
        ("                pg.uanon.an_swslot = swblk\n                k.unlock(pg.uanon.an_lock)\n", "                k.unlock(pg.uanon.an_lock)\n                pg.uanon.an_swslot = swblk\n")
    ],
    "forgets to unlock the owner of the page of interest": [("                k.unlock(pg.uobject.vmobjlock)\n", "")],
    "sleeps": [("    for page in cluster.pages:\n", "    yield\n    for page in cluster.pages:\n")],
}  # fmt: skip

ACCOUNT = {
    "takes new for freed": [("was - now", "now - was")],
    "calls freed what is not named": [("sorted(was - now)", "sorted(was - named)")],
    "keeps what was there before": [("was & now", "was")],
    "keeps what is there after": [("was & now", "now")],
    "calls new all that is there": [('"new": sorted(now - was)', '"new": sorted(now)')],
    "looks for what is lost before the put": [('after["named"]', 'before["named"]')],
    "calls lost what was allocated and is not named": [("now - named", "was - named")],
    "looks for lost slots among the new ones": [("now - named", "now - was - named")],
    "looks for lost slots among those kept": [("now - named", "(now & was) - named")],
    "calls lost what is named and not allocated": [("now - named", "named - now")],
    "calls lost what is either allocated or named": [("now - named", "now ^ named")],
    "takes the names for the slots": [("slot for slot, who", "who for slot, who")],
    "leaves out what is empty": [("    return {", "    return {what: slots for what, slots in {"), ('"lost": sorted(now - named),\n    }', '"lost": sorted(now - named),\n    }.items() if slots}')],
    "counts": [("sorted(was - now)", "len(was - now)")],
    "leaves sets": [("sorted(was - now)", "was - now")],
    "does not sort": [("sorted(was - now)", "[slot for slot in before['allocated'] if slot not in now]")],
    "says freed slots as they stood": [("sorted(was & now)", "[slot for slot in after['allocated'] if slot in was]")],
    "forgets lost": [('        "lost": sorted(now - named),\n', "")],
}  # fmt: skip


# Predictions: of slots that a put of all pages frees, the page of interest the last of them


def slots(seen):
    return seen.state.allocated


def others(seen):
    owners = [page.owner for page in seen.state.pages.values()]
    return [slot for slot, owner in zip(slots(seen), owners, strict=True) if owner != owners[-1]]


FREED = {
    "all of them": lambda seen: [*slots(seen)],
    "the page of interest keeps the slot that it had": lambda seen: [*slots(seen)][:-1],
    "one too few": lambda seen: [*slots(seen)][2:],
    "none": lambda seen: [],
    "that of the page of interest": lambda seen: [*slots(seen)][-1:],
    "those of anons": lambda seen: [anon.swslot for anon in seen.state.anons.values()],
    "those of aobjs": lambda seen: [
        slot for each in seen.state.objects.values() for slot in each.swslots.values()
    ],
    "those of all owners but that of the page of interest": others,
    "how many": lambda seen: len(slots(seen)) - 1,
}


# Worlds to build

FIVE = {
    "five pages: one slot is kept": world(swap=5).anons(5, slot=1).disk("ERROR"),
    "seven pages": world(swap=7).anons(7, slot=1).disk("ERROR"),
    "the disk says OK": world(swap=6).anons(6, slot=1),
    "the disk says no the second time": world(swap=6).anons(6, slot=1).disk("OK", "ERROR"),
    "the disk puts it off": world(swap=6).anons(6, slot=1).disk("PEND"),
    "there is no swap": world().vnode("f0", pages=6).disk("ERROR"),
    "there is nothing": world(swap=0).disk("ERROR"),
    "the slots are not in a row": world(swap=6).anons(3, slot=4).anons(3, slot=1).disk("ERROR"),
    "the pages have no slots": world(swap=6).anons(6).disk("ERROR"),
    "five were freed because they were released": world(swap=6).anons(6, slot=1).page("p1 p2 p3 p4 p5", flags="RELEASED"),
    "there is a free page among them": world(swap=6).anons(6, slot=1).free(1).disk("ERROR"),
    "the last slot is free": world(swap=7).anons(6, slot=1).disk("ERROR"),
    "the first slot is free": world(swap=7).anons(6, slot=2).disk("ERROR"),
    "it is the run": world(swap=6).anons(6, slot=1).disk("ERROR").machine().pager_put("p0 p1 p2 p3 p4 p5", pg="p0"),
    "it is the number of slots": 5,
}  # fmt: skip

WRONG = {
    "06-freed": FREED,
    "06-swap-side": (give_up_as_in_c, GIVE_UP),
    "06-dropcluster": (dropcluster_as_in_c, DROPCLUSTER),
    "06-five": FIVE,
    "06-account": (account_by_sets, ACCOUNT),
}
