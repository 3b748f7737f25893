"""All that ever appears in a run, so that one layout has room for each of its moments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from uvmlab.draw.describe import Facts
from uvmlab.draw.scene import NOTHING, Link, Painter, Part, Place, View, part_id, place_id, place_of
from uvmlab.run import Run
from uvmlab.run.moment import NOBODY, Change, Moment
from uvmlab.worlds import PageState, State

Seats = tuple[tuple[str, str] | None, ...]  # (lock, who holds it), or nobody sits there


@dataclass
class Ever:
    """What a run has in any of its moments.

    `homes` and `tenants`: the place of each page, and back; `indexes` of each object, `slots` and `arena` pages
    that are more than free; `threads`; `array`: how long the caller's array is; `lists`: fields with names in
    them; `seats`: who holds which lock before the first step and after each; `touched`: ids of what changes;
    `settled`: ids of the pages that are at home in all moments.
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
    settled: set[str] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)  # slots, and perhaps 0, which is none
    seat: Seats = ()  # the last of `seats`

    @classmethod
    def of(cls, run: Run) -> Ever:
        """Collect it from the first moment and the changes: no other moment is made for it."""
        ever = cls()
        ever._begin(run.base)
        for changes, thread in zip(run.changes, run.threads, strict=True):
            for change in changes:
                ever._change(change, thread)
            ever.seats.append(ever.seat)
        ever.slots |= ever.moved - {0}
        ever.touched.update(f"slot-{number}" for number in ever.moved)
        sleepers = [name for name, _, _ in run.base.asleep]
        named = dict.fromkeys([run.base.thread, *run.threads, *sleepers])
        ever.threads = [name for name in named if name != NOBODY]
        return ever

    def _begin(self, base: Moment) -> None:
        self.indexes = {name: set() for name in base.objects}
        for uobj in base.objects.values():
            self.indexes[uobj.name] |= uobj.swslots.keys()
            self.slots.update(uobj.swslots.values())
        for page in base.pages.values():
            self._page(page)
        self.settled = set(self.homes)
        self.slots.update(anon.swslot for anon in base.anons.values() if anon.swslot)
        self.slots.update(base.allocated, base.bad_slots)
        self.array = len(base.array)
        self.lists = {name for name in LISTS if getattr(base, name)}
        self.seat = _seated((), base.locks_held, base.thread)
        self.seats.append(self.seat)

    def _change(self, change: Change, thread: str) -> None:
        """Take in a change: the fields that change most often come first."""
        name, key, old, new = change
        if name == "locks_held":
            self.seat = _seated(self.seat, new, thread)
        elif name == "pages":
            self._page_changed(old, new)
        elif name == "anons":
            self.touched.add(part_id("anon", new.name))
            if old.swslot != new.swslot:
                self.moved |= {old.swslot, new.swslot}
        elif name == "arena":
            self.arena.add(key)  # type: ignore[arg-type]
        elif name == "objects":
            differ = old.swslots.items() ^ new.swslots.items()
            self.indexes[new.name].update(index for index, _ in differ)
            self.touched.update(place_id(new.name, index) for index, _ in differ)
            self.moved.update(slot for _, slot in differ)
        elif name in ("swap_allocated", "bad_slots"):
            self.moved |= set(old) ^ set(new)
        elif name == "pager_map_used":
            self.arena |= set(old) ^ set(new)
        elif name == "array":
            self.array = max(self.array, len(new))
        elif name in LISTS and new:
            self.lists.add(name)

    def _page_changed(self, old: PageState, new: PageState) -> None:
        id_ = part_id("page", new.name)
        if old.owner != new.owner or old.offset != new.offset:
            self.settled.discard(id_)
            self._page(new)
        self.touched.add(id_)
        if id_ in self.homes:
            self.touched.add(self.homes[id_])

    def _page(self, page: PageState) -> None:
        id_ = part_id("page", page.name)
        if page.owner is None or id_ in self.homes:
            return
        place = place_of(page, self.indexes)
        if place not in self.tenants:
            self.homes[id_], self.tenants[place] = place, id_
        if page.owner in self.indexes:
            self.indexes[page.owner].add(page.index)


LISTS: Final = ("inactive", "active", "free", "aio_inflight", "aio_done", "aio_live")


def _seated(seats: Seats, held: Sequence[str], thread: str) -> Seats:
    """Let those that are held no longer get up, and new ones sit down where nobody is."""
    if not held:
        return (None,) * len(seats)
    kept = [seat if seat and seat[0] in held else None for seat in seats]
    sitting = {seat[0] for seat in kept if seat}
    for lock in held:
        if lock in sitting:
            continue
        if None not in kept:
            kept.append(None)
        kept[kept.index(None)] = lock, thread
    return tuple(kept)


class Sight(NamedTuple):
    """What there is to see: a moment, which of the run it is (0: before the first step), and all that ever is."""

    moment: Moment
    number: int
    ever: Ever


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


class Namer(RunPainter):
    """Names the same parts and does not paint them, which is enough to say what has a place."""

    def __init__(self, moment: Moment, ever: Ever) -> None:
        super().__init__(View(State()), ever)
        self.state = moment

    def part(self, id_: str, name: str, _: Facts = NOTHING) -> Part:
        """Name a part."""
        return Part(id_, name, (), ())

    def slot(self, slot: int) -> Part:
        """Name a slot."""
        return self.part(f"slot-{slot}", str(slot))
