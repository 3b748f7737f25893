"""A world to begin with, built so that it reads like a sentence.

>>> w = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK")
>>> w
<world: 5 pages, 3 anons, 1 object, 5 of 64 slots allocated>
>>> w.state.anons["a1"].swslot
2
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any, Self

from uvmlab.kernel.cluster import MOST
from uvmlab.kernel.disk import FaultPlan
from uvmlab.kernel.flags import PAGE_SIZE
from uvmlab.kernel.legal import known, several, whole, wholes
from uvmlab.kernel.machine import Machine
from uvmlab.kernel.swap import MOST_SLOTS
from uvmlab.worlds import form, load
from uvmlab.worlds.state import AnonState, ObjectState, PageState, State

Words = str | Iterable[str]
OF_OBJECT = ("size", "cluster", "window", "kill")
OF_PAGES = ("modified", "referenced", "prot")


def world(swap: int = 0) -> World:
    """Begin a world with `swap` slots on its swap device, numbered from 1.

    Raises: ValueError for what is no number of slots.
    """
    return World(State(swap_slots=whole("swap", swap, 0, MOST_SLOTS)))


class World:
    """A `state`, and the words to build it.  Every word returns a new world and leaves this one alone.

    Whatever is impossible is refused with a ValueError that says what.
    """

    def __init__(self, state: State) -> None:
        if not isinstance(state, State):
            raise TypeError(f"state is a State, not {state!r}; world() begins an empty one")
        state.check()
        self.state = state

    def anons(
        self,
        n: int,
        *,
        slot: int = 0,
        flags: Words = (),
        queue: str = "INACTIVE",
        refs: int = 1,
        **more: Any,
    ) -> Self:
        """Add `n` anons with a page each, named on from `a0` and `p0`.

        `slot`: the first's swap slot, the others have the next ones (0: none has one); `flags`: PG words; `queue`:
        INACTIVE, ACTIVE or "" for none; `more`: `modified`, `referenced`, `prot` of the pages.
        """
        _at_most(n)
        whole("slot", slot, 0, MOST_SLOTS)

        def add(state: State) -> None:
            a, p = _next("a", state.anons), _next("p", state.pages)
            for i in range(n):
                anon = AnonState(f"a{a + i}", slot + i if slot else 0, refs)
                state.anons[anon.name] = anon
                page = _page(f"p{p + i}", anon.name, 0, flags, queue, "ANON", more)
                state.pages[page.name] = page

        return self._with(add)

    def vnode(self, name: str, pages: int | Iterable[int] = 0, **more: Any) -> Self:
        """Add a file's object.  `pages`: how many of its pages are in memory from 0 on, or which.

        `more`: `size`, `cluster`, `window`, `kill` of the object; `flags`, `queue`, `modified`, `referenced`,
        `prot` of its pages.
        """
        return self._object("vnode", name, pages, 0, more)

    def device(self, name: str, pages: int | Iterable[int] = 0, **more: Any) -> Self:
        """Add a device's object; as `vnode`."""
        return self._object("device", name, pages, 0, more)

    def aobj(
        self, name: str, pages: int | Iterable[int] = 0, *, slot: int = 0, **more: Any
    ) -> Self:
        """Add anonymous memory that is shared as an object; as `vnode`.  `slot`: as in `anons`."""
        return self._object("aobj", name, pages, slot, more)

    def _object(
        self, pager: str, name: str, pages: int | Iterable[int], slot: int, more: dict[str, Any]
    ) -> Self:
        whole("slot", slot, 0, MOST_SLOTS)
        if not isinstance(name, str):
            raise TypeError(f"name is a text, not {name!r}")
        if isinstance(pages, int):
            pages = range(whole("pages", pages, 0, MOST))
        indexes = wholes("pages", pages, 0, MOST - 1)
        flags, queue = more.pop("flags", ()), more.pop("queue", "INACTIVE")
        of_pages: dict[str, Any] = {key: more.pop(key) for key in OF_PAGES if key in more}
        for key in more:
            if key not in OF_OBJECT:
                raise TypeError(
                    f"{pager}() has no {key!r}; legal: {', '.join((*OF_OBJECT, *OF_PAGES, 'flags', 'queue'))}"
                )
        more.setdefault("size", max(16, *(index + 1 for index in indexes), 0))
        kind = "AOBJ" if pager == "aobj" else ""

        def add(state: State) -> None:
            if name in state.objects:
                raise ValueError(f"there is an object {name} already")
            slots = {index: slot + i for i, index in enumerate(indexes)} if slot else {}
            state.objects[name] = ObjectState(name, pager, swslots=slots, **more)
            p = _next("p", state.pages)
            for i, index in enumerate(indexes):
                page = _page(f"p{p + i}", name, index * PAGE_SIZE, flags, queue, kind, of_pages)
                state.pages[page.name] = page

        return self._with(add)

    def free(self, n: int) -> Self:
        """Add `n` free pages."""
        _at_most(n)

        def add(state: State) -> None:
            p = _next("p", state.pages)
            for i in range(n):
                state.pages[f"p{p + i}"] = PageState(f"p{p + i}", pqflags=("FREE",))

        return self._with(add)

    def page(
        self, names: Words, *, flags: Words | None = None, queue: str | None = None, **more: Any
    ) -> Self:
        """Change pages that are there: `w.page("p1 p2", flags="BUSY WANTED", modified=True)`."""

        def change(state: State) -> None:
            for name in _words(names, "names"):
                page = known("page", name, state.pages)
                if flags is not None:
                    page.flags = _words(flags)
                if queue is not None:
                    kinds = [word for word in page.pqflags if word in ("ANON", "AOBJ")]
                    page.pqflags = _queue(queue, *kinds)
                for key, new in more.items():
                    _set(page, key, new)

        return self._with(change)

    def disk(
        self,
        *answers: str,
        ranges: Iterable[tuple[int, int, str]] = (),
        rate: float = 0.0,
        seed: int = 0,
        answer: str = "ERROR",
        seek_us: int = 8000,
        transfer_us: int = 400,
    ) -> Self:
        """Say what the disk answers to the first I/Os, to blocks of a range, and at what rate it fails.

        `answers`: OK, ERROR, AGAIN, ...; `ranges`: (first block, last block, answer), a slot is a block;
        `rate`: 0.0 to 1.0, drawn with `seed`, of I/Os that answer `answer`; `seek_us`, `transfer_us`: microseconds a seek and a page cost.
        """
        plan = FaultPlan(answers, ranges, rate, seed, answer)

        def change(state: State) -> None:
            state.plan = plan
            state.seek_us, state.transfer_us = seek_us, transfer_us

        return self._with(change)

    def bad(self, *slots: int) -> Self:
        """Say which swap slots are bad."""
        bad = wholes("slots", slots, 1)
        return self._with(lambda state: setattr(state, "bad_slots", bad))

    def arena(self, pages: int, used: Iterable[int] = ()) -> Self:
        """Make the pager map `pages` long, with the page indexes `used` mapped by somebody else."""
        taken = wholes("used", used, 0, whole("pages", pages, 0, MOST) - 1)

        def change(state: State) -> None:
            state.pager_map_pages, state.pager_map_used = pages, taken

        return self._with(change)

    def _with(self, change: Callable[[State], Any]) -> Self:
        state = deepcopy(self.state)
        change(state)
        return type(self)(state)

    def machine(self, **options: Any) -> Machine:
        """Boot a machine in this state.  `options` are those of `Machine`: `slips`, `diagnostic`, ..."""
        return load.boot(self.state, **options)

    @classmethod
    def of(cls, machine: Machine) -> Self:
        """Read the state that a machine is in now."""
        return cls.in_state(load.snapshot(machine, load.page_states, load.anon_states))

    @classmethod
    def in_state(cls, state: State) -> Self:
        """Show a state as it is: that of a broken machine may be an impossible one."""
        found = cls.__new__(cls)
        found.state = state
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the world as plain data: the form of the golden vectors, and more where there is more."""
        return form.to_json(self.state)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Make a world from plain data.

        Raises: ValueError that says where and what is wrong.
        """
        return cls(form.from_json(data))

    def save(self, path: str | Path) -> None:
        """Write the world to a JSON file; nothing is left half written."""
        form.save(self.to_json(), Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a world from a JSON file.

        Raises: ValueError for a file that holds none; OSError.
        """
        return form.load(Path(path), cls.from_json)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, World) and self.state == other.state

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        state = self.state
        there = [
            _count(things, noun)
            for things, noun in ((state.anons, "anon"), (state.objects, "object"))
            if things
        ]
        if state.swap_slots:
            there.append(f"{len(state.allocated)} of {state.swap_slots} slots allocated")
        return f"<world: {', '.join([_count(state.pages, 'page'), *there])}>"


def _at_most(n: int) -> int:
    return whole("n", n, 0, MOST_SLOTS)  # more would find no place in any memory


def _count(things: Any, noun: str) -> str:
    return f"{len(things)} {noun}{'s' * (len(things) != 1)}"


def _next(prefix: str, names: Iterable[str]) -> int:
    """Return the first number that no name `prefix` + number has reached yet."""
    taken = (name[len(prefix) :] for name in names if name.startswith(prefix))
    return max((int(number) + 1 for number in taken if number.isdecimal()), default=0)


def _words(found: Words, what: str = "flags") -> tuple[str, ...]:
    if isinstance(found, str):
        return tuple(found.split())
    return tuple(word for word in several(what, found, "words") if word != "")


def _queue(queue: str, *kinds: str) -> tuple[str, ...]:
    if not isinstance(queue, str):
        raise TypeError(f'queue is INACTIVE, ACTIVE, FREE or "", not {queue!r}')
    return (queue, *kinds) if queue else kinds


def _page(
    name: str, owner: str, offset: int, flags: Words, queue: str, kind: str, more: dict[str, Any]
) -> PageState:
    kinds = (kind,) if kind else ()
    page = PageState(name, owner, offset, _words(flags), _queue(queue, *kinds))
    for key, new in more.items():
        _set(page, key, new)
    return page


def _set(page: PageState, key: str, new: Any) -> None:
    if key not in ("modified", "referenced", "prot", "offset", "owner"):
        raise TypeError(
            f"a page has no {key!r}; legal: flags, queue, modified, referenced, prot, offset, owner"
        )
    if key in ("modified", "referenced") and not isinstance(new, bool):
        raise TypeError(f"{key} is True or False, not {new!r}")
    setattr(page, key, new)
