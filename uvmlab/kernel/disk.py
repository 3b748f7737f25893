"""A disk with a time model and a fault plan.

An I/O that does not begin where the last one ended costs a seek; each page costs a transfer.  One
I/O is served at a time, in the order in which they were asked for.  All times are whole microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from simpy import Environment

from uvmlab.kernel.flags import VM_PAGER_OK, PagerResult, member


@dataclass(frozen=True)
class FaultPlan:
    """What the disk answers: `PagerResult` names, by I/O number, by block range, or at a seeded rate.

    `answers[i]` is the answer to I/O number i, from 0 (past the end: nothing planned);
    `ranges` holds (first block, last block, answer); `rate` is the share, 0.0 to 1.0, of the other I/Os
    that answer ERROR, drawn with `seed`.  The first that applies decides; else the answer is OK.
    """

    answers: tuple[str, ...] = ()
    ranges: tuple[tuple[int, int, str], ...] = ()
    rate: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for answer in [*self.answers, *(answer for _, _, answer in self.ranges)]:
            member(PagerResult, answer)
        for first, last, _ in self.ranges:
            if not 0 <= first <= last:
                raise ValueError(
                    f"blocks {first} to {last} are no range; legal: 0 <= first <= last"
                )
        if not 0.0 <= self.rate <= 1.0:
            raise ValueError(f"a rate is 0.0 to 1.0, not {self.rate}")


@dataclass
class Disk:
    """The disk of a machine.  Blocks are pages: swap slots first, then the files.

    `seek_us` and `transfer_us` (a page) are microseconds.
    """

    env: Environment
    plan: FaultPlan = field(default_factory=FaultPlan)
    seek_us: int = 8000
    transfer_us: int = 400
    ios: int = 0  # I/Os asked for so far
    pages_written: int = 0
    busy_us: int = 0
    _free_at: int = 0
    _head: int = 0

    def __post_init__(self) -> None:
        self._planned = {i: member(PagerResult, a) for i, a in enumerate(self.plan.answers)}
        self._chance = Random(self.plan.seed)

    def answer(self, block: int, npages: int) -> PagerResult:
        """Say what the next I/O, `npages` from `block` on, will answer, and count it."""
        number, self.ios = self.ios, self.ios + 1
        planned = self._planned.get(number)
        if planned is not None:
            return planned
        for first, last, answer in self.plan.ranges:
            if block <= last and block + npages > first:
                return member(PagerResult, answer)
        if self.plan.rate and self._chance.random() < self.plan.rate:
            return PagerResult.ERROR
        return VM_PAGER_OK

    def write(self, block: int, npages: int) -> int:
        """Queue a write.

        Returns: in how many microseconds from now it ends.
        """
        service = npages * self.transfer_us + (self.seek_us if block != self._head else 0)
        now = int(self.env.now)
        begins = max(now, self._free_at)  # max() is twice as slow
        self._free_at = begins + service
        self._head = block + npages
        self.busy_us += service
        self.pages_written += npages
        return self._free_at - now
