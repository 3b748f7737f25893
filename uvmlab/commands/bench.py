"""`python -m uvmlab bench`: how fast the engine and the pictures are, as ratios inside one run.

Each ratio is the median of interleaved pairs, with its quartiles, because a machine's speed wanders.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from simpy import Environment, Event
from tqdm.auto import tqdm

from uvmlab.commands.parser import Parser
from uvmlab.draw import graph, svg
from uvmlab.draw.render import render
from uvmlab.kernel import Anon, Cluster, FaultPlan, Machine, Page
from uvmlab.kernel.flags import PG_BUSY, PG_CLEAN, PGO_SYNCIO, PQ_ANON, PQ_INACTIVE
from uvmlab.kernel.pagedaemon import pagedaemon
from uvmlab.worlds import world

PAIRS: Final = 25
PUT_PAGES: Final = 16
PUTS: Final = 400  # a measurement
TIMEOUTS: Final = 10_000  # a measurement
RESIDENT: Final = 100_000  # pages whose memory is measured
DAEMON: Final = (1_000, 10_000, 100_000, 1_000_000)  # dirty anon pages

Measure = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """A line of the table: what was measured, the figures of its pairs, what is asked."""

    name: str
    figures: list[float]
    asked: str = ""
    unit: str = "×"

    def __str__(self) -> str:
        low, middle, high = (
            statistics.quantiles(self.figures, n=4) if len(self.figures) > 1 else self.figures * 3
        )
        spread = f"({low:.2f} to {high:.2f})" if len(self.figures) > 1 else ""
        return f"{self.name:<64}{middle:>10.2f} {self.unit:<6}{spread:<18}{self.asked}"


def seconds(work: Callable[[], Any]) -> float:
    """Time one call."""
    began = perf_counter()
    work()
    return perf_counter() - began


def pairs(one: Measure, other: Measure, number: int, what: str) -> list[tuple[float, float]]:
    """Measure two things in turn, `number` times each."""
    return [(one(), other()) for _ in tqdm(range(number), desc=what, leave=False)]


# The put


def timeouts() -> float:
    """Return SimPy's bare timeouts per second."""
    env = Environment()

    def sleeper() -> Generator[Event, Any, None]:
        for _ in range(TIMEOUTS):
            yield env.timeout(1)

    env.process(sleeper())
    return TIMEOUTS / seconds(env.run)


def anon_machine(npages: int, slots: int = 0, **options: Any) -> Machine:
    """Boot a machine with `npages` inactive dirty anon pages, and swap for all of them or `slots`."""
    m = Machine(swap_slots=slots or npages + PUT_PAGES, **options)
    for number in range(npages):
        anon, page = Anon(f"a{number}"), Page(f"p{number}", pqflags=PQ_ANON | PQ_INACTIVE)
        anon.u_page, page.uanon = page, anon
        m.anons.append(anon)
        m.pages.append(page)
        m.queues.inactive[page] = None
    return m


def put_loop(m: Machine) -> Generator[Event, Any, None]:
    """Make failing puts one after the other: slots, busy bits and array, and the put."""
    pages, interest = m.pages, m.pages[1]
    for _ in range(PUTS):
        slot, _ = m.swap.alloc(PUT_PAGES)
        for number, page in enumerate(pages):
            page.flags |= PG_BUSY
            page.uanon.an_swslot = slot + number  # type: ignore[union-attr]
        m.locks.lock(m.queues.lock)
        yield from m.k.pager_put(None, interest, Cluster(pages), PGO_SYNCIO, slot, 0)
        if m.trace is not None:
            m.trace.raw.clear()  # one put's trace at a time


def pages_per_second(*, trace: bool) -> float:
    """Return the pages that failing swap puts handle per second, 16 a put, counted once."""
    plan = FaultPlan(answers=("ERROR", "OK") * PUTS)
    m = anon_machine(PUT_PAGES, slots=PUT_PAGES * PUTS, plan=plan, trace=trace)
    m.thread("bench", put_loop(m))
    return PUTS * PUT_PAGES / seconds(m.run)


def put_rows(number: int) -> Iterator[Row]:
    """Measure the failing put, with and without a trace, against SimPy alone."""
    for trace, asked in ((False, "at least 0.5"), (True, "at least 0.15")):
        words = "a failing put of 16 pages, traced" if trace else "a failing put of 16 pages"
        measured = pairs(lambda t=trace: pages_per_second(trace=t), timeouts, number, words)  # type: ignore[misc]
        yield Row(f"{words}: pages/s over timeouts/s", [a / b for a, b in measured], asked)
        yield Row("  pages per second, in thousands", [a / 1000 for a, _ in measured], unit="k/s")


# The page daemon


class Daemon:
    """A machine full of dirty pages that the page daemon cleans and frees, again and again."""

    def __init__(self, npages: int) -> None:
        self.m = anon_machine(npages)

    def __call__(self) -> float:
        """Run the daemon until all pages are free, then make them dirty again.

        Returns: microseconds a page.
        """
        m = self.m
        npages = len(m.pages)
        m.thread("pagedaemon", pagedaemon(m, npages))
        gc.collect()
        taken = seconds(m.run)
        m.threads.clear()
        if len(m.queues.free) != npages:
            raise RuntimeError("the page daemon left dirty pages")
        m.queues.free.clear()
        for anon, page in zip(m.anons, m.pages, strict=True):
            page.uanon, anon.u_page = anon, page
            page.pqflags = PQ_ANON | PQ_INACTIVE
            page.flags &= ~PG_CLEAN
            m.queues.inactive[page] = None
        return taken / npages * 1e6


def daemon_rows(number: int, sizes: tuple[int, ...]) -> Iterator[Row]:
    """Measure the time per page of the page daemon: at each size, and the largest over others."""
    daemons = {size: Daemon(size) for size in sizes}
    gc.collect()
    gc.freeze()  # a million pages are not the collector's business
    rounds = [
        {size: daemon() for size, daemon in daemons.items()}
        for _ in tqdm(range(number), desc="page daemon", leave=False)
    ]
    gc.unfreeze()
    for size in sizes:
        yield Row(
            f"page daemon, {size:,} dirty pages: per page",
            [each[size] for each in rounds],
            unit="µs",
        )
    largest = sizes[-1]
    for size, asked in ((sizes[-2], "at most 1.4"), (sizes[0], "at most 2")):
        ratios = [each[largest] / each[size] for each in rounds]
        yield Row(f"  per page at {largest:,} over {size:,}", ratios, asked)


def memory_row() -> Row:
    """Measure the memory of a resident anon page with all that belongs to it."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    m = anon_machine(RESIDENT)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Row(
        "memory per resident page", [(after - before) / len(m.pages)], "at most 700", "bytes"
    )


# Imports and pictures


def import_seconds(module: str) -> float:
    """Time the import of `module` in a fresh interpreter, which may keep what it compiled."""
    code = f"import time; began = time.perf_counter(); import {module}; print(time.perf_counter() - began)"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    return float(done.stdout)


def other_rows(number: int) -> Iterator[Row]:
    """Measure the import of the engine and a picture of 16 pages."""
    import_seconds("uvmlab.kernel")  # compiled from now on, as simpy is
    measured = pairs(
        lambda: import_seconds("uvmlab.kernel"), lambda: import_seconds("simpy"), number, "imports"
    )
    yield Row("import uvmlab.kernel over import simpy", [a / b for a, b in measured], "at most 1.5")
    w = world(swap=64).anons(12, slot=1).aobj("o0", pages=4, slot=20)
    dot = graph(w).source
    measured = pairs(
        lambda: seconds(lambda: svg(w)), lambda: seconds(lambda: render(dot)), number, "pictures"
    )
    yield Row(
        "a picture of 16 pages over the renderer alone", [a / b for a, b in measured], "at most 1.3"
    )
    yield Row("  milliseconds", [a * 1000 for a, _ in measured], unit="ms")


def main(argv: list[str]) -> int:
    """Measure everything and print it as a table, row by row.

    Returns: 0.
    """
    parser = Parser(prog="python -m uvmlab bench", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"pairs a ratio ({PAIRS})")
    parser.add_argument("--quick", action="store_true", help="leave the million pages out")
    options = parser.parse_args(argv)
    if options.pairs < 2:
        parser.error("--pairs is 2 or more")
    sizes = DAEMON[:-1] if options.quick else DAEMON
    print(f"{'medians of ' + str(options.pairs) + ' interleaved pairs (and quartiles)':<64}")
    for rows in (
        put_rows(options.pairs),
        other_rows(options.pairs),
        daemon_rows(options.pairs, sizes),
    ):
        for row in rows:
            print(row, flush=True)
    print(memory_row())
    return 0
