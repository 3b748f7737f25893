"""A step in one or two plain sentences: what happens, at which line, why, and what changed.

Every event, every note and every reason has its words here.  Nothing is decided anew: a note's own arguments
say why something was done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from uvmlab.kernel import PAGE_SIZE, Step
from uvmlab.run.changed import changed, names
from uvmlab.run.meanings import ANSWERS, FLAGS, LOCKS, PANICS, PROTECTED, RULES
from uvmlab.run.moment import Changes
from uvmlab.run.source import table


def explain(step: Step, changes: Changes = ()) -> str:
    """Say a step in one or two plain sentences.

    >>> from uvmlab.kernel import Step
    >>> explain(Step("note", 621, ("skip", "p3")))
    'p3 is skipped: it is the page of interest (line 621).'
    """
    where = f" (line {step.line})" if step.line else ""
    said = changed(changes)
    return f"{_happens(step)}{where}." + f" Changed: {said}." * bool(said)


def _happens(step: Step) -> str:
    words, args = SAID.get(step.kind), list(step.args)
    if step.kind == "note" and args:
        row = table().get(step.line or 0)
        why = str(args.pop(0))
        words = NOTED.get(f"{row.function if row else ''} {why}") or NOTED.get(why)
    if words is not None:
        # A learner's own function may note anything, and so may a file that somebody has edited.
        with suppress(TypeError, KeyError, ValueError, AttributeError, IndexError):
            return words(*args)
    return " ".join([step.kind, *("nothing" if arg is None else str(arg) for arg in step.args)])


# Parts of sentences


def guarded(lock: str) -> str:
    """Name what a lock guards."""
    kind, _, whose = lock.partition(":")
    return LOCKS[kind].format(whose)


def count(n: Any, noun: str = "page") -> str:
    """Count things: `1 page`, `5 pages`."""
    return f"{n} {noun}{'s' * (n != 1)}"


def at(offset: Any) -> str:
    """Say an offset in bytes, and which page of the object begins there."""
    whole = isinstance(offset, int) and offset % PAGE_SIZE == 0
    return f"offset {offset}" + (f", page {offset // PAGE_SIZE}" if whole else "")


def slots(first: int, n: int) -> str:
    """Name slots in a row."""
    return f"slot {first}" if n == 1 else f"slots {first} to {first + n - 1}"


def rows(page: int, n: int) -> str:
    """Name pages of the arena in a row."""
    return f"pager map page {page}" if n == 1 else f"pager map pages {page} to {page + n - 1}"


def _put(where: str, pages: list[str], flags: list[str], answer: str) -> str:
    how = "and waited for" if "SYNCIO" in flags else "without a wait"
    was = "were" if len(pages) > 1 else "was"
    return f"{names(pages)} {was} to be written {where}, {how}; the answer is {answer}: {ANSWERS[answer]}"


def _own(page: str, tag: str | None) -> str:
    if tag is None:
        return f"{page} loses its owner tag, which is for debugging: nobody has made it busy now"
    return (
        f"{page} gets the owner tag {tag}, which is for debugging: it says who made the page busy"
    )


def _protect(page: str, prot: str) -> str:
    return f"{page} {PROTECTED[prot]}"


def _flags(page: str, flags: list[str], gets: bool) -> str:
    why = "; ".join(FLAGS[flag][not gets] for flag in flags) or "nothing is different"
    return f"{page} {'gets' if gets else 'loses'} {names(flags)}: {why}"


def _store(thing: str, field: str, value: Any) -> str:
    match field:
        case "wanted":
            who = "somebody waits" if value else "nobody waits"
            return f"The flag pager_map_wanted says now that {who} for room in the pager map"
        case "aio":
            what = f"leads to {value} now" if value else "leads nowhere now, for nothing is mapped"
            return f"The caller's pointer to a descriptor {what}"
        case "npages":
            return f"The cluster has {count(value)} now"
        case "first":
            return f"The cluster begins at place {value} of the array now"
        case "an_swslot":
            return f"{thing} names slot {value} now" if value else f"{thing} forgets its swap slot"
    return f"{thing}.{field} becomes {value}"


def _returns(result: Any) -> str:
    match result:
        case None:
            return "The call is over; it returns nothing"
        case "panic" | "deadlock":
            return f"The call has ended in a {result}"
        case "cluster":
            return "The call is over; it returns the cluster"
        case "OK":  # of the last write alone: `Run.explain` says what is on the disk
            return "The call is over; it returns OK, as the last write did"
    meaning = f": {ANSWERS[result]}" if result in ANSWERS else ""
    return f"The call is over; it returns {result}{meaning}"


def _panic(text: str) -> str:
    why = next((why for start, why in PANICS.items() if text.startswith(start)), "a rule is broken")
    return f'The kernel panics with "{text}", and all ends here: {why}'


SAID: Final[dict[str, Callable[..., str]]] = {
    # locks and sleep
    "lock": lambda lock: (
        f"The lock of {guarded(lock)} is asked for, so that nobody else gets in between"
    ),
    "unlock": lambda lock: f"The lock of {guarded(lock)} is given back",
    "lock_init": lambda lock: f"The lock of {guarded(lock)} is made ready, and free",
    "sleep": lambda channel: (
        f"The thread goes to sleep until somebody wakes the sleepers on {channel}"
    ),
    "resume": lambda: "The thread was woken and goes on",
    "deadlock": lambda: "The thread sleeps for ever: nobody is left who could wake it",
    "wakeup": lambda channel: f"All who sleep on {channel} are woken",
    # pages, and what the pmap layer knows of them
    "pagelookup": lambda uobj, offset, page: (
        f"{uobj} has {page or 'no page'} in memory at {at(offset)}"
    ),
    "page_own": _own,
    "pmap_is_modified": lambda page, yes: (
        f"The pmap layer is asked about {page}: it has {'' if yes else 'not '}been written to"
    ),
    "pmap_page_protect": _protect,
    "pmap_clear_reference": lambda page: f"The bit that says that {page} was used is cleared",
    "pmap_clear_modify": lambda page: f"The bit that says that {page} was written to is cleared",
    "set": lambda page, flags: _flags(page, flags, gets=True),
    "clear": lambda page, flags: _flags(page, flags, gets=False),
    # what a pager provides
    "pgo_init": lambda pager: f"The {pager} pager sets itself up",
    "pgo_cluster": lambda uobj, offset, lo, hi: (
        f"The pager of {uobj} is asked for a range around {at(offset)}: it begins at {at(lo)} and ends before {at(hi)}"
    ),
    "pgo_put": lambda uobj, pages, flags, answer: _put(
        f"by the pager of {uobj}", pages, flags, answer
    ),
    "releasepg": lambda page: (
        f"The pager is to free {'the page of interest, but there is none' if page == '-' else page}"
    ),
    # anons and swap
    "anfree": lambda anon: (
        f"{anon} is freed with its page and slot, for nobody refers to it any more"
    ),
    "swap_put": lambda slot, pages, flags, answer: _put(
        f"to {slots(slot, len(pages))}", pages, flags, answer
    ),
    "swap_free": lambda slot, n: (
        f"{count(n, 'swap slot')}{f', {slots(slot, n)},' * bool(n)} {'is' if n == 1 else 'are'} freed"
    ),
    "uao_set_swslot": lambda uobj, index, slot: (
        f"{uobj} names slot {slot} for its page {index} now"
        if slot
        else f"{uobj} forgets the swap slot of its page {index}"
    ),
    # kernel memory
    "km_suballoc": lambda size: (
        f"The pager map gets kernel addresses for {count(size // PAGE_SIZE)}"
    ),
    "tailq_init": lambda queue: f"The queue {queue}, of finished asynchronous I/O, is made empty",
    "malloc": lambda _, aio: (
        f"An I/O descriptor is allocated: {aio}"
        if aio
        else "There is no memory for an I/O descriptor"
    ),
    "free": lambda aio: f"The I/O descriptor {aio} is freed",
    "uvm_map": lambda n, page: (
        f"The pager map has no room for {count(n)} in a row"
        if page is None
        else f"Addresses for {count(n)} are reserved in the pager map, from its page {page} on"
    ),
    "unmap_remove": lambda page, n: f"The addresses of {rows(page, n)} go back to the pager map",
    "unmap_detach": lambda: "The map entries that were taken out are thrown away",
    "pmap_enter": lambda index, page: f"{page} is mapped at pager map page {index}, for the I/O",
    "pmap_kenter_pgs": lambda index, page: (
        f"{page} is mapped at pager map page {index}, for the I/O, in one call with the others"
    ),
    # writing state
    "store": _store,
    "plug": lambda _, index, page: f"{names([page])} goes into place {index} of the array",
    # the page daemon, and the disk's interrupt
    "scan": lambda free, target: (
        f"The page daemon begins a round: {count(free)} {'is' if free == 1 else 'are'} free, and {target} are to be"
    ),
    "look": lambda page: (
        f"The page daemon looks at {page}, the page that has been inactive for longest, and puts it last"
    ),
    "leave": lambda page: f"{page} is busy, so the page daemon leaves it alone",
    "spare": lambda page: f"{page} has been used lately, so it is active again",
    "keep": lambda page: f"There is no free slot for {page}, so it stays in memory, active again",
    "reclaim": lambda page: (
        f"{page} is clean, so it is freed: its owner finds on the disk what was in it"
    ),
    "reserve": lambda: (
        "The page daemon begins a new swap cluster and asks for slots in a row, as many as it may have"
    ),
    "take": lambda page, slot: (
        f"The page daemon takes {page} into the cluster that it builds: slot {slot}"
    ),
    "close": lambda pages, slot: (
        f"The cluster is complete: {names(pages)} for {slots(slot, len(pages))}; slots that it has no page for are given back"
    ),
    "pick": lambda page: (
        f"{page} is a dirty page of a file, so the page daemon makes it busy, to be written with its neighbours"
    ),
    "unbusy": lambda page, clean: (
        f"The page daemon lets go of {page}, which is {'clean now' if clean else 'still dirty'}"
    ),
    "crowded": lambda: "The pager map has no room for another cluster, so the round ends early",
    "wait": lambda channel: (
        f"The page daemon sleeps until an I/O has ended and is on the done queue, {channel}"
    ),
    "io_done": lambda aio, answer: (
        f"The disk has ended the I/O {aio}, and its answer is {answer}: {ANSWERS[answer]}; it goes onto the done queue"
    ),
    "drain": lambda aio, answer: (
        f"The I/O {aio} is first on the done queue, and is to be finished; the answer was {answer}: {ANSWERS[answer]}"
    ),
    "drained": lambda aio: f"The I/O {aio} is finished, and leaves the done queue",
    # saying so
    "printf": lambda text: f"The kernel prints a warning: {text}",
    "panic": _panic,
    # what no trace has
    "meanwhile": lambda: (
        "Meanwhile the rest of the kernel was at work: a caller, a pager, the disk, another thread"
    ),
    "return": _returns,
}


def _stop(why: str) -> str:
    return f"The cluster grows no further this way: {why}"


NOTED: Final[
    dict[str, Callable[..., str]]
] = {  # by reason; where it has several meanings, by function, too
    "pagermapin called": lambda pages, nowait: (
        f"pagermapin is called for {names(pages)}; it may {'not ' * bool(nowait)}sleep"
    ),
    "pagermapin return": lambda _: "pagermapin gives up, without memory for a descriptor",
    "NOWAIT failed": lambda: "There is no room, and the caller may not sleep, so nothing is mapped",
    "SLEEPING on pager_map": lambda: "There is no room, so the thread is about to sleep",
    "pagermapin done": lambda kva: (
        f"pagermapin is done: the pages are mapped from pager map page {kva // PAGE_SIZE} on"
    ),
    "pagermapout called": lambda kva, n: f"pagermapout is called for {rows(kva // PAGE_SIZE, n)}",
    "pagermapout done": lambda: "pagermapout is done",
    "mk_pcluster called": lambda uobj, page: (
        f"mk_pcluster is called, to build a cluster of pages of {uobj} around {page}"
    ),
    "array too small": lambda lo, hi: (
        f"The array is too small for the range from {at(lo)} to {at(hi)}, so the center page goes alone"
    ),
    "no page": lambda offset: _stop(f"there is no page in memory at {at(offset)}"),
    "active": lambda page: _stop(
        f"{page} is not inactive, and the caller wants inactive pages only"
    ),
    "busy": lambda page: _stop(f"{page} is busy, so somebody else is at work on it"),
    "clean": lambda page: _stop(f"{page} is already clean, so it need not be written"),
    "limit": lambda offset: _stop(f"{at(offset)} is outside the range"),
    "mk_pcluster done": lambda n: f"mk_pcluster is done: the cluster has {count(n)}",
    "shareprot called": lambda _, prot: (
        f"shareprot is called, to lower the protection of an object's pages to {prot}"
    ),
    "shareprot done": lambda: "shareprot is done",
    "cluster": lambda _: "The caller is told where the cluster begins",
    "io": lambda pages: f"{names(pages)} {'are' if len(pages) > 1 else 'is'} to be written now",
    "pager_put return": lambda answer, rule: (
        f"pager_put returns {answer}, and by rule {rule} {RULES[rule]}"
    ),
    "retry": lambda page: f"After the error {page} is tried again, alone",
    "skip": lambda page: f"{names([page])} is skipped: it is the page of interest",
}
