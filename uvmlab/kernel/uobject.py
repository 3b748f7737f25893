"""Memory objects: a file's pages, a device's, or anonymous memory shared as an object (aobj)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvmlab.kernel.flags import PAGE_SIZE
from uvmlab.kernel.lock import SimpleLock

if TYPE_CHECKING:
    from uvmlab.kernel.page import Page
    from uvmlab.kernel.pagerops import Pager


class UvmObject:
    """One object: its pager, its size in pages, its pages by offset in bytes (`memq`).

    `aligned` and `window` (pages) say which range its pager offers for a cluster; `kill`: it dies when
    its last page is released; `swslots` (aobj): page index to swap slot; `block`: where a file begins
    on the disk, in pages.
    """

    __slots__ = (
        "aligned",
        "block",
        "dead",
        "kill",
        "memq",
        "name",
        "pgops",
        "size",
        "swslots",
        "vmobjlock",
        "window",
    )

    def __init__(
        self,
        name: str,
        pgops: Pager,
        size: int,
        *,
        aligned: bool = True,
        window: int = 16,
        kill: bool = False,
        block: int = 0,
    ) -> None:
        self.name = name
        self.pgops = pgops
        self.size = size
        self.aligned = aligned
        self.window = window
        self.kill = kill
        self.block = block
        self.vmobjlock = SimpleLock("obj", self)
        self.memq: dict[int, Page] = {}
        self.swslots: dict[int, int] = {}
        self.dead = False

    def __repr__(self) -> str:
        return (
            f"<{self.pgops.name} object {self.name}: {self.size} pages, "
            f"{len(self.memq)} in memory{', dead' * self.dead}>"
        )


def pagelookup(uobj: UvmObject, offset: int) -> Page | None:
    """Find the object's page at `offset` (bytes), `None` if it is not in memory."""
    return uobj.memq.get(offset)


def uao_set_swslot(uobj: UvmObject, index: int, slot: int) -> None:
    """Let page `index` of an aobj name swap slot `slot`; 0 forgets the slot (and frees nothing)."""
    if slot:
        uobj.swslots[index] = slot
    else:
        uobj.swslots.pop(index, None)


def page_index(page: Page) -> int:
    """Return which page of its object this is, from 0."""
    return page.offset // PAGE_SIZE
