"""The recorder: beside a trace, what each step changed, so that a run can be walked either way.

It looks at the machine whenever an event or note has been done, and just before the next begins.  What has
changed in between was done by somebody else: that makes a step of its own, `meanwhile`, so that every change
is told at the step that made it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from itertools import zip_longest
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

from simpy import Process

from uvmlab.kernel import Cluster, Machine, Page, PagerResult, Step, Trace
from uvmlab.kernel.disk import Disk
from uvmlab.kernel.trace import SLEEPS, step
from uvmlab.run.again import Asked, Otherwise
from uvmlab.run.moment import CLOCK, NOBODY, Changes, Moment, differences
from uvmlab.worlds import State
from uvmlab.worlds.load import anon_state, page_state, snapshot

T = TypeVar("T")
S = TypeVar("S")

MEANWHILE: Final = "meanwhile"
RETURN: Final = "return"
DISK: Final = "the disk"  # whose interrupt runs, in no thread


class Recorder:
    """Listens to a machine's trace from when it is made until `stop`.

    `steps`, `changes`, `threads` and `times` (µs) have an entry for each event, each note, each *meanwhile*, and
    the return; `base` is the moment before the first.  Without a trace there is only the return.  `asked` says for a
    step that tells an answer of the disk what the disk was asked.  `otherwise`: what is to go otherwise.
    """

    def __init__(
        self, m: Machine, cluster: Cluster | None = None, otherwise: tuple[Otherwise, ...] = ()
    ) -> None:
        self.m, self.cluster = m, cluster
        self.trace = m.trace or Trace()
        self.steps: list[Step] = []
        self.changes: list[Changes] = []
        self.threads: list[str] = []
        self.times: list[int] = []
        self.asked: dict[int, Asked] = {}
        self._otherwise = otherwise
        self._asking: dict[Process | None, Asked] = {}  # what each thread waits for
        self._hidden: dict[Any, Any] = {}
        self._settled = 0  # steps after which nothing is to be done any more
        self._seen = len(self.trace.raw)
        self._pages = Memory(Page.__slots__, page_state)
        self._anons = Memory(("an_swslot", "an_ref", "dead"), anon_state)
        self._inactive, self._active, self._free, self._array = Names(), Names(), Names(), Names()
        self.base = self._last = self._moment()
        self.trace.before.append(self.begins)
        self.trace.listeners.append(self.done)
        vars(m.disk)["answer"] = (
            self._answer
        )  # it hears who asks, and costs nothing without a recorder

    def leave(self) -> None:
        """Listen no more."""
        self.trace.before.remove(self.begins)
        self.trace.listeners.remove(self.done)
        del vars(self.m.disk)["answer"]

    def stop(self, result: Any) -> None:
        """Record the return, with what has changed since the last step, and listen no more."""
        self.leave()
        self._keep(Step(RETURN, None, (getattr(result, "name", result),)), self._look())

    def begins(self) -> None:
        """Look before a call begins: what has changed was done by none of the seven."""
        self._meanwhile()
        self._go_otherwise()
        for each in self._otherwise:
            if each.lost and each.step == len(self.steps):
                self._hidden = each.hide(self.m)

    def done(self) -> None:
        """Look when an event or note has been done."""
        self.m.sleep.asleep.update(self._hidden)
        self._hidden = {}
        changes = self._look()
        for raw in self.trace.raw[self._seen :]:
            if raw[0] in SLEEPS and (asked := self._asking.pop(self.m.env.active_process, None)):
                self.asked[len(self.steps)] = asked
            self._keep(step(raw), changes)
            changes = ()
        self._seen = len(self.trace.raw)
        self._go_otherwise()

    def _meanwhile(self) -> None:
        now = self._moment()
        if any(change.field not in CLOCK for change in differences(self._last, now)):
            self._keep(Step(MEANWHILE, None, ()), self._look())

    def _go_otherwise(self) -> None:
        """Do what is to be done after the steps that are new; that makes a step itself."""
        while self._settled < (new := len(self.steps)):
            for each in self._otherwise:
                if self._settled <= each.step < new:
                    each.do(self.m)
            self._settled = new
            self._meanwhile()

    def _answer(self, block: int, npages: int) -> PagerResult:
        """Stand in for the disk's `answer`."""
        number, answer = self.m.disk.ios, Disk.answer(self.m.disk, block, npages)
        self._asking[self.m.env.active_process] = Asked(number, len(self.steps))
        return next((each.answer for each in self._otherwise if each.io == number), answer)

    def _keep(self, made: Step, changes: Changes) -> None:
        self.steps.append(made)
        self.changes.append(changes)
        self.threads.append(self._last.thread)
        self.times.append(self._last.now)

    def _look(self) -> Changes:
        now = self._moment()
        changes = tuple(differences(self._last, now))
        self._last = now
        return changes

    def _running(self) -> str:
        """Say who runs: outside of all threads the caller, but for what the last event tells."""
        process, raw = self.m.env.active_process, self.trace.raw
        last = raw[-1][0] if process is None and raw else ""
        return {"io_done": DISK, "deadlock": NOBODY}.get(last) or self.m.thread_name(process)

    def _moment(self) -> Moment:
        m, cluster = self.m, self.cluster or self.m.building
        state = snapshot(m, self._pages, self._anons)
        wired = m.pager_map.pmap.wired
        return Moment(
            **{each.name: getattr(state, each.name) for each in fields(State)},
            now=int(m.env.now),
            thread=self._running(),
            asleep=tuple(
                (m.thread_name(who), channel.name, since)
                for channel, sleepers in m.sleep.asleep.items()
                for _, who, since in sleepers
            ),
            arena={
                index: what if isinstance(what, str) else what.name
                for index in state.pager_map_used
                if (what := wired[index]) is not None
            },
            inactive=self._inactive(m.queues.inactive),
            active=self._active(m.queues.active),
            free=self._free(m.queues.free),
            array=self._array(cluster.pps if cluster else ()),
            first=cluster.first if cluster else 0,
            npages=cluster.npages if cluster else 0,
            ios=m.disk.ios,
            aio_inflight=tuple(aio.name for aio in m.aio.inflight),
        )


class Names:
    """Says pages' names in a row: the same row as last time if they are the same pages."""

    def __init__(self) -> None:
        self._pages: list[Page | None] = []
        self._names: tuple[Any, ...] = ()

    def __call__(self, pages: Iterable[Page | None]) -> tuple[Any, ...]:
        """Say how `pages` are called now; a null page is None."""
        row = list(pages)
        if row != self._pages:
            self._pages = row
            self._names = tuple(page.name if page else None for page in row)
        return self._names


class Memory(Generic[T, S]):
    """Says things' states by name: the same objects as last time for all whose `slots` have not changed."""

    def __init__(self, slots: Sequence[str], say: Callable[[T], S]) -> None:
        self._mark, self._say = attrgetter("name", *slots), say
        self._marks: list[tuple[Any, ...]] = []
        self._states: dict[str, S] = {}

    def __call__(self, things: list[T]) -> dict[str, S]:
        """Say what is true of `things` now."""
        marks = list(map(self._mark, things))
        if marks != self._marks:
            states, say = dict(self._states), self._say
            for thing, mark, was in zip_longest(things, marks, self._marks):
                if mark != was:
                    states[mark[0]] = say(thing)
            self._marks, self._states = marks, states
        return self._states
