"""Pages of memory, the queues that they wait on, and freeing one."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from uvmlab.kernel.flags import (
    PG,
    PG_CLEAN,
    PG_TABLED,
    PQ,
    PQ_ACTIVE,
    PQ_FREE,
    PQ_INACTIVE,
    VM_PROT_ALL,
    words,
)
from uvmlab.kernel.lock import SimpleLock
from uvmlab.kernel.panic import Panic

if TYPE_CHECKING:
    from uvmlab.kernel.anon import Anon
    from uvmlab.kernel.uobject import UvmObject

ON_A_QUEUE = PQ_FREE | PQ_INACTIVE | PQ_ACTIVE


class Page:
    """One page: its flags, its owner (an object or an anon), its offset there in bytes.

    `modified` and `referenced` are the pmap's bits, `prot` the highest protection of its mappings,
    `owner_tag` who made it busy.
    """

    __slots__ = (
        "flags",
        "modified",
        "name",
        "offset",
        "owner_tag",
        "pqflags",
        "prot",
        "referenced",
        "uanon",
        "uobject",
    )

    def __init__(self, name: str, offset: int = 0, flags: int = 0, pqflags: int = 0) -> None:
        self.name = name
        self.offset = offset
        self.flags = flags
        self.pqflags = pqflags
        self.uobject: UvmObject | None = None
        self.uanon: Anon | None = None
        self.modified = False
        self.referenced = False
        self.prot: int = VM_PROT_ALL
        self.owner_tag: str | None = None

    @property
    def owner(self) -> UvmObject | Anon | None:
        """The anon or object that the page belongs to; None once it is freed."""
        return self.uanon if self.uanon is not None else self.uobject

    def __repr__(self) -> str:
        state = " ".join(words(PG, self.flags) + words(PQ, self.pqflags)).lower()
        whose = f" of {self.owner.name}" if self.owner is not None else ""
        return f"<page {self.name}{whose}{': ' * bool(state)}{state}>"


class PageQueues:
    """The free, inactive and active queues, oldest page first, and their lock (`pageq`)."""

    def __init__(self) -> None:
        self.lock = SimpleLock("pageq")
        self.free: OrderedDict[Page, None] = OrderedDict()
        self.inactive: OrderedDict[Page, None] = OrderedDict()
        self.active: OrderedDict[Page, None] = OrderedDict()

    @property
    def all(self) -> tuple[OrderedDict[Page, None], ...]:
        """The three queues: free, inactive, active."""
        return self.free, self.inactive, self.active

    def of(self, page: Page) -> OrderedDict[Page, None] | None:
        """Return the queue that the page's `pqflags` name, `None` if they name none."""
        if page.pqflags & PQ_INACTIVE:
            return self.inactive
        if page.pqflags & PQ_ACTIVE:
            return self.active
        return self.free if page.pqflags & PQ_FREE else None

    def _move(self, page: Page, bit: int) -> None:
        queue = self.of(page)
        if queue is not None:
            queue.pop(page, None)
        page.pqflags = page.pqflags & ~ON_A_QUEUE | bit
        queue = self.of(page)
        if queue is not None:
            queue[page] = None

    def pageactivate(self, page: Page) -> None:
        """Put the page at the end of the active queue: somebody uses it."""
        self._move(page, PQ_ACTIVE)

    def pagedeactivate(self, page: Page) -> None:
        """Put the page at the end of the inactive queue: nobody has used it lately.

        An inactive page has no mappings, so what they knew goes into the page: written to, it is not clean.
        """
        page.referenced = False
        if page.modified:
            page.flags &= ~PG_CLEAN
        self._move(page, PQ_INACTIVE)

    def pagefree(self, page: Page) -> None:
        """Free a page: off its queue, away from its owner; its other flags stay.

        Raises: Panic("freeing free page").
        """
        if page.pqflags & PQ_FREE:
            raise Panic("freeing free page")
        if page.uobject is not None:
            page.uobject.memq.pop(page.offset, None)
        if page.uanon is not None:
            page.uanon.u_page = None
        page.uobject = page.uanon = None
        page.flags &= ~PG_TABLED
        self._move(page, 0)
        page.pqflags = PQ_FREE
        self.free[page] = None


def page_own(page: Page, tag: str | None) -> None:
    """Note who made the page busy; `None` when nobody has."""
    page.owner_tag = tag
