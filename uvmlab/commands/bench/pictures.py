"""How long imports, pictures and the drawing of a run take, against what they cannot do without."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from tqdm.auto import tqdm

from uvmlab.commands.bench.row import Row, pairs, seconds
from uvmlab.draw import drawing, graph, svg
from uvmlab.draw.render import render
from uvmlab.run import Run, world

RUNS: Final = (16, 64, 512)  # pages


def import_seconds(module: str) -> float:
    """Time the import of `module` in a fresh interpreter, which may keep what it compiled."""
    code = f"import time; began = time.perf_counter(); import {module}; print(time.perf_counter() - began)"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    return float(done.stdout)


def import_rows(number: int) -> Iterator[Row]:
    """Measure the import of the engine against SimPy's."""
    import_seconds("uvmlab.kernel")  # compiled from now on, as simpy is
    measured = pairs(
        lambda: import_seconds("uvmlab.kernel"), lambda: import_seconds("simpy"), number, "imports"
    )
    yield Row("import uvmlab.kernel over import simpy", [a / b for a, b in measured], "at most 1.5")


def picture_rows(number: int) -> Iterator[Row]:
    """Measure a picture of 16 pages against the renderer alone."""
    w = world(swap=64).anons(12, slot=1).aobj("o0", pages=4, slot=20)
    dot = graph(w).source
    measured = pairs(
        lambda: seconds(lambda: svg(w)), lambda: seconds(lambda: render(dot)), number, "pictures"
    )
    yield Row(
        "a picture of 16 pages over the renderer alone", [a / b for a, b in measured], "at most 1.3"
    )
    yield Row("  milliseconds", [a * 1000 for a, _ in measured], unit="ms")


def put_of(npages: int) -> Run:
    """Return the run of a put of so many pages, a quarter of them an aobj's, whose first write fails."""
    aobj = npages // 4
    w = world(swap=2 * npages).anons(npages - aobj, slot=1)
    w = w.aobj("o0", pages=aobj, slot=npages - aobj + 1).disk("ERROR", "OK")
    pages = " ".join(f"p{i}" for i in range(npages))
    return w.machine().pager_put(pages, pg="p1", flags="SYNCIO")


def run_rows(number: int, run: Run, npages: int) -> Iterator[Row]:
    """Measure a run's drawing, all but its steps, against a bare render of its graph; and a step against that."""
    dot = drawing(run).graph.source
    layouts, bare, steps = [], [], []
    for _ in tqdm(range(number), desc=f"a run of {npages} pages", leave=False):
        drawn = drawing(run)  # it plans as late as when it is asked, and keeps what it has made
        layouts.append(seconds(lambda d=drawn: d.svg))  # type: ignore[misc]
        bare.append(seconds(lambda: render(dot)))
        steps.append(seconds(lambda d=drawn: d.steps) / len(run))  # type: ignore[misc]
    ratios = [a / b for a, b in zip(layouts, bare, strict=True)]
    yield Row(f"layout of a run of {npages} pages over the renderer alone", ratios, "at most 1.5")
    yield Row("  milliseconds", [a * 1000 for a in layouts], unit="ms")
    ratios = [a / b for a, b in zip(steps, layouts, strict=True)]
    yield Row(f"  each of its {len(run)} steps over that", ratios, "at most 0.2")
    yield Row("  microseconds a step", [a * 1e6 for a in steps], unit="µs")
