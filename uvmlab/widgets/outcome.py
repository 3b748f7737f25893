"""What came of a put: its result, an account of the slots, what moved, and the steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Final, NamedTuple

from uvmlab.kernel import Step
from uvmlab.kernel.trace import SLEEPS
from uvmlab.run import Run
from uvmlab.widgets.ranges import ranges
from uvmlab.worlds import State, World

FREE: Final = "free"


class Moved(NamedTuple):
    """A page, its slot before and after (0: none), and what else is true of it after."""

    page: str
    before: int
    after: int
    state: str


class Io(NamedTuple):
    """One I/O: its pages, the first slot, what the put answered."""

    slot: int
    pages: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Account:
    """An account of the swap slots: `before` and `after` map the allocated ones to who names them."""

    nslots: int
    before: dict[int, str]
    after: dict[int, str]

    @classmethod
    def of(cls, before: State, after: State) -> Account:
        """Take the account of two states of a machine."""
        return cls(after.swap_slots, _named(before), _named(after))

    @property
    def freed(self) -> list[int]:
        """Allocated before and free now."""
        return [slot for slot in self.before if slot not in self.after]

    @property
    def kept(self) -> list[int]:
        """Allocated before and now."""
        return [slot for slot in self.before if slot in self.after]

    @property
    def new(self) -> list[int]:
        """Free before and allocated now."""
        return [slot for slot in self.after if slot not in self.before]

    @property
    def free(self) -> list[int]:
        """Free now."""
        return [slot for slot in range(1, self.nslots + 1) if slot not in self.after]

    @property
    def names(self) -> list[tuple[int, str, str]]:
        """Each slot that was or is allocated, who named it before, and who now (`free`: nobody has it)."""
        return [
            (slot, self.before.get(slot, FREE), self.after.get(slot, FREE))
            for slot in sorted({*self.before, *self.after})
        ]

    def rows(self) -> list[tuple[str, list[int]]]:
        """The lines of the account: what, and which slots."""
        return [
            ("slots allocated before", [*self.before]),
            ("freed", self.freed),
            ("kept", self.kept),
            ("newly allocated", self.new),
            ("allocated after", [*self.after]),
            ("free afterwards", self.free),
        ]

    def __str__(self) -> str:
        return "\n".join(f"{what}: {ranges(slots)}" for what, slots in self.rows())


@dataclass(frozen=True, repr=False)
class Outcome:
    """What came of a put: `runs` are the put and, if it was pending, its end."""

    runs: tuple[Run, ...]

    @cached_property
    def run(self) -> Run:
        """The put and its end, as one run to be walked through."""
        return reduce(Run.then, self.runs)

    @property
    def before(self) -> World:
        """The state before the put, its pages busy."""
        return self.runs[0].before

    @property
    def after(self) -> World:
        """The state after all."""
        return self.runs[-1].after

    @property
    def result(self) -> str:
        """What the put answered, or panic, or deadlock."""
        return str(getattr(self.runs[0].result, "name", self.runs[0].result))

    @property
    def steps(self) -> tuple[Step, ...]:
        """All events and notes of the file, those of the pending I/O's end too."""
        return tuple(step for run in self.runs for step in run.steps if step.line is not None)

    @property
    def ios(self) -> list[Io]:
        """The I/Os that the put began."""
        puts = (event.args for event in self.runs[0].events if event.kind in SLEEPS)
        return [Io(slot, tuple(pages), answer) for slot, pages, _, answer in puts]

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
        """Say how it ended."""
        first, last = self.runs[0], self.runs[-1]
        if first.said or last.said:
            return f"The put ended in a {last.result}: {last.said}."
        times = f"{len(self.ios)} I/O{'s' * (len(self.ios) != 1)}"
        answered = f"pager_put answered {self.result} after {times}, {first.took} µs."
        if len(self.runs) == 1:
            return answered
        how = "without an error" if last.result else "with an error"
        return f"{answered} Then the I/O ended {how}, and its pages were let go."

    def text(self) -> str:
        """Say all of it in words."""
        lines = [self.sentence()]
        lines += [
            f"I/O {i}: {' '.join(io.pages)} to slot {io.slot} on: {io.answer}"
            for i, io in enumerate(self.ios)
        ]
        lines.append(str(self.slots))
        lines += [f"slot {slot}: {was} → {now}" for slot, was, now in self.slots.names]
        lines += [
            f"{each.page}: slot {each.before or 'none'} → {each.after or 'none'}; {each.state}"
            for each in self.moved
        ]
        return "\n".join([*lines, "events and notes, each with its C line:", *map(str, self.steps)])

    def __repr__(self) -> str:
        slots, ios = self.slots, len(self.ios)
        return (
            f"<outcome {self.result}: {ios} I/O{'s' * (ios != 1)}; "
            f"freed {ranges(slots.freed)}, kept {ranges(slots.kept)}>"
        )


def _named(state: State) -> dict[int, str]:
    names = state.owned_slots()
    return {slot: ", ".join(names.get(slot, ["nobody"])) for slot in state.allocated}


def _state(state: State, name: str) -> str:
    page = state.pages[name]
    if page.freed:
        return "freed"
    words = ["dirty" if page.dirty else "clean"]
    words += [flag.lower() for flag in page.flags if flag in ("BUSY", "WANTED", "RELEASED")]
    return ", ".join(words)
