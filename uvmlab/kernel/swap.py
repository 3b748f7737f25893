"""The swap device's slots, one page each, numbered from 1 (0 means: no slot)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import compress
from typing import Any, Final

from uvmlab.kernel.panic import Panic

MOST_SLOTS: Final = 1 << 24  # 64 GiB, more than any disk of 1998
BAD, ALLOCATED = 1, 2  # bits of a slot's state; 0 is a free slot
_TAKEN = bytes([ALLOCATED])
_IS_BAD = bytes(state & BAD for state in range(256))
_IS_TAKEN = bytes(state & ALLOCATED for state in range(256))
_FREED = bytes(state & ~ALLOCATED for state in range(256))


class Swap:
    """Which of `nslots` slots are free, allocated or bad.

    `dropping` is `(slot, n)` while a `dropcluster` has freed those slots and their owners have not
    all forgotten them yet: the weakness of lines 610-612.
    """

    def __init__(self, nslots: int, bad: tuple[int, ...] = ()) -> None:
        self.nslots = nslots
        self._state = bytearray(nslots + 1)
        self._state[0] = BAD  # slot 0 is no slot
        self._lowest = 1  # no slot below this one is free
        self.dropping: tuple[int, int] | None = None
        for slot in bad:
            self.mark_bad(slot)

    def _check(self, slot: int, n: int) -> None:
        if n < 0 or (n and not 1 <= slot <= slot + n - 1 <= self.nslots):
            raise ValueError(
                f"slots {slot} to {slot + n - 1} are not all within 1 to {self.nslots}"
            )

    def alloc(self, n: int, *, lessok: bool = False) -> tuple[int, int]:
        """Allocate `n` slots in a row, the lowest such; with `lessok` the longest shorter run will do.

        Returns: (first slot, number of slots); (0, 0) when there is none.
        """
        while n > 0:
            slot = self._state.find(bytes(n), self._lowest)
            if slot > 0:
                self._state[slot : slot + n] = _TAKEN * n
                if slot == self._lowest:
                    self._lowest = slot + n
                return slot, n
            n = n - 1 if lessok else 0
        return 0, 0

    def take(self, slot: int) -> None:
        """Allocate this very slot, as a world that is being set up does.

        Raises: ValueError if it is not there, not free, or bad.
        """
        self._check(slot, 1)
        if self._state[slot]:
            raise ValueError(f"slot {slot} is not free")
        self._state[slot] = ALLOCATED

    def free(self, slot: int, n: int) -> None:
        """Free `n` slots from `slot` on; a bad one stays out of use.

        Fewer than one slot is none.
        Raises: Panic("swap_free of a free slot") before anything is freed; a slot that is not there is one.
        """
        if n <= 0:
            return
        if not 1 <= slot <= slot + n - 1 <= self.nslots:
            raise Panic("swap_free of a free slot")
        run = self._state[slot : slot + n]
        if run == _TAKEN * n:  # as nearly always
            self._state[slot : slot + n] = bytes(n)
        elif min(run) < ALLOCATED:
            raise Panic("swap_free of a free slot")
        else:
            self._state[slot : slot + n] = run.translate(_FREED)
        self._lowest = min(self._lowest, slot)

    def drop(self, slot: int, n: int) -> None:
        """Free slots for a `dropcluster`, whose owners forget them only afterwards."""
        self.dropping = (slot, n)
        self.free(slot, n)

    def while_dropping(self, dropcluster: Callable[..., None]) -> Callable[..., None]:
        """Wrap a `dropcluster`: when it ends nothing is being dropped any more."""

        def drop(*args: Any) -> None:
            try:
                dropcluster(*args)
            finally:
                self.dropping = None

        return drop

    def mark_bad(self, slot: int) -> None:
        """Never give this slot out again; whoever has it keeps it until it is freed."""
        self._check(slot, 1)
        self._state[slot] |= BAD

    def is_allocated(self, slot: int) -> bool:
        """Tell whether somebody has the slot."""
        return 0 < slot <= self.nslots and bool(self._state[slot] & ALLOCATED)

    @property
    def allocated(self) -> list[int]:
        """The allocated slots, in order."""
        return list(compress(range(self.nslots + 1), self._state.translate(_IS_TAKEN)))

    @property
    def bad(self) -> list[int]:
        """The bad slots, in order."""
        return list(compress(range(self.nslots + 1), self._state.translate(_IS_BAD)))[1:]

    def __repr__(self) -> str:
        return f"<swap: {len(self.allocated)} of {self.nslots} slots allocated>"
