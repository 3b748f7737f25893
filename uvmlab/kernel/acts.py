"""What the page daemon does with one page, one cluster, one I/O: each act is a call, and a trace tells of it.

With a trace each act is a note; without one it is the plain function, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from simpy import Event

from uvmlab.kernel.flags import (
    PG_BUSY,
    PG_CLEAN,
    PG_RELEASED,
    PG_WANTED,
    VM_PROT_NONE,
    VM_PROT_READ,
    PagerResult,
)
from uvmlab.kernel.lock import SimpleLock
from uvmlab.kernel.page import Page
from uvmlab.kernel.panic import deref
from uvmlab.kernel.uobject import page_index

if TYPE_CHECKING:
    from uvmlab.kernel.aio import AioDesc
    from uvmlab.kernel.cluster import Cluster
    from uvmlab.kernel.machine import Machine


class SwapCluster:
    """The swap cluster that a scan is building: its `pages` so far, and the slots kept for it.

    `slot` is the first slot, `room` how many are kept (0: it is not being built), `most` how many are asked for.
    """

    name = "swap cluster"
    first: Final = 0

    def __init__(self, m: Machine, most: int) -> None:
        self.m = m
        self.most = most
        self.pages: list[Page] = []
        self.slot = self.room = 0

    @property
    def pps(self) -> list[Page | None]:
        """Its pages as an array, with the places that are still empty; it begins at `first`."""
        return [*self.pages, *[None] * (self.room - len(self.pages))]

    @property
    def npages(self) -> int:
        """How many pages are in it."""
        return len(self.pages)

    @property
    def full(self) -> bool:
        """Whether each of its slots has a page."""
        return len(self.pages) == self.room

    def reserve(self) -> bool:
        """Begin a new cluster: allocate slots in a row, as many as there are up to `most`.

        Returns: False if swap is full.
        """
        self.m.building, self.pages = self, []
        self.slot, self.room = self.m.swap.alloc(self.most, lessok=True)
        return self.room > 0

    def take(self, page: Page, slot: int) -> None:
        """Take a dirty idle page in: busy, write-protected, `slot` for its own."""
        self.m.building, lock = self, owner_lock(page)
        self.m.locks.lock(lock)
        give_slot(self.m, page, slot)
        make_busy(page)
        self.m.locks.unlock(lock)
        self.pages.append(page)

    def close(self, pages: tuple[Page, ...], slot: int) -> None:
        """Make ready to write `pages` to `slot` and those after it: give back the slots they do not fill."""
        self.m.building = self
        self.m.swap.free(slot + len(pages), self.room - len(pages))
        self.room = 0
        self.m.locks.lock(self.m.queues.lock)  # pager_put unlocks it


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


def make_busy(page: Page, tag: str = "scan_inactive") -> None:
    """Make a page busy, for whom `tag` says, and keep everybody from writing to it."""
    page.flags |= PG_BUSY
    page.owner_tag = tag
    page.prot &= VM_PROT_READ


def pick(m: Machine, page: Page, cluster: Cluster) -> None:
    """Make a page of a file ready to be written with its neighbours in `cluster`: busy, all that it needs locked."""
    m.building = cluster
    m.locks.lock(m.queues.lock)
    m.locks.lock(deref(page.uobject).vmobjlock)
    make_busy(page)


def spare(m: Machine, page: Page) -> None:
    """Put a page that was used back among the active ones."""
    page.referenced = False
    m.queues.pageactivate(page)


def free_clean(m: Machine, page: Page) -> None:
    """Free a clean idle page: its owner finds its contents on the disk."""
    lock = owner_lock(page)
    m.locks.lock(lock)
    page.prot = VM_PROT_NONE
    m.queues.pagefree(page)
    m.locks.unlock(lock)


def unbusy(m: Machine, page: Page, clean: bool) -> None:
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


def io_done(m: Machine, aio: AioDesc, _: PagerResult) -> None:
    """Put an I/O that has ended on the done queue, and wake whoever waits for one: the disk's interrupt."""
    del m.aio.inflight[aio]
    m.aio.done.append(aio)
    m.sleep.wakeup(m.aio)


def nothing(*_: object) -> None:
    """Do nothing: the act is to say so."""


class Acts:
    """The acts of a machine's page daemon, and of the disk's interrupt, each under the name of its note."""

    look: Callable[[Page], None]
    leave: Callable[[Page], None]
    spare: Callable[[Page], None]
    keep: Callable[[Page], None]
    reclaim: Callable[[Page], None]
    reserve: Callable[[SwapCluster], bool]
    take: Callable[[SwapCluster, Page, int], None]
    close: Callable[[SwapCluster, tuple[Page, ...], int], None]
    pick: Callable[[Page, Cluster], None]
    unbusy: Callable[[Page, bool], None]
    scan: Callable[[int, int], None]  # pages that are free, and are to be
    crowded: Callable[[], None]
    wait: Callable[[object], Event]
    io_done: Callable[[AioDesc, PagerResult], None]
    drain: Callable[[AioDesc, PagerResult], None]
    drained: Callable[[AioDesc], None]

    def __init__(self, m: Machine) -> None:
        calls: dict[str, Callable[..., object]] = {
            "look": m.queues.inactive.move_to_end,
            "leave": nothing,
            "spare": partial(spare, m),
            "keep": m.queues.pageactivate,
            "reclaim": partial(free_clean, m),
            "reserve": SwapCluster.reserve,
            "take": SwapCluster.take,
            "close": SwapCluster.close,
            "pick": partial(pick, m),
            "unbusy": partial(unbusy, m),
            "scan": nothing,
            "crowded": nothing,
            "wait": m.sleep.lie_down,
            "io_done": partial(io_done, m),
            "drain": nothing,
            "drained": lambda _: m.aio.done.popleft(),
        }
        for name, call in calls.items():
            setattr(self, name, call if m.trace is None else m.trace.wrap(name, call))
