"""The kinds of elements in the drawing of a run, each a group of strips that reads some fields of a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from uvmlab.draw.arena import arena_after, arena_strip
from uvmlab.draw.describe import Facts, count
from uvmlab.draw.follow import Owners
from uvmlab.draw.scene import Part, View, part_id
from uvmlab.draw.strips import ROW, Strip, every, one_row
from uvmlab.draw.union import Ever, Namer, RunPainter, Sight
from uvmlab.run.moment import Changes, Moment

NAMES: Final = 16  # in a list; more are counted
OWNERS: Final = {
    "anons": "anons",
    "loose": "free",
    "slots": "swap",
}  # an object's strip is named after it
PAGE: Final = (
    "free", "clean", "dirty", "active", "inactive", "modified", "protected", "hidden", "wanted",
    "released", "busy",
)  # fmt: skip


class Kind(NamedTuple):
    """A kind of element: how it is called in words, and the states of it that have a letter."""

    words: str
    letters: tuple[str, ...] = ()


KINDS: Final = {
    "threads": Kind("threads, asleep and on what"),
    "locks": Kind("locks and who holds them"),
    "array": Kind("the caller's array of the cluster", ("outside",)),
    "anons": Kind("anons with their pages", (*PAGE, "dead")),
    "objects": Kind("objects with their pages", (*PAGE, "hole", "dead")),
    "free": Kind("pages without an owner", ("free",)),
    "swap": Kind("the swap device and its slots", ("free", "unnamed", "stale", "bad")),
    "arena": Kind("the pager map", ("free",)),
    "queues": Kind("page queues"),
    "io": Kind("asynchronous I/O"),
}


def kinds_named(show: str | Iterable[str] | None) -> frozenset[str]:
    """Return the kinds that are meant; None: all.

    Raises: ValueError or TypeError naming the legal ones.
    """
    legal = ", ".join(KINDS)
    if not isinstance(show, Iterable | None):
        raise TypeError(f"show names kinds of elements, not {show!r}; legal: {legal}")
    names = KINDS if show is None else show.split() if isinstance(show, str) else list(show)
    for name in names:
        if name not in KINDS:
            raise ValueError(f"no kind of element {name!r}; legal: {legal}")
    if not names:
        raise ValueError(f"show names no kind of element; legal: {legal}")
    return frozenset(names)


def kind_of(strip: Strip) -> str:
    """Return the kind of element that a strip shows."""
    head = strip.head.id
    return OWNERS.get(head, head if head in KINDS else "objects")


After = Callable[[Sight, Changes], Iterable[Part]]


class Group(NamedTuple):
    """Strips that are made together, from some fields of a moment.

    `follow`: given the first moment, what yields the parts that may differ after some changes; all, if it is None.
    `names`: makes the strips with parts that are only named, if that is quicker.
    """

    kinds: frozenset[str]
    fields: frozenset[str]
    strips: Callable[[Sight], Iterator[Strip]]
    follow: Callable[[Sight], After] | None = None
    names: Callable[[Sight], Iterator[Strip]] | None = None

    def after(self, first: Sight) -> After:
        """Return what yields the parts that may differ after some changes, beginning with the first moment."""
        if self.follow is not None:
            return self.follow(first)
        return lambda sight, _: (part for strip in self.strips(sight) for part in strip.parts)


def groups(show: frozenset[str]) -> list[Group]:
    """Return the groups of the kinds to be shown, in the order of the picture."""
    owners = frozenset(("anons", "objects", "free", "swap"))
    made = [
        _group("threads", _threads, "thread now asleep"),
        _group("locks", _locks, "locks_held"),
        _group("array", _array, "array first npages"),
        Group(
            owners,
            frozenset(["pages", "anons", "objects", "swap_slots", "swap_allocated", "bad_slots"]),
            partial(_owners, show=show, paint=lambda moment, ever: RunPainter(View(moment), ever)),
            _owners_after,
            partial(_owners, show=show, paint=Namer),
        ),
        _group(
            "arena",
            arena_strip,
            "arena pager_map_used pager_map_pages pager_map_wanted",
            lambda _: arena_after,
        ),
        _group("queues", _queues, "inactive active free"),
        _group("io", _io, "aio_inflight aio_done aio_live"),
    ]
    return [group for group in made if group.kinds & show]


def _group(
    kind: str,
    strips: Callable[[Sight], Iterator[Strip]],
    fields: str,
    follow: Callable[[Sight], After] | None = None,
) -> Group:
    return Group(frozenset((kind,)), frozenset(fields.split()), strips, follow)


def _owners(
    sight: Sight, show: frozenset[str], paint: Callable[[Moment, Ever], RunPainter]
) -> Iterator[Strip]:
    for strip in every(paint(sight.moment, sight.ever).scene("")):
        if kind_of(strip) in show:
            yield strip


def _owners_after(first: Sight) -> After:
    owners = Owners(first.moment, first.ever)
    return lambda sight, changes: owners.after(sight.moment, changes)


def _threads(sight: Sight) -> Iterator[Strip]:
    moment = sight.moment
    asleep: dict[str, list[tuple[str, int]]] = {}
    for name, channel, since in moment.asleep:
        asleep.setdefault(name, []).append((channel, since))
    head = Part("threads", "threads", ("list",), (f"{moment.now} µs",))
    yield one_row(head, (_thread(name, asleep, moment.thread) for name in sight.ever.threads), 4)


def _thread(name: str, asleep: dict[str, list[tuple[str, int]]], running: str) -> Part:
    id_ = part_id("thread", name)
    if name in asleep:
        words = tuple(f"asleep on {channel} since {since} µs" for channel, since in asleep[name])
        partners = tuple(
            CHANNELS.get(channel, part_id("page", channel)) for channel, _ in asleep[name]
        )
        return Part(id_, name, ("asleep",), words, partners=partners)
    return Part(id_, name, *(RUNS if name == running else RESTS))


CHANNELS: Final = {"pager_map": "arena", "aio_done": "io-aio_done"}  # the others are pages
RUNS: Final = Facts(("running",), ("runs",))
RESTS: Final = Facts(("resting",), ("does not run",))


def _locks(sight: Sight) -> Iterator[Strip]:
    """Give each lock a seat while it is held: there are as many as are ever held at once."""
    most, now = len(sight.ever.seats[-1]), sight.ever.seats[sight.number]
    head = Part("locks", "locks held", ("list",), (str(sum(1 for seat in now if seat)),))
    if most:
        yield one_row(head, (_seat(i, now[i] if i < len(now) else None) for i in range(most)), 2)


def _seat(number: int, seat: tuple[str, str] | None) -> Part:
    id_ = f"lock-{number}"
    if seat is None:
        return Part(id_, "no lock", ("empty",), ())
    partners = (part_id("thread", seat[1]),)
    return Part(id_, seat[0], ("held",), (f"by {seat[1]}",), partners=partners)


def _array(sight: Sight) -> Iterator[Strip]:
    moment = sight.moment
    last = moment.first + moment.npages
    cluster = f"{count(moment.npages, 'page')} from {moment.first} on"
    head = Part("array", "cluster array", ("list",), (cluster,))
    cells = [*moment.array, *[None] * (sight.ever.array - len(moment.array))]
    parts = (_entry(i, page, moment.first <= i < last) for i, page in enumerate(cells))
    if cells:
        yield one_row(head, parts)


def _entry(index: int, page: str | None, inside: bool) -> Part:
    id_ = f"array-{index}"
    if page is None:
        return Part(id_, str(index), ("empty",), ("empty",))
    facts = MEMBER if inside else OUTSIDE
    words = (page, *facts.words)
    return Part(id_, str(index), facts.states, words, partners=(part_id("page", page),))


MEMBER: Final = Facts(("member",), ())
OUTSIDE: Final = Facts(("outside",), ("outside the cluster",))


def _io(sight: Sight) -> Iterator[Strip]:
    moment = sight.moment
    told = {
        "aio_inflight": ("in flight", moment.aio_inflight),
        "aio_done": ("done, not yet looked at", moment.aio_done),
        "aio_live": ("descriptors", moment.aio_live),
    }
    head = Part("io", "asynchronous I/O", ("list",), ())
    parts = [_list(f"io-{name}", *told[name], "") for name in told if name in sight.ever.lists]
    if parts:
        yield one_row(head, parts, 4)


def _queues(sight: Sight) -> Iterator[Strip]:
    moment = sight.moment
    told = {"inactive": moment.inactive, "active": moment.active, "free": moment.free}
    head = Part("queues", "page queues", ("list",), ("oldest first",))
    parts = [
        _list(f"queue-{name}", name, told[name], "page")
        for name in told
        if name in sight.ever.lists
    ]
    if parts:
        yield one_row(head, parts, ROW)


def _list(id_: str, name: str, things: tuple[str, ...], noun: str) -> Part:
    """List names in a cell: the first ones, and how many there are."""
    if not things:
        return Part(id_, name, ("empty",), ("empty",))
    more = [f"… {len(things) - NAMES} more"] * (len(things) > NAMES)
    how_many = count(len(things), noun) if noun else str(len(things))
    return Part(id_, name, ("list",), (f"{how_many}: {' '.join([*things[:NAMES], *more])}",))
