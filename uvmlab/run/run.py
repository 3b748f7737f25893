"""What came of one call: its result, the state before and after, and every step between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from uvmlab.kernel import Step
from uvmlab.kernel.trace import NOTES
from uvmlab.run import keep
from uvmlab.run.again import Again
from uvmlab.run.compare import WhatIf, what_if, what_ifs
from uvmlab.run.explain import explain
from uvmlab.run.moment import Changes, Moment, Walker, differences
from uvmlab.run.written import on_disk
from uvmlab.worlds import World, form


class Steps(tuple[Step, ...]):
    """Steps in order; shown one on a line."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return Steps(found) if isinstance(index, slice) else found

    def __repr__(self) -> str:
        return "\n".join(map(str, self))


@dataclass(frozen=True, repr=False)
class Run:
    """One call on a machine, to be walked in either direction.

    `result` is what the function returned, or "panic" or "deadlock", and then `said` tells the panic's text or
    who sleeps; `base` is the moment before the first step; `steps` are all events and notes, each *meanwhile*,
    and the return, and `changes`, `threads` and `times` (µs) have an entry for each; `cluster` names the pages in
    the caller's array; `console` is what the kernel printed; `options` are those of the machine.

    `run[i]` is the world after step i, `run.before` the one before the first, `run.after` the last.
    """

    call: str
    result: Any
    said: str | None
    base: Moment
    steps: Steps
    changes: tuple[Changes, ...]
    threads: tuple[str, ...]
    times: tuple[int, ...]
    cluster: tuple[str, ...] = ()
    console: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    kind: type[World] = field(default=World, compare=False)
    again: Again | None = field(default=None, compare=False)

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: int) -> World:
        """Return the world after step `index`; -1 is the last step.

        Raises: IndexError that says how many steps there are.
        """
        return self.kind.in_state(self._walker.to(self.number(index) + 1))

    def number(self, index: int) -> int:
        """Count a step from the first one on, if `index` counts from the last: -1.

        Raises: IndexError that says how many steps there are.
        """
        if not isinstance(index, int) or isinstance(index, bool):
            raise TypeError(f"a step is a whole number from 0 to {len(self) - 1}, not {index!r}")
        number = index + len(self) if index < 0 else index
        if not 0 <= number < len(self):
            raise IndexError(f"there is no step {index}; the run has steps 0 to {len(self) - 1}")
        return number

    def explain(self, index: int) -> str:
        """Say step `index` in one or two sentences: what happens, at which line, why, and what changed.

        Raises: IndexError that says how many steps there are.
        """
        number = self.number(index)
        step = self.steps[number]
        said = explain(step, self.changes[number])
        if (step.kind, *step.args) != ("return", "OK"):
            return said
        # The answer is that of the last write alone, so what it means is said page by page.
        return f"{said} {on_disk(self.steps[:number], self._walker.to(number + 1))}".rstrip()

    @cached_property
    def _walker(self) -> Walker:
        return Walker(self.base, self.changes)

    @property
    def before(self) -> World:
        """The world before the first step."""
        return self.kind.in_state(self.base)

    @cached_property
    def after(self) -> World:
        """The world after the last step."""
        return self[-1]

    @property
    def took(self) -> int:
        """How long the run took, in microseconds."""
        return self.times[-1] - self.base.now

    @property
    def events(self) -> Steps:
        """The calls that the seven functions made out of `uvm_pager.c`, each with its C line."""
        return Steps(step for step in self.steps if step.is_event)

    @property
    def notes(self) -> Steps:
        """What no event says: writes to state, and why something was done."""
        return Steps(step for step in self.steps if step.kind in NOTES)

    def at(self, *lines: int) -> Steps:
        """The steps of these lines of `uvm_pager.c`."""
        return Steps(step for step in self.steps if step.line in lines)

    def first(self, *lines: int) -> int:
        """Return the number of the first step of these lines: to begin a view there, say.

        Raises: ValueError that names lines which the run has steps of.
        """
        for number, step in enumerate(self.steps):
            if step.line in lines:
                return number
        there = ", ".join(map(str, sorted({step.line for step in self.steps if step.line})))
        asked = ", ".join(map(str, lines)) or "no line"
        raise ValueError(f"the run has no step of {asked}; it has steps of {there or 'no line'}")

    def what_if(self, step: int, answer: str) -> WhatIf:
        """Make the run again with one thing otherwise at `step`: `ERROR`, `WANTED p3`, `WAKE a`, `NO WAKE`, ...

        Returns: both runs, and the first step at which they part.
        Raises: ValueError, naming what is legal there; IndexError that says how many steps there are.
        """
        return what_if(self, step, answer)

    def what_ifs(self, step: int) -> list[str]:
        """List what could have gone otherwise at `step`: the answers that `what_if` takes there.

        Raises: IndexError that says how many steps there are.
        """
        return what_ifs(self, step)

    def then(self, other: Run) -> Run:
        """Go on to the next call on the same machine: one run of both, with the first one's result."""
        between = differences(self._walker.to(len(self)), other.base)
        return replace(
            self,
            call=f"{self.call}, then {other.call}",
            result=other.result if other.said else self.result,
            said=other.said,
            steps=Steps((*self.steps, *other.steps)),
            changes=(*self.changes, (*between, *other.changes[0]), *other.changes[1:]),
            threads=self.threads + other.threads,
            times=self.times + other.times,
            console=self.console + other.console,
            again=self.again and self.again.then(other.again, len(self)),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the run as plain data.

        Differs: functions of your own that ran in it are not kept, only what they did.
        """
        rows = zip(self.steps, self.changes, self.threads, self.times, strict=True)
        return {
            "uvmlab": "run",
            "version": keep.VERSION,
            "call": self.call,
            "result": keep.result_to_json(self.result),
            "said": self.said,
            "base": keep.moment_to_json(self.base),
            "steps": [
                step._asdict()
                | {"changes": keep.plain_changes(changes), "thread": thread, "time": time}
                for step, changes, thread, time in rows
            ],
            "cluster": self.cluster,
            "console": self.console,
            "options": {name: self.options[name] for name in keep.OPTIONS if name in self.options},
        }

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Make a run from plain data.

        Raises: ValueError that says where and what is wrong.
        """
        found = keep.check_run(data)
        steps, changes, threads, times = zip(*found.pop("steps"), strict=True)
        del found["uvmlab"], found["version"]
        return cls(steps=Steps(steps), changes=changes, threads=threads, times=times, **found)

    def save(self, path: str | Path) -> None:
        """Write the run to one JSON file, as `to_json` tells it; nothing is left half written."""
        form.save(self.to_json(), Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a run from a file.

        Raises: ValueError that says why, for a file that is damaged or holds something else; OSError.
        """
        return form.load(Path(path), cls.from_json)

    def about(self, name: str) -> Steps:
        """The steps that name this page, anon, object or lock."""
        return Steps(
            step
            for step in self.steps
            if any(name == arg or (isinstance(arg, list) and name in arg) for arg in step.args)
        )

    def __repr__(self) -> str:
        result = self.said or getattr(self.result, "name", self.result)
        ended = f"{self.result}: {self.said}" if self.said else result
        return f"<run of {self.call}: {ended}; {len(self.events)} events, {self.took} µs>"
