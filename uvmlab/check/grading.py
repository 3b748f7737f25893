"""The half of grading that judges: it looks at what a submission answered, and never runs a learner's code.

Answers may be long, deep or forged, so they are looked at in a child as well.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from uvmlab.check.asking import seed_for
from uvmlab.check.child import Said, in_child
from uvmlab.check.exercises import NAMES, problems
from uvmlab.check.problem import Correct, Problem
from uvmlab.check.watched import Heard

QUIET: Final = 10.0  # seconds to judge an answer: it takes one at most
LONGEST: Final = 400  # characters of a sentence
ENDLESS: Final = "It cannot be judged: it is too large, or has no end."

Told = dict[str, Any]


@dataclass
class Row:
    """What came of a notebook: points and what went wrong for each question, and a reason where all of it failed.

    `file`: its path in the folder; `sha256` of its content, empty where that was not read; `seed`: whose worlds.
    """

    learner: str
    file: str
    exercise: str = ""
    sha256: str = ""
    seed: str = ""
    points: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    printed: str = ""

    @property
    def total(self) -> int:
        """The points that it got."""
        return sum(self.points.values())

    @property
    def of(self) -> int:
        """The points that it could have got."""
        return sum(problem.points for problem in self.problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The questions of its exercise."""
        return problems(self.exercise) if self.exercise in NAMES else ()

    @property
    def words(self) -> str:
        """What went wrong, in words."""
        questions = [
            f"q{i}: {self.wrong[problem.name]}"
            for i, problem in enumerate(self.problems, 1)
            if problem.name in self.wrong
        ]
        return " ".join([f"{self.reason}."] * bool(self.reason) + questions)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self) | {"total": self.total, "of": self.of}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Row:
        """Make it of what `to_json` gave.  Raises: TypeError, KeyError for anything else."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__})


def judge(row: Row, heard: Heard, grader: str) -> Row:
    """Fill a row with what came of its notebook; `grader` is the seed of the cases."""
    row.printed = sentence(heard.printed)
    while True:
        seen = {*row.points}
        said = in_child(lambda: judged(heard.said, grader, seen), QUIET)  # noqa: B023  it runs now
        for told in said.answers:
            _fill(row, told)
        if said.lost is None or seen == {*row.points}:
            break
    if heard.lost or said.lost:
        row.reason = sentence(heard.lost or f"its answers cannot be judged: {said.lost}")
    return row


def _fill(row: Row, told: Told) -> None:
    row.exercise = told.get("exercise", row.exercise)
    row.seed = told.get("seed", row.seed)
    row.reason = told.get("reason", row.reason)
    if "name" in told:
        row.points[told["name"]] = told["points"]
        row.wrong[told["name"]] = told["wrong"]
        if not told["wrong"]:
            del row.wrong[told["name"]]


def judged(said: bytes, grader: str, but: Container[str] = ()) -> Iterator[Told]:
    """Yield what is to be told of a notebook, from what its supervisor said: for the whole, then for each question.

    `but`: the names of questions that are left out.  One whose judging never ends is told of before that begins.
    """
    if not said:
        return
    answers, _, lost = json.loads(said)
    whole: Told = answers[0] if answers else {}
    if "unreadable" in whole or lost:
        yield {"reason": sentence(whole.get("unreadable", lost))}
    if "exercise" in whole:
        yield {"exercise": whole["exercise"], "seed": sentence(whole["seed"])}
        known = {problem.name: problem for problem in problems(whole["exercise"])}
        for told in answers[1:]:
            problem = known[told["name"]]
            if problem.name not in but:
                yield {"name": problem.name, "points": 0, "wrong": ENDLESS}
                wrong = verdict(problem, told, seed_for(problem, whole["seed"], grader))
                points = 0 if wrong else problem.points
                yield {"name": problem.name, "points": points, "wrong": sentence(wrong)}


def verdict(problem: Problem, told: Told, seed: str) -> str:
    """Say what is wrong with the answer to a question; nothing if it is right."""
    trouble = f"{told['trouble']}." if told["trouble"] else ""
    if told["changed"]:
        return f"It changes {told['changed']}, and an answer must leave uvmlab as it is."
    if told["stub"]:
        return trouble or "Not attempted."
    said = Said(told["answers"], told["printed"], told["lost"])
    outcome = problem.judged(said, problem.cases(seed), seed)
    if isinstance(outcome, Correct):
        return ""
    return " ".join([trouble, *outcome.whys]).strip()


def sentence(text: str) -> str:
    """Return what was said as one line that anybody can read, and not too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:10_000]).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 2]} …"
