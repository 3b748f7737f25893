"""The lab of the page daemon without its form: memory is short, and it has to clean pages before it can free them.

>>> lab = Daemon(free=3, anons="3D", aobj="", file="", swap=8, answers="ERROR")
>>> lab.run()
<cleaned: 0 of 3 pages free; 1 I/O>
>>> lab.run(lab.plan.written() | {"answers": "OK"})
<cleaned: 3 of 3 pages free; 1 I/O>
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple

from uvmlab.kernel import PAGE_SIZE, FaultPlan, Slip
from uvmlab.run import World
from uvmlab.widgets.cleaned import Cleaned
from uvmlab.widgets.fault import answers_of
from uvmlab.widgets.form import Values, Wrong, listed, quoted
from uvmlab.widgets.model import Model
from uvmlab.widgets.put import NONE, WAYS
from uvmlab.widgets.slips import explained, offered
from uvmlab.widgets.typed import one, option, whole
from uvmlab.worlds.state import AnonState, ObjectState, PageState, State

MOST: Final = 32  # pages of a kind
MOST_ARENA: Final = 64  # pages
MOST_SLOTS: Final = 64
MOST_SEED: Final = 999_999
AOBJ: Final = "o0"
FILE: Final = "f0"


class Kind(NamedTuple):
    """What a page may be when memory gets short, and what that is in the machine."""

    word: str
    flags: tuple[str, ...] = ()
    queue: str = "INACTIVE"
    referenced: bool = False


KINDS: Final = {
    "D": Kind("dirty"),
    "C": Kind("clean", ("CLEAN",)),
    "T": Kind("used lately (touched)", referenced=True),
    "A": Kind("active", queue="ACTIVE"),
    "B": Kind("busy", ("BUSY",)),
}
MEANT: Final = ", ".join(f"{letter} {kind.word}" for letter, kind in KINDS.items())


@dataclass(frozen=True)
class Pressure:
    """Which pages there are, how many are to be free, and what the disk does.  `Daemon.read` makes sure it is legal.

    `anons`, `aobj`, `file`: a letter of `KINDS` for each page; `swap` in slots, `arena` in pages; `rate`: of 100
    I/Os after those of `answers` so many fail, drawn with `seed`.
    """

    free: int
    anons: str
    aobj: str
    file: str
    swap: int
    arena: int
    sync: bool
    answers: tuple[str, ...]
    rate: int
    seed: int
    slips: Slip

    def world(self) -> World:
        """Build the state to begin with: anons, an aobj and a file, their pages as the letters say."""
        state = State(swap_slots=self.swap, pager_map_pages=self.arena)
        state.plan = FaultPlan(self.answers, rate=self.rate / 100, seed=self.seed)
        for i, letter in enumerate(self.anons):
            anon = AnonState(f"a{i}", _slot(state, letter))
            state.anons[anon.name] = anon
            _add(state, anon.name, 0, letter, "ANON")
        for name, letters, pager in ((AOBJ, self.aobj, "aobj"), (FILE, self.file, "vnode")):
            if letters:
                uobj = state.objects[name] = ObjectState(name, pager, len(letters))
                for i, letter in enumerate(letters):
                    if pager == "aobj" and (slot := _slot(state, letter)):
                        uobj.swslots[i] = slot
                    _add(state, name, i * PAGE_SIZE, letter, *["AOBJ"] * (pager == "aobj"))
        return World(state)

    def run(self) -> Cleaned:
        """Let the page daemon work until it gives up or enough pages are free."""
        machine = self.world().machine(slips=self.slips)
        return Cleaned(machine.pagedaemon(self.free, sync=self.sync), self.free)

    def written(self) -> Values:
        """Write it as a learner types it."""
        said = {each.name: str(getattr(self, each.name)) for each in fields(self)}
        return said | {
            "sync": WAYS[self.sync],
            "answers": " ".join(self.answers),
            "slips": offered(self.slips)[self.slips],
            **{name: getattr(self, name) or NONE for name in ("anons", "aobj", "file")},
        }

    def __str__(self) -> str:
        typed = self.written()
        return (
            f"{self.free} pages are to be free; pages of anons: {typed['anons']}, "
            f"of the aobj {AOBJ}: {typed['aobj']}, of the file {FILE}: {typed['file']} ({MEANT})\n"
            f"{self.swap} swap slots, {self.arena} pages in the pager map; puts are {typed['sync']}; "
            f"uvm_pager.c: {typed['slips']}\n"
            f"the disk answers: {typed['answers'] or 'OK'}; "
            f"then of 100 I/Os {self.rate} fail; number that says which: {self.seed}"
        )


def _slot(state: State, letter: str) -> int:
    """Return the next slot for a clean page, whose contents are on the disk; 0 for any other."""
    return 1 + len(state.owned_slots()) if letter == "C" else 0


def _add(state: State, owner: str, offset: int, letter: str, *kinds: str) -> None:
    kind, name = KINDS[letter], f"p{len(state.pages)}"
    queues = (kind.queue, *kinds)
    state.pages[name] = PageState(
        name, owner, offset, kind.flags, queues, referenced=kind.referenced
    )


class Daemon(Model[Pressure, Cleaned]):
    """The lab of the page daemon.

    `free`: how many pages are to be free (None: 12, or all if there are fewer); `anons`, `aobj`, `file`: their pages, a letter each (D dirty, C clean, T
    used lately (touched), A active, B busy; `12D` is twelve of them), or how many dirty ones; `swap`: slots; `arena`: pages of
    the pager map; `sync`: whether it waits for each put; `answers`, then `rate` (of 100 I/Os) and `seed`: the
    disk; `slips`: those of the machine.
    Raises: ValueError naming what is legal.
    """

    def __init__(
        self,
        *,
        free: int | str | None = None,
        anons: int | str = "5DT4DC",
        aobj: int | str = "DD",
        file: int | str = "3DCA",
        swap: int | str = 16,
        arena: int | str = 32,
        sync: bool = False,
        answers: str = "OK ERROR",
        rate: int | str = 0,
        seed: int | str = 0,
        slips: int = Slip.NONE,
    ) -> None:
        self.slips = offered(slips)
        given = {"anons": anons, "aobj": aobj, "file": file}
        pages = {
            name: said if isinstance(said, str) else str(whole(LABELS, name, str(said), 0, MOST))
            for name, said in given.items()
        }
        if free is None:
            free = min(12, sum(len(letters(*each)) for each in pages.items()))
        numbers = {"free": free, "swap": swap, "arena": arena, "rate": rate, "seed": seed}
        super().__init__(
            {name: str(number) for name, number in numbers.items()}
            | pages
            | {
                "sync": option("sync", sync, WAYS),
                "answers": answers,
                "slips": self.slips[Slip(slips)],
            }
        )

    def read(self, typed: Values) -> Pressure:
        """Read what was typed.

        Raises: Wrong naming the field and what is legal there.
        """
        pages = {name: letters(name, typed[name]) for name in ("anons", "aobj", "file")}
        count = sum(map(len, pages.values()))
        if not count:
            raise Wrong("There are no pages: give the anons, the aobj or the file some.", "anons")
        clean = (pages["anons"] + pages["aobj"]).count("C")
        swap = whole(LABELS, "swap", typed["swap"], 0, MOST_SLOTS)
        if swap < clean:
            why = "anon or aobj pages are clean only if their contents are in a slot"
            raise Wrong(f"{LABELS['swap']}: {clean} at least, for {why}.", "swap")
        return Pressure(
            **pages,
            free=whole(LABELS, "free", typed["free"], 1, count),
            swap=swap,
            arena=whole(LABELS, "arena", typed["arena"], 1, MOST_ARENA),
            sync=one(LABELS, "sync", typed["sync"], WAYS),
            answers=answers_of(typed["answers"]),
            rate=whole(LABELS, "rate", typed["rate"], 0, 100),
            seed=whole(LABELS, "seed", typed["seed"], 0, MOST_SEED),
            slips=one(LABELS, "slips", typed["slips"], self.slips),
        )

    def carry_out(self, plan: Pressure) -> Cleaned:
        """Let the page daemon work."""
        return plan.run()

    def fields(self) -> list[dict[str, Any]]:
        """List the fields of the lab's form."""
        fields = listed(LABELS, HINTS, {"sync": WAYS, "slips": self.slips})
        return explained(fields, self.slips)


LABELS: Final = {
    "free": "Pages that are to be free",
    "anons": "Pages of anons",
    "aobj": f"Pages of the aobj {AOBJ}",
    "file": f"Pages of the file {FILE}",
    "swap": "Swap slots",
    "arena": "Pages in the pager map",
    "sync": "The daemon's puts are",
    "answers": "The disk answers",
    "rate": "Of 100 later I/Os fail",
    "seed": "Number that says which",
    "slips": "uvm_pager.c is",
}
HINTS: Final = {
    "free": "the memory pressure: none is free to begin with",
    "anons": f"{MEANT}; 4D3C is DDDDCCC; or {NONE}",
    "aobj": f"the same letters, or {NONE}",
    "file": f"the same letters, or {NONE}",
    "swap": f"0 to {MOST_SLOTS}: a few, and swap gets full",
    "arena": f"1 to {MOST_ARENA}: a few, and there is no room for many I/Os at once",
    "answers": "to one I/O after the other, such as OK ERROR AGAIN",
    "rate": "0 to 100; later: after the answers above",
    "seed": f"0 to {MOST_SEED}: with the same number the same ones fail",
}


def letters(field: str, text: str) -> str:
    """Read a letter for each page, small or capital; a number before one repeats it, alone it counts dirty pages.

    Raises: Wrong.

    >>> letters("anons", "2d c 3")
    'DDCDDD'
    """
    typed = "".join(text.split())
    if typed.casefold() == NONE:
        return ""
    found = ""
    for number, said in re.findall(r"([0-9]*)([^0-9]|$)", typed):
        letter = said.upper() if said.isascii() else said
        if letter and letter not in KINDS:
            raise Wrong(f"{LABELS[field]}: no state {quoted(said)}; legal: {MEANT}.", field)
        times = int(number[:4] or bool(letter))  # four digits are too many already
        if len(found) + times > MOST:
            raise Wrong(f"{LABELS[field]}: {MOST} pages at most.", field)
        found += (letter or "D") * times
    return found
