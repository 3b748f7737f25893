"""What a lab does, without its form: read what was typed into a plan, carry it out, say what came of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, Protocol, TypeVar

from uvmlab.run import Run
from uvmlab.widgets.form import Values, Wrong, quoted
from uvmlab.worlds import World


class Plan(Protocol):
    """What is to be done; all of it is legal, for the model's `read` made sure.  `str` of it says it in words."""

    def world(self) -> World:
        """Build the state to begin with."""

    def written(self) -> Values:
        """Write the plan as a learner types it, field by field."""


class Outcome(Protocol):
    """What came of a plan."""

    @property
    def run(self) -> Run:
        """All that happened, to be walked through."""

    def sentence(self) -> str:
        """Say how it ended, in a line or a few."""

    def text(self) -> str:
        """Say all of it in words, the sentence first."""


P = TypeVar("P", bound=Plan)
O = TypeVar("O", bound=Outcome)  # noqa: E741 -- P becomes O


class Model(ABC, Generic[P, O]):
    """A lab: `plan` is what the form says, `outcome` what came of it, and `said` why there is none.

    Raises: Wrong, which is a ValueError, naming the field and what is legal in it.
    """

    said = "not run yet"

    def __init__(self, typed: Values) -> None:
        for field, text in typed.items():
            if not isinstance(text, str):  # who makes a lab may give it anything
                raise Wrong(
                    f"{field}: a text as the form takes it, not {quoted(repr(text))}.", field
                )
        self.plan = self.read(typed)
        self.outcome: O | None = None

    @abstractmethod
    def read(self, typed: Values) -> P:
        """Read what was typed; each field is there.

        Raises: Wrong naming the field and what is legal there.
        """

    @abstractmethod
    def carry_out(self, plan: P) -> O:
        """Carry a plan out.

        Raises: Wrong for what goes wrong in a learner's function.
        """

    def run(self, typed: Values | None = None) -> O:
        """Carry out what was typed, or the plan there is; on wrong input nothing changes.

        Raises: Wrong.
        """
        plan = self.plan if typed is None else self.read(typed)
        outcome = self.carry_out(plan)
        self.plan, self.outcome = plan, outcome
        return outcome

    def text(self) -> str:
        """Say the whole lab in words."""
        return f"{self.plan}\n{self.outcome.text() if self.outcome else self.said}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.outcome or self.said}>"
