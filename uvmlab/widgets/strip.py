"""A strip of pages, a letter for each, and what `mk_pcluster` is called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from uvmlab.kernel import PAGE_SIZE, Slip
from uvmlab.run import LabMachine, Run, World
from uvmlab.widgets.form import Values, Wrong, quoted
from uvmlab.worlds.state import ObjectState, PageState, State

MOST_PAGES: Final = 32
MOST_STEPS: Final = 2000  # a build makes a few hundred
FILE: Final = "f0"
ABSENT: Final = "."


class Kind(NamedTuple):
    """What a page of the strip can be: a word for its cell, the whole of it, and what that is in the kernel."""

    word: str
    means: str
    flags: tuple[str, ...] = ()
    queue: str = "INACTIVE"
    modified: bool = False


KINDS: Final = {  # in the order of the clicks, the plain ones first; each letter as in the pictures, or in none
    "D": Kind("dirty", "inactive, dirty"),
    "C": Kind("clean", "inactive, clean", ("CLEAN",)),
    "B": Kind("busy", "inactive, dirty, busy", ("BUSY",)),
    ABSENT: Kind("absent", "not in memory"),
    "A": Kind("active", "active, dirty", (), "ACTIVE"),
    "M": Kind("modified", "active, CLEAN, modify bit set", ("CLEAN",), "ACTIVE", True),
    "Q": Kind("question", "active, CLEAN, modify bit not set", ("CLEAN",), "ACTIVE"),
    "K": Kind("checked", "active, CLEAN, CLEANCHK, bit not set", ("CLEAN", "CLEANCHK"), "ACTIVE"),
    "L": Kind("late", "active, CLEAN, CLEANCHK, modify bit set", ("CLEAN", "CLEANCHK"), "ACTIVE", True),
}  # fmt: skip
CLUSTERS: Final = {"aligned": "aligned to its size", "forward": "forward from the center"}
RANGES: Final = {True: "all that the pager offers (ALLPAGES)", False: "only from lo up to hi"}
ACTIVES: Final = {False: "left out", True: "taken too (DOACTCLUST)"}
INTENDED, WRITTEN, YOURS = "intended", "written", "yours"
CODES: Final = {INTENDED: "as intended", WRITTEN: "as written in 1998 (the stride slip)"}


class TooLong(BaseException):
    """A learner's function makes step after step; no `except Exception` of theirs is to catch that."""


@dataclass(frozen=True)
class Call:
    """What `mk_pcluster` is called with.  All of it is legal; `Clustering.read` makes sure of it.

    `pages`: a letter of `KINDS` for each page of the file; `center`, `window`, `lo`, `hi` and `npages` in pages.
    """

    pages: str
    center: int
    window: int
    cluster: str
    all_pages: bool
    lo: int
    hi: int
    active: bool
    npages: int
    code: str

    def world(self) -> World:
        """Build the state to begin with: one file, its pages as the strip says."""
        size = len(self.pages)
        state = State(objects={FILE: ObjectState(FILE, "vnode", size, self.cluster, self.window)})
        for i, letter in enumerate(self.pages):
            if letter != ABSENT:
                kind = KINDS[letter]
                queues = (kind.queue,)
                page = PageState(f"p{i}", FILE, i * PAGE_SIZE, kind.flags, queues, kind.modified)
                state.pages[page.name] = page
        return World(state)

    def run(self, mine: Callable[..., Any] | None) -> Run:
        """Build the cluster, with the file's function or with a learner's."""
        machine = self.machine(mine)
        left = iter(range(MOST_STEPS))

        def count() -> None:
            if next(left, None) is None:
                raise TooLong

        machine.kernel.trace.before.append(count)  # type: ignore[union-attr]
        flags = " ".join(["ALLPAGES"] * self.all_pages + ["DOACTCLUST"] * self.active)
        lo, hi = self.lo * PAGE_SIZE, self.hi * PAGE_SIZE
        return machine.mk_pcluster(f"p{self.center}", flags=flags, npages=self.npages, lo=lo, hi=hi)

    def machine(self, mine: Callable[..., Any] | None) -> LabMachine:
        """Boot the machine.

        Raises: Wrong for a function that cannot take the place of the file's.
        """
        if self.code != YOURS:
            return self.world().machine(slips=Slip.STRIDE if self.code == WRITTEN else Slip.NONE)
        try:
            return self.world().machine(mk_pcluster=mine)
        except TypeError as error:
            raise Wrong(f"Your function does not fit: {error}.", "code") from None

    def written(self) -> Values:
        """Write it as a learner types it."""
        numbers = ("center", "window", "lo", "hi", "npages")
        return {
            "pages": self.pages,
            "cluster": CLUSTERS[self.cluster],
            "range": RANGES[self.all_pages],
            "active": ACTIVES[self.active],
            "code": (CODES | {YOURS: YOURS})[self.code],
            **{name: str(getattr(self, name)) for name in numbers},
        }

    def __str__(self) -> str:
        typed = self.written()
        limits = (
            "" if self.all_pages else f": page {self.lo} up to page {self.hi}, which is not in it"
        )
        return (
            f"pages of {FILE}: {self.pages}; center: page {self.center}\n"
            f"the pager's window: {self.window} pages, {typed['cluster']}; "
            f"room in the array: {self.npages} pages\n"
            f"range: {typed['range']}{limits}; active pages: {typed['active']}\n"
            f"mk_pcluster: {typed['code']}"
        )


def strip_of(text: str) -> str:
    """Read the letters of a strip, small or capital, with or without spaces.

    Raises: Wrong.
    """
    letters = "".join(each.upper() if each.isascii() else each for each in "".join(text.split()))
    for letter in letters:
        if letter not in KINDS:
            legal = ", ".join(f"{each} {kind.word}" for each, kind in KINDS.items())
            raise Wrong(f"Pages of the file: no state {quoted(letter)}; legal: {legal}.", "pages")
    if not 1 <= len(letters) <= MOST_PAGES:
        raise Wrong(f"Pages of the file: 1 to {MOST_PAGES} letters, not {len(letters)}.", "pages")
    return letters
