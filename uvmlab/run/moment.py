"""A moment: the state between two steps of a run, and the changes that lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, NamedTuple

from uvmlab.worlds import State

BY_KEY: Final = ("pages", "anons", "objects", "arena")  # fields that change entry by entry
NOBODY: Final = "nobody"  # who runs once all sleep for ever
CLOCK: Final = (
    "now",
    "thread",
    "ios",
)  # these move, but nobody would say that the state has changed


@dataclass
class Moment(State):
    """A state between two steps, with what a starting state has no room for.

    `now` is in microseconds; `thread` is who runs, or "nobody"; `asleep` holds (thread, on what, since when); `arena` maps
    pages of the pager map to the names of what is mapped there; `inactive`, `active` and `free` list page names,
    oldest first; `ios` counts what the disk was asked; `array` is the caller's array of page pointers, with the cluster from `first` on, `npages` long.
    """

    now: int = 0
    thread: str = ""
    asleep: tuple[tuple[str, str, int], ...] = ()
    arena: dict[int, str] = field(default_factory=dict)
    inactive: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    array: tuple[str | None, ...] = ()
    first: int = 0
    npages: int = 0
    aio_inflight: tuple[str, ...] = ()
    ios: int = 0


class Change(NamedTuple):
    """One change: the field of a `Moment`, the key in it (None: the whole field), old and new.

    An entry that was not there, or is not there any more, is None.
    """

    field: str
    key: str | int | None
    old: Any
    new: Any


Changes = tuple[Change, ...]
NAMES: Final = tuple(each.name for each in fields(Moment))


def differences(old: Moment, new: Moment) -> Iterator[Change]:
    """Yield what has changed, entry by entry where a field has entries."""
    for name in NAMES:
        was, now = getattr(old, name), getattr(new, name)
        if was is now or was == now:
            continue
        if name not in BY_KEY:
            yield Change(name, None, was, now)
            continue
        for key in {**was, **now}:
            before, after = was.get(key), now.get(key)
            if before != after:
                yield Change(name, key, before, after)


def apply(moment: Moment, changes: Changes, *, back: bool = False) -> Moment:
    """Make the moment after some changes, or with `back` the one before them; this one stays as it is."""
    new: dict[str, Any] = {}
    for change in reversed(changes) if back else changes:
        value = change.old if back else change.new
        if change.key is None:
            new[change.field] = value
            continue
        if change.field not in new:
            new[change.field] = dict(getattr(moment, change.field))
        if value is None:
            del new[change.field][change.key]
        else:
            new[change.field][change.key] = value
    return replace(moment, **new)


class Walker:
    """Walks through the moments of a run, step by step from where it stands; 0 is before the first."""

    def __init__(self, base: Moment, changes: tuple[Changes, ...]) -> None:
        self.changes = changes
        self.number, self.moment = 0, base

    def to(self, number: int) -> Moment:
        """Return the moment after the first `number` steps."""
        while self.number < number:
            self.moment = apply(self.moment, self.changes[self.number])
            self.number += 1
        while self.number > number:
            self.number -= 1
            self.moment = apply(self.moment, self.changes[self.number], back=True)
        return self.moment
