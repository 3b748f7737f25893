"""What became of the threads at the pager map, told from the steps of their run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, NamedTuple

from uvmlab.kernel import PAGE_SIZE
from uvmlab.run.changed import names
from uvmlab.run.explain import count, rows
from uvmlab.run.moment import Change, Moment
from uvmlab.run.run import Run
from uvmlab.run.source import table


class Deed(NamedTuple):
    """What a thread did or met with: at which step, and when (µs)."""

    step: int
    at: int
    thread: str
    what: str

    def __str__(self) -> str:
        return f"{self.at} µs, {self.thread} {self.what}"


@dataclass
class Call:
    """A call of `pagermapin`: who made it, its descriptors, the newest last, and where the caller's pointer leads."""

    thread: str
    pages: list[str]
    descriptors: list[str] = field(default_factory=list)
    pointer: str | None = None
    looked: int = 0  # the step at which it looked for room last
    waits: int = 0  # the step at which it said that it waits


class Fates:
    """All that became of the threads of a run: `deeds`, in order, and `ends`, one sentence for each thing amiss.

    `ran` are the threads in the order in which they ran: a turn that follows another one of the same thread is one with it.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.deeds: list[Deed] = []
        self._last: dict[str, Call] = {}  # by thread
        self._left: list[str] = []  # descriptors that nothing leads to
        self._dangling: list[Call] = []
        self._since: dict[str, int] = {}  # by sleeper: when it went to sleep (µs)
        self._woken: dict[str, str] = {}  # by sleeper: who woke it
        for number, step in enumerate(run.steps):
            told = self._TOLD.get(self._key(number))
            what = told(self, number, *step.args) if told is not None else None
            if what:
                self.deeds.append(Deed(number, run.times[number], run.threads[number], what))
        by = (
            run.threads[i]
            for i, step in enumerate(run.steps)
            if step.line and step.kind != "deadlock"
        )
        self.ran = tuple(name for name, _ in groupby(by))

    def of(self, thread: str) -> list[Deed]:
        """The deeds of one thread."""
        return [deed for deed in self.deeds if deed.thread == thread]

    @property
    def leaked(self) -> list[str]:
        """The descriptors that are there in the end, and that nothing leads to."""
        return [name for name in self._left if name in self.run.after.state.aio_live]

    def ends(self) -> Iterator[str]:
        """Say what is amiss in the end: who sleeps for ever, and why; descriptors that are lost or freed too soon."""
        after: Moment = self.run.after.state  # type: ignore[assignment]
        for thread, _, since in after.asleep:
            yield f"{thread} sleeps for ever, since {since} µs. {self._why(self._last[thread], after)}"
        if self.leaked:
            yield (
                f"{names(self.leaked)} {'are' if len(self.leaked) > 1 else 'is'} leaked: after a sleep the thread got another "
                "descriptor, and nothing leads to the old one any more (143-148)."
            )
        for call in self._dangling:
            yield (
                f"{call.thread} still has a pointer to {call.pointer}, which was freed at 160: "
                "whoever follows it reads memory that is somebody else's by now."
            )

    def _why(self, call: Call, after: Moment) -> str:
        """Say why a sleeper is never woken."""
        if not _room(after, len(call.pages)):
            return f"There is no room for {count(len(call.pages))} in a row, and nobody is left who makes any."
        early = [
            self.run.threads[i]
            for i in range(call.looked, call.waits)
            if self.run.steps[i].kind == "unmap_remove" and self.run.threads[i] != call.thread
        ]
        if not early:
            return (
                "There is room for it by now, but nobody has woken it, and nobody is left who will."
            )
        return (
            f"Its wake-up is lost: it looked and found no room (156); then {early[0]} gave room back, saw nobody "
            f"waiting (226), and woke nobody; only then did {call.thread} say that it waits (165), and lie down."
        )

    # What each step tells

    def _key(self, number: int) -> str:
        step = self.run.steps[number]
        if step.kind == "note":
            row = table().get(step.line or 0)
            return f"{row.function if row else None} {step.args[0] if step.args else ''}"
        return (
            f"store {step.args[1]}" if step.kind == "store" and len(step.args) == 3 else step.kind
        )

    def _called(self, number: int, _: str, pages: list[str], nowait: int) -> str:
        self._last[self.run.threads[number]] = Call(self.run.threads[number], list(pages))
        return f"asks for room for {names(pages)}, and may {'not ' * bool(nowait)}sleep"

    def _malloc(self, number: int, _: str, name: str | None) -> str | None:
        call = self._last[self.run.threads[number]]
        old = call.descriptors[-1:]
        call.descriptors += filter(None, [name])
        self._left += old
        return f"gets another descriptor, {name}: nothing leads to {old[0]} now" if old else None

    def _pointer(self, number: int, _: str, __: str, aio: str | None) -> None:
        self._last[self.run.threads[number]].pointer = aio

    def _wanted(self, number: int, _: str, __: str, value: bool) -> None:
        if value:
            self._last[self.run.threads[number]].waits = number

    def _map(self, number: int, n: int, where: int | None) -> str | None:
        self._last[self.run.threads[number]].looked = number
        return f"finds no room for {count(n)} in a row" if where is None else None

    def _sleeps(self, number: int, channel: str) -> str:
        self._since[self.run.threads[number]] = self.run.times[number]
        return f"goes to sleep on {channel}"

    def _wakes(self, number: int, _: str) -> str:
        changes = (each for each in self.run.changes[number] if each.field == "asleep")
        up = [sleeper for change in changes for sleeper in _gone(change)]
        self._woken |= dict.fromkeys(up, self.run.threads[number])
        return f"wakes {names(up)}"

    def _resumes(self, number: int) -> str:
        thread = self.run.threads[number]
        slept = self.run.times[number] - self._since[thread]
        return f"goes on after {slept} µs: {self._woken.pop(thread, 'somebody')} woke it"

    def _refused(self, number: int, _: str, *__: Any) -> str:
        call = self._last[self.run.threads[number]]
        if call.pointer is not None:
            self._dangling.append(call)
        return "gives up: nothing is mapped in"

    def _mapped(self, number: int, _: str, kva: int) -> str:
        pages = self._last[self.run.threads[number]].pages
        return f"has {names(pages)} mapped in, at {rows(kva // PAGE_SIZE, len(pages))}"

    def _out(self, number: int, _: str, kva: int, n: int) -> str:
        return f"gives back {rows(kva // PAGE_SIZE, n)}"

    _TOLD: Final[dict[str, Callable[..., str | None]]] = {
        "pagermapin called": _called,
        "malloc": _malloc,
        "store aio": _pointer,
        "store wanted": _wanted,
        "uvm_map": _map,
        "sleep": _sleeps,
        "resume": _resumes,
        "wakeup": _wakes,
        "pagermapin NOWAIT failed": _refused,
        "pagermapin return": _refused,
        "pagermapin done": _mapped,
        "pagermapout called": _out,
    }


def _gone(change: Change) -> list[str]:
    """List who was asleep before a change and is not after it."""
    still = {thread for thread, _, _ in change.new}
    return [thread for thread, _, _ in change.old if thread not in still]


def _room(state: Moment, n: int) -> bool:
    """Tell whether `n` pages in a row of the pager map are free."""
    used = {*state.pager_map_used}
    free = groupby(range(state.pager_map_pages), lambda index: index not in used)
    return any(is_free and len([*run]) >= n for is_free, run in free)
