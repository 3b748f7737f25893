"""What a submission answers: its cells are run, and it is asked, in a child for each question.

Nothing here judges.  What comes out is plain data, and no more to be believed than who wrote it.
"""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import CodeType, ModuleType
from typing import Any, Final

from uvmlab.check.child import Said, described, in_child
from uvmlab.check.exercises import problems
from uvmlab.check.kinds import Foresee
from uvmlab.check.problem import Problem, is_stub
from uvmlab.check.submission import Cell, Submission, Unreadable, read
from uvmlab.kernel import flags

WHOLE: Final = 5  # times the seconds that one cell or case may take: what a question may take
MOST_LOST: Final = 3  # cells that never end, or end the program, before the others are not tried
MOST_SAID: Final = 16 << 20  # bytes: a right function's answers are two million
EARLY: Final = "it ended before it had answered"  # and said that it was done, maybe
CELL, STUB, CHANGED, ANSWER = "cell", "stub", "changed", "answer"
MAGIC: Final = re.compile(r"^( *)(?:[%!].*|.*\?)$", re.MULTILINE)

Marks = dict[tuple[str, str], tuple[Any, Any]]


def seed_for(problem: Problem, own: str, grader: str) -> str:
    """Return whose cases a problem is tried on: those of the learner's own world, or ones that nobody has seen."""
    return own if isinstance(problem, Foresee) else grader


def asked(content: bytes, grader: str, seconds: float) -> Iterator[dict[str, Any]]:
    """Ask a notebook all questions of its exercise.

    `grader`: the seed of the cases; `seconds`: what a cell, and what a case may take.
    Yields: `exercise`, `seed` and for each question `name` and what came of it; or `unreadable`, a sentence.
    """
    try:
        submission = read(content)
    except Unreadable as why:
        yield {"unreadable": str(why)}
        return
    yield {"exercise": submission.exercise, "seed": submission.seed}
    lost: dict[int, str] = {}
    for problem in problems(submission.exercise):
        cases = problem.cases(seed_for(problem, submission.seed, grader))
        yield {"name": problem.name, **_one(submission, problem, cases, seconds, lost)}


def _one(
    submission: Submission,
    problem: Problem,
    cases: Sequence[Any],
    seconds: float,
    lost: dict[int, str],
) -> dict[str, Any]:
    """Ask one question; a cell at which the child is `lost` is left out from then on."""
    cells = submission.above(problem)
    while True:
        said = in_child(
            lambda: answered(submission, problem, cases, {*lost}),
            quiet=seconds,
            whole=WHOLE * seconds,
            most=MOST_SAID,
            prints=2,
        )
        run = [told for kind, told in said.answers if kind == CELL]
        if len(run) == len(cells) or len(lost) == MOST_LOST:
            break
        lost[cells[len(run)].place] = said.lost or EARLY
    return _told(said, _trouble(submission.own(problem), cells, run, lost))


def _trouble(
    own: Cell | None, cells: list[Cell], run: list[str | None], lost: dict[int, str]
) -> str | None:
    """Say what went wrong in a question's own cell."""
    if own is None:
        return "Its cell is not in the notebook"
    raised = dict(zip((cell.place for cell in cells), run, strict=False)).get(own.place)
    failed = lost.get(own.place) or raised
    return failed and f"In its cell {failed}"


def _told(said: Said, trouble: str | None) -> dict[str, Any]:
    def kept(kind: str) -> list[Any]:
        return [told for each, told in said.answers if each == kind]

    return {
        "trouble": trouble,
        "stub": kept(STUB) == [True],
        "changed": next(filter(None, kept(CHANGED)), None),
        "answers": kept(ANSWER),
        "printed": said.printed,
        "lost": said.lost,
    }


# In the child


def answered(
    submission: Submission, problem: Problem, cases: Sequence[Any], leave_out: set[int]
) -> Iterator[tuple[str, Any]]:
    """Run the cells and ask for the answer to a problem; yield (kind, what is told)."""
    notebook = namespace(submission)
    before = marks()
    for cell in submission.above(problem):
        yield CELL, None if cell.place in leave_out else run(cell, notebook)
    value = notebook.get(problem.wants, ...)
    stub = is_stub(value)
    yield STUB, stub
    yield CHANGED, changed(before)
    if stub:
        return
    for answer in problem.answers(value, cases):
        yield ANSWER, answer
    yield CHANGED, changed(before)


class StandIn:
    """A question in a submission: its world is the learner's own, and its checks and hints do nothing."""

    def __init__(self, problem: Problem, seed: str) -> None:
        self._problem, self._seed = problem, seed

    @property
    def world(self) -> Any:
        """The world that the question is about."""
        return self._problem.world(self._seed)  # type: ignore[attr-defined]

    def check(self) -> None:
        """Do nothing: the grader asks its own question."""

    hint = solution = check


def nothing(*_: Any, **__: Any) -> None:
    """Show nothing: nobody is looking."""


def namespace(submission: Submission) -> dict[str, Any]:
    """Return the names that a submission begins with: what the first cell of the original brings, should its own be gone.

    In the child alone: for good, `uvmlab` offers stand-ins that need no notebook, and `__main__` is the submission.
    """
    questions = [StandIn(each, submission.seed) for each in problems(submission.exercise)]
    offered = vars(sys.modules["uvmlab"])
    offered |= {"exercise": lambda *_, **__: tuple(questions), "progress": nothing, "show": nothing}
    main = sys.modules["__main__"] = ModuleType("__main__")
    names = vars(main)
    names |= {name: value for name, value in vars(flags).items() if name.isupper()}
    names |= {name: getattr(sys.modules["uvmlab"], name) for name in ("Slip", "world")}
    names |= {name: offered[name] for name in ("exercise", "progress", "show")}
    names |= {f"q{i}": question for i, question in enumerate(questions, 1)}
    names["display"] = nothing
    return names


def run(cell: Cell, names: dict[str, Any]) -> str | None:
    """Run a cell; return how it failed, if it did."""
    file = f"<cell {cell.name or cell.place + 1}>"
    source = cell.source + "\n"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    try:
        exec(_compiled(source, file), names)  # noqa: S102  in a child with limits
    except BaseException as error:  # `sys.exit()` ends a cell, not a notebook
        return f"it raised {described(error)}"
    return None


def _compiled(source: str, file: str) -> CodeType:
    """Compile a cell; what is for IPython alone (`%time`, `!ls`, `page?`) is left out."""
    with suppress(SyntaxError):
        return compile(source, file, "exec", dont_inherit=True)
    return compile(MAGIC.sub(r"\1pass", source), file, "exec", dont_inherit=True)


def marks() -> Marks:
    """Return what uvmlab is made of, to see later whether it was changed: each name's value, and its code."""
    found: Marks = {}
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] == "uvmlab":
            for key, value in vars(module).items():
                found[name, key] = _mark(value)
                if isinstance(value, type) and value.__module__ == name and value is not StandIn:
                    found |= {(name, f"{key}.{k}"): _mark(v) for k, v in vars(value).items()}
    return found


def _mark(value: Any) -> tuple[Any, Any]:
    return value, getattr(value, "__code__", None)


def changed(before: Marks) -> str | None:
    """Return the name of a part of uvmlab that is not what it was before."""
    after = marks()
    for name, (value, code) in before.items():
        new, new_code = after.get(name, (None, None))
        if new is not value or new_code is not code:
            return ".".join(name)
    return None
