"""How fast the put is, against SimPy alone."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, Final

from simpy import Environment, Event

from uvmlab.commands.bench.row import Row, pairs, seconds
from uvmlab.kernel import Anon, Cluster, FaultPlan, Machine, Page
from uvmlab.kernel.flags import PG_BUSY, PGO_SYNCIO, PQ_ANON, PQ_INACTIVE

PUT_PAGES: Final = 16
PUTS: Final = 400  # a measurement
TIMEOUTS: Final = 10_000  # a measurement


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
