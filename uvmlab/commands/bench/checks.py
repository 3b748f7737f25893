"""How long a course takes to grade, and whether the mutants that are listed as equivalent are; a checkout has what that needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from uvmlab.commands.bench.row import Row
from uvmlab.commands.grading_time import LEARNERS, time_to_grade
from uvmlab.commands.killmatrix import agreements

ROOT: Final = Path(__file__).parents[3]
WITHOUT: Final = "grading and equivalent mutants are not measured: they need a checkout"


def check_rows(learners: int = LEARNERS) -> Iterator[Row | str]:
    """Measure the grading of a course, and try the listed mutants on 1,000 worlds each."""
    solutions = sorted((ROOT / "solutions").glob("*.ipynb"))
    if not solutions:
        yield WITHOUT
        return
    timed = time_to_grade(solutions, learners)
    what = f"{timed.notebooks} notebooks graded, {timed.full} of them with all points"
    yield Row(what, [timed.seconds], "at most 120", unit="s")
    yield from agreements(ROOT)
