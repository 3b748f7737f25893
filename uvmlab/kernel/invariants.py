"""The rules that a sound machine keeps, and which of them are broken.

*Always* rules hold after every event and note; the *at rest* rules when no thread is in the middle of
anything.  One weakness belongs to the design of 1998 and is told apart: `dropcluster` frees slots (610,
612) that their owners name until 636, 640, 720 or 724.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from uvmlab.kernel.flags import PAGE_SIZE, PG_BUSY, PQ_FREE
from uvmlab.kernel.page import Page

if TYPE_CHECKING:
    from uvmlab.kernel.machine import Machine


class Broken(NamedTuple):
    """One broken rule; `weakness`: the file as intended breaks it too, for a moment."""

    rule: str
    text: str
    weakness: bool = False

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}{' (a weakness of the design)' * self.weakness}"


def slot_owners(m: Machine) -> Iterator[tuple[int, str]]:
    """Yield (slot, owner's name) for every slot that an anon or an aobj names."""
    for anon in m.anons:
        if anon.an_swslot:
            yield anon.an_swslot, anon.name
    for uobj in m.objects:
        for index, slot in uobj.swslots.items():
            yield slot, f"{uobj.name}[{index}]"


def always(m: Machine) -> Iterator[Broken]:
    """Yield what is broken of the rules that hold after every event and note."""
    first, n = m.swap.dropping or (0, 0)
    for slot, owner in slot_owners(m):
        if not m.swap.is_allocated(slot):
            yield Broken(
                "no owner names a free slot",
                f"{owner} names slot {slot}",
                first <= slot < first + n,
            )
    for pointer in m.aio.pointers:
        if pointer.aio is not None and pointer.aio.freed:
            yield Broken("no pointer names a freed descriptor", f"one names {pointer.aio.name}")
    queued = Counter(page for queue in m.queues.all for page in queue)
    for page, times in queued.items():
        if times > 1:
            yield Broken("a page is on at most one queue", f"{page.name} is on {times}")


def at_rest(m: Machine) -> Iterator[Broken]:
    """Yield what is broken of the rules that hold when nothing is under way."""
    yield from _counts(m)
    yield from _slots(m)
    yield from _arena(m)
    for lock in m.locks.held:
        yield Broken("no simple lock is held", f"{lock.name} is")
    for page in m.pages:
        in_use = page.flags & PG_BUSY and not page.pqflags & PQ_FREE
        if in_use and page.owner_tag is None and page not in m.loaded_busy:
            yield Broken("no busy page without an owner tag", f"{page.name} is busy for nobody")
    for aio in m.aio.live:
        if aio not in m.aio.inflight and aio not in m.aio.done:
            yield Broken("no live descriptor without a request", f"{aio.name} is in no I/O")


def _counts(m: Machine) -> Iterator[Broken]:
    for page in m.pages:
        queue = m.queues.of(page)
        if queue is not None and page not in queue:
            yield Broken(
                "counts are right", f"{page.name} is not on the queue that its pqflags name"
            )
    for queue in m.queues.all:
        for page in queue:
            if m.queues.of(page) is not queue:
                yield Broken(
                    "counts are right", f"{page.name} is on a queue that its pqflags do not name"
                )
    for uobj in m.objects:
        for offset, page in uobj.memq.items():
            if page.uobject is not uobj or page.offset != offset:
                yield Broken(
                    "counts are right", f"{uobj.name} lists {page.name}, which is not its own"
                )
    for page in m.pages:
        lost = page.uobject is not None and page.uobject.memq.get(page.offset) is not page
        if lost or (page.uanon is not None and page.uanon.u_page is not page):
            yield Broken("counts are right", f"{page.name} is not listed by its owner")
    for anon in m.anons:
        if anon.u_page is not None and anon.u_page.uanon is not anon:
            yield Broken(
                "counts are right", f"{anon.name} has {anon.u_page.name}, which is not its own"
            )


def _slots(m: Machine) -> Iterator[Broken]:
    owners: dict[int, list[str]] = {}
    for slot, owner in slot_owners(m):
        owners.setdefault(slot, []).append(owner)
    for aio in (*m.aio.inflight, *m.aio.done):
        if aio.uobj is None:
            for slot in range(aio.block, aio.block + len(aio.pages)):
                owners.setdefault(slot, [aio.name])
    rule = "every allocated slot has exactly one owner"
    for slot in m.swap.allocated:
        names = owners.get(slot, [])
        if len(names) != 1:
            yield Broken(rule, f"slot {slot} is named by {' and '.join(names) or 'nobody'}")


def _arena(m: Machine) -> Iterator[Broken]:
    mapped = set(m.pager_map.mapped)
    wired = {index for index, what in enumerate(m.pager_map.pmap.wired) if what is not None}
    rule = "the arena is mapped exactly by live mappings"
    for index in sorted(mapped - wired):
        yield Broken(rule, f"arena page {index} is reserved and maps nothing")
    for index in sorted(wired - mapped):
        yield Broken(rule, f"arena page {index} is mapped and not reserved")
    live = {
        index
        for kva, npages in m.pager_map.live.items()
        for index in range(kva // PAGE_SIZE, kva // PAGE_SIZE + npages)
    }
    for index in sorted(wired & mapped):
        what = m.pager_map.pmap.wired[index]
        if isinstance(what, Page) and index not in live:
            yield Broken(rule, f"arena page {index} still maps {what.name}, for no I/O")
    for index in sorted(live - mapped):
        yield Broken(rule, f"arena page {index} is not mapped, and an I/O needs it")
