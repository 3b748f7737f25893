"""The kill matrix: each question with what its check was shown, and what it said.

Wrong answers and mutants of the solution are to be rejected, the solution and other right answers to be accepted.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

from tests.kill_matrix.equivalent import EQUIVALENT
from tests.kill_matrix.mutants import mutants
from uvmlab.check.child import in_child
from uvmlab.check.exercises import NAMES, problems
from uvmlab.check.kinds import Foresee
from uvmlab.check.problem import Correct, Incorrect, Outcome, Problem
from uvmlab.check.solutions import solution
from uvmlab.check.submission import NO_SEED
from uvmlab.kernel import flags
from uvmlab.run import world

SEED: Final = "kill matrix"
QUIET: Final = 0.7  # seconds without an answer: what is endless here is known to be
PARTS: Final = (1, 4, 20, 60)  # cases are tried in parts; after a wrong answer no more are
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


def outcome(problem: Problem, value: Any, seed: str = SEED) -> Outcome:
    """Check an answer as `Problem.check` does, but no further than the first part of the cases that it fails in."""
    cases = problem.cases(seed)
    found: Outcome = Correct(0)
    for part in parts(cases):
        said = in_child(lambda part=part: problem.answers(value, part), QUIET)  # type: ignore[misc]
        found = problem.judged(said, part, seed)
        if isinstance(found, Incorrect):
            return found
    return Correct(len(cases))


def parts(cases: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Cut cases into parts, small before large."""
    begin = 0
    for size in (*PARTS, len(cases)):
        if part := cases[begin : begin + size]:
            yield part
        begin += size


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
        {mistake: outcome(problem, value) for mistake, value in wrong_answers(problem).items()},
        {how: outcome(problem, value) for how, value in RIGHT.get(name, {}).items()},
        {str(mutant): outcome(problem, answer(mutant.source), seed) for mutant in mutants(source)},
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
