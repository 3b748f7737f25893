"""The lab of the pager map in the notebook: a form over a `Waiting`, and what came of it below."""

from __future__ import annotations

from functools import partial
from typing import Any

from uvmlab.draw import drawing
from uvmlab.widgets.form import HERE, Form
from uvmlab.widgets.lab import Lab
from uvmlab.widgets.pagermap import Waiting
from uvmlab.widgets.report import Beginning, fold, grid, table
from uvmlab.widgets.shared import Shared

SHOW = "threads locks arena io"
INTRO = (
    "For an I/O the kernel needs addresses for the pages: pagermapin takes them from the pager map, a small piece "
    "of kernel memory, and when it is full the thread sleeps until somebody's pagermapout gives room back; with "
    "NOWAIT it does not sleep but gives up. With AIO the thread asks for a descriptor, too: a small structure in "
    "which the kernel remembers an I/O that goes on while the thread does something else."
)


class ThreadsForm(Form):
    """A form with room for the threads' programs."""

    _css: Any = (HERE / "form.css").read_text() + (HERE / "pagermap.css").read_text()


class PagerMapLab(Lab):
    """Let threads map pages in and out of a small pager map: who sleeps, who wakes whom, and what gets lost.

    The arguments are those of `Waiting`, which is its `model`.  It runs when *Run* is pressed; with nobody there
    to press, it has run.

    >>> lab = PagerMapLab(arena=4, order="B A A B")
    >>> lab.model.outcome
    <outcome all threads ended; ran B A B A>
    """

    def __init__(self, **chosen: Any) -> None:
        model = Waiting(**chosen)
        super().__init__(
            model,
            name="pagermap",
            button="Run",
            report=report,
            form=ThreadsForm,
            show=SHOW,
            title="The pager map lab: threads that wait for room",
            intro=INTRO,
            fields=model.fields(),
            said="Say what each thread does, guess who sleeps and who wakes it, and run it.",
        )

    def _before(self) -> Beginning:
        drawn = drawing(self.model.plan.run(), show=SHOW)
        return Beginning(partial(drawn.still, None), drawn.text(None))


def report(outcome: Shared) -> str:
    """Show what became of the threads; the run itself is walked through below."""
    deeds = [(deed.at, deed.thread, deed.what) for deed in outcome.fates.deeds]
    return grid(
        "uvmlab-tables",
        table("What became of the threads", ("µs", "thread", "what"), deeds),
        table("What is left", ("what", "which"), outcome.account()),
    ) + fold("All of it in words", outcome.text())
