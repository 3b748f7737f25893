"""A walk through a run: for each step which cells look different, and which it marks."""

from __future__ import annotations

from collections.abc import Iterator

from uvmlab.draw.plan import Cell, Plan
from uvmlab.draw.scene import Part
from uvmlab.draw.strips import Fold
from uvmlab.run import Run
from uvmlab.run.moment import CLOCK, Changes, Moment, Walker


class Walk:
    """Goes from step to step, and looks at nothing that a step leaves alone."""

    def __init__(self, run: Run, plan: Plan) -> None:
        self.run, self.plan = run, plan
        first = plan.sight(run.base, 0)
        self._after = [(group.fields, group.after(first)) for group in plan.groups]
        self._seen = dict(plan.base)
        self._folds = {
            id_: Fold([plan.base[leaf] for leaf in part.of])
            for id_, part in plan.cells.items()
            if part.of
        }
        self._fold = {leaf: fold for fold in self._folds.values() for leaf in fold.unsaid.of}
        self._shown = {id_: plan.look(id_, self._now(id_)) for id_ in plan.cells}

    def __iter__(self) -> Iterator[tuple[list[Cell], list[str]]]:
        """Yield for each step the cells that differ after it, and the ids of those that it marks."""
        walker = Walker(self.run.base, self.run.changes)
        for number, changes in enumerate(self.run.changes, 1):
            yield self._step(walker.to(number), number, changes) if changes else ([], [])

    def _step(self, moment: Moment, number: int, changes: Changes) -> tuple[list[Cell], list[str]]:
        fields = {change.field for change in changes}
        sight = self.plan.sight(moment, number)
        changed: list[str] = []
        marked: list[str] = []
        for reads, after in self._after:
            if not reads.isdisjoint(fields):
                differ = [part.id for part in after(sight, changes) if self._take(part)]
                changed += differ
                if not reads.isdisjoint(fields.difference(CLOCK)):
                    marked += differ
        return list(self._differ(self.plan.ids(changed))), self.plan.ids(marked)

    def _take(self, part: Part) -> bool:
        """Take in a part, and say whether it is drawn and not as it was."""
        was = self._seen.get(part.id)
        if was is None or was == part:
            return False
        self._seen[part.id] = part
        if part.id in self._fold:
            self._fold[part.id].change(was, part)
        return True

    def _differ(self, ids: list[str]) -> Iterator[Cell]:
        """Yield the cells that look different now."""
        for id_ in ids:
            look = self.plan.look(id_, self._now(id_))
            if look != self._shown[id_]:
                self._shown[id_] = look
                yield [id_, *look]

    def _now(self, id_: str) -> Part:
        fold = self._folds.get(id_)
        return fold.part._replace(id=id_) if fold else self.plan.now(id_, self._seen)
