"""What came of the page daemon's work: what is free, each I/O, the done queue, and why a page is still there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from uvmlab.kernel import Step
from uvmlab.kernel.trace import DAEMON, SLEEPS
from uvmlab.run import Run
from uvmlab.run.explain import slots
from uvmlab.widgets.account import freed_on_the_way
from uvmlab.widgets.outcome import Outcome
from uvmlab.widgets.ranges import ranges
from uvmlab.worlds import PageState, State


@dataclass(frozen=True)
class Write:
    """An I/O: its pages, where they went, its answer, when it began and ended (µs; None: it has not)."""

    pages: tuple[str, ...]
    to: str
    answer: str
    began: int
    ended: int | None

    @property
    def took(self) -> str:
        """How long it took, with the wait for the disk."""
        return "not ended" if self.ended is None else f"{self.ended - self.began} µs"


class Fate(NamedTuple):
    """A page, its owner to begin with, the slot that one named for it before and after (0: none), what it is, and why."""

    page: str
    owner: str
    before: int
    after: int
    state: str
    why: str


class Done(NamedTuple):
    """An I/O that was taken from the done queue: when (µs), which, its answer, and what was on the queue then."""

    time: int
    io: str
    answer: str
    queue: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Cleaned(Outcome):
    """What came of it: `run` is all of it, `target` how many pages were to be free."""

    target: int

    @property
    def free(self) -> int:
        """How many pages are free now."""
        return len(self.after.state.pages) - len(self.there)

    @property
    def there(self) -> list[str]:
        """The pages that are not free."""
        return [name for name, page in self.after.state.pages.items() if not page.freed]

    @property
    def rounds(self) -> int:
        """How many rounds through the inactive pages the daemon began."""
        return sum(step.kind == "scan" for step in self.run.steps)

    @cached_property
    def writes(self) -> list[Write]:
        """Each I/O that the daemon asked for."""
        return list(_writes(self.run))

    @property
    def most(self) -> int:
        """How many I/Os were in flight at most."""
        return max(map(len, _values(self.run, "aio_inflight")), default=0)

    @property
    def done(self) -> list[Done]:
        """Each I/O that was taken from the done queue."""
        return [
            Done(time, step.args[0], step.args[1], self.run[i].state.aio_done)
            for i, (step, time) in enumerate(zip(self.run.steps, self.run.times, strict=True))
            if step.kind == "drain"
        ]

    @cached_property
    def fates(self) -> list[Fate]:
        """What became of each page, and why."""
        last, after = _last(self.run), self.after.state
        return [
            Fate(
                moved.page,
                str(page.owner),
                moved.before,
                after.slot_of(page),  # its owner names a slot, be it freed or not
                moved.state,
                self._why(page, last.get(page.name, "")),
            )
            for moved, page in zip(self.moved, self.before.state.pages.values(), strict=True)
        ]

    def _why(self, was: PageState, act: str) -> str:
        page, written = self.after.state.pages[was.name], self._written(was.name)
        if page.freed or act in WHY:
            return ", then ".join([*written, CLEAN if page.freed else WHY[act]])
        if written:
            told = ", then ".join(written)
            return f"{told}, so it is dirty" if page.dirty else f"{told}, but {self._stopped}"
        return ACTIVE if "ACTIVE" in was.pqflags else self._stopped

    def _written(self, page: str) -> list[str]:
        """Say what the I/Os of a page answered, one after the other, equal answers at once."""
        ios = ((write.answer, i) for i, write in enumerate(self.writes) if page in write.pages)
        found = ((answer, [i for _, i in each]) for answer, each in groupby(ios, itemgetter(0)))
        return [f"I/O{'s' * (len(which) > 1)} {ranges(which)} answered {a}" for a, which in found]

    def account(self) -> list[tuple[str, str]]:
        """Give the account of the swap slots, before against after, with what was freed between."""
        rows = [(what, ranges(which)) for what, which in self.slots.rows()]
        return [*rows[:2], ("freed on the way", freed_on_the_way(self.run)), *rows[2:]]

    @property
    def _stopped(self) -> str:
        """Say why the daemon looks at no more pages."""
        if self.run.said:
            return f"all ended in a {self.run.result}"
        if self.free >= self.target:
            return "enough pages were free then"
        crowded = any(step.kind == "crowded" for step in self.run.steps)
        return "the pager map had no room" if crowded else "the daemon gave up"

    def _ended(self) -> str:
        run = self.run
        if run.said:
            return f"The page daemon ended in a {run.result}: {run.said.removesuffix('.')}."
        failed = sum(write.answer != "OK" for write in self.writes)
        enough = "enough" if self.free >= self.target else "not enough, and it gave up"
        ios = f"{len(self.writes)} I/O{'s' * (len(self.writes) != 1)}, {failed or 'none'} failed"
        return (
            f"{self.free} of {self.target} pages are free: {enough}. It took {run.took} µs and "
            f"{self.rounds} round{'s' * (self.rounds != 1)} through the inactive pages; {ios}. "
            f"In flight at once: {self.most or 'none, for each put was waited for'}."
        )

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], list[tuple[object, ...]]]]:
        """Yield all of it as tables: title, head and rows."""
        yield (
            "The I/Os",
            ("I/O", "pages", "to", "answer", "began (µs)", "took"),
            [
                (i, " ".join(each.pages), each.to, each.answer, each.began, each.took)
                for i, each in enumerate(self.writes)
            ],
        )
        yield (
            "The done queue",
            ("at (µs)", "taken", "answer", "queue then"),
            [(each.time, each.io, each.answer, " ".join(each.queue)) for each in self.done],
        )
        yield (
            "What became of each page",
            ("page", "of", "slot before", "slot after", "page after", "why"),
            [
                (each.page, each.owner, each.before or NO, each.after or NO, each.state, each.why)
                for each in self.fates
            ],
        )

    def text(self) -> str:
        """Say all of it in words."""
        lines = [self.sentence()]
        for title, head, rows in self.tables():
            lines.append(f"{title}: {'; '.join(head) if rows else 'nothing'}")
            lines += [f"  {'; '.join(map(str, row))}" for row in rows]
        lines += ["The slots, before against after: account; slots"]
        lines += [f"  {what}; {which}" for what, which in self.account()]
        lines += ["what the page daemon did, with the time in µs:"]
        lines += [
            f"{time:>8} {str(step).strip()}"
            for step, time in zip(self.run.steps, self.run.times, strict=True)
            if step.kind in DAEMON
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        ios = len(self.writes)
        return f"<cleaned: {self.free} of {self.target} pages free; {ios} I/O{'s' * (ios != 1)}>"


NO: Final = "none"
CLEAN: Final = "the daemon found it clean"
ACTIVE: Final = "it is active, and the daemon looks at inactive pages only"
WHY: Final = {  # by the last act on the page
    "leave": "it was busy, so somebody else had it",
    "spare": "it had been used lately, so it is active again",
    "keep": "no slot was free for it, so it is active again",
    "take": "its cluster was never written",
    "pick": "its cluster was never written",
}


def _values(run: Run, field: str) -> Iterator[tuple[str, ...]]:
    """Yield the values that a field of the moments took."""
    for changes in run.changes:
        yield from (change.new for change in changes if change.field == field)


def _last(run: Run) -> dict[str, str]:
    """Map each page to the last act on it, or to the number of the I/O that wrote it after that."""
    last: dict[str, str] = {}
    ios = 0
    for step in run.steps:
        if step.kind in SLEEPS:
            last |= dict.fromkeys(step.args[1], str(ios))
            ios += 1
        elif step.kind in WHY and not (step.kind == "leave" and step.args[0] in last):
            last[step.args[0]] = step.kind  # busy because of the daemon's own I/O says nothing
    return last


def _writes(run: Run) -> Iterator[Write]:
    """Put together each put with the end of its I/O, which may come much later."""
    made: list[Write] = []
    flights: dict[str, int] = {}  # by descriptor: the number of the I/O
    began, room = 0, True
    for step, changes, time in zip(run.steps, run.changes, run.times, strict=True):
        for change in changes:
            if change.field == "aio_inflight":
                flights |= {aio: len(made) for aio in change.new if aio not in change.old}
        if step.kind == "note" and step.args[0] == "io":
            began, room = time, True
        elif step.kind == "note" and step.args[0] == "NOWAIT failed":
            room = False
        elif step.kind in SLEEPS:
            made.append(_write(run.base, step, began, time, room))
        elif step.kind == "io_done":
            aio, answer = step.args
            made[flights[aio]] = replace(made[flights[aio]], answer=answer, ended=time)
    yield from made


def _write(before: State, put: Step, began: int, now: int, room: bool) -> Write:
    to, pages, _, answer = put.args
    file = put.kind == "pgo_put"
    place = f"page {before.pages[pages[0]].index} of {to} on" if file else slots(to, len(pages))
    said = answer if room else f"{answer}, without room in the pager map"
    return Write(tuple(pages), place, said, began, None if answer == "PEND" else now)
