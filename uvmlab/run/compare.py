"""Two runs side by side: where they part, and what would have been if a step had gone otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from uvmlab.kernel import PagerResult, Step
from uvmlab.worlds import World

if TYPE_CHECKING:
    from uvmlab.run.run import Run

OTHERS_SET = ("WANTED", "RELEASED")  # what other threads do to a page that is busy


class Parting(NamedTuple):
    """Where two runs part: the number of the step, and that step in each (None: it has ended)."""

    number: int
    one: Step | None
    other: Step | None

    def __repr__(self) -> str:
        sides = f"{self.one or '(ended)'!s:<48} | {self.other or '(ended)'!s}"
        return f"step {self.number}: {sides}"


def compare(one: Run, other: Run) -> Parting | None:
    """Find the first step at which two runs part; None if they go the same way to the end."""
    for number in range(max(len(one), len(other))):
        steps = [run.steps[number] if number < len(run) else None for run in (one, other)]
        if steps[0] != steps[1]:
            return Parting(number, steps[0], steps[1])
    return None


class Again(NamedTuple):
    """How to make a call again: the world before it, and the call on a machine of such a world."""

    world: World
    call: Callable[[Any, tuple[tuple[int, str, str], ...]], Run]


class WhatIf(NamedTuple):
    """A run, what would have been instead, and where the two part."""

    was: Run
    would_be: Run
    parting: Parting | None

    def __repr__(self) -> str:
        return f"{self.was}\n{self.would_be}\n{self.parting or 'they go the same way to the end'}"


def what_if(run: Run, step: int, answer: str) -> WhatIf:
    """Make a run again, with another answer of the disk at `step`, or with what others do meanwhile.

    `answer`: a PagerResult word, or `WANTED p3 p4` or `RELEASED p3`.
    Raises: ValueError, naming what is legal.
    """
    if run.again is None:
        raise ValueError("this run cannot be made again: it was loaded, or its call asks no disk")
    asked = [number for number in range(len(run)) if _answered(run, number)]
    if step not in asked:
        raise ValueError(f"the disk answered nothing at step {step}; it did at {asked or 'none'}")
    io = run[step].state.ios - run.base.ios - 1  # type: ignore[attr-defined]
    word, *names = answer.split() or [""]
    planned = [run.steps[number].args[-1] for number in asked]
    meanwhile: tuple[tuple[int, str, str], ...] = ()
    if word in OTHERS_SET and names:
        meanwhile = ((io, " ".join(names), word),)
    elif word in PagerResult.__members__ and not names:
        planned = [*planned[: asked.index(step)], word]
    else:
        legal = f"{', '.join(PagerResult.__members__)}; {' or '.join(OTHERS_SET)} and pages"
        raise ValueError(f"{answer!r} is no answer; legal: {legal}")
    start = run.again.world.state
    plan = start.plan
    rest = plan.answers[run.base.ios :][len(planned) :]
    world = run.again.world.disk(
        *planned,
        *rest,
        ranges=plan.ranges,
        rate=plan.rate,
        seed=plan.seed,
        answer=plan.answer,
        seek_us=start.seek_us,
        transfer_us=start.transfer_us,
    )
    would_be = run.again.call(world.machine(**run.options), meanwhile)
    return WhatIf(run, would_be, compare(run, would_be))


def _answered(run: Run, number: int) -> bool:
    """Tell whether the disk answered at this step: then it has counted one I/O more since the last put."""
    step = run.steps[number]
    if step.kind not in ("swap_put", "pgo_put"):
        return False
    before = max((i for i in range(number) if run.steps[i].kind == step.kind), default=-1)
    ios = run[before].state.ios if before >= 0 else run.base.ios  # type: ignore[attr-defined]
    return bool(run[number].state.ios > ios)  # type: ignore[attr-defined]
