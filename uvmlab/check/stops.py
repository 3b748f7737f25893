"""Why `mk_pcluster` walked no further, backward and forward of the center: from the notes of its run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from uvmlab.kernel import PAGE_SIZE, Slip, Step
from uvmlab.kernel.flags import OFFSET_MASK
from uvmlab.run import Run
from uvmlab.worlds.state import PageState

WAYS: Final = ("backward", "forward")
AT_AN_OFFSET: Final = ("limit", "no page")  # the note tells where the walk was
ASTRAY: Final = f"no page begins there, for pages begin at multiples of {PAGE_SIZE}"
AT_A_PAGE: Final = ("active", "busy", "clean")  # the note tells which page it was


class Stop(NamedTuple):
    """Why a walk ended: a reason of the notes, and the offset (bytes) where it was or the page's name."""

    reason: str
    what: Any
    step: Step


class Asked(NamedTuple):
    """What the pager was asked, and what it offered: all in bytes."""

    uobj: str
    center: int
    lo: int
    hi: int


def stops(run: Run) -> dict[str, Stop]:
    """Find why the walk ended `backward` and `forward`, each if a note tells it."""
    found = [
        Stop(step.args[0], step.args[1] if len(step.args) > 1 else None, step)
        for _, step in notes(run, *AT_AN_OFFSET, *AT_A_PAGE)
    ]
    asked = asked_of(run)
    ways = [_way(run, asked, stop, WAYS[i > 0]) for i, stop in enumerate(found)]
    if len(found) == 2 and ways[0] == ways[1]:  # a slip looks on the same side twice
        ways = [*WAYS]
    return dict(zip(ways, found, strict=True))


def _way(run: Run, asked: Asked | None, stop: Stop, order: str) -> str:
    """Say on which side of the center a walk ended; where that cannot be told, by the order of the two."""
    page = run.base.pages.get(stop.what) if isinstance(stop.what, str) else None
    offset = page.offset if page else stop.what
    if asked is None or not isinstance(offset, int):
        return order
    return WAYS[(offset - asked.center) & OFFSET_MASK <= OFFSET_MASK // 2]


def because(run: Run, asked: Asked, way: str, stop: Stop) -> str:
    """Say where a walk stopped and why, with the line; to be put behind “it stopped”."""
    at = line(stop.step)
    page = run.base.pages.get(stop.what) if isinstance(stop.what, str) else None
    if stop.reason in AT_A_PAGE and page is not None:
        return f"at {page.name}: {_of_page(stop.reason, page)}{at}."
    if stop.reason in AT_AN_OFFSET and isinstance(stop.what, int):
        limit = stop.reason == "limit"
        where = _limit(run, asked, way, stop.what) if limit else _no_page(asked, way, stop.what)
        return f"{where}{at}."
    return f"with the note “{stop.reason}”{at}."


def _of_page(reason: str, page: PageState) -> str:
    if reason == "active":
        return "that page is active, and the caller does not want active pages (no DOACTCLUST)"
    if reason == "busy":
        return "that page is busy, somebody else has it"
    why = "that page is clean, so there is nothing to write"
    if "INACTIVE" in page.pqflags:
        return why
    if "CLEANCHK" not in page.flags:
        return f"{why}; it is active, so the pmap was asked, and says that it was not written"
    if page.modified:
        return (
            "that page is called clean, and CLEANCHK is set, so the pmap was not asked (336). But the page "
            "was written since: CLEANCHK is only a hint, and here it is stale"
        )
    return f"{why}; it is active, but CLEANCHK is set, so the pmap was not asked again (336)"


def _limit(run: Run, asked: Asked, way: str, offset: int) -> str:
    if offset % PAGE_SIZE:
        return f"at offset {offset}, which is not within the range; {ASTRAY}"
    uobj = run.base.objects[asked.uobj]
    if way == WAYS[0]:
        edge = f"before page {(offset + PAGE_SIZE & OFFSET_MASK) // PAGE_SIZE}"
        if offset >= asked.lo:
            return f"{edge}: the caller's range begins there"
        if uobj.cluster == "forward":
            return f"{edge}: this pager's window goes forward from the center, so nothing is taken before it"
        return f"{edge}: the pager's window of {uobj.window} pages begins there"
    edge = f"after page {offset // PAGE_SIZE - 1}"
    if offset < asked.hi:
        return f"{edge}: the caller's range ends there"
    if offset >= uobj.size * PAGE_SIZE:
        return f"{edge}: the object ends there"
    return f"{edge}: the pager's window of {uobj.window} pages ends there"


def _no_page(asked: Asked, way: str, offset: int) -> str:
    if offset % PAGE_SIZE:
        return f"at offset {offset}: {ASTRAY}"
    if way == WAYS[0] and offset > asked.center:
        return (
            f"before page 0: one page less than offset 0 is {offset}, because an offset has no sign. "
            "That is not below the range, so line 324 let it pass; but no page lies there"
        )
    return (
        f"at page {offset // PAGE_SIZE}: that page is not in memory, so there is nothing to write"
    )


def slipped(run: Run, *found: Stop) -> str:
    """Say why a walk stopped where no page begins, if the stride slip sent it there; else nothing."""
    astray = [stop for stop in found if isinstance(stop.what, int) and stop.what % PAGE_SIZE]
    if not astray or not run.options.get("slips", 0) & Slip.STRIDE:
        return ""
    return (
        "That is the slip of lines 323 and 325: without brackets the whole sum is only the question before the "
        "question mark, and the answer is 1 or -1."
    )


def too_small(run: Run) -> str:
    """Say that the array is too small for the range; nothing if it is not."""
    for _, step in notes(run, "array too small"):
        if len(step.args) != 3:
            return f"The array is too small for the range{line(step)}."
        lo, hi = step.args[1:]
        pages = ((hi - lo) & OFFSET_MASK) // PAGE_SIZE
        backwards = " (hi is below lo, and the difference has no sign)" * (hi < lo)
        return (
            f"The range has {pages} page{'s' * (pages != 1)}{backwards}, and the caller's array has room for "
            f"{len(run.base.array)}: the cluster is the center alone, with no look at its neighbours"
            f"{line(step)}."
        )
    return ""


def notes(run: Run, *reasons: str) -> Iterator[tuple[int, Step]]:
    """Find the notes of these reasons, each with the number of its step."""
    for number, step in enumerate(run.steps):
        if step.kind == "note" and step.args[0] in reasons:
            yield number, step


def asked_of(run: Run) -> Asked | None:
    """Find what the pager was asked; None if it was never asked."""
    return next((Asked(*step.args) for step in run.steps if step.kind == "pgo_cluster"), None)


def line(step: Step) -> str:
    """Write the line of the C behind what a step did, if it has one."""
    return f" ({step.line})" if step.line else ""
