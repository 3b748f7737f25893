"""The grades of a course: what is known is held here, and written at one stroke after each notebook.

Two files: a table for people (`.csv`), and all that is known (`.json`), from which a second run goes on.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from uvmlab.check.answers import aside, write
from uvmlab.check.grading import Row
from uvmlab.check.submission import NO_SEED

FORMULA: Final = ("=", "+", "-", "@", "\t")  # what a spreadsheet would run
ODD: Final = "backslashreplace"  # a file's name need not be text


class Grades:
    """The rows by file, and the seed of the cases, which nobody has seen and which stays the same for a course.

    `said`: sentences about what was found otherwise than it was left.
    """

    def __init__(self, out: Path) -> None:
        self.csv, self.json = out.with_suffix(".csv"), out.with_suffix(".json")
        self.seed, self.rows = token_hex(16), dict[str, Row]()
        self.said: list[str] = []
        self._left: dict[Path, bytes] = {}
        self._read()

    def _read(self) -> None:
        """Take up what an earlier run has left."""
        found = _content(self.json)
        if found is not None:
            try:
                data = json.loads(found)
                rows = [Row.from_json(row) for row in data["rows"]]
                self.seed, self.rows = str(data["seed"]), {row.file: row for row in rows}
            except (ValueError, KeyError, TypeError, RecursionError):
                kept = aside(self.json)
                self.said.append(f"{self.json} holds no grades: it is kept as {kept}.")
        table = _content(self.csv)
        if table is not None and table != self.table():
            kept = aside(self.csv, "edited", ".csv")
            self.said.append(f"{self.csv} was edited by somebody: it is kept as {kept}.")

    def has(self, file: str, sha256: str) -> bool:
        """Whether a notebook of this content was graded."""
        return file in self.rows and self.rows[file].sha256 == sha256

    def put(self, row: Row) -> None:
        """Take a row, in the place of an earlier one of the same file, and write all."""
        self.rows[row.file] = row
        self.write()

    def write(self) -> bool:
        """Write both files; return whether that worked.  One that was touched meanwhile is told of, and written again."""
        for path, content in ((self.json, self.whole()), (self.csv, self.table())):
            if path in self._left and _content(path) != self._left[path]:
                self.said.append(
                    f"{path} was touched while notebooks were graded: it is written again."
                )
            try:
                write(path, content)
            except OSError as error:
                self.said.append(f"{path} cannot be written: {error.strerror or error}.")
                return False
            self._left[path] = content
        return True

    def copies(self) -> Iterator[str]:
        """Say which learners have handed in an exercise with one seed: each copy of an exercise is made with its own."""
        owners: dict[tuple[str, str], set[str]] = {}
        for row in self._sorted():
            if row.seed not in {"", NO_SEED}:
                owners.setdefault((row.exercise, row.seed), set()).add(row.learner)
        for (exercise, _), learners in owners.items():
            if len(learners) > 1:
                yield f"{exercise}: {', '.join(sorted(learners))} handed in copies of one notebook (it has one seed)."

    def whole(self) -> bytes:
        """Return all that is known, as JSON."""
        data = {"seed": self.seed, "rows": [row.to_json() for row in self._sorted()]}
        return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode(errors=ODD)

    def table(self) -> bytes:
        """Return a line for each notebook, as CSV."""
        rows = self._sorted()
        most = max((len(row.problems) for row in rows), default=0)
        questions = [f"q{i}" for i in range(1, most + 1)]
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(
            ["learner", "exercise", *questions, "total", "of", "what went wrong", "file"]
        )
        for row in rows:
            points: list[Any] = [row.points.get(problem.name, 0) for problem in row.problems]
            points += [""] * (most - len(points))
            line = [row.learner, row.exercise, *points, row.total, row.of, row.words, row.file]
            lines.writerow([_harmless(each) for each in line])
        return text.getvalue().encode(errors=ODD)

    def _sorted(self) -> list[Row]:
        return sorted(self.rows.values(), key=lambda row: (row.learner, row.exercise, row.file))


def _harmless(value: Any) -> Any:
    """Keep a spreadsheet from running what a learner has named a folder."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
