"""`python -m uvmlab kill-matrix`: show each check wrong answers, right ones and mutants, and print what it said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from uvmlab.check.problem import Correct
from uvmlab.commands.lab import write
from uvmlab.commands.parser import Parser


def main(argv: list[str]) -> int:
    """Print the table, or write the page of the documentation.

    Returns: 0, or 1 if a wrong answer passes or a right one does not.
    """
    parser = Parser(prog="python -m uvmlab kill-matrix", description=__doc__)
    parser.add_argument("--out", metavar="FILE", type=Path, help="write the page of docs/ to FILE")
    asked = parser.parse_args(argv)
    matrix, table = catalogue(parser.checkout())
    rows = [matrix.row(name) for name in tqdm(matrix.PROBLEMS, desc="kill matrix", leave=False)]
    if asked.out:
        write(asked.out, table.page(rows).encode())
    else:
        print("\n".join(table.lines(rows)))
    complaints = list(table.complaints(rows))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return int(bool(complaints))


def catalogue(root: Path) -> tuple[Any, Any]:
    """Load what is shown to the checks, which stands among a checkout's tests, and how it is put into words."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return import_module("tests.kill_matrix.matrix"), import_module("tests.kill_matrix.table")


def agreements(root: Path) -> Iterator[str]:
    """Try the mutants that are listed as equivalent on 1,000 worlds each, for the bench; yield lines that tell of it."""
    matrix, _ = catalogue(root)
    told = list(tqdm(matrix.agreeing(), desc="equivalent mutants", leave=False))
    other = [(name, mutant) for name, mutant, found in told if not isinstance(found, Correct)]
    yield (
        f"equivalent mutants and their solutions, {matrix.WORLDS:,} worlds each: "
        f"{len(told) - len(other)} of {len(told)} do as the engine does"
    )
    yield from (f"  {name} does not: {mutant}" for name, mutant in other)
