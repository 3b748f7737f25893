"""What came of building a cluster: its pages, why it ended, what became of each page, and the steps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from uvmlab.check import clusters
from uvmlab.run import Run
from uvmlab.worlds.state import PageState


class Fate(NamedTuple):
    """A page of the strip, before and after, and whether it is in the cluster."""

    page: str
    why: str
    before: str
    after: str


@dataclass(frozen=True, repr=False)
class Built:
    """What came of a run of `mk_pcluster`, all said at once: a broken cluster shows itself here."""

    run: Run
    pages: tuple[str, ...]
    built: str
    stopped: str
    fates: tuple[Fate, ...]

    @classmethod
    def of(cls, run: Run, size: int) -> Built:
        """Look at a run on a file of `size` pages, p0, p1, ..."""
        return cls(
            run,
            tuple(clusters.cluster(run)),
            clusters.built(run),
            clusters.stopped(run),
            tuple(_fate(run, f"p{i}") for i in range(size)),
        )

    def sentence(self) -> str:
        """Say which cluster it is, and why it ended."""
        return f"{self.built}\n{self.stopped}"

    def text(self) -> str:
        """Say all of it in words."""
        lines = [self.sentence()]
        lines += [f"{page} {why}: {was} → {now}" for page, why, was, now in self.fates]
        return "\n".join([*lines, "steps, each with its C line:", *map(str, self.run.steps)])

    def __repr__(self) -> str:
        return f"<cluster {' '.join(self.pages) or 'of no page'}>"


def _fate(run: Run, name: str) -> Fate:
    before, after = run.before.state.pages, run.after.state.pages
    if name not in before:
        return Fate(name, "is not in memory", "absent", "the same")
    was, now = _said(before[name]), _said(after[name])
    why = re.split("[:.]", clusters.why_not(run, name))[0]
    return Fate(name, why.removeprefix(f"{name} "), was, "the same" if was == now else now)


def _said(page: PageState) -> str:
    words = ["dirty" if page.dirty else "clean", *(word.lower() for word in page.pqflags)]
    words += [flag for flag in page.flags if flag != "CLEAN"]
    words += ["modified"] * page.modified + [f"protection {page.prot}"] * (page.prot != "ALL")
    return ", ".join(words)
