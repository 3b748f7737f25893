"""What ends a run: a broken rule of the kernel, or nothing left that can run."""

from typing import NamedTuple, NoReturn, TypeVar

T = TypeVar("T")


class Panic(Exception):
    """A broken kernel rule, with the kernel's text.

    It takes that text and nothing else, because SimPy raises a copy of what a process raised.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def null() -> NoReturn:
    """Panic as C does at address 0; write it after `or`, where a pointer may be null."""
    raise Panic("null dereference")


def deref(pointer: T | None) -> T:
    """Follow a pointer that C would follow without looking; `or null()` where it must be fast.

    Raises: Panic("null dereference") where C would touch address 0.
    """
    return null() if pointer is None else pointer


class Sleeper(NamedTuple):
    """One thread asleep: on what, since when (µs), and who could have woken it."""

    thread: str
    channel: str
    since: int
    wakers: tuple[str, ...]

    def __str__(self) -> str:
        by = " or ".join(self.wakers) or "nobody that is left"
        return f"{self.thread} has slept on {self.channel} since {self.since} µs; {by} could have woken it"


class Deadlock(Exception):
    """Nothing can run and someone sleeps.  `sleepers` tells who, on what, since when."""

    def __init__(self, sleepers: tuple[Sleeper, ...]) -> None:
        super().__init__("deadlock: " + "; ".join(str(sleeper) for sleeper in sleepers))
        self.sleepers = sleepers
