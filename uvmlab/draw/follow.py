"""Pages, owners and slots step by step: only those that a step touches are made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from uvmlab.draw import describe
from uvmlab.draw.describe import Slots
from uvmlab.draw.scene import Part, part_id, place_id, place_of
from uvmlab.draw.union import Ever
from uvmlab.run.moment import Change, Changes, Moment
from uvmlab.worlds import ObjectState, PageState

Spot = tuple[int, int]  # the number of an owner, the anons first, and a page index


class Owners:
    """Knows who is where and who names what, and keeps up with the changes of a run."""

    def __init__(self, base: Moment, ever: Ever) -> None:
        self.ever = ever
        self.objects = base.objects.keys()
        self.owners = [*base.anons, *base.objects]
        self.number = {name: number for number, name in enumerate(self.owners)}
        self.anons = len(base.anons)
        self.tenants: dict[Spot, str] = {}  # the page that is there
        self.namers: dict[int, set[Spot]] = {}  # of a slot
        self.allocated, self.bad = frozenset(base.allocated), frozenset(base.bad_slots)
        for page in base.pages.values():
            self._enter(page)
        for anon in base.anons.values():
            self._rename((self.number[anon.name], 0), 0, anon.swslot)
        for uobj in base.objects.values():
            for index, slot in uobj.swslots.items():
                self._rename((self.number[uobj.name], index), 0, slot)

    def after(self, moment: Moment, changes: Changes) -> Iterator[Part]:
        """Yield the parts that may differ in a moment from the one before these changes."""
        pages = [change for change in changes if change.field == "pages"]
        for change in pages:  # all leave before the first comes
            self.tenants.pop(self._spot(change.old), None)
        for change in pages:
            self._enter(change.new)
            yield self._page(change.new)
        spots = {self._spot(page) for change in pages for page in (change.old, change.new)}
        slots: set[int] = set()
        for change in changes:
            if change.field == "anons":
                spots.add(self._anon(change, slots))
            elif change.field == "objects":
                yield self._object(change.new)
                spots |= self._places(change, slots)
            elif change.field in ("swap_allocated", "bad_slots"):
                slots |= set(change.old) ^ set(change.new)
                self.allocated = frozenset(moment.allocated)
                self.bad = frozenset(moment.bad_slots)
        yield from (self._place(spot, moment) for spot in sorted(spots - {NOWHERE}))
        yield from self._slots(slots)

    # What they know

    def _spot(self, page: PageState) -> Spot:
        if page.owner is None:
            return NOWHERE
        return self.number[page.owner], page.index if page.owner in self.objects else 0

    def _enter(self, page: PageState) -> None:
        if page.owner is not None:
            self.tenants[self._spot(page)] = part_id("page", page.name)

    def _rename(self, spot: Spot, old: int, new: int) -> None:
        """Take in that a place names the slot `new`, no longer `old`; 0 is none."""
        if old:
            self.namers[old].discard(spot)
        if new:
            self.namers.setdefault(new, set()).add(spot)

    def _anon(self, change: Change, slots: set[int]) -> Spot:
        spot, (old, new) = (self.number[change.new.name], 0), (change.old.swslot, change.new.swslot)
        if old != new:
            self._rename(spot, old, new)
            slots |= {old, new} - {0}
        return spot

    def _places(self, change: Change, slots: set[int]) -> set[Spot]:
        """Take in what an object names now, and return the places that look different."""
        old, new = change.old.swslots, change.new.swslots
        number = self.number[change.new.name]
        differ = {index for index, _ in set(old.items()) ^ set(new.items())}
        for index in differ:
            self._rename((number, index), old.get(index, 0), new.get(index, 0))
            slots |= {old.get(index, 0), new.get(index, 0)} - {0}
        if change.old.dead != change.new.dead:  # all of its places say so
            differ |= self.ever.indexes[change.new.name]
        return {(number, index) for index in differ}

    # What they look like

    def _id(self, spot: Spot) -> str:
        number, index = spot
        name = self.owners[number]
        return part_id("anon", name) if number < self.anons else place_id(name, index)

    def _page(self, page: PageState) -> Part:
        partners = (place_of(page, self.objects),) if page.owner is not None else ()
        return Part(
            part_id("page", page.name), page.name, *describe.of_page(page), partners=partners
        )

    def _object(self, uobj: ObjectState) -> Part:
        return Part(part_id("obj", uobj.name), uobj.name, *describe.of_object(uobj))

    def _place(self, spot: Spot, moment: Moment) -> Part:
        (number, index), page = spot, self.tenants.get(spot)
        name = self.owners[number]
        if number < self.anons:
            anon = moment.anons[name]
            slot, facts = anon.swslot, describe.of_anon(anon, page=page is not None)
        else:
            uobj = moment.objects[name]
            slot, name = uobj.swslots.get(index, 0), f"[{index}]"
            facts = describe.of_index(uobj, index, page=page is not None)
        partners = (*filter(None, (page,)), *[f"slot-{slot}"] * bool(slot))
        return Part(self._id(spot), name, *facts, partners=partners)

    def _slots(self, numbers: Iterable[int]) -> Iterator[Part]:
        for number in sorted(numbers):
            spots = sorted(self.namers.get(number, ()))
            names = [
                self.owners[owner] + f"[{index}]" * (owner >= self.anons) for owner, index in spots
            ]
            facts = Slots(self.allocated, {number: names}, self.bad).facts(number)
            yield Part(f"slot-{number}", str(number), *facts, partners=tuple(map(self._id, spots)))


NOWHERE: Spot = (-1, 0)  # where a page without an owner is
