"""How fast a view of a run walks in a browser: each step timed, with no notebook and no kernel around it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from uvmlab.widgets import RunView


class Walked(NamedTuple):
    """Milliseconds of each step of a run: `steps`, handler and forced layout; `paints`, key to paint."""

    steps: list[float]
    paints: list[float]


def walk(page: Any, view: RunView) -> Walked:
    """Walk a view from before its first step to its last one by the right arrow key.

    *Needs* `page`, an empty page of Playwright's: who has Chromium opens it (`--disable-gpu`, 1280 x 1000).
    *Returns*: the milliseconds of each step, in the order of the run; a browser counts in tenths of them.
    A key comes just after a frame, the worst time, so `paints` has the wait for the next one (up to 16.7 ms); it ends
    when the page has handed over what it painted, before other threads make pixels of it.
    *Differs*: what the page is that a notebook puts around a view; the notebook's own work comes on top.
    """
    page.set_content("<body></body>")
    return Walked(*page.evaluate(WALK, view.get_state(STATE)))


STATE: Final = ("_esm", "_css", "data", "other", "start", "selected", "said")
WIDGET: Final = """async (state) => {
  const style = document.createElement("style");
  style.textContent = state._css;
  document.head.append(style);
  const url = URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  const model = { get: (name) => state[name], set() {}, save_changes() {}, send() {}, on() {}, off() {} };
"""  # of a view, and a model for it, with no notebook around them
WALK: Final = (
    WIDGET
    + """  widget.render({ model, el: document.body });
  const root = document.querySelector(".uvmlab-run");
  const painted = () => new Promise((then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel(); // its turn comes when the frame is done
    port1.onmessage = then;
    port2.postMessage(0);
  }));
  const [steps, paints] = [[], []];
  for (const _ of state.data.steps) {
    await painted();
    const began = performance.now();
    root.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
    root.getBoundingClientRect();
    steps.push(performance.now() - began);
    await painted();
    paints.push(performance.now() - began);
  }
  return [steps, paints];
}"""
)
