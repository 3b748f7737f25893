"""Cases: calls on small worlds, on which a learner's function and the engine's are to do the same.

Each family draws its cases from a seed; the corner cases stand first, then come random ones, small before large.
Here is that of `mk_pcluster`; that of `dropcluster` is in `drops`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from uvmlab.kernel import PAGE_SIZE
from uvmlab.run import LabMachine, World
from uvmlab.worlds.state import ObjectState, PageState, State

RANDOM: Final = 120  # cases beyond the corners: what a check has time for


@dataclass(frozen=True)
class Case:
    """A call of a lab machine on a world: `call` and `args`; `options` are the machine's; `finish`: let I/O end."""

    state: State
    call: str
    args: dict[str, Any]
    options: dict[str, Any] = field(default_factory=dict)
    finish: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """How much there is to look at: pages, and words of the call."""
        return len(self.state.pages), len(str(self.args)) + len(str(self.options))

    def world(self) -> World:
        """The world before the call: not looked at again, for a family draws sound ones (a test says so)."""
        return World.in_state(self.state)

    def calls(self, machine: LabMachine) -> Iterator[Any]:
        """Make the call on a machine in this world, and yield what each part of it gave."""
        first = getattr(machine, self.call)(**self.args)
        yield first
        if self.finish and not first.said:
            yield machine.finish()


# mk_pcluster: a file, each page in one of these states

PAGES: Final[dict[str, dict[str, Any]]] = {
    "D": {},
    "C": {"flags": ("CLEAN",)},
    "B": {"flags": ("BUSY",)},
    "c": {"flags": ("CLEAN", "BUSY")},
    "A": {"pqflags": ("ACTIVE",)},
    "M": {"pqflags": ("ACTIVE",), "flags": ("CLEAN",), "modified": True},
    "U": {"pqflags": ("ACTIVE",), "flags": ("CLEAN",)},
    "b": {"pqflags": ("ACTIVE",), "flags": ("CLEAN", "BUSY"), "modified": True},
    "K": {"pqflags": ("ACTIVE",), "flags": ("CLEAN", "CLEANCHK")},
    "S": {"pqflags": ("ACTIVE",), "flags": ("CLEAN", "CLEANCHK"), "modified": True},
    "N": {"pqflags": ()},
    "F": {"flags": ("TABLED", "FAKE", "CLEANCHK")},
    "W": {"flags": ("BUSY", "WANTED", "RELEASED")},
}
ABSENT: Final = "."
FLAGS: Final = ("", "ALLPAGES", "DOACTCLUST", "ALLPAGES DOACTCLUST")


def strip(pages: str, **of_file: Any) -> State:
    """Make a file of which each page is in the state that its letter says, and the center can be any that is there."""
    state = State(objects={"f0": ObjectState("f0", "vnode", len(pages), **of_file)})
    for i, letter in enumerate(pages):
        if letter != ABSENT:
            page = PageState(f"p{i}", "f0", i * PAGE_SIZE, **PAGES[letter])
            state.pages[page.name] = page
    return state


def cluster_cases(seed: str, n: int = RANDOM) -> Iterator[Case]:
    """Draw calls of `mk_pcluster` around a page of a file."""
    corners = [
        ("D", 0, 16, "ALLPAGES", 16),
        ("DDD", 1, 16, "ALLPAGES", 16),
        ("DDD", 0, 1, "ALLPAGES", 16),
        ("DDDD", 2, 4, "ALLPAGES", 3),
        ("DDDD", 2, 4, "ALLPAGES", 4),
        ("DCDBD.D", 2, 8, "ALLPAGES", 16),
        ("DADAD", 2, 8, "ALLPAGES", 16),
        ("MUDKS", 2, 8, "ALLPAGES DOACTCLUST", 16),
        ("AMDMA", 2, 8, "ALLPAGES DOACTCLUST", 16),
        ("bMDMb", 2, 8, "ALLPAGES DOACTCLUST", 16),
        ("NDN", 1, 4, "ALLPAGES DOACTCLUST", 16),
        ("DDDDDDDD", 4, 4, "ALLPAGES", 16),
        ("WFDFF", 2, 8, "ALLPAGES", 16),
        ("DD.DDD.DD", 4, 16, "ALLPAGES", 16),
        ("D.DD", 2, 8, "ALLPAGES", 3),
        ("DDDDDDDDDDD", 9, 4, "ALLPAGES", 4),
    ]
    for pages, center, window, flags, npages in corners:
        args = {"center": f"p{center}", "flags": flags, "npages": npages}
        yield Case(strip(pages, window=window), "mk_pcluster", args)
    for lo, hi in ((0, 5), (1, 4), (2, 3), (0, 3), (2, 9)):
        for flags in ("", "ALLPAGES"):
            args = {"center": "p2", "flags": flags, "lo": lo * PAGE_SIZE, "hi": hi * PAGE_SIZE}
            yield Case(strip("DDDDDDDD", window=8), "mk_pcluster", args)
    for lo, hi in ((4, 8), (3, 9)):
        args = {"center": "p5", "flags": "", "lo": lo * PAGE_SIZE, "hi": hi * PAGE_SIZE}
        for window in (2, 3):
            yield Case(strip("D" * 9, window=window), "mk_pcluster", args)
    small = {"center": "p2", "npages": 2}
    yield Case(strip("DDDD"), "mk_pcluster", small, {"diagnostic": True})
    for i in range(n):
        yield _cluster_case(Random(f"{seed} cluster {i}"), 2 + 18 * i // n)


def _cluster_case(rng: Random, size: int) -> Case:
    plain = rng.random() < 0.5
    letters = "DDDDDDC.A" if plain else "DDDDAAMMMMCBUKScbNFW."
    pages = "".join(rng.choices(letters, k=size))
    center = rng.randrange(size)
    pages = pages[:center] + rng.choice("DDDDCAB") + pages[center + 1 :]
    window, kind = rng.randint(1, 16), rng.choice(("aligned", "aligned", "forward"))
    flags = rng.choice(FLAGS)
    lo, hi = rng.randint(0, center), rng.randint(center + 1, size + 2)
    npages = rng.choice((16, 16, 16, rng.randint(1, 16)))
    args = {"center": f"p{center}", "flags": flags, "npages": npages}
    args |= {"lo": lo * PAGE_SIZE, "hi": hi * PAGE_SIZE}
    options = {"diagnostic": True} if rng.random() < 0.3 else {}
    return Case(strip(pages, window=window, cluster=kind), "mk_pcluster", args, options)
