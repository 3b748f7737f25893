"""How fast a run is walked in a browser, and how long a click takes that the kernel answers."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from tqdm.auto import tqdm

from uvmlab.commands.bench.row import Row
from uvmlab.commands.bench.walking import walk
from uvmlab.commands.serving import (
    RUN_ALL,
    chromium,
    find_chromium,
    jupyterlab,
    open_notebook,
)
from uvmlab.run import Run
from uvmlab.widgets import RunView

WITHOUT: Final = "steps and clicks in a browser are not measured: {} is missing"
ASKED: Final = {64: "at most 4", 512: "at most 16"}  # milliseconds of a step, by pages
WALKS: Final = 5
LONG: Final = 1000  # steps of a run that is walked but once
FORMAT: Final = {
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    "nbformat": 4,
    "nbformat_minor": 4,
}
CELL: Final[dict[str, Any]] = {
    "cell_type": "code",
    "execution_count": None,
    "metadata": {},
    "outputs": [],
}
LAB: Final = "from uvmlab import FaultLab\nFaultLab()"

# From the press of the button until the picture of another run has been painted.
CLICK: Final = """async (button) => {
  const lab = document.querySelector(".uvmlab-fault-lab");
  const old = lab.querySelector(".uvmlab-run svg");
  const began = performance.now();
  button.click();
  await new Promise((then, fail) => {
    setTimeout(() => fail(new Error(`no other picture: ${lab.textContent}`)), 30000);
    const watch = new MutationObserver(() => {
      const now = lab.querySelector(".uvmlab-run svg");
      if (!now || now === old) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(then));
    });
    watch.observe(lab, { childList: true, subtree: true });
  });
  return performance.now() - began;
}"""


def missing() -> str:
    """Say what of a browser there is not; "" if all of it is there."""
    if not find_spec("playwright"):
        return WITHOUT.format("Playwright (a test tool)")
    return "" if find_chromium() else WITHOUT.format("Chromium")


def browser_rows(number: int, runs: Iterable[tuple[int, Run]]) -> Iterator[Row | str]:
    """Measure in Chromium: each step of these runs, and `number` clicks that the kernel answers."""
    if without := missing():
        yield without
        return
    with tempfile.TemporaryDirectory() as name, chromium(Path(name, "profile")) as browser:
        page = browser.new_page()
        for npages, run in runs:
            yield from step_rows(page, npages, run)
        page.close()
        yield from click_rows(browser, Path(name), number)


def step_rows(page: Any, npages: int, run: Run) -> Iterator[Row]:
    """Measure all steps of a run: handler and forced layout, and from the key to the paint."""
    times = 1 if len(run) > LONG else WALKS
    walks = [
        walk(page, RunView(run)) for _ in tqdm(range(times), desc="a walk in Chromium", leave=False)
    ]
    what = f"a step in Chromium, {npages} pages, {len(run)} steps"
    yield Row(f"{what}: median", [statistics.median(each.steps) for each in walks], unit="ms")
    late = [ninety_fifth(each.steps) for each in walks]
    yield Row("  95th percentile", late, ASKED.get(npages, ""), unit="ms")
    late = [ninety_fifth(each.paints) for each in walks]
    yield Row("  key to paint, 95th percentile", late, "at most 50", unit="ms")


def click_rows(browser: Any, here: Path, number: int) -> Iterator[Row]:
    """Measure clicks on the fault lab's button, from the press to the painted picture of another run."""
    for folder in ("notebooks", "settings", "work"):
        (here / folder).mkdir()
    (here / "kit.py").touch()  # what makes it a checkout
    notebook = FORMAT | {"cells": [CELL | {"source": LAB}]}
    (here / "work" / "lab.ipynb").write_text(json.dumps(notebook))
    with jupyterlab(here, here / "settings") as address:
        page = browser.new_page()
        open_notebook(page, address, "lab.ipynb")
        page.evaluate(RUN_ALL)
        times = [click(page, 5 + i % 2) for i in tqdm(range(number), desc="clicks", leave=False)]
        page.close()
    yield Row("click to changed picture, through the kernel: median", times, unit="ms")
    yield Row("  95th percentile", [ninety_fifth(times)], unit="ms")


def click(page: Any, npages: int) -> float:
    """Ask for a put of so many pages; return the milliseconds until it is seen."""
    form = page.locator(".uvmlab-fault")
    form.get_by_label("Number of pages").fill(str(npages))
    return float(form.get_by_role("button", name="Run", exact=True).evaluate(CLICK))


def ninety_fifth(figures: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(figures, n=20)[-1]
