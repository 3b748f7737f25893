"""The parts of a state, as plain data: what a picture shows, what JSON holds, what a test compares."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import NoneType
from typing import Any, Final

from uvmlab.kernel.cluster import MOST
from uvmlab.kernel.disk import FaultPlan
from uvmlab.kernel.flags import OFFSET_MASK, PAGE_SIZE, PG, PQ, Prot, member, value
from uvmlab.kernel.legal import whole
from uvmlab.kernel.swap import MOST_SLOTS

ARENA_PAGES = 1024  # the pager map of 1998: 4 MiB
PAGERS = ("vnode", "aobj", "device")
CLUSTERS = ("aligned", "forward")


@dataclass
class PageState:
    """A page: `owner` names an object or an anon (None: a free page), `offset` is in bytes."""

    name: str
    owner: str | None = None
    offset: int = 0
    flags: tuple[str, ...] = ()
    pqflags: tuple[str, ...] = ("INACTIVE",)
    modified: bool = False
    referenced: bool = False
    prot: str = "ALL"
    owner_tag: str | None = None

    @property
    def index(self) -> int:
        """Which page of its object it is, from 0."""
        return self.offset // PAGE_SIZE

    @property
    def freed(self) -> bool:
        """Whether it is a free page."""
        return "FREE" in self.pqflags

    @property
    def dirty(self) -> bool:
        """Whether its contents are newer than those on the disk."""
        return "CLEAN" not in self.flags and not self.freed


@dataclass
class AnonState:
    """An anon: its swap slot (0: none) and how many refer to it."""

    name: str
    swslot: int = 0
    refs: int = 1
    dead: bool = False


@dataclass
class ObjectState:
    """An object of `size` pages.  `cluster` and `window` (pages): the range its pager offers for a cluster.

    `kill`: it dies when its last page is released; `swslots`: page index to swap slot (aobj only).
    """

    name: str
    pager: str = "vnode"
    size: int = 16
    cluster: str = "aligned"
    window: int = 16
    kill: bool = False
    swslots: dict[int, int] = field(default_factory=dict)
    dead: bool = False


@dataclass
class State:
    """Everything a machine holds between two steps, by name, in plain words and numbers.

    Slots are numbered from 1; `pager_map_used` are page indexes of the pager map.
    `swap_allocated` says which slots are allocated; None: those that somebody names.  A machine's own state has
    what is true there, whoever names what.
    """

    pages: dict[str, PageState] = field(default_factory=dict)
    anons: dict[str, AnonState] = field(default_factory=dict)
    objects: dict[str, ObjectState] = field(default_factory=dict)
    swap_slots: int = 0
    bad_slots: tuple[int, ...] = ()
    swap_allocated: tuple[int, ...] | None = None
    pager_map_pages: int = ARENA_PAGES
    pager_map_used: tuple[int, ...] = ()
    pager_map_wanted: bool = False
    plan: FaultPlan = field(default_factory=FaultPlan)
    seek_us: int = 8000
    transfer_us: int = 400
    locks_held: tuple[str, ...] = ()
    aio_live: tuple[str, ...] = ()
    aio_done: tuple[str, ...] = ()

    def owned_slots(self) -> dict[int, list[str]]:
        """Map each slot that is named to those who name it: `a1`, or `o0[3]` for page 3 of an aobj."""
        named: dict[int, list[str]] = {}
        for anon in self.anons.values():
            if anon.swslot:
                named.setdefault(anon.swslot, []).append(anon.name)
        for uobj in self.objects.values():
            for index, slot in uobj.swslots.items():
                named.setdefault(slot, []).append(f"{uobj.name}[{index}]")
        return named

    @property
    def allocated(self) -> tuple[int, ...]:
        """The allocated slots, in order."""
        slots = self.owned_slots() if self.swap_allocated is None else self.swap_allocated
        return tuple(sorted(set(slots)))

    def pages_of(self, owner: str) -> list[PageState]:
        """List the pages of an object or an anon, in the order of the object's list."""
        return [page for page in self.pages.values() if page.owner == owner]

    def slot_of(self, page: PageState) -> int:
        """Return the slot that the page's owner names for it; 0 if none."""
        if page.owner in self.anons:
            return self.anons[page.owner].swslot
        if page.owner in self.objects:
            return self.objects[page.owner].swslots.get(page.index, 0)
        return 0

    def check(self) -> None:
        """Refuse an impossible state.

        Raises: ValueError that says what is impossible, and what is legal.
        """
        _check_types(self)
        _check_names(self)
        _check_owners(self)
        _check_words(self)
        _check_slots(self)
        for index in self.pager_map_used:
            if not 0 <= index < self.pager_map_pages:
                raise ValueError(
                    f"arena page {index} is not within 0 to {self.pager_map_pages - 1}"
                )


SIMPLE: Final[dict[str, tuple[tuple[type, ...], str]]] = {
    "bool": ((bool,), "true or false"),
    "str": ((str,), "a text"),
    "str | None": ((str, NoneType), "a text, or None"),
    "FaultPlan": ((FaultPlan,), "a FaultPlan"),
}
LIMITS: Final[
    dict[str, tuple[int | None, int | None]]
] = {  # of whole numbers; others have none here
    "refs": (0, None),
    "size": (1, MOST),
    "window": (1, MOST),
    "swap_slots": (0, MOST_SLOTS),
    "pager_map_pages": (0, MOST),
    "seek_us": (0, None),
    "transfer_us": (0, None),
}


def _check_types(state: State) -> None:
    """Refuse a number that is none, and a name that says nothing."""
    everything: list[Any] = [
        *state.pages.values(),
        *state.anons.values(),
        *state.objects.values(),
        state,
    ]
    for each in everything:
        name = getattr(each, "name", "the world")
        if not name:
            raise ValueError("a name has a letter at least")
        for field_ in fields(each):
            kinds, said = SIMPLE.get(str(field_.type), ((object,), ""))
            value = getattr(each, field_.name)
            if field_.type == "int":
                whole(f"{name}: {field_.name}", value, *LIMITS.get(field_.name, (None, None)))
            elif not isinstance(value, kinds):
                raise ValueError(f"{name}: {field_.name} is {said}, not {value!r}")


def _check_names(state: State) -> None:
    both = sorted(state.anons.keys() & state.objects.keys())
    if both:
        raise ValueError(f"{both[0]} is the name of an anon and of an object")


def _check_owners(state: State) -> None:
    places: dict[tuple[str, int], str] = {}
    for page in state.pages.values():
        if page.offset % PAGE_SIZE or not 0 <= page.offset < OFFSET_MASK:
            raise ValueError(
                f"page {page.name}: offset {page.offset} is not a multiple of {PAGE_SIZE} "
                f"from 0 to {OFFSET_MASK + 1 - PAGE_SIZE}"
            )
        if page.owner is None:
            if not page.freed:
                raise ValueError(f"page {page.name} has no owner, so its pqflags must be FREE")
            continue
        if page.freed:
            raise ValueError(f"page {page.name} is FREE, so it cannot have the owner {page.owner}")
        if page.owner not in state.anons and page.owner not in state.objects:
            names = ", ".join([*state.anons, *state.objects]) or "there is none yet"
            raise ValueError(f"page {page.name}: no owner {page.owner!r}; legal: {names}")
        place = (page.owner, 0 if page.owner in state.anons else page.offset)
        if place in places:
            what = (
                "are both in"
                if page.owner in state.anons
                else f"are both at offset {page.offset} of"
            )
            raise ValueError(f"pages {places[place]} and {page.name} {what} {page.owner}")
        places[place] = page.name


def _check_words(state: State) -> None:
    for page in state.pages.values():
        try:
            value(PG, page.flags)
            queues = value(PQ, page.pqflags, "queue") & (PQ.FREE | PQ.INACTIVE | PQ.ACTIVE)
            member(Prot, page.prot, "prot")
        except (ValueError, TypeError) as wrong:
            raise ValueError(f"page {page.name}: {wrong}") from None
        if queues & (queues - 1):
            raise ValueError(f"page {page.name} is on two queues at once: {' '.join(page.pqflags)}")
    for uobj in state.objects.values():
        for what, word, legal in (
            ("pager", uobj.pager, PAGERS),
            ("cluster", uobj.cluster, CLUSTERS),
        ):
            if word not in legal:
                raise ValueError(
                    f"object {uobj.name}: no {what} {word!r}; legal: {', '.join(legal)}"
                )
        if uobj.swslots and uobj.pager != "aobj":
            raise ValueError(f"object {uobj.name}: only an aobj has swap slots, not a {uobj.pager}")


def _check_slots(state: State) -> None:
    last, allocated = state.swap_slots, set(state.allocated)
    for slot, names in state.owned_slots().items():
        if len(names) > 1:
            raise ValueError(f"slot {slot} is owned twice, by {names[0]} and {names[1]}")
        if not 1 <= slot <= last:
            raise ValueError(f"slot {slot} of {names[0]} is beyond the device: {_slots(last)}")
        if slot not in allocated:
            raise ValueError(f"slot {slot} is named by {names[0]}, so it cannot be free")
    for slot in (*state.bad_slots, *allocated):
        if not 1 <= slot <= last:
            raise ValueError(f"slot {slot} is beyond the device: {_slots(last)}")
    for slot in allocated.intersection(state.bad_slots):
        owner = state.owned_slots().get(slot, ["anybody"])[0]
        raise ValueError(f"slot {slot} is bad, so it cannot be {owner}'s")


def _slots(last: int) -> str:
    return f"its slots are 1 to {last}" if last else "it has no slots"
