"""What came of threads at the pager map: how it ended, what each did, and the steps."""

from __future__ import annotations

from functools import cached_property

from uvmlab.run import Run
from uvmlab.run.changed import names
from uvmlab.run.fates import Fates
from uvmlab.run.moment import Moment
from uvmlab.widgets.ranges import ranges


class Shared:
    """What came of a run of threads, all told from its steps."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def fates(self) -> Fates:
        """What became of the threads."""
        return Fates(self.run)

    @property
    def ending(self) -> str:
        """Say how it ended, and who ran when."""
        how = f"It ended in a {self.run.result}" if self.run.said else "All threads have ended"
        return (
            f"{how} after {self.run.took} µs. One after the other ran {', '.join(self.fates.ran)}."
        )

    def sentence(self) -> str:
        """Say how it ended, and what is amiss."""
        return "\n".join([self.ending, *self.fates.ends()])

    def account(self) -> list[tuple[str, str]]:
        """Say what is left in the end: sleepers, what is mapped, descriptors."""
        after: Moment = self.run.after.state  # type: ignore[assignment]
        return [
            ("asleep in the end", names(who for who, _, _ in after.asleep)),
            ("pager map pages still in use", ranges(after.pager_map_used)),
            ("descriptors still there", names(after.aio_live)),
            ("descriptors that leaked", names(self.fates.leaked)),
        ]

    def text(self) -> str:
        """Say all of it in words."""
        lines = [self.sentence(), *map(str, self.fates.deeds)]
        lines += [f"{what}: {which}" for what, which in self.account()]
        steps = zip(self.run.threads, self.run.steps, strict=True)
        lines.append("steps, each with its thread and its C line:")
        return "\n".join([*lines, *(f"{thread}: {step}" for thread, step in steps)])

    def __repr__(self) -> str:
        return f"<outcome {self.run.result}; ran {' '.join(self.fates.ran)}>"
