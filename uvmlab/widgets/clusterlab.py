"""The lab of lesson 04 in the notebook: a strip of pages over a `Clustering`, and what came of it below."""

from __future__ import annotations

from typing import Any, Final

import traitlets
from ipywidgets import VBox

from uvmlab.widgets.audience import anybody_there
from uvmlab.widgets.built import Built
from uvmlab.widgets.cells import retire, shown
from uvmlab.widgets.cluster import Clustering, fields
from uvmlab.widgets.form import HERE, Form, Values, Wrong, described
from uvmlab.widgets.report import begun, fold, table
from uvmlab.widgets.runview import RunView
from uvmlab.widgets.strip import KINDS

BUILD: Final = "Build"
EXPORT: Final = "export default { render };\n"  # how form.js ends; strip.js has an end of its own


class StripForm(Form):
    """A form whose field `pages` is a strip to click on; `taken`: the pages that are marked in it."""

    _esm: Any = (HERE / "form.js").read_text().removesuffix(EXPORT) + (
        HERE / "strip.js"
    ).read_text()
    _css: Any = (HERE / "form.css").read_text() + (HERE / "strip.css").read_text()

    kinds: Any = traitlets.List().tag(sync=True)
    taken: Any = traitlets.List().tag(sync=True)


class ClusterLab(VBox):
    """Build a cluster around a page: say what its neighbours are, and see how far the cluster goes, and why.

    The arguments are those of `Clustering`, which is its `model`.  It builds when *Build* is pressed; with nobody
    there to press, it has built.

    >>> lab = ClusterLab(pages="DDCDDDA.", center=4)
    >>> lab.model.outcome
    <cluster p3 p4 p5>
    """

    walks: tuple[RunView, ...] = ()  # this run, and the one before

    def __init__(self, **chosen: Any) -> None:
        self.model = Clustering(**chosen)
        self.form = StripForm(
            self._pressed,
            title="The cluster lab: which neighbours go along",
            fields=fields(self.model.codes),
            buttons=[BUILD],
            values=self.model.call.written(),
            kinds=[[letter, kind.word, kind.means] for letter, kind in KINDS.items()],
            said="Say what the pages are, predict which of them become the cluster, and build it.",
        )
        self.form.add_class("uvmlab-cluster")
        super().__init__([self.form])
        self.add_class("uvmlab-cluster-lab")
        shown(self)
        if anybody_there():
            self.form.report = begun(self.model.call.world())
        else:
            self._build_alone()

    def _build_alone(self) -> None:
        try:
            self.model.build()
        except Wrong as wrong:  # a learner's function: there is a text to show all the same
            self.model.said = str(wrong)

    def _pressed(self, _: str, values: Values) -> None:
        outcome = self.model.build(values)
        self.form.values = self.model.call.written()
        self.form.taken = [int(name[1:]) for name in outcome.pages]
        self.form.said = outcome.sentence()
        self.form.report = report(outcome)
        self._walk(outcome)

    def _walk(self, outcome: Built) -> None:
        """Show the run to walk through, in the place of the last one.

        That one is closed a build later: a browser that still makes its view would miss it (a double click).
        """
        old, self.walks = self.walks[:-1], self.walks[-1:]
        shows: tuple[RunView, ...] = ()
        try:
            shows = (RunView(outcome.run),)
        except Exception as error:  # the steps of a learner's function may say anything
            self.form.said += f"\nThis run cannot be walked through: {described(error)}."
        self.children = (self.form, *shows)
        self.walks += shows
        for view in old:
            retire(view)

    def close(self) -> None:
        """Close the lab, with the runs that it keeps."""
        for view in self.walks:
            retire(view)
        super().close()

    def __repr__(self) -> str:
        return self.model.text()

    def _repr_mimebundle_(self, **more: Any) -> Any:
        data = super()._repr_mimebundle_(**more)
        return data | {"text/plain": self.model.text()}


def report(outcome: Built) -> str:
    """Show what became of each page; the run itself is walked through below."""
    head = ("page", "", "before", "after")
    found = table("What became of each page", head, outcome.fates)
    return found + fold("All of it in words", outcome.text())
