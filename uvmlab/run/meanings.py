"""What single words of the kernel mean: locks, answers, flags, panics, protections, rules."""

from typing import Final

LOCKS: Final = {  # by kind: what it guards
    "pageq": "the page queues",
    "obj": "object {}",
    "anon": "anon {}",
    "pager_map_wanted": "the flag pager_map_wanted",
    "map": "the pager map",
}
ANSWERS: Final = {
    "OK": "all of it is on the disk",
    "PEND": "the write is under way, and ends later",
    "ERROR": "the disk has failed",
    "AGAIN": "not now, but it may be tried again later",
    "BAD": "this cannot be written there",
    "FAIL": "the write did not work",
}
FLAGS: Final = {  # when it is set, when it is cleared
    "CLEAN": (
        "memory and disk hold the same",
        "it was written to, so memory is newer than the disk",
    ),
    "BUSY": ("nobody else may touch it now", "others may use it again"),
    "WANTED": ("somebody waits for it", "nobody waits for it any more"),
    "TABLED": ("it has an owner", "it has no owner any more"),
    "FAKE": ("its contents are not there yet", "its contents are there"),
    "RELEASED": ("its owner has given it up", "its owner has not given it up"),
    "CLEANCHK": ("its CLEAN flag can be trusted now", "its CLEAN flag has to be checked again"),
}
PANICS: Final = {  # how the text begins: what is wrong
    "null dereference": "a pointer that leads nowhere was followed",
    "locking against myself": "the thread waits for a lock that it holds itself, so for ever",
    "spinning for ever on": "another processor holds the lock and does not give it back",
    "unlocking a lock not held": "nobody holds that lock",
    "sleeping with a simple lock held": "whoever wants the lock would have to wait for a sleeper",
    "freeing free page": "the page is free already",
    "swap_free of a free slot": "the slot is free already",
    "releasepg: page not released": "nobody has given that page up",
    "written outside the cluster array": "something else in memory would have been overwritten",
    "mk_pcluster: center outside the cluster": "the center page is not within the range",
    "uvm_pagermapin: page not busy": "somebody might take the page away during the I/O",
    "uvm_shareprot: non-object attached": "the map entry has no object, so there are no pages",
    "uvm_pager_dropcluster: no releasepg function": "this pager cannot free the page",
    "uvm_pager_dropcluster: object died with active page": "the object was still in use",
}
RULES: Final = {  # of lines 428-443
    1: "the answer is the disk's, and no object is locked",
    3: "an object comes back locked because of PGO_PDFREECLUST, but not if the answer is PEND",
    4: "the cluster has been dropped, so that only the page of interest, if there is one, is still busy",
    5: "the whole cluster is still busy",
}
PROTECTED: Final = {
    "NONE": "loses all its mappings, so that nobody gets at it any more",
    "READ": "can only be read through its mappings from now on",
    "ALL": "keeps its mappings as they are",
}
