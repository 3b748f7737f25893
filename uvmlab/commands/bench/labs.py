"""What a lab that is open costs the kernel, and what a run sends to the browser."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Iterable, Iterator
from typing import Final

from uvmlab.commands.bench.row import Row
from uvmlab.draw import drawing
from uvmlab.run import Run
from uvmlab.widgets import ClusterLab, DaemonLab, FaultLab, PagerMapLab
from uvmlab.widgets.runview import plain

LABS: Final = (ClusterLab, DaemonLab, FaultLab, PagerMapLab)
OPEN: Final = 5  # labs of each kind that are open at once


def memory_rows() -> Iterator[Row]:
    """Measure the memory of each kind of lab, one beside the other, its run shown."""
    for lab in LABS:
        figures, opened = [], [lab()]  # what all of them share is there with the first
        tracemalloc.start()
        for _ in range(OPEN):
            gc.collect()
            before, _peak = tracemalloc.get_traced_memory()
            opened.append(lab())
            gc.collect()
            figures.append((tracemalloc.get_traced_memory()[0] - before) / 1000)
        tracemalloc.stop()
        for each in opened:
            each.close()
        yield Row(f"kernel memory of an open {lab.__name__}", figures, unit="kB")


def sent_rows(runs: Iterable[tuple[int, Run]]) -> Iterator[Row]:
    """Measure what a view of a run sends, once; its steps send nothing."""
    for npages, run in runs:
        sent = len(json.dumps(plain(run, drawing(run)))) / 1000
        yield Row(f"sent for a run of {npages} pages, {len(run)} steps", [sent], unit="kB")
