"""The arena of kernel addresses into which a put maps its pages."""

from __future__ import annotations

from itertools import compress
from typing import Any

from simpy import Environment

from uvmlab.kernel.flags import PAGE_SIZE
from uvmlab.kernel.lock import SimpleLock
from uvmlab.kernel.pmap import ELSEWHERE, KernelPmap


class PagerMap:
    """`npages` pages of kernel addresses, given out first fit from address 0 (bytes).

    `wanted`: somebody sleeps until there is room.
    """

    name = "pager_map"

    def __init__(self, env: Environment, npages: int) -> None:
        self.env = env
        self.lock = SimpleLock("map", self)
        self.wanted_lock = SimpleLock("pager_map_wanted")
        self.wanted = False
        self.live: dict[int, int] = {}  # what callers have mapped: address to pages
        self.pmap = KernelPmap()
        self.resize(npages)

    def resize(self, npages: int, used: tuple[int, ...] = ()) -> None:
        """Make the arena anew: `npages` long, with the pages `used` mapped by somebody elsewhere."""
        self.npages = npages
        self.pmap.wired = [None] * npages
        self._used = bytearray(npages)
        self._holder: list[Any] = [None] * npages  # at the first page of what it reserved
        for index in used:
            self._used[index] = 1
            self._holder[index] = ELSEWHERE
            self.pmap.wired[index] = ELSEWHERE

    def uvm_map(self, npages: int) -> int | None:
        """Reserve `npages` addresses in a row.

        Returns: the first address in bytes (0 is one), or None when no gap is long enough.
        """
        first = self._used.find(bytes(npages))
        if first < 0:
            return None
        self._used[first : first + npages] = b"\1" * npages
        if npages:
            self._holder[first] = self.env.active_process
        return first * PAGE_SIZE

    def room(self, npages: int) -> bool:
        """Tell whether `npages` addresses in a row are free."""
        return self._used.find(bytes(npages)) >= 0

    def unmap_remove(self, kva: int, npages: int) -> bool:
        """Give back `npages` addresses from `kva` (bytes) on, mapped or not.

        Returns: whether any was.
        """
        first = kva // PAGE_SIZE
        here = slice(first, first + npages)
        run = self._used[here]
        self._used[here] = bytes(len(run))
        self._holder[here] = self.pmap.wired[here] = [None] * len(run)
        return 1 in run

    @property
    def mapped(self) -> list[int]:
        """The arena pages in use, in order."""
        return list(compress(range(self.npages), self._used))

    @property
    def holders(self) -> list[Any]:
        """Who holds addresses here, each once, in the order of the addresses."""
        return list(dict.fromkeys(holder for holder in self._holder if holder is not None))

    def __repr__(self) -> str:
        return f"<pager_map: {len(self.mapped)} of {self.npages} pages in use>"
