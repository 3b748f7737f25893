"""Two runs side by side: where they part, and what would have been if a step had gone otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from uvmlab.kernel import PG, PagerResult, Step
from uvmlab.run.again import Again, Otherwise
from uvmlab.run.moment import CLOCK, Changes
from uvmlab.run.recorder import MEANWHILE

if TYPE_CHECKING:
    from uvmlab.run.run import Run

OTHERS_SET: Final = ("WANTED", "RELEASED")  # what other threads do to a page that is busy
WAKE: Final = "WAKE"
NO_WAKE: Final = "NO WAKE"
OVER: Final = ("panic", "deadlock", "return")  # steps after which nothing happens any more


class Parting(NamedTuple):
    """Where two runs part: the number of the step, and that step in each (None: it has ended)."""

    number: int
    one: Step | None
    other: Step | None

    def __repr__(self) -> str:
        sides = f"{self.one or '(ended)'!s:<48} | {self.other or '(ended)'!s}"
        return f"step {self.number}: {sides}"


def compare(one: Run, other: Run) -> Parting | None:
    """Find the first step at which two runs part; None if they go the same way to the end.

    Raises: TypeError for what is no run.
    """
    for run in (one, other):
        if not hasattr(run, "steps"):
            raise TypeError(f"compare takes two runs, and one is {run!r:.60}")
    for number in range(max(len(one), len(other))):
        sides = [_side(run, number) for run in (one, other)]
        if sides[0] != sides[1]:
            return Parting(number, sides[0][0], sides[1][0])
    return None


def _side(run: Run, number: int) -> tuple[Step | None, Changes]:
    """Return a step, and for one that says nothing itself what was changed meanwhile."""
    if number >= len(run):
        return None, ()
    step = run.steps[number]
    if step.kind != MEANWHILE:
        return step, ()
    return step, tuple(each for each in run.changes[number] if each.field not in CLOCK)


class WhatIf(NamedTuple):
    """A run, what would have been instead, and where the two part."""

    was: Run
    would_be: Run
    parting: Parting | None

    def __repr__(self) -> str:
        return f"{self.was}\n{self.would_be}\n{self.parting or 'they go the same way to the end'}"


def what_ifs(run: Run, step: int) -> list[str]:
    """List what could have gone otherwise at a step: the answers that `what_if` takes there.

    Returns: `ERROR`, what else the disk could have answered; `WAKE t`, for a thread asleep; `NO WAKE`, for a step that wakes
        someone; `WANTED p3`, `RELEASED p3` for a busy page.  None for a run that was loaded from a file.
    Raises: IndexError that says how many steps there are.
    """
    number = run.number(step)
    if run.again is None or run.steps[number].kind in OVER:
        return []
    after, made = run[number].state, run.steps[number]
    found = []
    if number in run.again.asked:
        found += [answer for answer in PagerResult.__members__ if answer != made.args[-1]]
    found += dict.fromkeys(f"{WAKE} {thread}" for thread, _, _ in _asleep(after))
    if made.kind == "wakeup" and _woken(run, number):
        found.append(NO_WAKE)
    for page in after.pages.values():
        if "BUSY" in page.flags and not page.freed:
            found += [f"{word} {page.name}" for word in OTHERS_SET if word not in page.flags]
    return found


def what_if(run: Run, step: int, answer: str) -> WhatIf:
    """Make a run again, with one thing otherwise at `step`; before that step it goes the same way.

    `answer`: one of `what_ifs`; WANTED and RELEASED take several pages, too.
    Raises: ValueError, naming what is legal; IndexError that says how many steps there are.
    Differs: what the disk answers is decided when it is asked.  So what a put does between that and the step which tells
        the answer, unmapping its pages say, may differ before the step.
    """
    if run.again is None:
        raise ValueError("this run cannot be made again: it was loaded, or put together by hand")
    number = run.number(step)
    legal = what_ifs(run, number)
    if not isinstance(answer, str) or not _legal(answer, legal):
        said = ", ".join(_short(legal)) or "nothing, for nothing could go otherwise there"
        raise ValueError(f"{answer!r} is no answer at step {number}; legal: {said}")
    change = _change(run, number, answer)
    would_be = run.again.make(run.options, change)
    parting = compare(run, would_be)
    same = run.again.asked[number].since if change.io >= 0 else number
    if would_be.base != run.base or (parting is not None and parting.number < same):
        raise ValueError(
            "made again the run is another one before that step already: was its machine changed by hand?"
        )
    return WhatIf(run, would_be, parting)


def _change(run: Run, number: int, answer: str) -> Otherwise:
    again = cast("Again", run.again)
    at = Otherwise(*again.place(number))
    word, *names = answer.split()
    if word in OTHERS_SET:
        return at._replace(pages=tuple(names), bits=PG[word])
    if word == WAKE:
        return at._replace(wakes=answer.removeprefix(WAKE).strip())
    if answer == NO_WAKE:
        return at._replace(lost=run.steps[number].args[0])
    return at._replace(io=again.asked[number].io, answer=PagerResult[word])


def _legal(answer: str, legal: list[str]) -> bool:
    word, *names = answer.split() or [""]
    return answer in legal or (
        bool(names) and word in OTHERS_SET and all(f"{word} {name}" in legal for name in names)
    )


def _short(legal: list[str]) -> Iterator[str]:
    """List answers, the pages of one word together."""
    yield from (each for each in legal if each.split()[0] not in OTHERS_SET)
    for word in OTHERS_SET:
        pages = [each.removeprefix(word) for each in legal if each.split()[0] == word]
        if pages:
            yield word + "".join(pages)


def _asleep(state: Any) -> tuple[tuple[str, str, int], ...]:
    found: tuple[tuple[str, str, int], ...] = state.asleep
    return found


def _woken(run: Run, number: int) -> bool:
    """Tell whether anybody sleeps on what this step wakes."""
    before = run[number - 1].state if number else run.base
    return any(on == run.steps[number].args[0] for _, on, _ in _asleep(before))
