"""The kill matrix: each question with what its check was shown, and what it said.

Wrong answers and mutants of the solution are to be rejected, the solution and other right answers to be accepted.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, Final

from tests.kill_matrix.equivalent import EQUIVALENT
from tests.kill_matrix.mutants import mutants
from uvmlab.check.child import Said, in_child
from uvmlab.check.exercises import NAMES, problems
from uvmlab.check.kinds import Foresee
from uvmlab.check.problem import Correct, Incorrect, Outcome, Problem
from uvmlab.check.solutions import solution
from uvmlab.check.submission import NO_SEED
from uvmlab.kernel import flags
from uvmlab.run import world

SEED: Final = "kill matrix"
QUIET: Final = 0.5  # seconds without an answer: what is endless here is known to be
PATIENT: Final = 10.0  # for what is to be accepted, on however busy a machine
PART: Final = 8  # cases that are tried at once; after a wrong answer no more are
LEARNERS: Final = 200  # in whose worlds a wrong prediction is to be wrong
WORLDS: Final = 1000  # on which an equivalent mutant does as the solution does
BY_EVENTS, BY_CLOCK = "calls and went on", "it gave no answer for"
PROBLEMS: Final = {problem.name: problem for number in NAMES for problem in problems(number)}


def told_of(word: str) -> dict[str, Any]:
    """Put together what `right04.RIGHT`, `right06.RIGHT` and so on say, or `wrong04.WRONG` and so on."""
    modules = [import_module(f"tests.kill_matrix.{word.lower()}{number}") for number in NAMES]
    return {name: told for module in modules for name, told in vars(module)[word].items()}


RIGHT: Final[dict[str, dict[str, Any]]] = told_of("RIGHT")
WRONG: Final = told_of("WRONG")

# What a check is shown


def wrong_answers(problem: Problem, seed: str = SEED) -> dict[str, Any]:
    """Return the wrong answers to a question by their mistakes."""
    wrong = WRONG[problem.name]
    if isinstance(problem, Foresee):
        seen = problem.world(seed)
        return {mistake: foresees(seen) for mistake, foresees in wrong.items()}
    if isinstance(wrong, dict):
        return dict(wrong)
    function, mistakes = wrong
    return {mistake: changed(function, changes) for mistake, changes in mistakes.items()}


def changed(function: Any, changes: Sequence[tuple[str, str]]) -> Any:
    """Return a function with some words of its source changed."""
    source = inspect.getsource(function)
    for old, new in changes:
        if old not in source:
            raise ValueError(f"{function.__name__} has no {old!r}")
        source = source.replace(old, new)
    return made(source, function.__name__, vars(inspect.getmodule(function)))


def made(source: str, name: str, names: Mapping[str, Any]) -> Any:
    """Run a source among some names, and return what is then under one of them; if it fails, what it raised."""
    space = dict(names)
    try:
        exec(compile(source, "<answer>", "exec"), space)  # noqa: S102  it is ours
    except Exception as error:
        return error
    return space.get(name)


def names_there(problem: Problem) -> dict[str, Any]:
    """Return what a solution finds: the flags, `world`, and the question's own world."""
    found = {**vars(flags), "world": world}
    if isinstance(problem, Foresee):
        seen = SimpleNamespace(world=problem.world(NO_SEED))
        found |= {f"q{number}": seen for number in range(1, 7)}
    return found


def stub_of(source: str) -> str:
    """Return what stands in the place of a solution: the function with nothing in it, or nothing at all."""
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not functions:
        return "..."
    for function in functions:
        function.body = [ast.Expr(ast.Constant(...))]
    return ast.unparse(tree)


# What it says


def outcome(problem: Problem, value: Any, seed: str = SEED, quiet: float = PATIENT) -> Outcome:
    """Check an answer as `Problem.check` does, but no further than the first part of the cases that it fails in.

    One child runs it and judges it, too: nobody here means harm, and a fork costs as much as a few cases.
    """
    cases = problem.cases(seed)
    problem.prepare(seed)
    said = in_child(lambda: wrongs(problem, value, cases, seed), quiet)
    if said.lost:
        return problem.judged(Said([], said.printed, said.lost), cases, seed)
    whys = [why for each in said.answers for why in each]
    return Incorrect(tuple(whys), None, said.printed) if whys else Correct(len(cases))


def wrongs(
    problem: Problem, value: Any, cases: Sequence[Any], seed: str
) -> Iterator[tuple[str, ...]]:
    """Yield what is wrong in each part of the cases, and end with the first in which something is."""
    for part in parts(cases):
        answers = json.loads(json.dumps([*problem.answers(value, part)]))
        found = problem.judged(Said(answers, "", None), part, seed)
        yield found.whys if isinstance(found, Incorrect) else ()
        if isinstance(found, Incorrect):
            return


def in_all_worlds(problem: Foresee) -> dict[str, Outcome]:
    """Check the wrong predictions in many learners' worlds; of each return the last outcome, or that it was lucky once."""
    found: dict[str, Outcome] = {}
    for seed in map(str, range(LEARNERS)):
        seen = problem.world(seed)
        right = problem.right(seen)
        own = replace(problem, right=lambda _, right=right: right)  # runs once, not once a mistake
        for mistake, value in wrong_answers(problem, seed).items():
            told = tuple(own.wrong(next(iter(own.answers(value, [seed]))), seed, seed))
            if not isinstance(found.get(mistake), Correct):
                found[mistake] = Incorrect(told, None, "") if told else Correct(1)
    return found


def parts(cases: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Cut cases into parts: the first alone, for most mistakes show at once."""
    for begin, end in pairwise([0, *range(1, len(cases), PART), len(cases)]):
        yield cases[begin:end]


@dataclass(frozen=True)
class Row:
    """What came of a question: the outcomes of the wrong answers, the right ones, the mutants; its stub, its solution."""

    problem: Problem
    wrong: dict[str, Outcome]
    right: dict[str, Outcome]
    mutants: dict[str, Outcome]
    stub: Outcome
    solution: Outcome

    @property
    def equivalent(self) -> dict[str, str]:
        """The mutants that are listed as doing the same, with their reasons."""
        return EQUIVALENT.get(self.problem.name, {})

    @property
    def survivors(self) -> list[str]:
        """The wrong answers that passed, and the mutants that did so and are not listed."""
        told = self.wrong | self.mutants
        return [
            name
            for name, found in told.items()
            if not isinstance(found, Incorrect) and name not in self.equivalent
        ]

    @property
    def refused(self) -> list[str]:
        """The right answers that did not pass, and the mutants that are listed and did not."""
        told = self.right | {"the solution": self.solution}
        told |= {name: self.mutants[name] for name in self.equivalent if name in self.mutants}
        return [name for name, found in told.items() if not isinstance(found, Correct)]

    def stopped(self, by: str) -> int:
        """Count the mutants that never end, by what stopped them."""
        return sum(by in str(found) for found in self.mutants.values())


@cache
def row(name: str) -> Row:
    """Show a check all that there is for it."""
    problem = PROBLEMS[name]
    seed = (
        NO_SEED if isinstance(problem, Foresee) else SEED
    )  # the solution is that of nobody's world
    source, names = solution(problem), names_there(problem)

    def answer(source: str) -> Any:
        return made(source, problem.wants, names)

    return Row(
        problem,
        in_all_worlds(problem)
        if isinstance(problem, Foresee)
        else {
            mistake: outcome(problem, value, quiet=QUIET)
            for mistake, value in wrong_answers(problem).items()
        },
        {how: outcome(problem, value) for how, value in RIGHT.get(name, {}).items()},
        {
            str(mutant): outcome(
                problem,
                answer(mutant.source),
                seed,
                PATIENT if str(mutant) in EQUIVALENT.get(name, {}) else QUIET,
            )
            for mutant in mutants(source)
        },
        problem.check({problem.wants: answer(stub_of(source))}, seed),
        problem.check({problem.wants: answer(source)}, seed),
    )


def agreeing(worlds: int = WORLDS) -> Iterator[tuple[str, str, Outcome]]:
    """Check each listed mutant, and each solution that has one, on many more worlds than a check has time for.

    Returns: the question, the mutant (or "the solution"), what came of it.
    """
    for name, listed in EQUIVALENT.items():
        problem: Any = PROBLEMS[name]
        if hasattr(problem, "draw"):
            problem = replace(problem, draw=lambda seed, draw=problem.draw: draw(seed, worlds))
        source = solution(problem)
        sources = {str(each): each.source for each in mutants(source) if str(each) in listed}
        for mutant, text in {"the solution": source, **sources}.items():
            value = made(text, problem.wants, names_there(problem))
            yield name, mutant, problem.check({problem.wants: value}, f"{SEED}, {worlds} worlds")
