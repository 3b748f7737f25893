"""Cases: calls on small worlds, on which a learner's function and the engine's are to do the same.

Each family draws its cases from a seed; the corner cases stand first, then come random ones, small before large.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from uvmlab.kernel import PAGE_SIZE
from uvmlab.run import LabMachine, World
from uvmlab.worlds.state import AnonState, ObjectState, PageState, State

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
        """The world before the call."""
        return World(self.state)

    def calls(self, machine: LabMachine) -> Iterator[Any]:
        """Make the call on a machine in this world, and yield what each part of it gave."""
        first = getattr(machine, self.call)(**self.args)
        yield first
        if self.finish and not first.said:
            yield machine.finish()

    def __str__(self) -> str:
        args = ", ".join(f"{name}={value!r}" for name, value in self.args.items())
        options = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"machine({options}).{self.call}({args})" + ".finish()" * self.finish


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
    ]
    for pages, center, window, flags, npages in corners:
        args = {"center": f"p{center}", "flags": flags, "npages": npages}
        yield Case(strip(pages, window=window), "mk_pcluster", args)
    for lo, hi in ((0, 5), (1, 4), (2, 3), (0, 3), (2, 9)):
        args = {"center": "p2", "flags": "", "lo": lo * PAGE_SIZE, "hi": hi * PAGE_SIZE}
        yield Case(strip("DDDDDDDD", window=8), "mk_pcluster", args)
    for i in range(n):
        yield _cluster_case(Random(f"{seed} cluster {i}"), 2 + 18 * i // n)


def _cluster_case(rng: Random, size: int) -> Case:
    plain = rng.random() < 0.5
    letters = "DDDDDDC.A" if plain else "DDDDAAMMMMCBUKScbN."
    pages = "".join(rng.choices(letters, k=size))
    center = rng.randrange(size)
    pages = pages[:center] + rng.choice("DDDDCAB") + pages[center + 1 :]
    window, kind = rng.randint(1, 16), rng.choice(("aligned", "aligned", "forward"))
    flags = rng.choice(FLAGS)
    lo, hi = rng.randint(0, center), rng.randint(center + 1, size + 2)
    npages = rng.choice((16, 16, 16, rng.randint(1, 16)))
    args: dict[str, Any] = {"center": f"p{center}", "flags": flags, "npages": npages}
    if "ALLPAGES" not in flags:
        args |= {"lo": lo * PAGE_SIZE, "hi": hi * PAGE_SIZE}
    options = {"diagnostic": True} if rng.random() < 0.3 else {}
    return Case(strip(pages, window=window, cluster=kind), "mk_pcluster", args, options)


# dropcluster: puts that end in one, of swap-backed pages or of an object's

ANSWERS: Final = ("ERROR", "ERROR", "ERROR", "OK", "AGAIN", "FAIL", "BAD", "PEND")


def owners(kinds: str, first: int, swap: int = 40, **more: Any) -> State:
    """Make swap-backed pages with slots in a row from `first` on: `a` of an anon, `o` of the aobj o0, `q` of o1."""
    state = State(swap_slots=swap)
    for i, kind in enumerate(kinds):
        name, slot = f"p{i}", first + i
        if kind == "a":
            anon = AnonState(f"a{len(state.anons)}", slot)
            state.anons[anon.name] = anon
            state.pages[name] = PageState(name, anon.name, pqflags=("INACTIVE", "ANON"))
        else:
            key = {"o": "o0", "q": "o1"}[kind]
            uobj = state.objects.setdefault(key, ObjectState(key, "aobj", **more))
            index = len(uobj.swslots)
            uobj.swslots[index] = slot
            state.pages[name] = PageState(
                name, key, index * PAGE_SIZE, pqflags=("INACTIVE", "AOBJ")
            )
    return state


def drop_cases(seed: str, n: int = RANDOM) -> Iterator[Case]:
    """Draw puts that fail or succeed, so that a cluster is dropped."""
    corners: list[tuple[str, str | None, str, str]] = [
        ("a", None, "SYNCIO", "ERROR"),
        ("aa", "p0", "SYNCIO", "ERROR"),
        ("aa", "p1", "SYNCIO", "ERROR"),
        ("aaa", "p1", "SYNCIO", "ERROR"),
        ("aaa", None, "SYNCIO PDFREECLUST", "OK"),
        ("aaa", "p2", "SYNCIO PDFREECLUST", "OK"),
        ("oo", "p0", "SYNCIO", "ERROR"),
        ("ao", "p1", "SYNCIO", "ERROR"),
        ("oa", "p1", "SYNCIO", "ERROR"),
        ("aoq", None, "SYNCIO", "ERROR"),
        ("aao", "p0", "", "ERROR"),
    ]
    for kinds, pg, flags, answer in corners:
        yield _put(owners(kinds, 3), pg, flags, (answer,), ())
    for name in ("p0", "p2"):
        for kinds in ("aaa", "ooo"):
            for flag in ("WANTED", "RELEASED", "WANTED RELEASED"):
                for answer in ("ERROR", "OK"):
                    happens = ((0, name, flag),)
                    yield _put(owners(kinds, 3), "p1", "SYNCIO PDFREECLUST", (answer,), happens)
    for i in range(n):
        rng = Random(f"{seed} drop {i}")
        draw = _swap_case if rng.random() < 0.6 else _object_case
        yield draw(rng, 1 + 9 * i // n)


def _put(
    state: State,
    pg: str | None,
    flags: str,
    answers: tuple[str, ...],
    happens: tuple[tuple[int, str, str], ...],
    **options: Any,
) -> Case:
    args = {"pages": " ".join(state.pages), "pg": pg, "flags": flags, "meanwhile": happens}
    world = World(state).disk(*answers)
    return Case(world.state, "pager_put", args, options, finish=True)


def _happens(rng: Random, names: list[str], pg: str | None) -> tuple[tuple[int, str, str], ...]:
    found = []
    for name in names:
        if rng.random() < 0.25:
            flags = ("WANTED", "WANTED", "RELEASED", "WANTED RELEASED")
            flag = "WANTED" if name == pg else rng.choice(flags)
            found.append((0, name, flag))
    return tuple(found)


def _swap_case(rng: Random, size: int) -> Case:
    kinds = "".join(rng.choices("aaaaooq", k=size))
    state = owners(kinds, rng.randint(1, 9), kill=rng.random() < 0.2)
    names = [*state.pages]
    pg = rng.choice((None, rng.choice(names)))
    flags = rng.choice(("SYNCIO", "SYNCIO PDFREECLUST", "SYNCIO PDFREECLUST", "", "PDFREECLUST"))
    answers = rng.choices(ANSWERS[:-1], k=2)
    options = {"diagnostic": True} if rng.random() < 0.3 else {}
    return _put(state, pg, flags, tuple(answers), _happens(rng, names, pg), **options)


def _object_case(rng: Random, size: int) -> Case:
    state = strip("D" * (size + 1), window=16, kill=rng.random() < 0.2)
    pg = f"p{rng.randrange(size + 1)}"
    flags = rng.choice(("", "PDFREECLUST")) + " ALLPAGES" + rng.choice(("", " SYNCIO", " SYNCIO"))
    happens = _happens(rng, [*state.pages], pg)
    args = {"pg": pg, "flags": flags, "meanwhile": happens}
    world = World(state).disk(*rng.choices(ANSWERS[:-1], k=2))
    options = {"diagnostic": True} if rng.random() < 0.3 else {}
    return Case(world.state, "pager_put", args, options, finish=True)
