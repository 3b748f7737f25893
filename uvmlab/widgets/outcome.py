"""What came of a put: its result, an account of the slots, what moved, and what is left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from uvmlab.kernel import Step
from uvmlab.kernel.trace import SLEEPS
from uvmlab.run import Run
from uvmlab.run.recorder import RETURN
from uvmlab.widgets.account import Account
from uvmlab.widgets.ranges import ranges
from uvmlab.worlds import State, World


class Moved(NamedTuple):
    """A page, its slot before and after (0: none), and what else is true of it after."""

    page: str
    before: int
    after: int
    state: str


class Io(NamedTuple):
    """One I/O: its pages, where they went, what the put answered."""

    to: str
    pages: tuple[str, ...]
    answer: str


@dataclass(frozen=True, repr=False)
class Outcome:
    """What came of a put: `run` is all of it, with the end of its I/O if that came later.

    `during`: the number of the I/O while which others were to want or release pages; None: they were not.
    """

    run: Run
    during: int | None = field(default=None, kw_only=True)

    @property
    def before(self) -> World:
        """The state before the put, its pages busy."""
        return self.run.before

    @property
    def after(self) -> World:
        """The state after all."""
        return self.run.after

    @property
    def result(self) -> str:
        """What the put answered, or panic, or deadlock."""
        return str(getattr(self.run.result, "name", self.run.result))

    @property
    def steps(self) -> tuple[Step, ...]:
        """All events and notes of the file, those of the pending I/O's end too."""
        return tuple(step for step in self.run.steps if step.line is not None)

    @property
    def ios(self) -> list[Io]:
        """The I/Os that the put began."""
        return [_io(self.before.state, event) for event in self.run.events if event.kind in SLEEPS]

    @property
    def slots(self) -> Account:
        """The account of the swap slots."""
        return Account.of(self.before.state, self.after.state)

    @property
    def moved(self) -> list[Moved]:
        """Each page, with its slot before and after."""
        before, after = self.before.state, self.after.state
        return [
            Moved(name, before.slot_of(page), after.slot_of(after.pages[name]), _state(after, name))
            for name, page in before.pages.items()
        ]

    def sentence(self) -> str:
        """Say how it ended, and what is wrong with what it left behind."""
        dead = [each.name for each in self.after.state.objects.values() if each.dead]
        died = [f"{name} is dead: its last page was released." for name in dead]
        return " ".join([self._ended(), *self._missed(), *died, *self.left()])

    def _missed(self) -> list[str]:
        if self.during is None or self.during < len(self.ios):
            return []
        return [f"There was no I/O {self.during}, so nobody wanted or released a page."]

    def _ended(self) -> str:
        run = self.run
        if run.said:
            return f"The put ended in a {run.result}: {run.said.removesuffix('.')}."
        first, *later = [i for i, step in enumerate(run.steps) if step.kind == RETURN]
        took = run.times[first] - run.base.now
        answered = (
            f"pager_put answered {self.result} after {_count(len(self.ios), 'I/O')}, {took} µs."
        )
        if not later:
            return answered
        how = "without an error" if run.steps[-1].args[0] else "with an error"
        return f"{answered} Then the I/O ended {how}, and its pages were let go."

    def left(self) -> list[str]:
        """Say what nobody should leave behind: lost slots, slots named though free, locks, descriptors."""
        slots, state = self.slots, self.after.state
        put = {f"obj:{step.args[0]}" for step in self.run.events if step.kind == "pgo_put"}
        locks = [name for name in state.locks_held if name not in put]  # the caller unlocks these
        return [
            *_left(
                slots.lost, "slot", f"lost: allocated, and named by nobody: {ranges(slots.lost)}"
            ),
            *_left(slots.stray, "slot", f"free, and named all the same: {ranges(slots.stray)}"),
            *_left(locks, "lock", f"still held: {', '.join(locks)}"),
            *_left(
                state.aio_live, "I/O descriptor", f"still allocated: {', '.join(state.aio_live)}"
            ),
        ]

    def text(self) -> str:
        """Say all of it in words."""
        lines = [self.sentence()]
        lines += [
            f"I/O {i}: {' '.join(io.pages)} to {io.to} on: {io.answer}"
            for i, io in enumerate(self.ios)
        ]
        if self.slots.nslots:
            lines.append(str(self.slots))
            lines += [f"slot {slot}: {was} → {now}" for slot, was, now in self.slots.names]
            lines += [
                f"{each.page}: slot {each.before or 'none'} → {each.after or 'none'}; {each.state}"
                for each in self.moved
            ]
        else:
            lines += [f"{each.page}: {each.state}" for each in self.moved]
        return "\n".join([*lines, "events and notes, each with its C line:", *map(str, self.steps)])

    def __repr__(self) -> str:
        slots, ios = self.slots, len(self.ios)
        return (
            f"<outcome {self.result}: {ios} I/O{'s' * (ios != 1)}; "
            f"freed {ranges(slots.freed)}, kept {ranges(slots.kept)}>"
        )


def _io(before: State, event: Step) -> Io:
    to, pages, _, answer = event.args
    file = event.kind == "pgo_put"
    place = f"page {before.pages[pages[0]].index} of {to}" if file else f"slot {to}"
    return Io(place, tuple(pages), answer)


def _left(those: Sequence[object], noun: str, said: str) -> list[str]:
    be = "is" if len(those) == 1 else "are"
    return [f"{_count(len(those), noun)} {be} {said}."] if those else []


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _state(state: State, name: str) -> str:
    page = state.pages[name]
    if page.freed:
        return "freed"
    words = ["dirty" if page.dirty else "clean"]
    words += [flag.lower() for flag in page.flags if flag in ("BUSY", "WANTED", "RELEASED")]
    return ", ".join(words)
