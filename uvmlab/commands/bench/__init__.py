"""`python -m uvmlab bench`: how fast the engine, the pictures and the labs are, as ratios inside one run.

Each ratio is the median of interleaved pairs, with its quartiles, because a machine's speed wanders.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from uvmlab.commands.bench import browser, checks, daemon, labs, pictures, put
from uvmlab.commands.bench.row import Row
from uvmlab.commands.parser import Parser

PAIRS: Final = 25


def main(argv: list[str]) -> int:
    """Measure everything and print it as a table, row by row.

    Returns: 0.
    """
    parser = Parser(prog="python -m uvmlab bench", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"pairs a ratio ({PAIRS})")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="leave the largest out: a million pages, a run of 512, a course",
    )
    options = parser.parse_args(argv)
    if options.pairs < 2:
        parser.error("--pairs is 2 or more")
    print(f"{'medians of ' + str(options.pairs) + ' interleaved pairs (and quartiles)':<64}")
    for rows in measured(options.pairs, quick=options.quick):
        for row in rows:
            print(row, flush=True)
    return 0


def measured(number: int, *, quick: bool) -> Iterator[Iterable[Row | str]]:
    """Yield the parts of the table; a part is measured when its rows are asked for."""
    most = -1 if quick else None
    yield put.put_rows(number)
    yield pictures.import_rows(number)
    yield pictures.picture_rows(number)
    runs = [(npages, pictures.put_of(npages)) for npages in pictures.RUNS[:most]]
    for npages, run in runs:
        yield pictures.run_rows(number, run, npages)
    yield labs.sent_rows(runs)
    yield labs.memory_rows()
    yield daemon.daemon_rows(number, daemon.DAEMON[:most])
    yield daemon.memory_rows()
    if not quick:
        yield checks.check_rows()
    yield browser.browser_rows(number, runs)
