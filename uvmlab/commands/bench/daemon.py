"""How long the page daemon takes for a page, of a thousand and of a million; and what a page costs in memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from typing import Final

from tqdm.auto import tqdm

from uvmlab.commands.bench.put import anon_machine
from uvmlab.commands.bench.row import Row, seconds
from uvmlab.kernel.flags import PG_CLEAN, PQ_ANON, PQ_INACTIVE
from uvmlab.kernel.pagedaemon import pagedaemon

RESIDENT: Final = 100_000  # pages whose memory is measured
DAEMON: Final = (1_000, 10_000, 100_000, 1_000_000)  # dirty anon pages


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


def memory_rows() -> Iterator[Row]:
    """Measure the memory of a resident anon page with all that belongs to it."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    m = anon_machine(RESIDENT)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    yield Row("memory per resident page", [(after - before) / len(m.pages)], "at most 700", "bytes")
