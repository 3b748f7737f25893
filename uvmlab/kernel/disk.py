"""A disk with a time model and a fault plan.

An I/O that does not begin where the last one ended costs a seek; each page costs a transfer.  One
I/O is served at a time, in the order in which they were asked for.  All times are whole microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any, NamedTuple, Self

from simpy import Environment

from uvmlab.kernel.flags import VM_PAGER_OK, PagerResult, member
from uvmlab.kernel.legal import several, whole

RANGE = "(first block, last block, answer)"


class _Plan(NamedTuple):
    answers: tuple[str, ...] = ()
    ranges: tuple[tuple[int, int, str], ...] = ()
    rate: float = 0.0
    seed: int = 0
    answer: str = "ERROR"


class FaultPlan(_Plan):
    """What the disk answers: `PagerResult` names, by I/O number, by block range, or at a seeded rate.

    `answers[i]` is the answer to I/O number i, from 0 (past the end: nothing planned);
    `ranges` holds (first block, last block, answer); `rate` is the share, 0.0 to 1.0, of the other I/Os
    that answer `answer`, drawn with `seed`.  The first that applies decides; else the answer is OK.
    """

    __slots__ = ()

    def __new__(
        cls,
        answers: Iterable[str] = (),
        ranges: Iterable[tuple[int, int, str]] = (),
        rate: float = 0.0,
        seed: int = 0,
        answer: str = "ERROR",
    ) -> Self:
        """Refuse what is no plan with a ValueError or TypeError."""
        answers = several("answers", answers, "PagerResult words")
        ranges = tuple(_range(each) for each in several("ranges", ranges, RANGE))
        for said, word in [("answer", answer), *(("answers", each) for each in answers)]:
            member(PagerResult, word, said)
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0.0 <= rate <= 1.0:
            raise ValueError(f"a rate is 0.0 to 1.0, not {rate!r}")
        return super().__new__(cls, answers, ranges, rate, whole("seed", seed, None), answer)


def _range(found: Any) -> tuple[int, int, str]:
    if not isinstance(found, tuple | list) or len(found) != 3:
        raise TypeError(f"each of ranges is {RANGE}, not {found!r}")
    first, last = (whole("a block of ranges", block, None) for block in found[:2])
    if not 0 <= first <= last:
        raise ValueError(
            f"ranges: blocks {first} to {last} are no range; legal: 0 <= first <= last"
        )
    member(PagerResult, found[2], "ranges")
    return first, last, found[2]


class Disk:
    """The disk of a machine.  Blocks are pages: swap slots first, then the files.

    `seek_us` and `transfer_us` (a page) are microseconds.
    """

    def __init__(
        self, env: Environment, plan: FaultPlan, seek_us: int = 8000, transfer_us: int = 400
    ) -> None:
        self.env = env
        self.plan = plan
        self.seek_us, self.transfer_us = seek_us, transfer_us
        self.ios = 0  # I/Os asked for so far
        self.pages_written = 0
        self._free_at = self._head = 0
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
            return member(PagerResult, self.plan.answer)
        return VM_PAGER_OK

    def write(self, block: int, npages: int) -> int:
        """Queue a write.

        Returns: in how many microseconds from now it ends.
        """
        service = npages * self.transfer_us + (self.seek_us if block != self._head else 0)
        now = int(self.env.now)
        ends = service + (self._free_at - now if self._free_at > now else 0)
        self._free_at = now + ends
        self._head = block + npages
        self.pages_written += npages
        return ends
