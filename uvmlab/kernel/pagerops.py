"""What a pager provides (`pgo_*`), and the vnode, aobj and device pagers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from uvmlab.kernel.aio import refuse, write_pages
from uvmlab.kernel.flags import PAGE_SIZE, PG_RELEASED, VM_PAGER_AGAIN, VM_PAGER_BAD, VM_PROT_NONE
from uvmlab.kernel.panic import Panic, deref, null
from uvmlab.kernel.uobject import UvmObject, page_index

if TYPE_CHECKING:
    from uvmlab.kernel.kernel import Pages, Put
    from uvmlab.kernel.machine import Machine
    from uvmlab.kernel.page import Page


class MapEntry(NamedTuple):
    """A map entry, as far as `shareprot` looks: bytes `start` to `end` show `uobj` from `offset` on."""

    start: int
    end: int
    offset: int
    uobj: UvmObject | None
    submap: bool = False

    @property
    def name(self) -> str:
        """What a step calls it."""
        return "entry"


class Pager(ABC):
    """The operations of one kind of object.  One that is None is missing, as a null pointer is in C."""

    name: str
    pgo_init: Callable[[], None] | None
    pgo_mk_pcluster: Callable[..., Any] | None
    pgo_releasepg: Callable[[Page | None], bool] | None

    def __init__(self, m: Machine) -> None:
        self.m = m
        self.ready = False
        self.pgo_init = self._init
        self.pgo_mk_pcluster = m.mk_pcluster
        self.pgo_releasepg = self._releasepg

    def _init(self) -> None:
        self.ready = True

    def pgo_cluster(self, uobj: UvmObject, offset: int) -> tuple[int, int]:
        """Offer a range for a cluster around `offset` (bytes).

        Returns: (lo, hi) in bytes: `window` pages, aligned to them or forward from `offset`, cut to the object.
        """
        window = uobj.window * PAGE_SIZE
        lo = offset - offset % window if uobj.aligned else offset
        return lo, min(lo + window, uobj.size * PAGE_SIZE)

    @abstractmethod
    def pgo_put(self, uobj: UvmObject, pages: Pages, flags: int) -> Put:
        """Write neighbouring busy pages of the (unlocked) object.  May sleep."""

    def _releasepg(self, page: Page | None) -> bool:
        """Free a released page, and its object if that was its last one and it is to be killed.

        Returns: whether the object still lives.
        Raises: Panic for a null page, one with no owner, or (DIAGNOSTIC) one that is not released.
        """
        page = deref(page)
        if self.m.diagnostic and not page.flags & PG_RELEASED:
            raise Panic("releasepg: page not released")
        uobj = deref(page.uobject)
        page.prot = VM_PROT_NONE
        slot = uobj.swslots.pop(page_index(page), 0)
        if slot:
            self.m.swap.free(slot, 1)
        self.m.queues.pagefree(page)
        if uobj.kill and not uobj.memq:
            uobj.dead = True
            self.m.locks.lock_init(uobj.vmobjlock)  # the lock goes with its object
            return False
        return True


def followed(pages: Pages) -> Pages:
    """Follow each pointer of a cluster, which a learner's `mk_pcluster` may have left empty.

    Raises: Panic for a null page, and for no page at all.
    """
    return tuple(map(deref, pages)) or null()


class VnodePager(Pager):
    """Pages of a file, which lie on the disk one after the other from `uobj.block` on."""

    name = "vnode"

    def pgo_put(self, uobj: UvmObject, pages: Pages, flags: int) -> Put:
        """Write to the file's blocks; as every pager's."""
        pages = followed(pages)
        return write_pages(self.m, pages, uobj.block + page_index(pages[0]), flags, uobj)


class AobjPager(Pager):
    """Pages of anonymous memory that is shared as an object.  They go to swap."""

    name = "aobj"

    def pgo_put(self, uobj: UvmObject, pages: Pages, flags: int) -> Put:
        """Give the pages new slots in a row and write them there; AGAIN when swap is full.

        Differs: ours.  In the kernel these pages go to swap by way of the pagedaemon's clusters alone.
        """
        pages = followed(pages)
        slot, found = self.m.swap.alloc(len(pages))
        if not found:
            return refuse(VM_PAGER_AGAIN)
        for index, page in enumerate(pages):
            old = uobj.swslots.get(page_index(page), 0)
            if old:
                self.m.swap.free(old, 1)
            uobj.swslots[page_index(page)] = slot + index
        return write_pages(self.m, pages, slot, flags, uobj)


class DevicePager(Pager):
    """Pages of a device's own memory: they have no cluster, and nowhere else to be written."""

    name = "device"

    def __init__(self, m: Machine) -> None:
        super().__init__(m)
        self.pgo_mk_pcluster = None

    def pgo_put(self, uobj: UvmObject, pages: Pages, flags: int) -> Put:
        """Refuse: BAD."""
        return refuse(VM_PAGER_BAD)
