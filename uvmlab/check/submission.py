"""What a learner has handed in: a notebook, read as JSON and in no other way.

>>> nobody = b'{"cells": [{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "04-bounds"}}, "source": "1"}]}'
>>> read(nobody).exercise
'04'
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from uvmlab.check.exercises import NAMES, problems
from uvmlab.check.problem import Problem

SEEDS: Final = "uvmlab"  # where a notebook's metadata keep the seed
NO_SEED: Final = "nobody"
CHECK: Final = "check-"  # how the names of the cells that check begin


class Unreadable(ValueError):
    """It cannot be graded: a sentence why."""


class Cell(NamedTuple):
    """A code cell: its place, its name for nbgrader (`04-bounds`; empty for one of the learner's own), its source."""

    place: int
    name: str
    source: str


class Submission(NamedTuple):
    """An exercise as it was handed in: its number, whose worlds it is about, its code cells."""

    exercise: str
    seed: str
    cells: list[Cell]

    def own(self, problem: Problem) -> Cell | None:
        """Return the cell for the answer to a problem: the last that has its name, should it be there twice."""
        return next((cell for cell in reversed(self.cells) if cell.name == problem.name), None)

    def above(self, problem: Problem) -> list[Cell]:
        """Return the cells that are run for a problem: all down to its own, and on to the next that is not the learner's.

        Cells that check are left out; without a cell of its own, all others are run.
        """
        own = self.own(problem)
        after = own.place if own else len(self.cells)
        end = next(
            (cell.place for cell in self.cells if cell.name and cell.place > after), len(self.cells)
        )
        return [cell for cell in self.cells[:end] if not cell.name.startswith(CHECK)]


def seed_of(notebook: Any) -> str:
    """Return the seed in a notebook's metadata; a notebook without one is nobody's."""
    try:
        return str(notebook["metadata"][SEEDS]["seed"])
    except (KeyError, TypeError):
        return NO_SEED


def seed_in(path: Path) -> str:
    """Return the seed in a notebook's file; one that cannot be read is nobody's."""
    try:
        return seed_of(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return NO_SEED


def read(content: bytes) -> Submission:
    """Read a notebook.

    Raises: Unreadable, with a sentence that says why.
    """
    if not content.strip():
        raise Unreadable("the notebook is empty")
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no notebook, which is JSON: {str(error)[:100]}") from error
    except MemoryError as error:
        raise Unreadable("it is too large to be read") from error
    try:
        cells = [Cell(place, *each) for place, each in enumerate(_code(notebook["cells"]))]
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable("it is JSON, but no notebook (version 4)") from error
    if not cells:
        raise Unreadable("there is no code cell in it")
    return Submission(_exercise(cells), seed_of(notebook), cells)


def _code(cells: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield name and source of each code cell; only our own cells have a name."""
    ours = {problem.name for number in NAMES for problem in problems(number)}
    for cell in cells:
        if cell["cell_type"] == "code":
            name = str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
            known = name in ours or name.startswith(CHECK)
            yield name if known else "", "".join(cell["source"])


def _exercise(cells: list[Cell]) -> str:
    """Tell the exercise by its cells, whatever the file is called."""
    found = [
        cell.name.removeprefix(CHECK).partition("-")[0]
        for cell in cells
        if cell.name.removeprefix(CHECK).partition("-")[0] in NAMES
    ]
    if not found:
        known = ", ".join(NAMES.values())
        raise Unreadable(f"no cell of an exercise is in it; there are {known}")
    return max(found, key=found.count)
