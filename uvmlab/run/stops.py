"""Where a walk through a run may stop: at the next I/O, and at the next one that is taken from the done queue."""

from __future__ import annotations

from typing import Final

from uvmlab.kernel.trace import SLEEPS
from uvmlab.run.run import Run

STOPS: Final = {"Next I/O": SLEEPS, "Next done": ("drain",)}  # kinds of steps


def stops(run: Run) -> dict[str, list[int]]:
    """Return the numbers of the steps to stop at, by what to stop for; what the run has none of is left out.

    >>> from uvmlab.run import world
    >>> stops(world(swap=8).anons(2).machine().pagedaemon(2))
    {'Next I/O': [17], 'Next done': [21]}
    """
    found = {
        name: [i for i, step in enumerate(run.steps) if step.kind in kinds]
        for name, kinds in STOPS.items()
    }
    return {name: steps for name, steps in found.items() if steps}
