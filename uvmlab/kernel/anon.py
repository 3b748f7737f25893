"""Anons: single pages of anonymous memory, each with a swap slot of its own or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvmlab.kernel.flags import PG_BUSY, PG_RELEASED, VM_PROT_NONE
from uvmlab.kernel.lock import SimpleLock

if TYPE_CHECKING:
    from uvmlab.kernel.page import Page, PageQueues
    from uvmlab.kernel.swap import Swap


class Anon:
    """One anon: its page in memory (`u_page`), its slot on the swap device (0: none), its references."""

    __slots__ = ("an_lock", "an_ref", "an_swslot", "dead", "name", "u_page")

    def __init__(self, name: str, an_swslot: int = 0, an_ref: int = 1) -> None:
        self.name = name
        self.an_lock = SimpleLock("anon", self)
        self.an_ref = an_ref
        self.an_swslot = an_swslot
        self.u_page: Page | None = None
        self.dead = False

    def __repr__(self) -> str:
        where = f"slot {self.an_swslot}" if self.an_swslot else "no slot"
        return f"<anon {self.name}: {where}{', dead' * self.dead}>"


def anon_unref(anon: Anon, queues: PageQueues, swap: Swap) -> None:
    """Give up one reference to an anon; whoever gives up the last one frees it.

    Raises: ValueError if nobody refers to it.
    """
    if anon.an_ref < 1:
        raise ValueError(f"nobody refers to {anon.name} any more")
    anon.an_ref -= 1
    if not anon.an_ref:
        anfree(anon, queues, swap)


def anfree(anon: Anon, queues: PageQueues, swap: Swap) -> None:
    """Free an anon with its page and its slot; a busy page is only marked released.

    Needs: nobody refers to the anon any more.
    Raises: Panic if its slot is free already.
    """
    page = anon.u_page
    if page is not None:
        if page.flags & PG_BUSY:
            page.flags |= PG_RELEASED  # whoever made it busy frees it
            return
        page.prot = VM_PROT_NONE
        queues.pagefree(page)
    if anon.an_swslot:
        swap.free(anon.an_swslot, 1)
        anon.an_swslot = 0
    anon.an_ref = 0
    anon.dead = True
