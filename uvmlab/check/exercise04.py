"""Exercise 04: clusters."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from uvmlab.check.cases import cluster_cases, strip
from uvmlab.check.kinds import Build, Foresee, Inside, Write
from uvmlab.kernel import PAGE_SIZE, Slip
from uvmlab.run import World

PAGES: Final = "a list of page numbers, such as [3, 4, 5]"
MOST_PAGES: Final = 64  # of a world that is looked at
PUTS: Final = 60  # calls of `bounds`


def few(seed: str) -> World:
    """A file of inactive pages in two windows and a bit, some clean, busy or absent; the centers are pages 5 and 11.

    Of the four walks one ends with the window, the others at a clean page, a busy one and a hole. Behind each end
    stands a page that would do: who forgets one of these four rules is wrong, whatever the seed. And each way takes some.
    """
    rng = Random(f"{seed} 04 few")
    pages = ["D"] * 18
    first, *others = range(1, 4), range(6, 7), range(9, 11), range(13, 15)
    del others[rng.randrange(3)]
    for places, end in zip((first, *others), rng.sample("CB.", 3), strict=True):
        pages[rng.choice(places)] = end
    return World(strip("".join(pages), window=8))


def active(seed: str) -> World:
    """A file of which some pages are active; the center is page 5.

    One walk ends at a page that was not written, the other at one that was checked before it was written. Each has
    taken an active page by then: one of them is dirty, the other says clean and was written.
    """
    rng = Random(f"{seed} 04 active")
    goes, ends = rng.sample("AM", 2), rng.sample("SU", 2)
    back = f"{_walked(rng, goes[0], 3)}{ends[0]}"
    ahead = f"{_walked(rng, goes[1], 4)}{ends[1]}"
    return World(strip(f"{back[::-1]:D>5}D{ahead:D<6}", window=16))


def _walked(rng: Random, one: str, most: int) -> str:
    """Draw what a walk takes: `one`, and in any order other pages, `most` in all."""
    pages = [one, *rng.choices("ADM", k=rng.randrange(most))]
    rng.shuffle(pages)
    return "".join(pages)


def clusters_of(world: World, centers: str, flags: str) -> list[int]:
    """Build the cluster around each of these pages; return the numbers of all pages in them."""
    machine = world.machine()
    runs = [machine.mk_pcluster(center, flags=flags) for center in centers.split()]
    return [int(name[1:]) for run in runs for name in run.cluster]


def bounds_of(takes: list[bool], center: int, lo: int, hi: int) -> list[int]:
    """What `bounds` is to return, by the engine: a page that may go along is dirty, the others are clean."""
    pages = "".join("D" if take else "C" for take in takes)
    limits = {"lo": lo * PAGE_SIZE, "hi": hi * PAGE_SIZE}
    world = World(strip(pages, window=64))
    run = world.machine().mk_pcluster(f"p{center}", flags="", npages=64, **limits)
    found = [int(name[1:]) for name in run.cluster]
    return [found[0], found[-1] + 1]


def bounds_cases(seed: str, n: int = PUTS) -> Iterator[tuple[Any, ...]]:
    """Draw arguments of `bounds`: whether each page may go along, the center, the range from `lo` up to `hi`."""
    yield [True], 0, 0, 1
    yield [True, True, True], 1, 0, 3
    yield [False, True, False], 1, 0, 3
    yield [True, True, True], 1, 1, 2
    yield [False, False, False], 1, 0, 3
    yield [True, False, True, True, True], 3, 0, 5
    for i in range(n):
        rng = Random(f"{seed} bounds {i}")
        size = 2 + 14 * i // n
        takes = [rng.random() < 0.75 for _ in range(size)]
        center = rng.randrange(size)
        yield takes, center, rng.randint(0, center), rng.randint(center + 1, size)


def not_the_smallest(world: World) -> Iterator[str]:
    """Say why a world is not the smallest one that exposes the slip of 323 and 325."""
    state = world.state
    if {name: each.pager for name, each in state.objects.items()} != {"f0": "vnode"} or state.anons:
        yield "The world is to be one file `f0`, made by `vnode`, and nothing else."
    elif not state.pages:
        yield "There is no page in memory, so there is nothing to build a cluster around."
    elif len(state.pages) > MOST_PAGES:
        yield f"There is a smaller one: {MOST_PAGES} pages are more than it takes."
    elif not _exposed(world):
        yield "The slip changes nothing here: around each page the cluster is the same with it and without it."
    else:
        fewer = next((name for name in state.pages if _exposed(_without(world, name))), None)
        if fewer:
            yield f"There is a smaller one: without {fewer} the slip shows just as well."


def _exposed(world: World) -> bool:
    return any(
        world.machine().mk_pcluster(name).cluster
        != world.machine(slips=Slip.STRIDE).mk_pcluster(name).cluster
        for name, page in world.state.pages.items()
        if page.owner is not None
    )


def _without(world: World, name: str) -> World:
    data = world.to_json()
    data["pages"] = [page for page in data["pages"] if page["name"] != name]
    return World.from_json(data)


PROBLEMS: Final = (
    Foresee(
        "04-foresee", "Which pages are in the two clusters?", "few_pages", 1,
        world=few, right=lambda world: clusters_of(world, "p5 p11", "ALLPAGES"), legal=PAGES,
    ),
    Foresee(
        "04-active", "Which pages are in it, when active ones may go along?", "active_pages", 1,
        world=active, right=lambda world: clusters_of(world, "p5", "ALLPAGES DOACTCLUST"), legal=PAGES,
    ),
    Write("04-bounds", "From where to where?", "bounds", 2, draw=bounds_cases, right=bounds_of),
    Inside(
        "04-mk_pcluster", "The whole function", "mk_pcluster", 4,
        draw=cluster_cases, function="mk_pcluster",
    ),
    Build("04-smallest", "The smallest world", "smallest", 2, missing=not_the_smallest),
)  # fmt: skip
