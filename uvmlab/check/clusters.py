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
from typing import Final, cast

from uvmlab.check.stops import WAYS, asked_of, because, line, notes, slipped, stops, too_small
from uvmlab.check.why import listed
from uvmlab.run import Run
from uvmlab.run.moment import Moment

DONE: Final = (  # kind of step, a word that it holds, and what it did to its pages
    ("set", "BUSY", "became busy{}."),
    (
        "pmap_page_protect",
        "READ",
        "may only be read now{}: nobody is to write to a page that is on its way to the disk.",
    ),
    (
        "clear",
        "CLEAN",
        "had been written without anybody saying so: the pmap knew, and CLEAN was taken away{}.",
    ),
    ("set", "CLEANCHK", "got CLEANCHK{}: whoever comes next need not ask the pmap."),
)


def stopped(run: Run) -> str:
    """Say why the cluster ends where it does, at each end (292, 324-345)."""
    asked = asked_of(run)
    if asked is None:
        return "The pager was never asked for a range (285), so no walk began."
    small = too_small(run)
    if small or run.result == "panic":
        return small or f"It ended in a panic: {run.said}."
    found = stops(run)
    said = [
        f"{way.capitalize()} it stopped {because(run, asked, way, found[way])}"
        if way in found
        else f"{way.capitalize()}: no note of the run says why it stopped."
        for way in WAYS
    ]
    return "\n".join(filter(None, [*said, slipped(run, *found.values())]))


def built(run: Run) -> str:
    """Say which pages the cluster has, and what was done to them (307-357)."""
    names, asked = cluster(run), asked_of(run)
    if not names or run.result == "panic":
        return f"There is no cluster{f': {run.said}' if run.said else ''}."
    center = _page_at(run, asked.uobj, asked.center) if asked else None
    return " ".join([_shape(names, center), *_done(run)])


def why_not(run: Run, page: str) -> str:
    """Say why a page is not in the cluster, or that it is.

    Raises: KeyError for a page that there is not.
    """
    pages = run.base.pages
    if page not in pages:
        raise KeyError(f"no page {page!r}; legal: {', '.join(pages) or 'there is none'}")
    asked, names = asked_of(run), cluster(run)
    if page in names:
        return f"{page} is in the cluster."
    if asked is None or not names or run.result == "panic":
        return f"{page} is in no cluster: there is none."
    if pages[page].owner != asked.uobj:
        return f"{page} is no page of {asked.uobj}, and a cluster is of one object's pages."
    small = too_small(run)
    if small:
        return f"{page} was never looked at. {small}"
    way = WAYS[pages[page].offset > asked.center]
    stop = stops(run).get(way)
    if stop is None:
        return f"{page} is not in the cluster, and no note of the run says why."
    ends = "ends the cluster" if stop.what == page else "was never looked at"
    said = f"{page} {ends}: {way} it stopped {because(run, asked, way, stop)}"
    return f"{said} {slipped(run, stop)}".rstrip()


def cluster(run: Run) -> list[str]:
    """Name the pages of the cluster that was built, in order; of a put, before its first I/O."""
    numbers = [number for number, _ in notes(run, "cluster")]
    moment = cast("Moment", run[numbers[0] if numbers else -1].state)
    pages = moment.array[moment.first : moment.first + moment.npages]
    return [name for name in pages if name is not None]


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


def _done(run: Run) -> Iterator[str]:
    """Say what was done to which pages, with the line of the first (336-350)."""
    for kind, word, said in DONE:
        steps = [step for step in run.steps if step.kind == kind and word in step.args[1]]
        if steps:
            yield f"{listed(step.args[0] for step in steps)} {said.format(line(steps[0]))}"


def _page_at(run: Run, uobj: str, offset: int) -> str | None:
    return next((page.name for page in run.base.pages_of(uobj) if page.offset == offset), None)
