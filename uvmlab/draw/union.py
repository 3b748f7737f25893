"""All that ever appears in a run, so that one layout has room for each of its moments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from uvmlab.draw.describe import Facts
from uvmlab.draw.scene import NOTHING, Link, Painter, Place, View, part_id, place_id, place_of
from uvmlab.run import Run
from uvmlab.run.moment import Change, Moment
from uvmlab.worlds import AnonState, ObjectState, PageState

Seats = tuple[tuple[str, str] | None, ...]  # (lock, who holds it), or nobody sits there


@dataclass
class Ever:
    """What a run has in any of its moments.

    `homes` and `tenants`: the place of each page, and back; `indexes` of each object, `slots` and `arena` pages
    that are more than free; `threads`; `array`: how long the caller's array is; `lists`: fields with names in
    them; `seats`: who holds which lock before the first step and after each; `touched`: ids of what changes.
    """

    homes: dict[str, str] = field(default_factory=dict)
    tenants: dict[str, str] = field(default_factory=dict)
    indexes: dict[str, set[int]] = field(default_factory=dict)
    slots: set[int] = field(default_factory=set)
    arena: set[int] = field(default_factory=set)
    threads: list[str] = field(default_factory=list)
    array: int = 0
    lists: set[str] = field(default_factory=set)
    seats: list[Seats] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, run: Run) -> Ever:
        """Collect it from the first moment and the changes: no other moment is made for it."""
        ever = cls()
        ever._begin(run.base)
        for changes in run.changes:
            for change in changes:
                ever._change(change)
        sleepers = [name for name, _, _ in run.base.asleep]
        ever.threads = list(dict.fromkeys([run.base.thread, *run.threads, *sleepers]))
        ever.seats = list(_seats(run))
        return ever

    def _begin(self, base: Moment) -> None:
        self.indexes = {name: set() for name in base.objects}
        for uobj in base.objects.values():
            self._object(uobj)
        for page in base.pages.values():
            self._page(page)
        for anon in base.anons.values():
            self._anon(anon)
        self._slots({*base.allocated, *base.bad_slots})
        self.array = len(base.array)
        self.lists = {name for name in LISTS if getattr(base, name)}

    def _change(self, change: Change) -> None:
        match change:
            case Change("pages", _, _, PageState() as page):
                self._page(page)
                id_ = part_id("page", page.name)
                self.touched |= {id_, self.homes.get(id_, id_)}
            case Change("anons", _, AnonState() as old, AnonState() as anon):
                self._anon(anon)
                self.touched.add(part_id("anon", anon.name))
                self._touch("slot", {old.swslot, anon.swslot})
            case Change("objects", _, ObjectState() as old, ObjectState() as uobj):
                self._object(uobj)
                differ = set(old.swslots.items()) ^ set(uobj.swslots.items())
                self.touched |= {place_id(uobj.name, index) for index, _ in differ}
                self._touch("slot", (slot for _, slot in differ))
            case Change("swap_allocated" | "bad_slots", _, old, new):
                self._slots(new)
                self._touch("slot", set(old) ^ set(new))
            case Change("pager_map_used", _, old, new):
                self.arena |= set(old) ^ set(new)
            case Change("arena", index, _, _):
                self.arena.add(index)  # type: ignore[arg-type]
            case Change("array", _, _, new):
                self.array = max(self.array, len(new))
            case Change(name, _, _, new) if name in LISTS and new:
                self.lists.add(name)

    def _page(self, page: PageState) -> None:
        id_ = part_id("page", page.name)
        if page.owner is None or id_ in self.homes:
            return
        place = place_of(page, self.indexes)
        if place not in self.tenants:
            self.homes[id_], self.tenants[place] = place, id_
        if page.owner in self.indexes:
            self.indexes[page.owner].add(page.index)

    def _anon(self, anon: AnonState) -> None:
        self._slots((anon.swslot,))

    def _object(self, uobj: ObjectState) -> None:
        self.indexes[uobj.name] |= uobj.swslots.keys()
        self._slots(uobj.swslots.values())

    def _slots(self, slots: Iterable[int]) -> None:
        self.slots.update(slot for slot in slots if slot)

    def _touch(self, kind: str, numbers: Iterable[int]) -> None:
        self.touched |= {f"{kind}-{number}" for number in numbers}


LISTS = ("inactive", "active", "free", "aio_inflight", "aio_done", "aio_live")


def _seats(run: Run) -> Iterator[Seats]:
    """Seat each lock as long as it is held, beside the thread that took it."""
    seats = _seated((), run.base.locks_held, run.base.thread)
    yield seats
    for changes, thread in zip(run.changes, run.threads, strict=True):
        for change in changes:
            if change.field == "locks_held":
                seats = _seated(seats, change.new, thread)
        yield seats


def _seated(seats: Seats, held: Iterable[str], thread: str) -> Seats:
    """Let those that are held no longer get up, and new ones sit down where nobody is."""
    kept = [seat if seat and seat[0] in held else None for seat in seats]
    for lock in held:
        if any(seat and seat[0] == lock for seat in kept):
            continue
        if None not in kept:
            kept.append(None)
        kept[kept.index(None)] = lock, thread
    return tuple(kept)


class RunPainter(Painter):
    """Paints each moment of a run with the same parts, in the same places."""

    def __init__(self, now: View, ever: Ever) -> None:
        super().__init__(now, None)
        self.ever, self.homes, self.notable = ever, ever.homes, ever.slots

    def indexes(self, uobj: str) -> set[int]:
        """Return the page indexes that the object ever has."""
        return self.ever.indexes[uobj]

    def place(self, id_: str, name: str, gone: Facts = NOTHING) -> Place:
        """Put the same page into a place all the time, even when it is free."""
        tenant = self.ever.tenants.get(id_)
        return Place(self.part(id_, name, gone), (Link(tenant),) if tenant else ())

    def notes(self) -> Iterator[str]:
        """Say nothing: what would be said has cells of its own."""
        return iter(())
