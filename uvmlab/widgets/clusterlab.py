"""The lab of lesson 04 in the notebook: a strip of pages over a `Clustering`, and what came of it below."""

from __future__ import annotations

from typing import Any, Final

import traitlets

from uvmlab.widgets.built import Built
from uvmlab.widgets.cluster import Clustering
from uvmlab.widgets.form import HERE, Form
from uvmlab.widgets.lab import Lab
from uvmlab.widgets.report import fold, table
from uvmlab.widgets.strip import KINDS

EXPORT: Final = "export default { render };\n"  # how form.js ends; strip.js has an end of its own


class StripForm(Form):
    """A form whose field `pages` is a strip to click on; `taken`: the pages that are marked in it."""

    _esm: Any = (HERE / "form.js").read_text().removesuffix(EXPORT) + (
        HERE / "strip.js"
    ).read_text()
    _css: Any = (HERE / "form.css").read_text() + (HERE / "strip.css").read_text()

    kinds: Any = traitlets.List().tag(sync=True)
    taken: Any = traitlets.List().tag(sync=True)


class ClusterLab(Lab):
    """Build a cluster around a page: say what its neighbours are, and see how far the cluster goes, and why.

    The arguments are those of `Clustering`, which is its `model`.  It builds when *Build* is pressed; with nobody
    there to press, it has built.

    >>> lab = ClusterLab(pages="DDCDDDA.", center=4)
    >>> lab.model.outcome
    <cluster p3 p4 p5>
    """

    def __init__(self, **chosen: Any) -> None:
        model = Clustering(**chosen)
        super().__init__(
            model,
            name="cluster",
            button="Build",
            report=report,
            form=StripForm,
            show="locks array objects queues",
            title="The cluster lab: which neighbours go along",
            fields=model.fields(),
            kinds=[[letter, kind.word, kind.means] for letter, kind in KINDS.items()],
            said="Say what the pages are, guess which of them become the cluster, and build it.",
        )

    def _tell(self, outcome: Built) -> None:
        super()._tell(outcome)
        self.form.taken = [int(name[1:]) for name in outcome.pages]


def report(outcome: Built) -> str:
    """Show what became of each page; the run itself is walked through below."""
    head = ("page", "what", "before", "after")
    found = table("What became of each page", head, outcome.fates)
    return found + fold("All of it in words", outcome.text())
