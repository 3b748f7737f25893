"""Cases of `dropcluster`: puts that end in one, of swap-backed pages or of an object's, and the bare call."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from uvmlab.check.cases import RANDOM, Case, strip
from uvmlab.kernel import PAGE_SIZE
from uvmlab.run import World
from uvmlab.worlds.state import AnonState, ObjectState, PageState, State

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
    """Draw puts that fail or succeed, so that a cluster is dropped, and calls that drop one."""
    yield from _puts()
    yield from _bare_calls()
    for i in range(n):
        rng = Random(f"{seed} drop {i}")
        draw = rng.choice((_swap_case, _swap_case, _object_case, _bare_case))
        yield draw(rng, 1 + 9 * i // n)


def _puts() -> Iterator[Case]:
    """Yield the corner cases of puts."""
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
    for pages, pg in (("DDD", "p1"), ("CDD", "p2"), ("CDDD", "p1")):
        for flags, answer in (("SYNCIO", "ERROR"), ("SYNCIO PDFREECLUST", "OK")):
            args = {"pg": pg, "flags": f"ALLPAGES {flags}"}
            yield Case(World(strip(pages)).disk(answer).state, "pager_put", args, finish=True)


def _bare_calls() -> Iterator[Case]:
    """Yield the corner cases of the bare call: other flags of pages, an object that dies."""
    for flags in ("", "PDFREECLUST", "REALLOCSWAP"):
        for pg in (None, "p0", "p1"):
            yield _drop(owners("aoa", 3), None, pg, flags)
    for diagnostic in (False, True):
        for pages, kill in (("FF", False), ("WW", False), ("WW", True)):
            for flags in ("PDFREECLUST", "REALLOCSWAP"):
                for pg in (None, "p0"):
                    yield _drop(strip(pages, kill=kill), "f0", pg, flags, diagnostic)
        state = owners("oa", 3, kill=True)
        state.pages["p0"].flags = ("BUSY", "RELEASED")
        yield _drop(state, None, None, "REALLOCSWAP", diagnostic)


def _drop(
    state: State, uobj: str | None, pg: str | None, flags: str, diagnostic: bool = False
) -> Case:
    args = {"pages": " ".join(state.pages), "uobj": uobj, "pg": pg, "flags": flags}
    return Case(state, "dropcluster", args, {"diagnostic": True} if diagnostic else {})


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
    center = rng.randrange(size + 1)
    pages = "".join(rng.choices("DDDDDFC", k=size + 1))
    pages = pages[:center] + rng.choice("DF") + pages[center + 1 :]
    state, pg = strip(pages, window=16, kill=rng.random() < 0.2), f"p{center}"
    flags = rng.choice(("", "PDFREECLUST")) + " ALLPAGES" + rng.choice(("", " SYNCIO", " SYNCIO"))
    happens = _happens(rng, [*state.pages], pg)
    args: dict[str, Any] = {"pg": pg, "flags": flags, "meanwhile": happens}
    world = World(state).disk(*rng.choices(ANSWERS[:-1], k=2))
    options = {"diagnostic": True} if rng.random() < 0.3 else {}
    return Case(world.state, "pager_put", args, options, finish=True)


def _bare_case(rng: Random, size: int) -> Case:
    swap = rng.random() < 0.7
    if swap:
        state = owners(
            "".join(rng.choices("aaooq", k=size)), rng.randint(1, 9), kill=rng.random() < 0.5
        )
    else:
        state = strip("D" * size, kill=rng.random() < 0.5)
    for page in state.pages.values():
        marks = ("TABLED", "FAKE", "CLEANCHK", "CLEAN", "WANTED", "RELEASED")
        page.flags = ("BUSY", *(mark for mark in marks if rng.random() < 0.3))
        page.modified, page.referenced = rng.random() < 0.5, rng.random() < 0.5
    pg = rng.choice((None, rng.choice([*state.pages])))
    flags = rng.choice(("REALLOCSWAP", "REALLOCSWAP", "PDFREECLUST", ""))
    return _drop(state, None if swap else "f0", pg, flags, rng.random() < 0.3)
