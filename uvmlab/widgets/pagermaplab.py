"""The lab of the pager map in the notebook: a form over a `Waiting`, and what came of it below."""

from __future__ import annotations

from typing import Any

from uvmlab.widgets.form import HERE, Form
from uvmlab.widgets.lab import Lab
from uvmlab.widgets.pagermap import Waiting
from uvmlab.widgets.report import fold, grid, table
from uvmlab.widgets.shared import Shared

SHOW = "threads locks arena io"


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
            fields=model.fields(),
            said="Say what each thread does, predict who sleeps and who wakes it, and run it.",
        )


def report(outcome: Shared) -> str:
    """Show what became of the threads; the run itself is walked through below."""
    deeds = [(deed.at, deed.thread, deed.what) for deed in outcome.fates.deeds]
    return grid(
        "uvmlab-tables",
        table("What became of the threads", ("µs", "thread", "what"), deeds),
        table("What is left", ("what", "which"), outcome.account()),
    ) + fold("All of it in words", outcome.text())
