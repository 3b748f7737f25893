"""A row of the bench's table, and how what stands in it is measured."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from tqdm.auto import tqdm

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
