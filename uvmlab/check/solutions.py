"""The solutions' notebooks, from which the exercises are made: what stands between their markers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from uvmlab.check.exercises import NAMES
from uvmlab.check.problem import Problem

FOLDER: Final = Path(__file__).parents[2] / "solutions"
SOLUTION: Final = re.compile(r"^ *### BEGIN SOLUTION\n|^ *### END SOLUTION\n?", re.MULTILINE)


def solution(problem: Problem) -> str:
    """Return the code of the solution, or a sentence where there is none."""
    path = FOLDER / f"{NAMES[problem.name.partition('-')[0]]}.ipynb"
    try:
        cells: list[dict[str, Any]] = json.loads(path.read_bytes())["cells"]
    except OSError:
        return f"The solutions are not here ({path} is missing)."
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == problem.name:
            return SOLUTION.sub("", "".join(cell["source"]))
    return f"{path} holds no solution of {problem.name}."
