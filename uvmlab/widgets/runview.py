"""A recorded run in the notebook, to be walked in either direction; all of it happens in the browser."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, Final

import anywidget
import traitlets

from uvmlab.draw import Drawing, RenderError, drawing
from uvmlab.kernel import PagerResult
from uvmlab.run import Run
from uvmlab.run.compare import WhatIf
from uvmlab.run.recorder import MEANWHILE
from uvmlab.run.source import source, table
from uvmlab.run.stops import stops
from uvmlab.widgets import report
from uvmlab.widgets.cells import shown
from uvmlab.widgets.form import HERE, described

BEFORE: Final = -1  # in the browser: the step before step 0
FEW: Final = 20  # ids that a refusal names
MODULE: Final = (
    "runarrows",
    "runcells",
    "runsteps",
    "runside",
    "rundiffer",
    "runask",
    "runkeys",
    "runview",
)
CHOICES: Final = 40  # of what could go otherwise at a step


class RunView(anywidget.AnyWidget):
    """Walk through a run: slider, buttons, arrow keys, Home, End; the space bar plays and pauses.

    It begins before the first step, or at `run[step]`; `show`: the kinds of elements to draw, as for
    `uvmlab.draw.drawing`.  Which step is shown belongs to each view.  `selected` is the id of the cell that was
    clicked (`page-p3`, `slot-12`), "" if none is; from it, and from what a step changes, arrows lead to partners.
    *What if …* makes the run again with a step gone otherwise (`run.what_if`) and shows it beside this one; it offers
    up to 40 of `run.what_ifs(step)`.  `view.run = other` shows another run in its place, from where the
    view begins, with nothing selected.
    Raises: IndexError for a step that is not there, ValueError for an unknown kind of element, TypeError.

    >>> from uvmlab.run import world
    >>> run = world(swap=64).anons(3, slot=1).machine().pager_put("p0 p1 p2", pg="p1")
    >>> view = RunView(run, step=2)
    >>> view.on_select(print)
    >>> view.selected = "page-p1"
    page-p1
    """

    # One module: the browser of a notebook has no place to import others from.
    _esm = "\n".join((HERE / f"{name}.js").read_text() for name in MODULE)
    _css = (HERE / "form.css").read_text() + (HERE / "runview.css").read_text()

    data = traitlets.Dict().tag(sync=True)
    start = traitlets.Int(BEFORE).tag(sync=True)
    other = traitlets.Dict().tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, run: Run, step: int | None = None, *, show: str | None = None) -> None:
        start = number(run, step)
        self._step, self._show = step, show
        self._hearers: list[Callable[[str], Any]] = []
        self._run, self.drawing = run, drawing(run, show=show)
        self._questions, self._alone = 0, RLock()
        super().__init__(data=plain(run, self.drawing), start=start)
        self.on_msg(self._asked)
        shown(self)

    @property
    def run(self) -> Run:
        """The run that is shown."""
        return self._run

    @run.setter
    def run(self, run: Run) -> None:
        with self._alone:  # JupyterLab may have two threads of the kernel show a run each
            self._show_run(run)

    def _show_run(self, run: Run) -> None:
        try:
            start = number(run, self._step)
        except IndexError:  # it has not that many
            start = BEFORE
        drawn = drawing(run, show=self._show)
        data = plain(run, drawn)  # whatever goes wrong in it, the view stays as it was
        with self.hold_sync():  # the browser is to see all of it at once
            self.selected = self.said = ""
            self._run, self.drawing, self.other = run, drawn, {}
            self.data, self.start = data, start

    def on_select(self, call: Callable[[str], Any]) -> None:
        """Have `call(id)` called whenever a cell is selected; what goes wrong in it is said in the view.

        Raises: TypeError for what cannot be called.
        """
        if not callable(call):
            raise TypeError(f"on_select takes a function of a cell's id, not {call!r:.60}")
        self._hearers.append(call)

    def _titles(self) -> dict[str, str]:
        """Return what each cell is that can be selected, of both runs if there are two."""
        return self.drawing.titles | (self.other["data"]["titles"] if self.other else {})

    @traitlets.observe("other")
    def _is_gone(self, _: Any) -> None:
        if self.selected not in self._titles():
            self.selected = ""

    @traitlets.validate("selected")
    def _is_there(self, proposal: Any) -> str:
        id_, there = proposal.value, self._titles()
        if id_ and id_ not in there:
            few = ", ".join([*there][:FEW]) + ", …" * (len(there) > FEW)
            raise ValueError(f"no cell {id_!r} in this drawing; there are {few}")
        return id_

    @traitlets.observe("selected")
    def _tell(self, change: Any) -> None:
        self.said = ""
        for call in self._hearers if change.new else ():
            try:
                call(change.new)
            except Exception as error:  # a learner gets a sentence, never a traceback
                self.said = f"What was to hear of {change.new} failed. {described(error)}"

    def _asked(self, _: Any, content: Any, __: Any) -> None:
        with self._alone:  # while no other run takes the place of the one that is asked about
            self._answered(content)

    def _answered(self, content: Any) -> None:
        """Make the run again as the browser asks, and show it beside the one that there is."""
        self.said = ""
        try:
            step, answer = content["step"], content["answer"]
            found = self.run.what_if(step, answer)
            drawn = drawing(found.would_be, show=self._show)
            self._questions += 1  # the same question asked again is answered again
            parting = found.parting.number if found.parting else None
            self.other = {
                "data": plain(found.would_be, drawn),
                "number": self._questions,
                "step": step if parting is None else parting,  # at which both begin
                "heading": f"What if {worded(answer)} at step {step}",
                "sentence": parted(found, answer),
                "parting": len(self.run) if parting is None else parting,
            }
        except ValueError as error:  # `what_if` says what is legal
            self.said = f"It cannot be made again: {error}."
        except Exception as error:  # a learner gets a sentence, never a traceback
            self.said = f"It cannot be made again. {described(error)}"

    def __repr__(self) -> str:
        return self.drawing.text(-1)

    def _repr_mimebundle_(self, **more: Any) -> Any:
        data, metadata = super()._repr_mimebundle_(**more)  # type: ignore[misc]
        still = {"text/html": figure(self.run, self.drawing), "text/plain": repr(self)}
        return data | still, metadata


def number(run: Run, step: int | None) -> int:
    """Return the number of the step, counted from 0, that the view begins at."""
    if not isinstance(run, Run):
        raise TypeError(f"a view shows a run, not {run!r:.60}")
    if step is None:
        return BEFORE
    if not isinstance(step, int) or isinstance(step, bool):
        raise TypeError(f"step is a whole number or None, not {step!r}")
    _ = run[step]  # it says which steps there are
    return step % len(run)


def told(run: Run) -> list[str]:
    """Say each step in sentences, and below them its line of the C, where the learner has the file."""
    lines = table().keys() & {step.line for step in run.steps}
    c = {line: " ".join(map(str.strip, source(line).c)) for line in lines}
    said = [(run.explain(i), c.get(step.line or 0)) for i, step in enumerate(run.steps)]
    return ["\n".join(filter(None, each)) for each in said]


def plain(run: Run, drawn: Drawing) -> dict[str, Any]:
    """Return all that the browser needs to walk through the run."""
    svg, why = picture(drawn)
    asks: dict[tuple[str, ...], int] = {(): 0}
    ask = [asks.setdefault(tuple(run.what_ifs(i)[:CHOICES]), len(asks)) for i in range(len(run))]
    return {
        "svg": svg,
        "why": why,
        "title": drawn.title,
        "first": drawn.first,
        "steps": drawn.steps,
        "marks": [
            [*marks, *turned(marks, cells)]
            for marks, cells in zip(drawn.marks, drawn.steps, strict=True)
        ],
        "titles": drawn.titles,
        "words": {name: words for name, (_, words) in drawn.legend.items()},
        "lines": [str(step) for step in run.steps],
        "told": told(run),
        "asleep": [i for i, step in enumerate(run.steps) if step.kind == "sleep"],
        "threads": [run.base.thread, *run.threads],
        "times": [run.base.now, *run.times],
        "asks": [[[answer, worded(answer)] for answer in answers] for answers in asks],
        "ask": ask,
        "stops": stops(run),
    }


def turned(marks: list[str], cells: list[list[Any]]) -> list[str]:
    """Return the threads among the cells of a step that it does not mark: one ran before it, another runs now."""
    return [id_ for id_, *_ in cells if id_.startswith("thread-") and id_ not in marks]


def worded(answer: str) -> str:
    """Say what goes otherwise, in the words of the picture; `answer` is one of `Run.what_ifs`."""
    if answer in PagerResult.__members__:
        return f"the disk answers {answer}"
    word, _, name = answer.partition(" ")
    said = {"NO": "nobody is woken", "WAKE": f"{name} is woken"}
    return said.get(word, f"{name} is {word.lower()}")


def parted(found: WhatIf, answer: str) -> str:
    """Say in words where two runs part, and what each does there; `answer`: what was to go otherwise."""
    if found.parting is None:
        return "They go the same way to the end: it makes no difference."
    number, *steps = found.parting
    here, there = (
        does(run, number, answer) if step else "it has ended."
        for run, step in zip((found.was, found.would_be), steps, strict=True)
    )
    return f"They part at step {number}. Here: {here} There: {there}"


def does(run: Run, number: int, answer: str) -> str:
    """Say what a run does at the step where it parts from the other."""
    if run.steps[number].kind == MEANWHILE:  # others act, as was asked for
        return f"meanwhile {worded(answer)}."
    return run.explain(number).partition(" Changed:")[0]


def picture(drawn: Drawing) -> tuple[str, str]:
    """Return the SVG, and if there can be none, why."""
    try:
        return drawn.svg, ""
    except RenderError as error:
        return "", f"There is no picture: {error}."


def figure(run: Run, drawn: Drawing) -> str:
    """Show the last step where there is no kernel to walk with: a still picture, and the same in words."""
    caption = f"{drawn.title}: the last of its {len(run)} steps. Run the cell to walk through them."
    what = f"{drawn.title}, after its last step"
    return report.figure(lambda: drawn.still(-1, "light"), what, caption, drawn.text(-1))
