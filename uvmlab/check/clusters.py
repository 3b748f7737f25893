"""Why a cluster came out as it did, in sentences made from the steps of the run that built it.

Each function takes a `Run` of `mk_pcluster`, or of a `pager_put` that had a cluster built.

>>> from uvmlab.run import world
>>> w = world().vnode("f0", pages=6).page("p1", flags="CLEAN")
>>> run = w.machine().mk_pcluster("p3")
>>> print(stopped(run))
Backward it stopped at p1: that page is clean, so there is nothing to write (345).
Forward it stopped at page 6: that page is not in memory, so there is nothing to write (329).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, cast

from uvmlab.check.why import listed
from uvmlab.kernel import PAGE_SIZE, Slip, Step
from uvmlab.kernel.flags import OFFSET_MASK
from uvmlab.run import Run
from uvmlab.run.moment import Moment
from uvmlab.worlds.state import PageState

WAYS: Final = ("backward", "forward")
AT_AN_OFFSET: Final = ("limit", "no page")  # the note tells where the walk was
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


def stopped(run: Run) -> str:
    """Say why the cluster ends where it does, at each end (292, 324-345)."""
    asked = _asked(run)
    if asked is None:
        return "The pager was never asked for a range (285), so no walk began."
    small = _too_small(run)
    if small or run.result == "panic":
        return small or f"It ended in a panic: {run.said}."
    found = stops(run)
    return "\n".join(
        f"{way.capitalize()} it stopped {_because(run, asked, way, found[way])}"
        if way in found
        else f"{way.capitalize()}: no note of the run says why it stopped."
        for way in WAYS
    )


def built(run: Run) -> str:
    """Say which pages the cluster has, and what was done to them (307-357)."""
    names, asked = cluster(run), _asked(run)
    if not names or run.result == "panic":
        return f"There is no cluster{f': {run.said}' if run.said else ''}."
    center = _page_at(run, asked.uobj, asked.center) if asked else None
    said = [_shape(names, center)]
    taken = [step for step in run.steps if step.kind == "set" and "BUSY" in step.args[1]]
    if taken:
        said.append(f"{listed(step.args[0] for step in taken)} became busy{_line(taken[0])}.")
    lowered = [s for s in run.steps if s.kind == "pmap_page_protect" and s.args[1] == "READ"]
    if lowered:
        said.append(
            f"{listed(step.args[0] for step in lowered)} may only be read now{_line(lowered[0])}: "
            "nobody is to write to a page that is on its way to the disk."
        )
    return " ".join([*said, *_synced(run)])


def why_not(run: Run, page: str) -> str:
    """Say why a page is not in the cluster, or that it is.

    Raises: KeyError for a page that there is not.
    """
    pages = run.base.pages
    if page not in pages:
        raise KeyError(f"no page {page!r}; legal: {', '.join(pages) or 'there is none'}")
    asked, names = _asked(run), cluster(run)
    if page in names:
        return f"{page} is in the cluster."
    if asked is None or not names or run.result == "panic":
        return f"{page} is in no cluster: there is none."
    if pages[page].owner != asked.uobj:
        return f"{page} is no page of {asked.uobj}, and a cluster is of one object's pages."
    small = _too_small(run)
    if small:
        return f"{page} was never looked at. {small}"
    way = WAYS[pages[page].offset > asked.center]
    stop = stops(run).get(way)
    if stop is None:
        return f"{page} is not in the cluster, and no note of the run says why."
    because = f"{way} it stopped {_because(run, asked, way, stop)}"
    if stop.what == page:
        return f"{page} ends the cluster: {because}"
    return f"{page} was never looked at: {because}"


def cluster(run: Run) -> list[str]:
    """Name the pages of the cluster that was built, in order; of a put, before its first I/O."""
    numbers = [number for number, _ in _notes(run, "cluster")]
    moment = cast("Moment", run[numbers[0] if numbers else -1].state)
    pages = moment.array[moment.first : moment.first + moment.npages]
    return [name for name in pages if name is not None]


def stops(run: Run) -> dict[str, Stop]:
    """Find why the walk ended `backward` and `forward`, each if a note tells it."""
    found = [
        Stop(step.args[0], step.args[1] if len(step.args) > 1 else None, step)
        for _, step in _notes(run, *AT_AN_OFFSET, *AT_A_PAGE)
    ]
    asked = _asked(run)
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


def _because(run: Run, asked: Asked, way: str, stop: Stop) -> str:
    line = _line(stop.step)
    page = run.base.pages.get(stop.what) if isinstance(stop.what, str) else None
    if stop.reason in AT_A_PAGE and page is not None:
        return f"at {page.name}: {_of_page(stop.reason, page)}{line}."
    if stop.reason in AT_AN_OFFSET and isinstance(stop.what, int):
        where = _limit if stop.reason == "limit" else _no_page
        return f"{where(run, asked, way, stop.what)}{line}."
    return f"with the note “{stop.reason}”{line}."


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
        return f"at offset {offset}, which is not within the range; {_misplaced(run)}"
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


def _no_page(run: Run, asked: Asked, way: str, offset: int) -> str:
    if offset % PAGE_SIZE:
        return f"at offset {offset}: {_misplaced(run)}"
    if way == WAYS[0] and offset > asked.center:
        return (
            f"before page 0: one page less than offset 0 is {offset}, because an offset has no sign. "
            "That is not below the range, so line 324 let it pass; but no page lies there"
        )
    return (
        f"at page {offset // PAGE_SIZE}: that page is not in memory, so there is nothing to write"
    )


def _misplaced(run: Run) -> str:
    why = f"no page begins there, for pages begin at multiples of {PAGE_SIZE}"
    if run.options.get("slips", 0) & Slip.STRIDE:
        why += (
            ". The slip of lines 323 and 325: `?:` binds looser than `+`, so the whole sum is only the "
            "question, and the answer is 1 or -1"
        )
    return why


def _too_small(run: Run) -> str:
    """Say that the array is too small for the range; nothing if it is not."""
    for _, step in _notes(run, "array too small"):
        if len(step.args) != 3:
            return f"The array is too small for the range{_line(step)}."
        lo, hi = step.args[1:]
        pages = ((hi - lo) & OFFSET_MASK) // PAGE_SIZE
        backwards = " (hi is below lo, and the difference has no sign)" * (hi < lo)
        return (
            f"The range has {pages} page{'s' * (pages != 1)}{backwards}, and the caller's array has room for "
            f"{len(run.base.array)}: the cluster is the center alone, with no look at its neighbours"
            f"{_line(step)}."
        )
    return ""


def _shape(names: list[str], center: str | None) -> str:
    if len(names) == 1:
        return f"The cluster is {names[0]} alone."
    said = f"The cluster is {listed(names)}, {len(names)} pages"
    if center not in names:
        return f"{said}."
    before = names.index(center)
    return (
        f"{said}: the center {center}, {before} before it and {len(names) - before - 1} after it."
    )


def _synced(run: Run) -> Iterator[str]:
    """Say for which active pages the clean bit was brought up to date (336-340)."""
    cleared = [s for s in run.steps if s.kind == "clear" and "CLEAN" in s.args[1]]
    if cleared:
        yield (
            f"{listed(s.args[0] for s in cleared)} had been written without anybody saying so: the pmap "
            f"knew, and CLEAN was taken away{_line(cleared[0])}."
        )
    checked = [s for s in run.steps if s.kind == "set" and "CLEANCHK" in s.args[1]]
    if checked:
        yield (
            f"{listed(s.args[0] for s in checked)} got CLEANCHK{_line(checked[0])}: whoever comes next "
            "need not ask the pmap."
        )


def _notes(run: Run, *reasons: str) -> Iterator[tuple[int, Step]]:
    for number, step in enumerate(run.steps):
        if step.kind == "note" and step.args[0] in reasons:
            yield number, step


def _asked(run: Run) -> Asked | None:
    return next((Asked(*step.args) for step in run.steps if step.kind == "pgo_cluster"), None)


def _page_at(run: Run, uobj: str, offset: int) -> str | None:
    return next((page.name for page in run.base.pages_of(uobj) if page.offset == offset), None)


def _line(step: Step) -> str:
    return f" ({step.line})" if step.line else ""
