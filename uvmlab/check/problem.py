"""A question whose answer is checked: what it wants, on which cases it is tried, and what came of it.

`answers` runs what the learner wrote, in a child; `wrong` judges the plain data that comes back, and runs nothing of it.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Final, NamedTuple

from uvmlab.check.child import IDLE_SECONDS, QUIET_SECONDS, Said, in_child

LONGEST: Final = 1000  # characters of a sentence, which may quote an answer


class Correct(NamedTuple):
    """The answer holds, on so many cases."""

    cases: int


class Incorrect(NamedTuple):
    """The answer does not hold: `whys` are sentences about the smallest `case` found (None: it was not tried on one).

    `answered`: whether the answer came to an end in that case.
    """

    whys: tuple[str, ...]
    case: Any = None
    printed: str = ""
    answered: bool = True


class NotAttempted(NamedTuple):
    """There is no answer yet, and why that is thought."""

    why: str


Outcome = Correct | Incorrect | NotAttempted


@dataclass(frozen=True)
class Problem:
    """A question: its `name` (`04-bounds`), what it is about, its points, and the name that the answer is to have.

    A kind of problem says on which `cases` it is tried, what the learner's part in each is (`answers`), and what is
    `wrong` with that.
    """

    name: str
    title: str
    wants: str
    points: int

    def cases(self, seed: str) -> Sequence[Any]:
        """Draw the cases, small before large."""
        raise NotImplementedError

    def answers(self, value: Any, cases: Sequence[Any]) -> Iterable[Any]:
        """Yield what the learner's `value` gives in each case, as plain data.  It runs in a child."""
        raise NotImplementedError

    def wrong(self, answer: Any, case: Any, seed: str) -> Iterator[str]:
        """Yield in sentences what is wrong with an answer; nothing if it is right."""
        raise NotImplementedError

    def prepare(self, seed: str) -> None:
        """Work out once what is right, so that children forked from now on know it."""
        self.cases(seed)

    def size(self, case: Any) -> Any:
        """How large a case is, for choosing the smallest one."""
        return len(str(case))

    def check(self, names: Mapping[str, Any], seed: str, quiet: float = QUIET_SECONDS) -> Outcome:
        """Check the answer that stands in a learner's names.

        `seed`: whose cases; `quiet`: seconds without an answer after which the learner's code is stopped.
        """
        value = names.get(self.wants, ...)
        if is_stub(value):
            return NotAttempted(f"there is no {self.wants} yet")
        cases = self.cases(seed)
        said = in_child(lambda: self.answers(value, cases), quiet, idle=IDLE_SECONDS)
        return self.judged(said, cases, seed)

    def judged(self, said: Said, cases: Sequence[Any], seed: str) -> Correct | Incorrect:
        """Judge what was answered, a piece of plain data for each case."""
        try:
            return self._judged(said, cases, seed)
        except Exception as error:  # a forged answer has any form
            form = f"Its answer has the wrong form ({type(error).__name__})."
            return Incorrect((form,), None, said.printed, answered=False)

    def _judged(self, said: Said, cases: Sequence[Any], seed: str) -> Correct | Incorrect:
        wrong: list[tuple[Any, tuple[str, ...]]] = []
        for case, answer in zip(cases, said.answers, strict=False):
            whys = tuple(why[:LONGEST] for why in self.wrong(answer, case, seed))
            if whys:
                wrong.append((case, whys))
        tried = [case for case, _ in wrong]
        if len(said.answers) < len(cases) and (said.lost or not wrong):
            # one that says it is done may have said too little
            lost = said.lost or "it gave no answer"
            wrong.append((cases[len(said.answers)], (f"Your {self.wants}: {lost}.",)))
        if not wrong:
            return Correct(len(cases))
        case, whys = min(wrong, key=lambda each: self.size(each[0]))
        return Incorrect(whys, case, said.printed, answered=any(case is each for each in tried))


STUBS: Final = ("RESUME", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "NOP")


def is_stub(value: Any) -> bool:
    """Whether this is what stood there before: `...`, or a function that does nothing."""
    if value is ... or value is None:
        return True
    if not isinstance(value, FunctionType):
        return False
    code = value.__code__
    told = [each for each in dis.get_instructions(code) if each.opname not in STUBS]
    last = [each.argval for each in dis.get_instructions(code) if "CONST" in each.opname]
    return not told and set(last) <= {None, ...}


def plain(value: Any, deep: int = 6, *, sets: bool = True) -> Any:
    """Return a learner's value as JSON can hold it; what it cannot is told by its type.

    `sets`: may they stand for lists?
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value if not isinstance(value, int) or abs(value) < 1 << 63 else str(value)[:40]
    if deep and isinstance(value, list | tuple | range):
        return [plain(each, deep - 1, sets=sets) for each in list(value)[:10_000]]
    if deep and sets and isinstance(value, set | frozenset):
        return sorted((plain(each, deep - 1) for each in value), key=repr)
    if deep and isinstance(value, dict):
        return {str(key): plain(each, deep - 1, sets=sets) for key, each in value.items()}
    return f"a {type(value).__name__}"


Function = Callable[..., Any]
