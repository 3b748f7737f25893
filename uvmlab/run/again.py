"""Making calls again: on a new machine in the same world, all of them in order, one thing otherwise.

The engine is deterministic, so a second machine goes the same way until something is changed.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from uvmlab.kernel import Machine, PagerResult

if TYPE_CHECKING:
    from uvmlab.run.run import Run
    from uvmlab.worlds import World

P = ParamSpec("P")


class Call(NamedTuple):
    """One call on a lab's machine: the method, and what it was given."""

    name: str
    args: tuple[Any, ...]
    named: dict[str, Any]

    def on(self, machine: Any) -> Run:
        """Make the call on another machine."""
        made: Run = getattr(machine, self.name)(*self.args, **self.named)
        return made


class Asked(NamedTuple):
    """What the disk was asked for a step that tells its answer: the I/O's number, and the step that came next."""

    io: int
    since: int


class Otherwise(NamedTuple):
    """What goes otherwise in call number `call` of a machine, at step `step` of that call's run.

    `answer`: what the disk answers to I/O number `io`; `lost`: on what they sleep whom this step does not wake;
    `wakes`: the thread that wakes after it; `pages` and `bits`: the PG bits that others set after it.
    """

    call: int
    step: int
    io: int = -1
    answer: PagerResult = PagerResult.OK
    lost: str = ""
    wakes: str = ""
    pages: tuple[str, ...] = ()
    bits: int = 0

    def hide(self, m: Machine) -> dict[Any, Any]:
        """Take those whose wake-up is lost out of the sleep queues.

        Returns: what was taken, to be put back when the step is done.
        """
        lost = [channel for channel in m.sleep.asleep if channel.name == self.lost]
        return {channel: m.sleep.asleep.pop(channel) for channel in lost}

    def do(self, m: Machine) -> None:
        """Do what is done after the step."""
        for page in m.pages:
            if page.name in self.pages:
                page.flags |= self.bits
        for channel, sleepers in list(m.sleep.asleep.items()):
            for sleeper in sleepers:
                if m.thread_name(sleeper[1]) == self.wakes:
                    m.sleep.wake_one(channel, sleeper)
                    return


class Again(NamedTuple):
    """How a run can be made again: the world its machine was booted in, and all calls since then.

    `starts`: the first step of each of the last calls, which the run is of; `asked`: step to what the disk was asked;
    `otherwise`: what was changed already.
    """

    world: World
    calls: tuple[Call, ...]
    starts: tuple[int, ...] = (0,)
    asked: Mapping[int, Asked] = {}
    otherwise: tuple[Otherwise, ...] = ()

    def place(self, step: int) -> tuple[int, int]:
        """Say in which call, by its number, a step of the run is, and which step of that call."""
        part = bisect(self.starts, step) - 1
        return len(self.calls) - len(self.starts) + part, step - self.starts[part]

    def then(self, other: Again | None, length: int) -> Again | None:
        """Join it with the run of the next call, on the same machine; `length`: the steps so far."""
        if other is None or other.calls[: -len(other.starts)] != self.calls:
            return None
        asked = {
            step + length: Asked(io, since + length) for step, (io, since) in other.asked.items()
        }
        starts = (*self.starts, *(start + length for start in other.starts))
        return other._replace(starts=starts, asked={**self.asked, **asked})

    def make(self, options: dict[str, Any], change: Otherwise) -> Run:
        """Make the run again with one more change; it ends early if the machine does."""
        machine: Any = self.world.machine(**options)
        machine.otherwise = (*self.otherwise, change)
        before = len(self.calls) - len(self.starts)
        for call in self.calls[:before]:
            call.on(machine)
        run = self.calls[before].on(machine)
        for call in self.calls[before + 1 :]:
            run = run if run.said else run.then(call.on(machine))
        return run


class Remembers(Protocol):
    """A machine that remembers its calls."""

    calls: list[Call]


C = TypeVar("C", bound=Remembers)


def repeatable(method: Callable[Concatenate[C, P], Run]) -> Callable[Concatenate[C, P], Run]:
    """Let a machine remember a call of this method, so that its run can be made again."""

    @wraps(method)
    def call(self: C, /, *args: P.args, **named: P.kwargs) -> Run:
        # an iterator would be empty the second time
        given = [tuple(each) if isinstance(each, Iterator) else each for each in args]
        more = {k: tuple(each) if isinstance(each, Iterator) else each for k, each in named.items()}
        self.calls.append(Call(method.__name__, tuple(given), more))
        try:
            return method(self, *given, **more)  # type: ignore[arg-type]
        except BaseException:
            self.calls.pop()
            raise

    return call
