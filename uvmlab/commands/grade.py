"""`python -m uvmlab grade`: check the exercises that learners have handed in.

FOLDER holds a notebook for each learner (`anna.ipynb`, `anna_04_clusters.ipynb`) or, at any depth, a folder for each
(`anna/04_clusters.ipynb`, or nbgrader's `submitted`, with `anna/04_clusters/04_clusters.ipynb`).  Of which exercise a
notebook is, its cells say.  For each question the code cells are run from the top to the cell for the answer, and on to
the next one of the exercise; cells that check are not run: the grader asks its own question, on cases that nobody has seen.
"""

from __future__ import annotations

import hashlib
import os
import sys
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, Final, NamedTuple

from tqdm.auto import tqdm

from uvmlab.check.grades import Grades
from uvmlab.check.grading import Row, judge
from uvmlab.check.handed import Handed, handed_in
from uvmlab.check.submission import Unreadable
from uvmlab.check.watched import Heard, Watch
from uvmlab.commands.parser import Parser

SECONDS: Final = 3.0
INTERRUPTED: Final = 130


def main(argv: list[str]) -> int:
    """Grade what is not graded yet.

    Returns: 0; 1 if the grades cannot be written; 130 after Ctrl-C.
    """
    parser = Parser(
        prog="python -m uvmlab grade",
        description=(__doc__ or "").partition("\n\n")[2],
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="what was handed in")
    parser.add_argument(
        "--out", metavar="grades.csv", type=Path, default=Path("grades.csv"),
        help="the table; all that is known goes to the .json beside it, from which a second run goes on",
    )  # fmt: skip
    parser.add_argument(
        "--seconds", type=seconds, default=SECONDS, help="what a cell, and a case, may take (3)"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at once (all cores)")
    parser.add_argument("--again", action="store_true", help="grade what was graded, too")
    asked = parser.parse_args(argv)
    if asked.folder is None:
        parser.error("name the FOLDER that holds what was handed in")
    if asked.out.suffix not in {".csv", ".json"}:
        parser.error(f"--out is a name that ends in .csv, and not {asked.out}")
    if not asked.out.absolute().parent.is_dir():
        parser.error(f"there is no folder {asked.out.absolute().parent}")
    if not asked.folder.is_dir():
        parser.error(f"there is no folder {asked.folder}")
    if asked.jobs < 1:
        parser.error("--jobs is 1 or more")
    try:
        notebooks = handed_in(asked.folder)
    except OSError as error:
        parser.error(f"{asked.folder} cannot be read: {error.strerror}")
    if not notebooks:
        parser.error(f"there is no notebook in {asked.folder}")
    grades = Grades(asked.out)
    done = grade(notebooks, grades, asked.seconds, asked.jobs, again=asked.again)
    print(f"Graded now: {done.now}.  As before: {done.before}.  Still to be graded: {done.left}.")
    print(f"{grades.csv}, {grades.json}" if done.written else "The grades are not written.")
    for said in grades.copies():
        print(said)
    if done.left:
        print("The same command goes on from here.")
        return INTERRUPTED
    return 0 if done.written else 1


def seconds(word: str) -> float:
    """Read a number of seconds."""
    try:
        found = float(word)
    except ValueError:
        found = 0.0
    if not 0.1 <= found <= 600:
        raise ArgumentTypeError(f"{word!r} is no number of seconds from 0.1 to 600")
    return found


class Done(NamedTuple):
    """How many notebooks were graded, had been before, and are still to be; whether the grades are written."""

    now: int
    before: int
    left: int
    written: bool


def grade(
    notebooks: list[Handed], grades: Grades, seconds: float, jobs: int, *, again: bool = False
) -> Done:
    """Grade notebooks, several at once, and write the grades after each; Ctrl-C keeps what is done."""
    todo = [each for each in notebooks if again or not _graded(each, grades)]
    watch, now = Watch(), 0
    pool = ThreadPoolExecutor(jobs)
    with tqdm(total=len(todo), desc="grading", unit=" notebook", leave=False) as bar:
        try:
            for row, heard in _heard(pool, todo, watch, grades.seed, seconds):
                grades.put(_judged(row, heard, grades.seed))
                now += 1
                bar.update()
                _say(grades, bar)
        except KeyboardInterrupt:
            bar.set_description("stopping")
        finally:
            watch.end()
            pool.shutdown(cancel_futures=True)
        written = grades.write()
        _say(grades, bar)
    return Done(now, len(notebooks) - len(todo), len(todo) - now, written)


def _say(grades: Grades, bar: Any) -> None:
    for said in grades.said:
        bar.write(said, file=sys.stderr)
    grades.said.clear()


def _graded(handed: Handed, grades: Grades) -> bool:
    try:
        return grades.has(handed.file, _sha256(handed.content()))
    except Unreadable:
        return False


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _heard(
    pool: ThreadPoolExecutor, todo: Iterable[Handed], watch: Watch, seed: str, seconds: float
) -> Iterator[tuple[Row, Heard | None]]:
    """Have notebooks asked, and yield what was heard of each as it comes."""

    def hear(handed: Handed) -> tuple[Row, Heard | None]:
        row = Row(handed.learner, handed.file, handed.exercise)
        try:
            content = handed.content()
        except Unreadable as why:
            row.reason = str(why)
            return row, None
        row.sha256 = _sha256(content)
        return row, watch.hear(content, seed, seconds)

    futures: list[Future[tuple[Row, Heard | None]]] = [pool.submit(hear, each) for each in todo]
    for future in as_completed(futures):
        yield future.result()


def _judged(row: Row, heard: Heard | None, seed: str) -> Row:
    """Judge what was heard; what is right in an exercise is worked out here once, for the children to come."""
    if heard is not None:
        judge(row, heard, seed)
    for problem in row.problems:
        problem.prepare(seed)
    return row
