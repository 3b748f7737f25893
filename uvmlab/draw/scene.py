"""What a picture shows, before anyone draws it or says it: parts, and who names whom.

Beside a state before, each part knows what it was, and each link whether it is new or gone.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from uvmlab.draw import describe
from uvmlab.draw.describe import FREE, Facts, Slots, count
from uvmlab.worlds import ObjectState, PageState, State, World

SHORT_RUN: Final = 2  # so many free slots side by side are shown one by one
ODD: Final = re.compile(r"[^A-Za-z0-9_.-]")
NOTHING: Final = Facts((), ())
HOLE: Final = Facts(("hole",), ("not in memory",))
SMALL: Final = 64  # pages of an object whose end is shown too


class Part(NamedTuple):
    """A page, an owner, an index of an object, a slot, or a run of free slots.

    `was`: words that were true before and are no more; `new`: words that were not true before; `n`: how
    many things it stands for; `of`: the ids of those that were folded into it; `partners`: the ids of those
    that it names now, or that name it.
    """

    id: str
    name: str
    states: tuple[str, ...]
    words: tuple[str, ...]
    was: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    n: int = 1
    of: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether it is not as it was."""
        return "changed" in self.states


class Link(NamedTuple):
    """That a place names the part with the id `to`: as before (""), "new", or it "was" so."""

    to: str
    change: str = ""


class Place(NamedTuple):
    """Where a page can be and a slot be named: an anon, or an index of an object."""

    part: Part
    links: tuple[Link, ...]

    def named(self, kind: str) -> list[Link]:
        """List the links to a `page` or a `slot`."""
        return [link for link in self.links if link.to.startswith(kind)]


@dataclass
class Scene:
    """All that a picture shows.

    `objects`: each with its places and the holes between them; `pages`: by id; `loose`: those without an owner now; `compared`:
    there is a state before.
    """

    title: str
    anons: list[Place] = field(default_factory=list)
    objects: list[tuple[Part, list[Place]]] = field(default_factory=list)
    pages: dict[str, Part] = field(default_factory=dict)
    loose: list[Part] = field(default_factory=list)
    slots: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    compared: bool = False

    @property
    def places(self) -> Iterator[Place]:
        """All places, the anons first."""
        yield from self.anons
        for _, places in self.objects:
            yield from places


@lru_cache(1 << 14)
def part_id(kind: str, name: str) -> str:
    """Return the id of a part: letters, digits, `_`, `.`, `-`, whatever its name is."""
    return f"{kind}-{ODD.sub(lambda odd: f'_{ord(odd[0]):x}_', name)}"


def place_id(uobj: str, index: int) -> str:
    """Return the id of a page index of an object."""
    return part_id("place", f"{uobj}-{index}")


def place_of(page: PageState, objects: Container[str]) -> str:
    """Return the id of the place where an owned page is."""
    owner = page.owner or ""
    return place_id(owner, page.index) if owner in objects else part_id("anon", owner)


class View:
    """A state by the ids of a picture: what is true of each, its partners (who names whom), where each page is."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.slots = Slots.of(state)
        self.facts: dict[str, Facts] = {}
        self.partners: dict[str, list[str]] = {}
        self.home: dict[str, str] = {}
        self.indexes = {name: set(uobj.swslots) for name, uobj in state.objects.items()}
        for page in state.pages.values():
            self._page(page, part_id("page", page.name))
        for anon in state.anons.values():
            id_ = part_id("anon", anon.name)
            self.facts[id_] = describe.of_anon(anon, page=id_ in self.partners)
            self._place(id_, anon.swslot)
        for uobj in state.objects.values():
            self.facts[part_id("obj", uobj.name)] = describe.of_object(uobj)
            for index in self.indexes[uobj.name]:
                id_ = place_id(uobj.name, index)
                self.facts[id_] = describe.of_index(uobj, index, page=id_ in self.partners)
                self._place(id_, uobj.swslots.get(index, 0))

    def _page(self, page: PageState, id_: str) -> None:
        self.facts[id_] = describe.of_page(page)
        if page.owner is None:
            return
        home = page.owner
        if page.owner in self.indexes:
            self.indexes[page.owner].add(page.index)
            home = f"{page.owner}[{page.index}]"
        place = place_of(page, self.indexes)
        self.partners[place], self.partners[id_] = [id_], [place]
        self.home[id_] = home

    def _place(self, place: str, slot: int) -> None:
        if slot:
            self.partners.setdefault(place, []).append(f"slot-{slot}")
            self.partners.setdefault(f"slot-{slot}", []).append(place)


def scene(world: World, before: World | None = None) -> Scene:
    """Collect what a picture of `world` shows, with what changed since `before`."""
    return Painter(View(world.state), View(before.state) if before is not None else None).scene(
        repr(world).strip("<>")
    )


class Painter:
    """Puts a view beside the one before, if there is one.

    `homes` are the places of pages, `notable` the slots that are shown one by one.
    """

    def __init__(self, now: View, old: View | None) -> None:
        self.now, self.old, self.state = now, old, now.state
        self.homes: Container[str] = now.home
        self.notable = now.slots.notable | (old.slots.notable if old else set())

    def scene(self, title: str) -> Scene:
        """Paint all of it."""
        state = self.state
        pages = [self.part(part_id("page", name), name) for name in state.pages]
        return Scene(
            title,
            [self.place(part_id("anon", name), name) for name in state.anons],
            [self.object(uobj) for uobj in state.objects.values()],
            {part.id: part for part in pages},
            [part for part in pages if part.id not in self.homes],
            list(self.slots()),
            list(self.notes()),
            self.old is not None,
        )

    def part(self, id_: str, name: str, gone: Facts = NOTHING) -> Part:
        """`gone`: what is true of a place that only the state before had."""
        part = Part(id_, name, *self.now.facts.get(id_, gone), partners=self.partners(id_))
        if self.old is None:
            return part
        home, past = self.old.home.get(id_, ""), self.old.facts.get(id_)
        moved = home != self.now.home.get(id_, "")
        return compared(part, past, f"of {home}" * bool(home and moved))

    def partners(self, id_: str) -> tuple[str, ...]:
        """Return whom a part names, or who names it."""
        return tuple(self.now.partners.get(id_, ()))

    def place(self, id_: str, name: str, gone: Facts = NOTHING) -> Place:
        """Paint a place, and what it names and has named."""
        now = self.partners(id_)
        old = self.old.partners.get(id_, ()) if self.old else now
        links = [Link(to, "" if to in old else "new") for to in now]
        links += [Link(to, "was") for to in old if to not in now and self.still(to)]
        return Place(self.part(id_, name, gone), tuple(links))

    def still(self, id_: str) -> bool:
        """Whether a page is there still; a slot always is, for `slots` yields those of both."""
        return id_.startswith("slot") or id_ in self.now.facts

    def object(self, uobj: ObjectState) -> tuple[Part, list[Place]]:
        """Paint an object and its places."""
        return self.part(part_id("obj", uobj.name), uobj.name), list(self.places(uobj))

    def places(self, uobj: ObjectState) -> Iterator[Place]:
        """Paint the places of an object in order, and the holes: of a small one all, else those in between."""
        there = sorted(self.indexes(uobj.name))
        small = uobj.size <= SMALL
        begin = 0 if small or not there else there[0]
        for index in there:
            yield from holes(uobj.name, begin, index - 1)
            gone = describe.of_index(uobj, index, page=False)
            yield self.place(place_id(uobj.name, index), f"[{index}]", gone)
            begin = index + 1
        if small:
            yield from holes(uobj.name, begin, uobj.size - 1)

    def indexes(self, uobj: str) -> set[int]:
        """Return the page indexes of an object that are shown."""
        return self.now.indexes[uobj] | (self.old.indexes.get(uobj, set()) if self.old else set())

    def slots(self) -> Iterator[Part]:
        """Yield the slots in order; a longer run of slots that are and were free is one part."""
        last = self.state.swap_slots
        begin = 1
        for slot in sorted(self.notable):
            if begin < slot:
                yield from alike("slot", "slot", begin, min(slot - 1, last), FREE)
            yield self.slot(slot)
            begin = slot + 1
        yield from alike("slot", "slot", begin, last, FREE)

    def slot(self, slot: int) -> Part:
        """Paint a slot."""
        id_ = f"slot-{slot}"
        facts, partners = self.now.slots.facts(slot), self.partners(id_)
        part = Part(id_, str(slot), *facts, partners=partners)
        return compared(part, self.old.slots.facts(slot)) if self.old else part

    def notes(self) -> Iterator[str]:
        """Say what is true around, and what is no longer."""
        now = describe.around(self.state)
        old = describe.around(self.old.state) if self.old else now
        yield from (note if note in old else f"{note} (new)" for note in now)
        yield from (f"no longer: {note}" for note in old if note not in now)


def holes(uobj: str, first: int, last: int) -> Iterator[Place]:
    """Yield a run of pages of an object that are not in memory: as one if it is longer than a short one."""
    for part in alike("hole", "page", first, last, HOLE):
        kind, _, numbers = part.id.partition("-")
        name = f"[{part.name.replace(' to ', '] to [')}]"
        yield Place(part._replace(id=part_id(kind, f"{uobj}-{numbers}"), name=name), ())


def compared(part: Part, past: Facts | None, left: str = "") -> Part:
    """Return the part, marked if it is not as it was in the `past` (None: it was not there).

    `left`: where it was, if it has moved.
    """
    if past and part.words == past.words and not left:
        return part
    said = past.words if past else ()
    was = tuple(word for word in (*said, left) if word and word not in part.words)
    new = tuple(word for word in part.words if word not in said)
    return part._replace(states=(*part.states, "changed"), was=was, new=new)


def alike(
    kind: str, noun: str, first: int, last: int, facts: Facts, partners: tuple[str, ...] = ()
) -> Iterator[Part]:
    """Yield a run of things of which the same is true: as one part if it is longer than a short one."""
    if last - first < SHORT_RUN:
        for number in range(first, last + 1):
            yield Part(f"{kind}-{number}", str(number), *facts, partners=partners)
    else:
        n = last - first + 1
        words = (*facts.words, count(n, noun))
        id_, name = f"{kind}s-{first}-{last}", f"{first} to {last}"
        yield Part(id_, name, facts.states, words, n=n, partners=partners)
