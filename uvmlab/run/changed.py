"""What a step changed, in words: `flags of p0: BUSY → none; slots 2 to 5: allocated → free`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from uvmlab.run.moment import Change, Changes

MOST: Final = 8  # names in a row; more are counted
NONE: Final = "none"
NULL: Final = "a null page"


class Told(NamedTuple):
    """One change in words; `{}` in `label` is for whom it happened to: a name or a number."""

    label: str
    who: str | int
    old: str
    new: str


MEMBERS: Final = {  # a field that is a set or a queue: whose change, out of it, in it
    "swap_allocated": ("slot{s} {}", "free", "allocated"),
    "bad_slots": ("slot{s} {}", "good", "bad"),
    "pager_map_used": ("pager map page{s} {}", "free", "reserved"),
    "locks_held": ("lock{s} {}", "free", "held"),
    "aio_live": ("I/O descriptor{s} {}", "not there", "there"),
    "aio_inflight": ("I/O {}", "not under way", "under way"),
    "aio_done": ("I/O {}", "not on the done queue", "on the done queue"),
    "inactive": ("{}", "not on the inactive queue", "on the inactive queue"),
    "active": ("{}", "not on the active queue", "on the active queue"),
    "free": ("{}", "not on the free queue", "on the free queue"),
}
WHOLE: Final = {  # a field that is one value
    "swap_slots": "number of swap slots",
    "pager_map_pages": "pages of the pager map",
    "pager_map_wanted": "pager_map_wanted",
    "plan": "plan of the disk",
    "seek_us": "time for a seek (µs)",
    "transfer_us": "time for a page (µs)",
    "now": "time (µs)",
    "thread": "thread that runs",
    "ios": "I/Os so far",
    "first": "place where the cluster begins",
    "npages": "npages of the cluster",
}
ENTRY: Final = {  # a field of a page, an anon or an object
    "pqflags": "queue of {}",
    "modified": "modified bit of {}",
    "referenced": "referenced bit of {}",
    "prot": "protection of {}",
    "owner_tag": "owner tag of {}",
    "swslot": "slot of {}",
    "refs": "references to {}",
}


def changed(changes: Changes) -> str:
    """Say what changed, old → new, like changes in one; an empty text if nothing did."""
    mapped = [change for change in changes if change.field == "arena"]
    alike: dict[tuple[str, str, str], list[str | int]] = {}
    for label, who, old, new in _all(change for change in changes if change.field != "arena"):
        alike.setdefault((label, old, new), []).append(who)
    said = [f"{_label(label, who)}: {old} → {new}" for (label, old, new), who in alike.items()]
    return "; ".join([*said, *_mappings(mapped)])


def _all(changes: Iterable[Change]) -> Iterator[Told]:
    for change in changes:
        if change.field in MEMBERS:
            yield from _members(change)
        elif change.field == "asleep":
            yield from _sleepers(change)
        elif change.field == "array":
            for place, (old, new) in enumerate(zip_longest(change.old, change.new)):
                if old != new:
                    yield Told("place{s} {} of the array", place, value(old), value(new))
        elif change.key is not None:
            yield from _entry(change)
        else:
            yield Told(WHOLE[change.field], "", value(change.old), value(change.new))


def _mappings(changes: list[Change]) -> Iterator[str]:
    """Tell the mappings of one step together: a cluster is mapped out at one stroke."""
    if changes:
        label = _label(
            "mapping{s} at pager map page{s} {}", [int(change.key or 0) for change in changes]
        )
        old = names(change.old for change in changes if change.old)
        new = names(change.new for change in changes if change.new)
        yield f"{label}: {old} → {new}"


def _members(change: Change) -> Iterator[Told]:
    label, out, within = MEMBERS[change.field]
    was: tuple[Any, ...] = change.old or ()
    now: tuple[Any, ...] = change.new or ()
    yield from (Told(label, each, within, out) for each in was if each not in now)
    yield from (Told(label, each, out, within) for each in now if each not in was)
    if (*was[1:], *was[:1]) == now and change.field == "inactive":  # the page daemon looked at it
        yield Told("{}", was[0], "first on the inactive queue", "last")
    elif set(was) == set(now):
        yield Told(f"order of {change.field}", "", names(was), names(now))


def _sleepers(change: Change) -> Iterator[Told]:
    was, now = ({who: on for who, on, _ in sleepers} for sleepers in (change.old, change.new))
    for who in {**was, **now}:
        if was.get(who) != now.get(who):
            said = [f"asleep on {each[who]}" if who in each else "awake" for each in (was, now)]
            yield Told("{}", who, *said)


def _entry(change: Change) -> Iterator[Told]:
    """Tell what changed in a page, an anon or an object."""
    name, old, new = str(change.key), change.old, change.new
    if old is None or new is None:
        yield Told("{}", name, *("there" if each else "not there" for each in (old, new)))
        return
    for each in fields(old):
        was, now = getattr(old, each.name), getattr(new, each.name)
        if was == now:
            continue
        if each.name == "swslots":
            for index in sorted({*was, *now}):
                if was.get(index) != now.get(index):
                    page = f"{name}[{index}]"
                    yield Told("slot of {}", page, value(was.get(index)), value(now.get(index)))
        elif each.name == "dead":
            yield Told("{}", name, *("dead" if dead else "alive" for dead in (was, now)))
        else:
            none = (0, "") if each.name == "swslot" else ()
            said = (NONE if value_ in none else value(value_) for value_ in (was, now))
            yield Told(ENTRY.get(each.name, each.name + " of {}"), name, *said)


def value(found: Any) -> str:
    """Say one value."""
    if found is None or found == ():
        return NONE
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, tuple) and all(isinstance(each, str) for each in found):
        return " ".join(found)
    return str(found)


def _label(label: str, who: list[str | int]) -> str:
    numbers = [each for each in who if isinstance(each, int)]
    said = listed(ranges(numbers)) if numbers else names(who)
    return label.format(said, s="s" * (len(who) > 1))


def ranges(numbers: Iterable[int]) -> list[str]:
    """Put numbers into ranges: `2 to 5`, `7`."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [f"{first} to {last}" if last > first else str(first) for first, last in found]


def names(them: Iterable[Any]) -> str:
    """List names: `p0, p1 and p2`; of very many the first, and how many there are."""
    said = [NULL if each is None else str(each) for each in them]
    if len(said) > MOST:
        return f"{', '.join(said[:MOST])} and {len(said) - MOST} more"
    return listed(said) or NONE


def listed(words: list[str]) -> str:
    """Put words in a row: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
