"""The kinds of problems: foresee a run, write a function, write a part of the engine, build a world."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import islice
from time import monotonic
from typing import Any, Final

from uvmlab.check import judge
from uvmlab.check.cases import Case
from uvmlab.check.child import described, in_child
from uvmlab.check.inside import (
    GIVES,
    MOST_STEPS,
    VOID,
    Function,
    TooLong,
    fixed,
    guarded,
    limit,
    observed,
)
from uvmlab.check.parting import Parting, parting, readable
from uvmlab.check.problem import Problem, plain
from uvmlab.check.traps import ENGINE, OWN, REFUSED, is_copy, refusing
from uvmlab.kernel import pager
from uvmlab.run import LabMachine, Run, World
from uvmlab.worlds import form

PATIENCE: Final = 1.0  # seconds, after which what raised once is not tried on more cases

Sentences = Iterator[str]


@dataclass(frozen=True)
class Foresee(Problem):
    """Foresee what a run on a world of the learner's own gives: numbers in any order, or one of some words.

    `world(seed)` makes the world, `right(world)` runs it, `legal` says what an answer looks like.
    """

    world: Callable[[str], World]
    right: Callable[[World], Any]
    legal: str

    def cases(self, seed: str) -> Sequence[Any]:
        """There is one: the learner's own world."""
        return [seed]

    def answers(self, value: Any, cases: Sequence[Any]) -> Iterable[Any]:
        """Yield the answer as it stands."""
        yield plain(value)

    def wrong(self, answer: Any, case: Any, seed: str) -> Sentences:
        """Compare without giving the right one away."""
        right = self.right(self.world(case))
        if isinstance(right, list):
            whole = isinstance(answer, list) and all(type(each) is int for each in answer)
            if not whole:  # `4-9` is the number -5, too
                yield f"An answer is {self.legal}, and yours is {answer!r}."
                return
            mine = set(answer)
            if mine != set(right):
                missing, more = len(set(right) - mine), len(mine - set(right))
                yield f"Not right: {missing} missing, {more} too many."
        elif type(answer) is not type(right):
            yield f"An answer is {self.legal}, and yours is {answer!r}."
        elif answer != right:
            yield f"{answer} is not what happens."


@dataclass(frozen=True)
class Write(Problem):
    """Write a function of plain values.  `draw(seed)` yields its arguments, `right(*args)` is what it is to return."""

    draw: Callable[[str], Iterable[tuple[Any, ...]]]
    right: Function

    def cases(self, seed: str) -> Sequence[Any]:
        """Draw the arguments."""
        return list(self.draw(seed))

    def answers(self, value: Any, cases: Sequence[Any]) -> Iterable[Any]:
        """Call the function."""
        late = monotonic() + PATIENCE
        copy = is_copy(value, [self.right.__code__.co_code])
        with refusing(self.right, *ENGINE, *[value] * copy) as all_refuse:
            for args in cases:
                try:
                    said = plain(value(*json.loads(json.dumps(args))), sets=False)
                    yield {"returned": said} if all_refuse() else {"raised": REFUSED}
                except Exception as error:
                    yield {"raised": described(error)}
                    if monotonic() > late:
                        return

    def wrong(self, answer: Any, case: Any, seed: str) -> Sentences:
        """Compare what it returned."""
        call = f"{self.wants}({', '.join(map(repr, case))})"
        if "raised" in answer:
            yield f"{call} raised {answer['raised']}."
            return
        right = plain(self.right(*case))
        if _written(answer["returned"]) != _written(right):
            yield f"{call} returned {answer['returned']!r}, and should return {right!r}."


def _written(value: Any) -> str:
    """Write a value so that 1 is not 1.0, nor True."""
    return json.dumps(value, sort_keys=True)


@dataclass(frozen=True)
class Inside(Problem):
    """Write one of the engine's functions, or a part of one.

    `draw(seed)` yields cases; `function` is the name of the one that is replaced; `whole` makes that of what the
    learner wrote, if they wrote a part; `events`: the kinds of events that count then, in any order.
    """

    draw: Callable[[str], Iterable[Case]]
    function: str
    whole: Callable[[Function], Function] | None = None
    events: frozenset[str] | None = None

    def cases(self, seed: str) -> Sequence[Case]:
        """Draw the cases."""
        return _cases(self, seed)

    def prepare(self, seed: str) -> None:
        """Run the engine on all cases."""
        _right(self, seed)

    def size(self, case: Any) -> Any:
        """Few pages, then few words."""
        return case.size

    def functions(self, value: Any) -> dict[str, Function]:
        """Return what is to be installed."""
        if not callable(value):
            raise TypeError(f"{self.wants} is to be a function, not {described_value(value)}")
        mine = guarded(self.wants, value, GIVES.get(self.function, VOID))
        return {self.function: self.whole(mine) if self.whole else mine}

    def _refused(self, value: Any) -> list[Any]:
        return [getattr(pager, self.function), *[value] * is_copy(value)]

    def _by_a_copy(self, kind: str, code: Any) -> bool:
        """Whether the engine's own code made a call that is the learner's to make, under whatever name it ran."""
        mine = self.events is None or kind in self.events
        return mine and code.co_code == OWN[self.function]

    def answers(self, value: Any, cases: Sequence[Case]) -> Iterable[Any]:
        """Run it inside the engine."""
        late = monotonic() + PATIENCE
        with refusing(*self._refused(value)):
            functions = self.functions(value)
            for case in cases:
                try:
                    seen = observed(case, functions, self._by_a_copy)
                    yield seen
                    if monotonic() > late and judge.raised(seen):
                        return
                except TooLong:
                    said = f"{judge.YOUR}{self.wants} made {MOST_STEPS} calls and went on: does its loop end?"
                    yield {"ends": [["too long", said]], "events": [], "left": [], "after": {}}

    def walks(self, value: Any, case: Case) -> tuple[Run, Run, Parting] | None:
        """Record a case with the learner's function and with the engine's, and find where they part.

        Returns: None where nothing can be recorded: the function does not come to an end.
        """
        machine = case.world().machine(**case.options)
        right = joined(case, machine)

        def work() -> Iterator[Any]:
            with refusing(*self._refused(value)):
                mine = case.world().machine(**case.options | self.functions(value))
                limit(mine)
                fixed(mine)
                yield joined(case, mine).to_json()

        said = in_child(work)
        if not said.answers:
            return None
        run, broken = readable(said.answers[0])
        return run, right, broken or parting(run, right, self.events)

    def wrong(self, answer: Any, case: Any, seed: str) -> Sentences:
        """Compare with what the engine does."""
        right = _right(self, seed)[self.cases(seed).index(case)]
        for kinds in [None] if self.events is None else [self.events, self.events | judge.BESIDES]:
            found = judge.differences(*(judge.counted(each, kinds) for each in (answer, right)))
            whys = [*islice(found, judge.MOST)]
            yield from whys
            if whys:
                return


def joined(case: Case, machine: LabMachine) -> Run:
    """Make a case's calls and return them as one run; a call after the end of everything is left out."""
    first, *others = case.calls(machine)
    return reduce(Run.then, others, first)


@lru_cache(maxsize=32)
def _cases(problem: Inside, seed: str) -> tuple[Case, ...]:
    return tuple(problem.draw(seed))


@lru_cache(maxsize=32)
def _right(problem: Inside, seed: str) -> list[judge.Observed]:
    """What the engine does in all cases: worked out once."""
    return [json.loads(json.dumps(observed(case, {}))) for case in problem.cases(seed)]


def described_value(value: Any) -> str:
    """Say what a value is that is not what was asked for."""
    return f"{plain(value)!r:.60}"


@dataclass(frozen=True)
class Build(Problem):
    """Build a world.  `missing(world)` yields what is not as it was asked for."""

    missing: Callable[[World], Iterable[str]]

    def cases(self, seed: str) -> Sequence[Any]:
        """There is one: what the learner has built."""
        return [self.wants]

    def answers(self, value: Any, cases: Sequence[Any]) -> Iterable[Any]:
        """Put the world into the form of JSON."""
        state = getattr(value, "state", None)
        yield None if state is None else form.to_json(state)

    def wrong(self, answer: Any, case: Any, seed: str) -> Sentences:
        """Run the engine on it."""
        try:
            world = World(form.from_json(answer))
        except ValueError as error:
            yield f"{self.wants} is to be a world: `world(...)` and its words.  {error}"[:300] + "."
            return
        yield from self.missing(world)
