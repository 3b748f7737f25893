"""The lab of lesson 06 without its form: a put while the disk says no.

>>> lab = Fault(pages=3, aobj="p2", answers="ERROR OK", pg="p1")
>>> lab.run()
<outcome OK: 2 I/Os; freed 5 6, kept 4>
>>> print(lab.outcome.slots)
slots allocated before: 4-6
freed, and still free: 5 6
kept: 4
newly allocated: none
allocated after: 4
free afterwards: 1-3 5-32
named by nobody (lost): none
named, and free: none
"""

from __future__ import annotations

from typing import Any, Final

from uvmlab.kernel import PagerResult, Slip
from uvmlab.widgets.form import Options, Values, Wrong, listed, quoted
from uvmlab.widgets.model import Model
from uvmlab.widgets.outcome import Outcome
from uvmlab.widgets.put import ENDS, KINDS, NONE, SWAP, SWAP_SLOTS, WAYS, Put
from uvmlab.widgets.slips import explained, offered
from uvmlab.widgets.typed import one, option, whole

MOST_PAGES: Final = 16  # a swap cluster
MOST_ANSWERS: Final = 16


class Fault(Model[Put, Outcome]):
    """The lab of a put while the disk says no.

    The arguments are those of the form, in words as a learner types them or as plain values; `kind`: swap, file
    or dying; `slot` is the first swap slot; `slips`: those of the machine.
    Raises: ValueError naming what is legal.
    """

    def __init__(
        self,
        *,
        kind: str = SWAP,
        pages: int | str = 5,
        aobj: str = "p3 p4",
        pg: str | None = "p1",
        sync: bool = True,
        answers: str = "ERROR OK",
        wanted: str = "",
        released: str = "",
        during: int | str = 0,
        free: bool = True,
        slot: int = 4,
        slips: int = Slip.NONE,
    ) -> None:
        self.slot = whole(LABELS, "slot", str(slot), 1, SWAP_SLOTS - MOST_PAGES + 1)
        self.slips = offered(slips)
        super().__init__(
            {
                "kind": option("kind", kind, KINDS),
                "pages": str(pages),
                "aobj": aobj,
                "pg": NONE if pg is None else pg,
                "sync": option("sync", sync, WAYS),
                "free": option("free", free, ENDS),
                "answers": answers,
                "wanted": wanted,
                "released": released,
                "during": str(during),
                "slips": self.slips[Slip(slips)],
            }
        )

    def read(self, typed: Values) -> Put:
        """Read what was typed.

        Raises: Wrong naming the field and what is legal there.
        """
        kind = one(LABELS, "kind", typed["kind"], KINDS)
        count = whole(LABELS, "pages", typed["pages"], 1, MOST_PAGES)
        names = [f"p{i}" for i in range(count)]
        interest = some("pg", typed["pg"], names)
        if len(interest) > 1 or (kind != SWAP and not interest):
            legal = f"one page, or {NONE}" if kind == SWAP else "a put of a file goes by one page"
            raise Wrong(f"{LABELS['pg']}: {legal}.", "pg")
        return Put(
            kind=kind,
            pages=count,
            aobj=some("aobj", typed["aobj"], names) if kind == SWAP else (),
            pg=interest[0] if interest else None,
            sync=one(LABELS, "sync", typed["sync"], WAYS),
            free=one(LABELS, "free", typed["free"], ENDS),
            answers=answers_of(typed["answers"]),
            wanted=some("wanted", typed["wanted"], names),
            released=some("released", typed["released"], names),
            during=whole(LABELS, "during", typed["during"], 0, MOST_ANSWERS - 1),
            slot=self.slot,
            slips=one(LABELS, "slips", typed["slips"], self.slips),
        )

    def carry_out(self, put: Put) -> Outcome:
        """Put the pages."""
        return put.run()

    def fields(self) -> list[dict[str, Any]]:
        """List the fields of the lab's form."""
        options: Options = {"kind": KINDS, "sync": WAYS, "free": ENDS, "slips": self.slips}
        return explained(listed(LABELS, HINTS, options), self.slips)


LABELS: Final = {
    "kind": "What is put",
    "pages": "Number of pages",
    "aobj": "Pages of the aobj",
    "pg": "Page of interest",
    "sync": "The put is",
    "answers": "The disk answers",
    "free": "After a success",
    "wanted": "Wanted meanwhile",
    "released": "Released meanwhile",
    "during": "Meanwhile is during I/O number",
    "slips": "uvm_pager.c is",
}
HINTS: Final = {
    "kind": "of a file, the neighbours go along",
    "pages": f"1 to {MOST_PAGES}: p0, p1, …",
    "aobj": "of a swap cluster, such as p3 p4, or none; the others have an anon each",
    "pg": "a page; for a swap cluster also none",
    "answers": "to one I/O after the other, such as ERROR OK; then OK",
    "wanted": "such as p2, or none: somebody waits for them",
    "released": "such as p3, or none: their owner gives them up",
    "during": "0 is the first",
    "slips": "A mistake shows only in a put that runs the lines it is in.",
}


def some(field: str, text: str, names: list[str]) -> tuple[str, ...]:
    """Read names of pages, in any order; `none` or nothing is none of them.

    Returns: the names, each once, in the order of `names`.
    Raises: Wrong.
    """
    typed = text.replace(",", " ").split()
    if [word.casefold() for word in typed] == [NONE]:
        return ()
    for word in typed:
        if word not in names:
            raise Wrong(
                f"{LABELS[field]}: there is no page {quoted(word)}; there are {names[0]}"
                f"{f' to {names[-1]}' if len(names) > 1 else ''}, or {NONE}.",
                field,
            )
    return tuple(name for name in names if name in typed)


def answers_of(text: str) -> tuple[str, ...]:
    """Read what the disk answers.

    Raises: Wrong.
    """
    answers = tuple(text.upper().replace(",", " ").split())
    legal = PagerResult.__members__
    for word in answers:
        if word not in legal:
            raise Wrong(
                f"{LABELS['answers']}: no answer {quoted(word)}; legal: {', '.join(legal)}.",
                "answers",
            )
    if len(answers) > MOST_ANSWERS:
        raise Wrong(f"{LABELS['answers']}: {MOST_ANSWERS} answers are enough.", "answers")
    return answers
