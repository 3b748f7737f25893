"""The exercises and their problems, by number."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final

from uvmlab.check.problem import Problem

NAMES: Final = {
    "04": "04_clusters",
    "06": "06_when_the_disk_says_no",
}
HINTS: Final = Path(__file__).parent / "hints"
TIERS: Final = 3


def problems(number: str) -> tuple[Problem, ...]:
    """Return the problems of an exercise, in order.

    Raises: KeyError that names the exercises that there are.

    >>> [problem.wants for problem in problems("06")]
    ['freed_slots', 'give_up', 'dropcluster', 'five', 'account']
    """
    if number not in NAMES:
        raise KeyError(f"there is no exercise {number!r}; there are {', '.join(NAMES)}")
    found: tuple[Problem, ...] = import_module(f"uvmlab.check.exercise{number}").PROBLEMS
    return found


def hints(problem: Problem) -> list[str]:
    """Return the hints to a problem, each further than the one before."""
    text = (HINTS / f"{problem.name}.md").read_text(encoding="utf-8")
    return [tier.strip() for tier in text.split("\n---\n")]
