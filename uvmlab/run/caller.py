"""The caller's part: what a call on a lab's machine is told is read, and done what the callee needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from uvmlab.kernel import PAGE_SIZE, PG, PGO, Machine, Page, UvmObject
from uvmlab.kernel.acts import make_busy
from uvmlab.kernel.flags import PG_BUSY, value
from uvmlab.kernel.kernel import Pages, Put
from uvmlab.kernel.legal import known, several, whole
from uvmlab.kernel.lock import SimpleLock
from uvmlab.kernel.panic import deref

Names = str | Iterable[str]  # "p0 p1", or the names one by one
Meanwhile = Iterable[tuple[int, Names, str]]
SHAPE: Final = "(number of the I/O, pages, PG words)"


class Caller:
    """Whoever calls a function of the kernel: it finds things by name, and keeps the callers' rules."""

    def __init__(self, kernel: Machine) -> None:
        self.kernel = kernel
        self.pages = {page.name: page for page in kernel.pages}
        self.objects = {uobj.name: uobj for uobj in kernel.objects}
        self._over: str | None = None  # how it has ended

    def _needs_life(self) -> None:
        if self._over is not None:
            raise ValueError(f"this machine has ended in a {self._over}: boot a new one")

    def _put(self, meanwhile: Meanwhile) -> Callable[[UvmObject | None, int, Pages, int], Put]:
        """Make the put that sets what others set while it is under way."""
        planned = []
        for each in several("meanwhile", meanwhile, SHAPE):
            if not isinstance(each, tuple | list) or len(each) != 3:
                raise TypeError(f"each of meanwhile is {SHAPE}, not {each!r}")
            number = whole("meanwhile: the number of the I/O", each[0])
            pages = self._cluster(names_of(each[1], "meanwhile: pages"), None)
            planned.append((number, pages, value(PG, each[2], "meanwhile: flags")))
        original, first = self.kernel.start_put, self.kernel.disk.ios

        def put(uobj: UvmObject | None, slot: int, pages: Pages, flags: int) -> Put:
            for io, meant, bits in planned:
                if io == self.kernel.disk.ios - first:
                    for page in meant:
                        page.flags |= bits
            return original(uobj, slot, pages, flags)

        return put

    def _page(self, name: str | None, said: str) -> Page | None:
        return None if name is None else self._needed_page(name, said)

    def _needed_page(self, name: str, said: str = "") -> Page:
        page = known(f"page as {said}" if said else "page", name, self.pages)
        if page.owner is None:
            raise ValueError(f"page {name} is free")
        return page

    def _slot(self, said: str, slot: int, pages: int = 1) -> int:
        return whole(said, slot, 1, self.kernel.swap.nslots - pages + 1)

    def _needs_center(self, center: Page, words: int, lo: int, hi: int) -> None:
        """Refuse a range that does not hold the center, the caller's or the pager's."""
        uobj = deref(center.uobject)
        needs_center(center.offset, *uobj.pgops.pgo_cluster(uobj, center.offset))
        if not words & PGO.ALLPAGES:
            needs_center(center.offset, lo, hi)

    def _cluster(self, said: str, interest: Page | None) -> Pages:
        pages = tuple(self._needed_page(name) for name in said.split())
        if not pages:
            raise ValueError("name at least one page")
        if len(set(pages)) < len(pages):
            raise ValueError(f"a page is named twice: {said}")
        if interest is not None and interest not in pages:
            raise ValueError(f"the page of interest, {interest.name}, is not among {said}")
        return pages

    def _first_slot(self, pages: Pages) -> int:
        slots = [
            page.uanon.an_swslot
            if page.uanon is not None
            else page.uobject.swslots.get(page.offset // PAGE_SIZE, 0)
            if page.uobject is not None
            else 0
            for page in pages
        ]
        if slots[0] == 0 or slots != list(range(slots[0], slots[0] + len(slots))):
            raise ValueError(
                "the pages of a swap cluster have slots in a row; here "
                + ", ".join(
                    f"{page.name} has {slot or 'none'}"
                    for page, slot in zip(pages, slots, strict=True)
                )
            )
        return slots[0]

    def _begin(self, pages: Pages, uobj: UvmObject | None = None, *, pageq: bool = False) -> None:
        """Do the caller's part: pages busy, and the locks taken, but for those it has from an earlier call."""
        self._needs_life()
        for page in pages:
            if not page.flags & PG_BUSY:
                make_busy(page, "caller")
        needed: list[SimpleLock] = [uobj.vmobjlock] if uobj is not None else []
        for lock in needed + [self.kernel.queues.lock] * pageq:
            if lock not in self.kernel.locks.held:
                self.kernel.locks.lock(lock)


def needs_center(center: int, lo: int, hi: int, unit: str = "byte") -> None:
    """Refuse a range of a cluster, from `lo` up to `hi`, that does not hold its center.

    Raises: ValueError.
    """
    if not lo <= center < hi:
        raise ValueError(
            f"the range from {unit} {lo} up to {unit} {hi} does not hold the center, {unit} {center}. "
            "The C would write beside it (307), outside its array even."
        )


def names_of(names: Names, what: str = "pages") -> str:
    """Read names of pages, a text or one by one; `what` is what an error calls them.

    Raises: TypeError.
    """
    if isinstance(names, str):
        return names
    words = several(what, names, "names of pages")
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"{what}: a page has a name, not {word!r}")
    return " ".join(words)
