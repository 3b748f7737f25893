"""The lab of the pager map without its form: threads that map pages in and out, and who waits for whom.

>>> lab = Waiting(order="B A B A")
>>> lab.run()
<outcome deadlock; ran B A B A>
>>> print(lab.outcome.sentence())
It ended in a deadlock after 400 µs. One after the other ran B, A, B, A.
A sleeps for ever, since 400 µs. Its wake-up is lost: it looked and found no room (156); then B gave room back, saw nobody waiting (226), and woke nobody; only then did A say that it waits (165), and lie down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from uvmlab.kernel import Slip
from uvmlab.run import Run, World, world
from uvmlab.run.programs import (
    AIO,
    MAPIN,
    MAPOUT,
    NOWAIT,
    WRITE,
    Commands,
    pages_of,
    program,
    written,
)
from uvmlab.run.turns import order_of
from uvmlab.widgets.form import Options, Values, Wrong, listed, quoted
from uvmlab.widgets.model import Model
from uvmlab.widgets.shared import Shared
from uvmlab.widgets.slips import explained, offered
from uvmlab.widgets.typed import one, option, whole

T = TypeVar("T")

NAMES: Final = ("A", "B", "C")
PAGES: Final = 16  # of the file whose pages are mapped in
MOST_ARENA: Final = 16  # pages
MOST_TURNS: Final = 40
TYPED: Final = "typed"
PROCESSORS: Final = {1: "one", 2: "two"}
ORDERS: Final = {
    "": "whoever has waited longest goes on",
    "B A B A": "B A B A: B unmaps between A's look and A's lock",
    "B A A B": "B A A B: B unmaps when A is asleep",
    TYPED: "as typed below",
}


@dataclass(frozen=True)
class Sharing:
    """Who is to share the pager map, of `arena` pages, and how; `order`: one of `ORDERS`, and `turns` what it says."""

    arena: int
    threads: dict[str, Commands]
    cpus: int
    order: str
    turns: tuple[str, ...]
    slips: int

    def world(self) -> World:
        """Build the state to begin with: a file, its pages in memory, and an empty pager map."""
        return world().vnode("f0", PAGES).arena(self.arena)

    def run(self) -> Run:
        """Let the threads run."""
        machine = self.world().machine(cpus=self.cpus, slips=self.slips)
        return machine.together(" ".join(self.turns), **self._typed())

    def _typed(self) -> Values:
        return {name: written(commands) for name, commands in self.threads.items()}

    def written(self) -> Values:
        """Write it as a learner types it."""
        return {
            "arena": str(self.arena),
            **dict.fromkeys(NAMES, ""),
            **self._typed(),
            "cpus": PROCESSORS[self.cpus],
            "order": ORDERS[self.order],
            "turns": " ".join(self.turns) if self.order == TYPED else "",
            "slips": offered(self.slips)[Slip(self.slips)],
        }

    def __str__(self) -> str:
        typed = self.written()
        turns = " ".join(self.turns) if self.order == TYPED else typed["order"]
        return "\n".join(
            [
                f"pager map: {self.arena} pages; processors: {typed['cpus']}",
                *(f"{name}: {text}" for name, text in self._typed().items()),
                f"turns: {turns}; uvm_pager.c is {typed['slips']}",
            ]
        )


class Waiting(Model[Sharing, Shared]):
    """The lab of threads at the pager map.

    `arena`: its pages; `a`, `b`, `c`: the threads' programs, "" for none (`uvmlab.run.programs`); `cpus`: 1 or 2;
    `order`: whose turn it is, such as "B A B A", "" for whoever has waited longest; `slips`: those of the machine.
    Raises: ValueError naming what is legal.
    """

    def __init__(
        self,
        *,
        arena: int | str = 4,
        a: str = f"{MAPIN} p0 p1 p2 {AIO}; {WRITE} 400; {MAPOUT}",
        b: str = f"{MAPIN} p3 p4 p5; {WRITE} 400; {MAPOUT}",
        c: str = "",
        cpus: int = 2,
        order: str = "",
        slips: int = Slip.NONE,
    ) -> None:
        self.slips = offered(slips)
        turns = str(order)
        named = turns in ORDERS and turns != TYPED
        super().__init__(
            {
                "arena": str(arena),
                **dict(zip(NAMES, map(str, (a, b, c)), strict=True)),
                "cpus": option("cpus", cpus, PROCESSORS),
                "order": ORDERS[turns if named else TYPED],
                "turns": "" if named else turns,
                "slips": self.slips[Slip(slips)],
            }
        )

    def read(self, typed: Values) -> Sharing:
        """Read what was typed.

        Raises: Wrong naming the field and what is legal there.
        """
        threads = threads_of(typed)
        order = one(LABELS, "order", typed["order"], ORDERS)
        field, text = ("turns", typed["turns"].upper()) if order == TYPED else ("order", order)
        turns = legal(field, order_of, text, threads)
        if order != TYPED and typed["turns"].strip():
            raise Wrong(
                f"{LABELS['turns']}: {quoted(typed['turns'])} counts only with “{ORDERS[TYPED]}” "
                f"above it. Choose that, or leave the turns empty.",
                "turns",
            )
        if len(turns) > MOST_TURNS:
            raise Wrong(f"{LABELS['turns']}: {MOST_TURNS} turns are enough.", "turns")
        return Sharing(
            arena=whole(LABELS, "arena", typed["arena"], 1, MOST_ARENA),
            threads=threads,
            cpus=one(LABELS, "cpus", typed["cpus"], PROCESSORS),
            order=order,
            turns=turns,
            slips=one(LABELS, "slips", typed["slips"], self.slips),
        )

    def carry_out(self, plan: Sharing) -> Shared:
        """Let the threads run."""
        return Shared(plan.run())

    def fields(self) -> list[dict[str, Any]]:
        """List the fields of the lab's form."""
        options: Options = {"cpus": PROCESSORS, "order": ORDERS, "slips": self.slips}
        fields = explained(listed(LABELS, HINTS, options), self.slips)
        return [field | {"size": 64} if field["name"] in NAMES else field for field in fields]


LABELS: Final = {
    "arena": "Pages of the pager map",
    "cpus": "Processors",
    "slips": "uvm_pager.c is",
    **{name: f"Thread {name}" for name in NAMES},
    "order": "Whose turn it is",
    "turns": "Turns",
}
HINTS: Final = {
    "arena": f"1 to {MOST_ARENA}",
    "cpus": "with two, another thread may get in before a lock",
    "A": f"{MAPIN}, with {NOWAIT} if it may not sleep, {AIO} if it wants a descriptor; {WRITE} and µs; {MAPOUT}",
    "B": f"the same; the pages are p0 to p{PAGES - 1}, each for one thread",
    "C": "the same, or nothing",
    "order": "when more than one thread could go on",
    "turns": "such as B A B A; then whoever has waited longest",
}


def legal(field: str, read: Callable[..., T], *typed: Any) -> T:
    """Read what was typed into a field.

    Raises: Wrong with what is legal there.
    """
    try:
        return read(*typed)
    except ValueError as error:
        raise Wrong(f"{LABELS[field]}: {error}.", field) from None


def threads_of(typed: Values) -> dict[str, Commands]:
    """Read the threads' programs; a thread without one is none.

    Raises: Wrong.
    """
    threads: dict[str, Commands] = {}
    whose: dict[str, str] = {}
    for name in NAMES:
        commands = legal(name, program, typed[name])
        for page in pages_of({name: commands}):
            if page not in FILE:
                raise Wrong(
                    f"{LABELS[name]}: no page {quoted(page)}; there are p0 to {FILE[-1]}.", name
                )
            if whose.setdefault(page, name) != name:
                said = f"{page} is busy for thread {whose[page]}, so it cannot have it, too"
                raise Wrong(f"{LABELS[name]}: {said}.", name)
        if commands:
            threads[name] = commands
    if not threads:
        raise Wrong(
            f"{LABELS['A']}: one thread at least has a program, such as {MAPIN} p0; {MAPOUT}.", "A"
        )
    return threads


FILE: Final = [f"p{i}" for i in range(PAGES)]
