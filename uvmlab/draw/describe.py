"""What is true of a page, an owner, a swap slot: the states that a picture shows, and the words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from uvmlab.draw.styles import STYLES
from uvmlab.worlds import AnonState, ObjectState, PageState, State


class Facts(NamedTuple):
    """The states of a thing, by which it is styled, and the same and more in words."""

    states: tuple[str, ...]
    words: tuple[str, ...]


LIVE: Final = ("INACTIVE", "ACTIVE")
PROTECTED: Final = {"READ": "protected", "NONE": "hidden"}


def of_page(page: PageState) -> Facts:
    """Describe a page: what it holds, its queue, flags, bits, owner tag, and its protection if not all."""
    return _of_page(SAID(page))


SAID: Final = attrgetter("flags", "pqflags", "modified", "referenced", "prot", "owner_tag")


@lru_cache(1 << 12)  # of many pages few things are true
def _of_page(said: tuple[Any, ...]) -> Facts:
    page = PageState("", None, 0, *said)
    base = "free" if page.freed else "dirty" if page.dirty else "clean"
    states = [base, *(word.lower() for word in page.pqflags if word in LIVE)]
    marks = [word.lower() for word in page.flags if word != "CLEAN"]
    marks += [bit for bit in ("modified", "referenced") if getattr(page, bit)]
    marks += [PROTECTED[page.prot]] if page.prot in PROTECTED else []
    words = states + ["on no queue"] * (len(states) == 1 and base != "free")
    words += [STYLES[name].words if name in PROTECTED.values() else name for name in marks]
    words += [f"owner tag {page.owner_tag}"] * bool(page.owner_tag)
    return Facts((*states, *(name for name in marks if name in STYLES)), tuple(words))


def of_anon(anon: AnonState, *, page: bool) -> Facts:
    """Describe an anon: dead or not, its slot, no `page` in memory, its references where they are not one."""
    words = ["dead"] * anon.dead + [slot_words(anon.swslot)] + ["no page"] * (not page)
    if anon.refs != 1 and not anon.dead:
        words.append(f"{anon.refs} references")
    return Facts(("anon", *["dead"] * anon.dead), tuple(words))


def of_object(uobj: ObjectState) -> Facts:
    """Describe an object: its pager and its size."""
    words = ["dead"] * uobj.dead + [f"{uobj.pager} of {count(uobj.size, 'page')}"]
    return Facts(("object", *["dead"] * uobj.dead), tuple(words))


def of_index(uobj: ObjectState, index: int, *, page: bool) -> Facts:
    """Describe one page index of an object: its slot, if it is an aobj's; that it has no `page` in memory."""
    words = [slot_words(uobj.swslots.get(index, 0))] * (uobj.pager == "aobj")
    return Facts(("place", *["dead"] * uobj.dead), (*words, *["no page"] * (not page)))


@dataclass(frozen=True)
class Slots:
    """Which swap slots of a state are allocated, named and bad."""

    allocated: frozenset[int]
    named: dict[int, list[str]]
    bad: frozenset[int]

    @classmethod
    def of(cls, state: State) -> Slots:
        """Read them off a state."""
        return cls(frozenset(state.allocated), state.owned_slots(), frozenset(state.bad_slots))

    @property
    def notable(self) -> set[int]:
        """The slots that are not simply free."""
        return {*self.allocated, *self.named, *self.bad}

    def facts(self, slot: int) -> Facts:
        """Describe one slot."""
        names = " and ".join(self.named.get(slot, ()))
        if slot in self.bad:
            return Facts(("bad",), ("bad", *[names] * bool(names)))
        if slot in self.allocated:
            return Facts(("allocated",), (names,)) if names else UNNAMED
        return Facts(("stale",), (f"{STALE}{names}",)) if names else FREE


STALE: Final = "free, yet named by "
FREE: Final = Facts(("free",), ("free",))
UNNAMED: Final = Facts(("unnamed",), ("allocated, named by nobody",))


def around(state: State) -> list[str]:
    """Say what else is true of a state: locks, the pager map, requests; nothing where nothing is to say."""
    said = [
        ("locks held", state.locks_held),
        ("I/O requests", state.aio_live),
        ("I/O done, not yet looked at", state.aio_done),
    ]
    lines = [f"{what}: {', '.join(names)}" for what, names in said if names]
    if state.pager_map_used:
        lines.append(
            f"pager map: {len(state.pager_map_used)} of {state.pager_map_pages} pages mapped"
        )
    return lines + ["somebody waits for the pager map"] * state.pager_map_wanted


def slot_words(slot: int) -> str:
    """Name a slot, 0 being none."""
    return f"slot {slot}" if slot else "no slot"


def count(n: int, noun: str) -> str:
    """Count things: `1 page`, `2 pages`."""
    return f"{n} {noun}{'s' * (n != 1)}"
