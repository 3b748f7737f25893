"""Wrong answers to exercise 04, each named for its mistake.

Code: a right answer with some words changed.  A prediction: what the mistake makes of a learner's world.
"""

from itertools import product

from tests.kill_matrix.right04 import bounds_in_two_loops, mk_pcluster_as_in_c
from uvmlab.run import world

BOUNDS = {
    "off by one at the upper bound": [("stop < hi", "stop <= hi")],
    "off by one at the lower bound": [("first > lo", "first >= lo")],
    "forgets the upper limit": [("stop < hi", "stop < len(takes)")],
    "forgets the lower limit": [("first > lo", "first > 0")],
    "asks the page itself, not the next one back": [("takes[first - 1]", "takes[first]")],
    "asks the page itself, not the next one ahead": [("takes[stop]", "takes[stop - 1]")],
    "leaves out a center that will not go": [
        ("first, stop = center, center + 1", "first, stop = center, center + takes[center]")
    ],
    "returns the last page, not the one behind it": [("[first, stop]", "[first, stop - 1]")],
    "returns where it begins and how long it is": [("[first, stop]", "[first, stop - first]")],
    "takes the page that ends the walk ahead": [
        ("[first, stop]", "[first, min(stop + 1, hi)]"),
    ],
    "takes the page that ends the walk back": [("[first, stop]", "[max(first - 1, lo), stop]")],
    "goes ahead only": [("first -= 1", "break")],
    "goes back only": [("stop += 1", "break")],
    "jumps over what will not go": [
        ("    while first > lo and takes[first - 1]:", "    while first > lo and any(takes[lo:first]):"),
        ("    while stop < hi and takes[stop]:", "    while stop < hi and any(takes[stop:hi]):"),
    ],
    "takes the whole range": [("[first, stop]", "[lo, hi]")],
    "answers in bytes": [("[first, stop]", "[first * 4096, stop * 4096]")],
    "returns a text": [("[first, stop]", "f'{first} {stop}'")],
    "returns a set": [("[first, stop]", "{first, stop}")],
    "returns numbers that are not whole": [("[first, stop]", "[first / 1, stop / 1]")],
    "returns False for page 0": [("[first, stop]", "[first > 0 and first, stop]")],
}  # fmt: skip

MK_PCLUSTER = {
    "asks the pager for the window at the file's head": [
        ("k.pgo_cluster(uobj, center.offset)", "k.pgo_cluster(uobj, 0)")
    ],
    "counts the pages in memory, not those of the range": [
        ("(hi - lo) // PAGE_SIZE >", "len([each for each in range(lo, hi, PAGE_SIZE) if k.pagelookup(uobj, each)]) >")
    ],
    "fills a small array": [
        ("    if (hi - lo) // PAGE_SIZE > cluster.npages:", "    room = cluster.npages\n    if False:"),
        ("while lo <= offset < hi:", "while lo <= offset < hi and cluster.npages < room:"),
    ],
    "treats an active center as any other page": [
        ("    for forward in", "    if not center.pqflags & PQ_INACTIVE and not flags & PGO_DOACTCLUST:\n        return cluster\n    for forward in")
    ],
    "treats a clean center as any other page": [
        ("    for forward in", "    if center.flags & PG_CLEAN:\n        return cluster\n    for forward in")
    ],
    "makes the center dirty": [
        ("    for forward in", "    k.clear(center, PG_CLEAN)\n    for forward in")
    ],
    "sets BUSY and clears all other flags": [("k.set(page, PG_BUSY)", "page.flags = PG_BUSY")],
    "takes the pages off their queue": [
        ("k.set(page, PG_BUSY)", "page.pqflags = 0\n            k.set(page, PG_BUSY)")
    ],
    "takes the pages off the object's own list": [
        ("k.set(page, PG_BUSY)", "uobj.memq.pop(page.offset)\n            k.set(page, PG_BUSY)")
    ],
    "compiles the kernel with DIAGNOSTIC": [
        ("    cluster.first = (", "    k.diagnostic = True\n    cluster.first = (")
    ],
    "compiles it so behind the table's back": [
        ("    cluster.first = (", "    vars(k)['diagnostic'] = True\n    cluster.first = (")
    ],
    "throws the lock of the page queues away": [
        ("    cluster.first = (", "    k.pageq = None\n    cluster.first = (")
    ],
    "takes a call off the table": [("    cluster.first = (", "    del k.wakeup\n    cluster.first = (")],
    "off by one at the upper bound": [("lo <= offset < hi", "lo <= offset <= hi")],
    "off by one at the lower bound": [("lo <= offset < hi", "lo < offset < hi")],
    "ignores the limits of the caller": [("if not flags & PGO_ALLPAGES:", "if False:")],
    "applies the limits of the caller always": [("if not flags & PGO_ALLPAGES:", "if True:")],
    "applies the limits of the caller just when it may not": [("if not flags &", "if flags &")],
    "widens the window to the caller's limits": [("max(lo, mlo)", "min(lo, mlo)")],
    "forgets the pager's window": [
        ("lo = max(lo, mlo)", "lo = mlo"), ("hi = min(hi, mhi)", "hi = mhi"),
    ],
    "says the array is too small when it just fits": [
        ("PAGE_SIZE > cluster.npages", "PAGE_SIZE >= cluster.npages")
    ],
    "forgets to ask whether the array is large enough": [
        ("if (hi - lo) // PAGE_SIZE > cluster.npages:", "if False:")
    ],
    "says nothing of a small array (DIAGNOSTIC)": [("if k.diagnostic:", "if False:")],
    "always complains of a small array": [("if k.diagnostic:", "if True:")],
    "leaves the room in the count of a small array": [
        ("        cluster.npages = 1\n        return cluster", "        return cluster")
    ],
    "leaves the room in the count": [
        ("center)\n    cluster.npages = 1\n    for", "center)\n    for")
    ],
    "puts the center at the head of the array": [("k.plug(cluster, cluster.first, center)", "k.plug(cluster, 0, center)")],
    "goes on behind a hole": [
        ("            if page is None:\n                break", "            if page is None:\n                offset += PAGE_SIZE if forward else -PAGE_SIZE\n                continue")
    ],
    "goes on behind a clean or busy page": [
        ("            if page.flags & (PG_CLEAN | PG_BUSY):\n                break", "            if page.flags & (PG_CLEAN | PG_BUSY):\n                offset += PAGE_SIZE if forward else -PAGE_SIZE\n                continue")
    ],
    "takes busy pages": [("page.flags & (PG_CLEAN | PG_BUSY):", "page.flags & PG_CLEAN:")],
    "takes clean pages": [("page.flags & (PG_CLEAN | PG_BUSY):", "page.flags & PG_BUSY:")],
    "takes active pages, asked to or not": [("if not flags & PGO_DOACTCLUST:", "if False:")],
    "takes no active page": [("if not flags & PGO_DOACTCLUST:", "if True:")],
    "takes an idle page for active only when it is on that queue": [
        ("not page.pqflags & PQ_INACTIVE", "page.pqflags & 4")
    ],
    "asks for the modify bit each time": [("if not page.flags & PG_CLEANCHK:", "if True:")],
    "never asks for the modify bit": [("if k.pmap_is_modified(page):", "if False:")],
    "takes each checked page for written": [("if k.pmap_is_modified(page):", "if True:")],
    "asks busy pages for the modify bit": [
        ("page.flags & (PG_CLEAN | PG_BUSY) == PG_CLEAN", "page.flags & PG_CLEAN")
    ],
    "forgets that it has checked": [("k.set(page, PG_CLEANCHK)", "pass")],
    "notes the check only when the page was written": [
        ("                            k.clear(page, PG_CLEAN)\n                    k.set(page, PG_CLEANCHK)",
         "                            k.clear(page, PG_CLEAN)\n                            k.set(page, PG_CLEANCHK)")
    ],
    "leaves a written page clean": [("k.clear(page, PG_CLEAN)", "pass")],
    "forgets to make the pages busy": [("k.set(page, PG_BUSY)", "pass")],
    "makes a page busy before it knows that it goes along": [
        ("            if page is None:\n                break", "            if page is None:\n                break\n            was = page.flags\n            k.set(page, PG_BUSY)"),
        ("            if page.flags & (PG_CLEAN | PG_BUSY):", "            if was & (PG_CLEAN | PG_BUSY):"),
    ],
    "forgets to say who made them busy": [('k.page_own(page, "uvm_mk_pcluster")', "pass")],
    "says so of the center, too": [
        ("    for forward in", '    k.page_own(center, "uvm_mk_pcluster")\n    for forward in')
    ],
    "forgets to write-protect": [("k.pmap_page_protect(page, VM_PROT_READ)", "pass")],
    "takes away all access": [("VM_PROT_READ", "0")],
    "goes ahead only": [("(False, True)", "(True,)")],
    "goes back only": [("(False, True)", "(False,)")],
    "the stride slip": [
        ("offset = center.offset + (PAGE_SIZE if forward else -PAGE_SIZE)", "offset = center.offset + PAGE_SIZE * forward and 1 or -1")
    ],
    "does not move the beginning back": [("cluster.first -= 1", "pass")],
    "appends the pages in the order found": [
        ("            if forward:\n", "            if True:\n")
    ],
    "counts backward pages only": [
        ("            cluster.npages += 1\n", "            if not forward:\n                cluster.npages += 1\n")
    ],
    "returns a list of pages": [("            offset += PAGE_SIZE if forward else -PAGE_SIZE\n    return cluster", "            offset += PAGE_SIZE if forward else -PAGE_SIZE\n    return list(cluster.pages)")],
    "returns nothing": [("            offset += PAGE_SIZE if forward else -PAGE_SIZE\n    return cluster", "            offset += PAGE_SIZE if forward else -PAGE_SIZE")],
    "unlocks the object at its end": [
        ("            offset += PAGE_SIZE if forward else -PAGE_SIZE\n    return cluster", "            offset += PAGE_SIZE if forward else -PAGE_SIZE\n    k.unlock(uobj.vmobjlock)\n    return cluster")
    ],
    "walks on for ever": [("            offset += PAGE_SIZE if forward else -PAGE_SIZE\n    return", "            offset = offset\n            k.clear(page, PG_BUSY)\n    return")],
}  # fmt: skip


# Predictions


def window(uobj, center):
    lo = center - center % uobj.window
    return range(lo, min(lo + uobj.window, uobj.size))


def around(uobj, center):
    return range(center - uobj.window // 2, center + uobj.window // 2)


def walked(seen, centers, goes, *, within=window, over=(), along=False, ways=(-1, 1)):
    """Walk out from pages as somebody does who makes a mistake: `goes` says which pages go along.

    `within`: the range; `over`: which other pages the walk goes on behind; `along`: is what ends it taken, too.
    """
    (uobj,) = seen.state.objects.values()
    pages = {page.index: page for page in seen.state.pages.values()}
    found = [*centers]
    for center, way in product(centers, ways):
        i = center + way
        while i in within(uobj, center):
            page = pages.get(i)
            if goes(page):
                found.append(i)
            elif not over or not over(page):
                found += [i] * along
                break
            i += way
    return found


def idle(page):
    return page is not None and not page.flags and "INACTIVE" in page.pqflags


def written(page):
    """Whether it goes along when active ones may."""
    asked = page.modified and "CLEANCHK" not in page.flags
    return not page.flags or asked


def any_page(page):
    return True


TWO, ONE = (5, 11), (5,)  # the centers
FEW = {
    "goes ahead only": lambda seen: walked(seen, TWO, idle, ways=(1,)),
    "goes back only": lambda seen: walked(seen, TWO, idle, ways=(-1,)),
    "builds the first cluster only": lambda seen: walked(seen, ONE, idle),
    "forgets the pager's window": lambda seen: walked(seen, TWO, idle, within=lambda uobj, _: range(uobj.size)),
    "puts the window around the center": lambda seen: walked(seen, TWO, idle, within=around),
    "takes the whole window": lambda seen: walked(seen, TWO, any_page),
    "takes busy pages": lambda seen: walked(seen, TWO, lambda page: page and "CLEAN" not in page.flags),
    "takes clean pages": lambda seen: walked(seen, TWO, lambda page: page and "BUSY" not in page.flags),
    "goes on behind a hole": lambda seen: walked(seen, TWO, idle, over=lambda page: page is None),
    "goes on behind a busy page": lambda seen: walked(seen, TWO, idle, over=lambda page: page and "BUSY" in page.flags),
    "goes on behind a clean page": lambda seen: walked(seen, TWO, idle, over=lambda page: page and "CLEAN" in page.flags),
    "goes on behind what will not go": lambda seen: walked(seen, TWO, idle, over=any_page),
    "takes what ends the walk": lambda seen: walked(seen, TWO, idle, along=True),
    "leaves the centers out": lambda seen: walked(seen, TWO, idle)[2:],
    "numbers the pages of the clusters": lambda seen: [*range(len(walked(seen, TWO, idle)))],
    "says how many": lambda seen: len(walked(seen, TWO, idle)),
}  # fmt: skip

ACTIVE = {
    "goes ahead only": lambda seen: walked(seen, ONE, written, ways=(1,)),
    "goes back only": lambda seen: walked(seen, ONE, written, ways=(-1,)),
    "stops at each active page": lambda seen: walked(seen, ONE, idle),
    "takes each active page": lambda seen: walked(seen, ONE, lambda page: page is not None),
    "believes CLEAN": lambda seen: walked(seen, ONE, lambda page: not page.flags),
    "believes the modify bit alone": lambda seen: walked(seen, ONE, lambda page: idle(page) or page.modified),
    "takes what has not been checked": lambda seen: walked(seen, ONE, lambda page: "CLEANCHK" not in page.flags),
    "takes what has been checked": lambda seen: walked(seen, ONE, lambda page: written(page) or "CLEANCHK" in page.flags),
    "asks for the modify bit of a page that says CLEANCHK": lambda seen: walked(
        seen, ONE, lambda page: not page.flags or page.modified
    ),
    "takes what ends the walk": lambda seen: walked(seen, ONE, written, along=True),
    "goes on behind what will not go": lambda seen: walked(seen, ONE, written, over=any_page),
    "leaves the center out": lambda seen: walked(seen, ONE, written)[1:],
}  # fmt: skip


# Worlds to build

SMALLEST = {
    "there is no page": world().vnode("f0", pages=0),
    "there is one page": world().vnode("f0", pages=1),
    "there are three pages": world().vnode("f0", pages=3),
    "the neighbour is busy": world().vnode("f0", pages=2).page("p0 p1", flags="BUSY"),
    "the neighbour is clean": world().vnode("f0", pages=2).page("p0 p1", flags="CLEAN"),
    "the neighbour is active": world().vnode("f0", pages=2, queue="ACTIVE"),
    "there is a hole between the two": world().vnode("f0", pages=[0, 2]),
    "the window ends between the two": world().vnode("f0", pages=[3, 4], window=4),
    "the window is of one page": world().vnode("f0", pages=2, window=1),
    "the file is another one": world().vnode("f1", pages=2),
    "there is a second file": world().vnode("f0", pages=2).vnode("f1", pages=1),
    "there is an anon, too": world(swap=9).vnode("f0", pages=2).anons(1, slot=1),
    "there are free pages, too": world().vnode("f0", pages=2).free(1),
    "it is shared memory, and no file": world().aobj("o0", pages=2),
    "it is the machine": world().vnode("f0", pages=2).machine(),
    "it is the number of pages": 2,
}

WRONG = {
    "04-foresee": FEW,
    "04-active": ACTIVE,
    "04-bounds": (bounds_in_two_loops, BOUNDS),
    "04-mk_pcluster": (mk_pcluster_as_in_c, MK_PCLUSTER),
    "04-smallest": SMALLEST,
}
