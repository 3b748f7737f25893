"""What came of one call: its result, the state before and after, and every step between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from uvmlab.kernel import Step
from uvmlab.worlds import World


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
    """One call on a machine.

    `result` is what the function returned, or "panic" or "deadlock", and then `said` tells the panic's text or
    who sleeps; `before` and `after` are worlds; `steps` are all events and notes; `cluster` names the pages in
    the caller's array; `console` is what the kernel printed; `took` is in microseconds.
    """

    call: str
    result: Any
    said: str | None
    before: World
    after: World
    steps: Steps
    cluster: tuple[str, ...] = ()
    console: tuple[str, ...] = ()
    took: int = 0
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def events(self) -> Steps:
        """The calls that the seven functions made out of `uvm_pager.c`, each with its C line."""
        return Steps(step for step in self.steps if step.is_event)

    @property
    def notes(self) -> Steps:
        """What no event says: writes to state, and why something was done."""
        return Steps(step for step in self.steps if not step.is_event)

    def at(self, *lines: int) -> Steps:
        """The steps of these lines of `uvm_pager.c`."""
        return Steps(step for step in self.steps if step.line in lines)

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
