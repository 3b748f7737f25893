"""A question of an exercise in the notebook: check it, take a hint, see a solution.

q1, q2, q3, q4, q5 = exercise("04")
q1.check()
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from textwrap import shorten
from types import FrameType
from typing import Any, Final

from IPython import get_ipython

from uvmlab.check import Answers
from uvmlab.check.exercises import NAMES, hints, problems
from uvmlab.check.kinds import Foresee, Inside
from uvmlab.check.problem import Correct, Incorrect, NotAttempted, Problem
from uvmlab.check.solutions import solution
from uvmlab.check.submission import NO_SEED, Unreadable, read, seed_in
from uvmlab.run import World
from uvmlab.widgets import smallest

PRINTED: Final = 200  # characters of what a learner's code prints on so many cases


class NotSolved(Exception):  # it is what a check says, and no error of a program
    """An answer that is incorrect or missing.  A notebook shows it as a sentence, not as a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def exercise(number: str, seed: str | None = None) -> tuple[Question, ...]:
    """Return the questions of an exercise.

    `seed`: whose worlds; if not said, the one that travels in the notebook's metadata.
    Raises: KeyError that names the exercises that there are.

    >>> exercise("04", seed="doc")[0]
    <question 04-foresee: Which pages are in the two clusters? (1 point)>
    """
    whose = notebook_seed(number) if seed is None else seed
    answers = Answers.here()
    return tuple(Question(problem, whose, answers) for problem in problems(number))


def notebook_seed(number: str) -> str:
    """Read the seed in the metadata of this notebook; a notebook without one, or none at all, is nobody's.

    Jupyter names the notebook.  Where it does not (nbval, nbgrader), or the notebook has another name by now, the
    seed is that of the notebooks of this exercise in the current directory, if they have but one.
    """
    named = os.environ.get("JPY_SESSION_NAME")
    if named and Path(named).is_file():
        return seed_in(Path(named))
    seeds = set()
    for path in Path.cwd().glob("*.ipynb"):
        with suppress(OSError, Unreadable):
            found = read(path.read_bytes())
            seeds |= {found.seed} if found.exercise == number else set()
    return seeds.pop() if len(seeds) == 1 else NO_SEED


class Question:
    """One question: `check()` looks at the answer, `hint()` helps a little, `solution()` shows one on its second call."""

    def __init__(self, problem: Problem, seed: str, answers: Answers) -> None:
        self.problem, self.seed, self._answers = problem, seed, answers

    @property
    def world(self) -> World:
        """The world that the question is about.

        Raises: AttributeError for a question that is about no one world.
        """
        if not isinstance(self.problem, Foresee):
            raise AttributeError(f"{self.problem.name} is about no one world")
        return self.problem.world(self.seed)

    def check(self) -> None:
        """Check the answer that stands in the notebook.

        Raises: NotSolved if it is incorrect or missing.
        """
        names = _names(self.problem.wants)
        outcome = self.problem.check(names, self.seed)
        self._keep("outcome", type(outcome).__name__)
        match outcome:
            case Correct(cases):
                tried = f" It was tried on {cases} cases." if cases > 1 else ""
                print(f"Correct.{tried}")
            case NotAttempted(why):
                raise NotSolved(f"Not attempted: {why}.")
            case Incorrect():
                value = names.get(self.problem.wants)
                mine = next((name for name, each in names.items() if each is self), "question")
                smallest.below(lambda: self._show(outcome, value, mine))
                raise NotSolved("\n".join(["Incorrect.", *outcome.whys]))

    def _show(self, outcome: Incorrect, value: Any, mine: str) -> None:
        """Show what was printed, and the smallest case; `mine` is the name of this question in the notebook."""
        if outcome.printed:
            print(f"Your code printed: {shorten(outcome.printed, PRINTED, placeholder=' …')}")
        if not isinstance(self.problem, Inside) or outcome.case is None:
            return
        number = self.problem.cases(self.seed).index(outcome.case)
        world = f"{mine}.case({number})"
        if outcome.answered:
            smallest.show(self.problem, value, outcome.case, world)
        elif number:  # it came to an end in those before
            smallest.tell(self.problem, outcome.case, world)

    def case(self, number: int) -> World:
        """Return the world of a case, by the number that an incorrect answer was told.

        Raises: AttributeError for a question without cases that have a world; IndexError that says how many there are.
        """
        if not isinstance(self.problem, Inside):
            raise AttributeError(f"{self.problem.name} has no cases with a world")
        cases = self.problem.cases(self.seed)
        if number not in range(len(cases)):
            raise IndexError(f"there is no case {number!r}; there are 0 to {len(cases) - 1}")
        found: World = cases[number].world()
        return found

    def hint(self) -> None:
        """Show a hint: each call shows one more, and each goes further."""
        known = hints(self.problem)
        number = min(self._kept("hints") or 0, len(known) - 1) + 1
        self._keep("hints", number)
        for i, hint in enumerate(known[:number], 1):
            print(f"Hint {i} of {len(known)}: {hint}")

    def solution(self) -> None:
        """Show a solution, on the second call."""
        asked = bool(self._kept("solution"))
        self._keep("solution", True)
        print(
            solution(self.problem)
            if asked
            else "Have you tried? Call it once more, and it shows a solution."
        )

    def _keep(self, what: str, value: Any) -> None:
        self._answers.put(self.problem.name, what, value)

    def _kept(self, what: str) -> Any:
        return self._answers.get(self.problem.name, what)

    def __repr__(self) -> str:
        points = f"{self.problem.points} point{'s' * (self.problem.points > 1)}"
        return f"<question {self.problem.name}: {self.problem.title} ({points})>"


def _names(wanted: str) -> dict[str, Any]:
    """Return the names of whoever asks: a cell's, also where a thread asks for it."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001
    while frame is not None and wanted not in frame.f_globals:
        frame = frame.f_back
    shell = get_ipython()
    mine = shell.user_ns if shell else vars(sys.modules["__main__"])
    return frame.f_globals if frame else mine


def progress() -> Progress:
    """Say what is done of all exercises."""
    return Progress(Answers.here())


class Progress:
    """What is done: a line for each question."""

    WORDS: Final = {
        "Correct": "done",
        "Incorrect": "tried, not right yet",
        "NotAttempted": "not attempted",
        None: "not attempted",
    }

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def __repr__(self) -> str:
        lines = []
        for number, name in NAMES.items():
            lines.append(name)
            for i, problem in enumerate(problems(number), 1):
                outcome = self._answers.get(problem.name, "outcome")
                points = f"{problem.points} point{'s' * (problem.points > 1)}"
                lines.append(
                    f"  q{i} {problem.title} ({points}): {self.WORDS.get(outcome, outcome)}"
                )
        return "\n".join(lines)
