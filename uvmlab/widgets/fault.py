"""The lab of lesson 06 without its form: a put of swap-backed pages while the disk says no.

>>> lab = Fault(pages=3, aobj="p2", answers="ERROR OK", pg="p1")
>>> lab.run()
<outcome OK: 2 I/Os; freed 5 6, kept 4>
>>> print(lab.outcome.slots)
slots allocated before: 4-6
freed: 5 6
kept: 4
newly allocated: none
allocated after: 4
free afterwards: 1-3 5-32
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from uvmlab.kernel import PAGE_SIZE, PagerResult
from uvmlab.run import World
from uvmlab.widgets.form import Values, Wrong, quoted
from uvmlab.widgets.model import Model
from uvmlab.widgets.outcome import Outcome
from uvmlab.widgets.typed import one, whole
from uvmlab.worlds.state import AnonState, ObjectState, PageState, State

MOST_PAGES: Final = 16  # a swap cluster
MOST_ANSWERS: Final = 16
SWAP_SLOTS: Final = 32
NONE: Final = "none"
WAYS: Final = {True: "synchronous (SYNCIO)", False: "asynchronous"}
ENDS: Final = {True: "let go (PDFREECLUST)", False: "pages stay busy"}


@dataclass(frozen=True)
class Put:
    """What is put, and what happens meanwhile.  All of it is legal; `read` makes sure of it.

    `aobj`: the pages that belong to the aobj o0, the others have an anon each; `during`: the number of the I/O
    while which others want or release pages; `slot`: the first page's swap slot, the others have the next ones.
    """

    pages: int
    aobj: tuple[str, ...]
    pg: str | None
    sync: bool
    free: bool
    answers: tuple[str, ...]
    wanted: tuple[str, ...]
    released: tuple[str, ...]
    during: int
    slot: int

    @property
    def names(self) -> list[str]:
        """The names of all pages, in the order of their slots."""
        return [f"p{i}" for i in range(self.pages)]

    def world(self) -> World:
        """Build the state to begin with: dirty inactive pages with slots in a row."""
        state = State(swap_slots=SWAP_SLOTS)
        if self.aobj:
            state.objects["o0"] = ObjectState("o0", "aobj")
        for i, name in enumerate(self.names):
            if name in self.aobj:
                index = len(state.objects["o0"].swslots)
                state.objects["o0"].swslots[index] = self.slot + i
                page = PageState(name, "o0", index * PAGE_SIZE, pqflags=("INACTIVE", "AOBJ"))
            else:
                anon = AnonState(f"a{len(state.anons)}", self.slot + i)
                state.anons[anon.name] = anon
                page = PageState(name, anon.name, pqflags=("INACTIVE", "ANON"))
            state.pages[name] = page
        return World(state).disk(*self.answers)

    def run(self) -> Outcome:
        """Put the pages, and let an asynchronous I/O come to its end as the page daemon does."""
        machine = self.world().machine()
        flags = " ".join(["SYNCIO"] * self.sync + ["PDFREECLUST"] * self.free)
        meanwhile = [
            (self.during, " ".join(pages), flag)
            for pages, flag in ((self.wanted, "WANTED"), (self.released, "RELEASED"))
            if pages
        ]
        pages = " ".join(self.names)
        runs = [machine.pager_put(pages, pg=self.pg, flags=flags, meanwhile=meanwhile)]
        if runs[0].result == PagerResult.PEND:
            runs.append(machine.finish())
        return Outcome(tuple(runs))

    def written(self) -> Values:
        """Write it as a learner types it."""
        lists = {"aobj": self.aobj, "wanted": self.wanted, "released": self.released}
        return {
            "pages": str(self.pages),
            "pg": self.pg or NONE,
            "sync": WAYS[self.sync],
            "free": ENDS[self.free],
            "answers": " ".join(self.answers),
            "during": str(self.during),
            **{name: " ".join(pages) or NONE for name, pages in lists.items()},
        }

    def __str__(self) -> str:
        typed = self.written()
        anons = [name for name in self.names if name not in self.aobj]
        last = self.slot + self.pages - 1
        return (
            f"{self.pages} pages in slots {self.slot} to {last}; "
            f"anons: {' '.join(anons) or NONE}; aobj: {typed['aobj']}; "
            f"page of interest: {typed['pg']}\n"
            f"{typed['sync']}; after a success: {typed['free']}\n"
            f"the disk answers: {typed['answers'] or 'OK'}; during I/O {self.during} "
            f"wanted: {typed['wanted']}, released: {typed['released']}"
        )


class Fault(Model[Put, Outcome]):
    """The lab of a put while the disk says no.

    The arguments are those of the form, in words as a learner types them or as plain values; `slot` is the first
    swap slot.
    Raises: ValueError naming what is legal.
    """

    def __init__(
        self,
        *,
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
    ) -> None:
        self.slot = whole(LABELS, "slot", str(slot), 1, SWAP_SLOTS - MOST_PAGES + 1)
        super().__init__(
            {
                "pages": str(pages),
                "aobj": aobj,
                "pg": pg or NONE,
                "sync": WAYS[bool(sync)],
                "free": ENDS[bool(free)],
                "answers": answers,
                "wanted": wanted,
                "released": released,
                "during": str(during),
            }
        )

    def read(self, typed: Values) -> Put:
        """Read what was typed.

        Raises: Wrong naming the field and what is legal there.
        """
        count = whole(LABELS, "pages", typed["pages"], 1, MOST_PAGES)
        names = [f"p{i}" for i in range(count)]
        interest = some("pg", typed["pg"], names)
        if len(interest) > 1:
            raise Wrong(f"{LABELS['pg']}: one page, or {NONE}.", "pg")
        return Put(
            pages=count,
            aobj=some("aobj", typed["aobj"], names),
            pg=interest[0] if interest else None,
            sync=one(LABELS, "sync", typed["sync"], WAYS),
            free=one(LABELS, "free", typed["free"], ENDS),
            answers=answers_of(typed["answers"]),
            wanted=some("wanted", typed["wanted"], names),
            released=some("released", typed["released"], names),
            during=whole(LABELS, "during", typed["during"], 0, MOST_ANSWERS - 1),
            slot=self.slot,
        )

    def carry_out(self, put: Put) -> Outcome:
        """Put the pages."""
        return put.run()


LABELS: Final = {
    "pages": "Number of pages",
    "aobj": "Pages of the aobj",
    "pg": "Page of interest",
    "sync": "The put is",
    "answers": "The disk answers",
    "free": "After a success",
    "wanted": "Wanted meanwhile",
    "released": "Released meanwhile",
    "during": "Meanwhile is during I/O number",
}
HINTS: Final = {
    "pages": f"1 to {MOST_PAGES}: p0, p1, …",
    "aobj": "such as p3 p4, or none; the others have an anon each",
    "pg": "a page, or none",
    "answers": "to one I/O after the other, such as ERROR OK; then OK",
    "wanted": "such as p2, or none: somebody waits for them",
    "released": "such as p3, or none: their owner gives them up",
    "during": "0 is the first",
}


def fields() -> list[dict[str, Any]]:
    """List the fields of the lab's form."""
    options = {"sync": [*WAYS.values()], "free": [*ENDS.values()]}
    return [
        {"name": name, "label": label, "hint": HINTS.get(name, ""), "options": options.get(name)}
        for name, label in LABELS.items()
    ]


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
