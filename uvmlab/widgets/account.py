"""An account of the swap slots: which came, which went, and whether any is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from uvmlab.run import Run
from uvmlab.widgets.ranges import ranges
from uvmlab.worlds import State

FREE: Final = "free"
NOBODY: Final = "nobody"


@dataclass(frozen=True)
class Account:
    """An account of the swap slots: which are allocated `before` and `after`, and who names them or free ones."""

    nslots: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    named_before: dict[int, str]
    named_after: dict[int, str]

    @classmethod
    def of(cls, before: State, after: State) -> Account:
        """Take the account of two states of a machine."""
        return cls(
            after.swap_slots, before.allocated, after.allocated, _named(before), _named(after)
        )

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
    def lost(self) -> list[int]:
        """Allocated now, and named by nobody: they can never be freed."""
        return [slot for slot in self.after if slot not in self.named_after]

    @property
    def stray(self) -> list[int]:
        """Free now, and named by somebody: two may come to own them."""
        return [slot for slot in self.named_after if slot not in self.after]

    @property
    def names(self) -> list[tuple[int, str, str]]:
        """Each slot that is or was allocated or named, who named it before, and who now."""
        slots = {*self.before, *self.after, *self.named_before, *self.named_after}
        return [
            (
                slot,
                _who(slot, self.before, self.named_before),
                _who(slot, self.after, self.named_after),
            )
            for slot in sorted(slots)
        ]

    def rows(self) -> list[tuple[str, list[int]]]:
        """The lines of the account: what, and which slots."""
        return [
            ("slots allocated before", [*self.before]),
            ("freed, and still free", self.freed),
            ("kept", self.kept),
            ("newly allocated", self.new),
            ("allocated after", [*self.after]),
            ("free afterwards", self.free),
            ("named by nobody (lost)", self.lost),
            ("named, and free", self.stray),
        ]

    def __str__(self) -> str:
        return "\n".join(f"{what}: {ranges(slots)}" for what, slots in self.rows())


def freed_on_the_way(run: Run) -> str:
    """Say which slots a run freed and when, be they allocated again or not."""
    said = [
        f"{ranges(sorted({*change.old} - {*change.new}))} at {time} µs"
        for changes, time in zip(run.changes, run.times, strict=True)
        for change in changes
        if change.field == "swap_allocated" and not {*change.old} <= {*change.new}
    ]
    return "; ".join(said) or "none"


def _named(state: State) -> dict[int, str]:
    return {slot: ", ".join(names) for slot, names in sorted(state.owned_slots().items())}


def _who(slot: int, allocated: tuple[int, ...], named: dict[int, str]) -> str:
    if slot in allocated:
        return named.get(slot, NOBODY)
    return f"{FREE}, and named by {named[slot]}" if slot in named else FREE
