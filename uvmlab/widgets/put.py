"""What the fault lab puts: a swap cluster or a page of a file, and what happens meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from uvmlab.kernel import PAGE_SIZE, PagerResult, Slip
from uvmlab.run import World
from uvmlab.widgets.form import Values
from uvmlab.widgets.outcome import Outcome
from uvmlab.widgets.slips import offered
from uvmlab.worlds.state import AnonState, ObjectState, PageState, State

SWAP_SLOTS: Final = 32
NONE: Final = "none"
SWAP, FILE, DYING = "swap", "file", "dying"
KINDS: Final = {
    SWAP: "a swap cluster",
    FILE: "a page of a file",
    DYING: "a page of a dying file",
}
WAYS: Final = {True: "synchronous (SYNCIO)", False: "asynchronous"}
ENDS: Final = {True: "let go (PDFREECLUST)", False: "pages stay busy"}


@dataclass(frozen=True)
class Put:
    """What is put, and what happens meanwhile.  All of it is legal; `Fault.read` makes sure of it.

    `aobj`: the pages of a swap cluster that belong to the aobj o0, the others have an anon each; `during`: the
    number of the I/O while which others want or release pages; `slot`: the first page's swap slot, the others
    have the next ones; `slips`: those of the machine.
    """

    kind: str
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
    slips: Slip

    @property
    def names(self) -> list[str]:
        """The names of all pages, in the order of their slots or offsets."""
        return [f"p{i}" for i in range(self.pages)]

    def world(self) -> World:
        """Build the state to begin with: dirty inactive pages, of swap with slots in a row, or of a file."""
        state = self._swap() if self.kind == SWAP else self._file()
        return World(state).disk(*self.answers)

    def _swap(self) -> State:
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
        return state

    def _file(self) -> State:
        pages = {name: PageState(name, "f0", i * PAGE_SIZE) for i, name in enumerate(self.names)}
        file = ObjectState("f0", size=self.pages, kill=self.kind == DYING)
        return State(pages=pages, objects={"f0": file})

    def run(self) -> Outcome:
        """Put the pages, and let an asynchronous I/O come to its end as the page daemon does."""
        machine = self.world().machine(slips=self.slips)
        both = (self.wanted, "WANTED"), (self.released, "RELEASED")
        others = [(self.during, pages, flag) for pages, flag in both if pages]
        run = machine.pager_put(
            self.names if self.kind == SWAP else "",
            pg=self.pg,
            flags=" ".join(["SYNCIO"] * self.sync + ["PDFREECLUST"] * self.free),
            meanwhile=others,
        )
        if run.result == PagerResult.PEND:
            run = run.then(machine.finish())
        return Outcome(run, during=self.during if others else None)

    def written(self) -> Values:
        """Write it as a learner types it."""
        lists = {"aobj": self.aobj, "wanted": self.wanted, "released": self.released}
        return {
            "kind": KINDS[self.kind],
            "pages": str(self.pages),
            "pg": self.pg or NONE,
            "sync": WAYS[self.sync],
            "free": ENDS[self.free],
            "answers": " ".join(self.answers),
            "during": str(self.during),
            "slips": offered(self.slips)[self.slips],
            **{name: " ".join(pages) or NONE for name, pages in lists.items()},
        }

    def __str__(self) -> str:
        typed = self.written()
        anons = [name for name in self.names if name not in self.aobj]
        whose = (
            f" in slots {self.slot} to {self.slot + self.pages - 1}; "
            f"anons: {' '.join(anons) or NONE}; aobj: {typed['aobj']}"
            if self.kind == SWAP
            else f" of the file f0{', which dies with its last page' * (self.kind == DYING)}"
        )
        return (
            f"{self.pages} pages{whose}; page of interest: {typed['pg']}\n"
            f"{typed['sync']}; after a success: {typed['free']}; "
            f"uvm_pager.c: {typed['slips']}\n"
            f"the disk answers: {typed['answers'] or 'OK'}; during I/O {self.during} "
            f"wanted: {typed['wanted']}, released: {typed['released']}"
        )
