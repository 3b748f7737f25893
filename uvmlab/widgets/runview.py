"""A recorded run in the notebook, to be walked in either direction; all of it happens in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import anywidget
import traitlets

from uvmlab.draw import Drawing, RenderError, drawing
from uvmlab.run import Run
from uvmlab.widgets import report
from uvmlab.widgets.cells import shown
from uvmlab.widgets.form import HERE, described

BEFORE: Final = -1  # in the browser: the step before step 0
FEW: Final = 20  # ids that a refusal names


class RunView(anywidget.AnyWidget):
    """Walk through a run: slider, buttons, arrow keys, Home, End; the space bar plays and pauses.

    It begins before the first step, or at `run[step]`; `show`: the kinds of elements to draw, as for
    `uvmlab.draw.drawing`.  Which step is shown belongs to each view.  `selected` is the id of the cell that was
    clicked (`page-p3`, `slot-12`), "" if none is.  `view.run = other` shows another run in its place, from where the
    view begins, with nothing selected.
    Raises: IndexError for a step that is not there, ValueError for an unknown kind of element, TypeError.

    >>> from uvmlab.run import world
    >>> run = world(swap=64).anons(3, slot=1).machine().pager_put("p0 p1 p2", pg="p1")
    >>> view = RunView(run, step=2)
    >>> view.on_select(print)
    >>> view.selected = "page-p1"
    page-p1
    """

    _esm = HERE / "runview.js"
    _css = (HERE / "form.css").read_text() + (HERE / "runview.css").read_text()

    data = traitlets.Dict().tag(sync=True)
    start = traitlets.Int(BEFORE).tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, run: Run, step: int | None = None, *, show: str | None = None) -> None:
        start = number(run, step)
        self._step, self._show = step, show
        self._hearers: list[Callable[[str], Any]] = []
        self._run, self.drawing = run, drawing(run, show=show)
        super().__init__(data=plain(run, self.drawing), start=start)
        shown(self)

    @property
    def run(self) -> Run:
        """The run that is shown."""
        return self._run

    @run.setter
    def run(self, run: Run) -> None:
        try:
            start = number(run, self._step)
        except IndexError:  # it has not that many
            start = BEFORE
        drawn = drawing(run, show=self._show)
        data = plain(run, drawn)  # whatever goes wrong in it, the view stays as it was
        with self.hold_sync():  # the browser is to see all of it at once
            self.selected = self.said = ""
            self._run, self.drawing = run, drawn
            self.data, self.start = data, start

    def on_select(self, call: Callable[[str], Any]) -> None:
        """Have `call(id)` called whenever a cell is selected; what goes wrong in it is said in the view."""
        self._hearers.append(call)

    @traitlets.validate("selected")
    def _is_there(self, proposal: Any) -> str:
        id_, there = proposal.value, self.drawing.titles
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


def plain(run: Run, drawn: Drawing) -> dict[str, Any]:
    """Return all that the browser needs to walk through the run."""
    svg, why = picture(drawn)
    return {
        "svg": svg,
        "why": why,
        "title": drawn.title,
        "first": drawn.first,
        "steps": drawn.steps,
        "marks": drawn.marks,
        "titles": drawn.titles,
        "words": {name: words for name, (_, words) in drawn.legend.items()},
        "lines": [str(step) for step in run.steps],
        "told": [run.explain(i) for i in range(len(run))],
    }


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
