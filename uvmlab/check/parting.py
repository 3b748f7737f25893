"""Where a learner's run and the engine's part: the first step at which calls or states differ that count.

A thing of the state (a flag of a page, the slot of an anon, a lock) is looked at if the two runs leave it different,
or if a lock guards it that is taken or let go while it differs; its values are then followed one by one, so that in
which order the things were written does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from uvmlab.check.judge import ANY_TIME, ASIDE, BESIDES, LOOKS, YOUR, in_order, mismatch, of_kinds
from uvmlab.check.things import (
    NOTHING,
    Thing,
    Values,
    ends,
    history,
    members,
    until,
    whether,
    words,
)
from uvmlab.kernel import PG, Step
from uvmlab.kernel.trace import SLEEPS
from uvmlab.run import Run
from uvmlab.run.recorder import RETURN


class Parting(NamedTuple):
    """The step of the learner's run, and in a sentence what differs there; empty if its end alone does."""

    step: int
    why: str


def parting(mine: Run, right: Run, kinds: frozenset[str] | None = None) -> Parting:
    """Find the first step of `mine` at which what counts differs from `right`; its last one if nothing does before.

    `kinds`: the events that count, in any order (None: all).
    """
    end = Parting(len(mine) - 1, "")
    if str(mine.said).startswith(YOUR):  # what it raised says it all
        return end
    sides = _Sides(mine, right, kinds)
    calls = [*sides.calls()]
    found = [*calls, *sides.states(locks=not calls and kinds is None)]
    if kinds is not None and not found:
        found = [*_Sides(mine, right, kinds | BESIDES).calls()]
    return min(found, key=lambda each: each.step, default=end)


def readable(told: dict[str, Any]) -> tuple[Run, Parting | None]:
    """Make a run of what was told of it, up to the first step that leaves what no machine holds (slot -1, say).

    Returns: also where that is; None if there is no such step.
    Raises: ValueError for what is no run at all.
    """
    try:
        return Run.from_json(told), None
    except ValueError as error:
        broken = BROKEN.match(str(error))
        if not broken or broken[1] == "0":
            raise
        end = int(broken[1])
        run = Run.from_json(told | {"steps": told["steps"][:end]})
        return run, Parting(end - 1, f"The next step leaves what no machine holds: {broken[2]}.")


class _Sides:
    """Both runs, and what each has made of all things."""

    def __init__(self, mine: Run, right: Run, kinds: frozenset[str] | None) -> None:
        self.mine, self.right, self.kinds = mine, right, kinds
        self.was, self.wanted = history(mine), history(right)

    def calls(self) -> Iterator[Parting]:
        """Yield where the calls part, if they do."""
        told, wanted = (
            in_order(of_kinds([*map(_event, run.events)], self.kinds))
            for run in (self.mine, self.right)
        )
        found = mismatch(told, wanted)
        if found is None:
            return
        if found.one is None or (found.missing and not found.much):
            nth = wanted[: found.at].count(found.other)
            yield Parting(self._due(_place(self.right, found.other, nth), found.other), found.why)
        else:
            nth = told[: found.at].count(found.one)
            yield Parting(_place(self.mine, found.one, nth), found.why)

    def states(self, *, locks: bool) -> Iterator[Parting]:
        """Yield for each thing that differs where it begins to; `locks`: also for what locks guard."""
        for thing in {**self.wanted, **self.was}:
            if thing[0] != "array":
                yield from self._thing(thing, len(self.mine), len(self.right))
        yield from self._clusters(*(_kind(run, RETURN)[0] + 1 for run in (self.mine, self.right)))
        for kind, which in (("lock", 0), ("unlock", -1)) if locks else ():
            for (lock,) in dict.fromkeys(
                each.args for each in self.right.events if each.kind == kind
            ):
                here, there = (_kind(run, kind, lock) for run in (self.mine, self.right))
                for thing in self._guarded(lock) if here else ():
                    yield from self._thing(thing, here[which], there[which], here[which])

    def _clusters(self, mine: int, right: int) -> Iterator[Parting]:
        """Yield for each page where it begins to be in one cluster and not in the other; then where their order does."""
        was, wanted = members(self.was, mine), members(self.wanted, right)
        here, there = was[-1][1], wanted[-1][1]
        if here == there:
            return
        pages = ({*here} ^ {*there}) - {None}
        for page in sorted(pages):
            yield from self._part(("cluster", page, ""), whether(page, was), whether(page, wanted))
        if not pages and len(here) != len(there):
            yield from self._thing(("array", "cluster", "npages"), mine, right)
        elif not pages:
            yield from self._part(("value", "cluster", "pages"), ends(was), ends(wanted))

    def _guarded(self, lock: str) -> Iterator[Thing]:
        _, _, owner = lock.partition(":")
        for sort, name, what in self.wanted:
            page = self.right.base.pages.get(name)
            slot = name == owner and what.startswith("swslot")
            if slot or (page and page.owner == owner and what in PG.__members__):
                yield sort, name, what

    def _thing(
        self, thing: Thing, mine: int, right: int, due: int | None = None
    ) -> Iterator[Parting]:
        """Yield where a thing begins to differ, if it does when so many steps are done in the two runs."""
        values = (self.was, mine), (self.wanted, right)
        was, wanted = (until(each.get(thing, NOTHING), end) for each, end in values)
        yield from self._part(thing, was, wanted, due)

    def _part(
        self, thing: Thing, mine: Values, right: Values, due: int | None = None
    ) -> Iterator[Parting]:
        """Yield where values part, if they end differently; `due`: the step by which they are to be the same."""
        if mine[-1][1] == right[-1][1]:
            return
        one, other = next(
            (one, other)
            for one, other in zip_longest(mine, right)
            if one is None or other is None or one[1] != other[1]
        )
        if one is not None:
            yield Parting(one[0], words(thing, one[1], (other or right[-1])[1], done=True))
            return
        line = self.right.steps[other[0]].line
        said = f"After line {line} " * bool(line) + words(thing, mine[-1][1], other[1], done=False)
        yield Parting(self._due(other[0], [*thing]) if due is None else due, said)

    def _due(self, done: int, names: list[Any]) -> int:
        """Return the step of `mine` by which it should have done what the engine did at step `done` of its own.

        It is the next call about the same thing, or that nobody may put in another place; slots are free by the next
        put; what is asked for in any order is done when the engine goes on with something else.
        """
        stops: Callable[[Step], bool]
        kinds, steps = self.kinds, self.right.steps
        if kinds is not None:
            done = next((i for i, step in enumerate(steps) if step.kind in kinds), done)
            stops = lambda step: step.kind not in kinds  # noqa: E731
        elif names[0] in ("slot", *ANY_TIME):
            stops = lambda step: step.kind in SLEEPS  # noqa: E731
        else:
            stops = lambda step: _about(step, names) or step.kind not in FREE  # noqa: E731
        later = range(done + 1, len(steps))
        found = next((i for i in later if steps[i].is_event and stops(steps[i])), None)
        if found is None:
            return len(self.mine) - 1
        nth = [*map(_event, steps[:found])].count(_event(steps[found]))
        return _place(self.mine, _event(steps[found]), nth, lined=kinds is not None)


BROKEN: Final = re.compile(r"run\.steps\[(\d+)\]\..*?(\w+: .*)", re.DOTALL)
FREE: Final = ASIDE | LOOKS | ANY_TIME


def _event(step: Step) -> list[Any]:
    return [step.kind, *step.args]


def _kind(run: Run, *event: Any) -> list[int]:
    """Return the numbers of the steps that begin so."""
    begin = [*event]
    return [i for i, step in enumerate(run.steps) if _event(step)[: len(begin)] == begin]


def _place(run: Run, event: list[Any], nth: int, *, lined: bool = False) -> int:
    """Return the number of the nth of a run's steps that are this event; of the last step if there are not so many.

    A call that frees slots may have been taken apart.  `lined`: count the engine's own alone.
    """
    alike = [i for i in _kind(run, *event) if run.steps[i].line or not lined]
    if not alike and event[0] in ANY_TIME:
        alike, nth = _kind(run, event[0]), min(nth, len(_kind(run, event[0])) - 1)
    return alike[nth] if 0 <= nth < len(alike) else len(run) - 1


def _about(step: Step, names: list[Any]) -> bool:
    said = {str(arg).rpartition(":")[2] for arg in step.args}
    return not said.isdisjoint(str(name).rpartition(":")[2] for name in names[1:2])
