"""The half that judges: it compares what was observed with what the engine does, and never runs a learner's code.

Behaviour counts and not text: the events, what the calls gave, the state after.  Where nobody can tell in which order
two events happened, either order is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import Any, Final, NamedTuple

Observed = dict[str, Any]
Event = list[Any]

ASIDE: Final = frozenset(
    [
        "page_own",
        "pmap_clear_modify",
        "pmap_clear_reference",
        "pmap_is_modified",
        "pmap_page_protect",
        "uao_set_swslot",
        "wakeup",
    ]
)
LOOKS: Final = frozenset(
    ["panic", "pagelookup", "pgo_cluster"]
)  # how it ended, and what changes nothing
ANY_TIME: Final = frozenset(["swap_free"])  # while nobody sleeps, nobody else asks for a slot
BESIDES: Final = ASIDE | {"printf"}  # what somebody may call too much where few calls count
MOST_SLOTS: Final = 64  # of a call that frees some: more than a world of the cases has
TAKEN: Final = " taken"  # behind the name of a lock: it is about to be taken
YOUR: Final = "Your "  # how a sentence about the learner's own code begins
MOST: Final = 3  # differences that a learner is told of


def in_order(events: list[Event]) -> list[Event]:
    """Put events into one order of all those that nobody can tell apart.

    What is done to a page, and who is woken for it, is nobody else's business until the next lock, sleep or page
    that is freed; slots are freed at any time before the next put, in one call or one by one; and it is all the
    same whose lock is taken and let go first, as long as nothing else comes between.
    """
    found: list[Event] = []
    aside: list[Event] = []
    freed: list[Event] = []
    begin = 0  # where what follows the last put begins
    for event in events:
        kind = event[0]
        if kind in LOOKS:
            continue
        if kind in ASIDE:
            aside.append(event)
        elif kind in ANY_TIME:
            freed += _one_by_one(event)
        else:
            found += [*sorted(aside, key=repr), event]
            aside = []
            if kind in ("swap_put", "pgo_put"):
                found[begin:begin] = sorted(freed, key=repr)
                freed, begin = [], len(found)
    found += sorted(aside, key=repr)
    found[begin:begin] = sorted(freed, key=repr)
    return _by_lock(found)


def _by_lock(events: list[Event]) -> list[Event]:
    """Put what is done under one lock after the other into the order of the locks."""
    found: list[Event] = []
    row: list[list[Event]] = []
    while events:
        n = _under_lock(events)
        if n:
            row.append(events[:n])
        else:
            found += [*chain(*sorted(row, key=repr)), events[0]]
            row = []
        events = events[n or 1 :]
    return [*found, *chain(*sorted(row, key=repr))]


def _under_lock(events: list[Event]) -> int:
    """Count the events from a lock to its unlock, with no other lock between; an anon may be freed then, too."""
    (kind, *args), *others = events
    if kind != "lock":
        return 0
    for n, (kind, *named) in enumerate(others, 2):
        if kind == "lock" or (kind == "unlock" and named != args):
            return 0
        if kind == "unlock":
            last = others[n - 1 : n]
            return n + (last == [["anfree", str(args[0]).removeprefix("anon:")]])
    return 0


def _one_by_one(event: Event) -> list[Event]:
    """Take a call that frees slots apart; one that frees what nobody has stays whole."""
    match event:
        case [kind, int(slot), int(n)] if n <= MOST_SLOTS:
            return [[kind, each, 1] for each in range(slot, slot + n)]
    return [event]


def differences(mine: Observed, right: Observed) -> Iterator[str]:
    """Yield in sentences how what was observed differs from what is right."""
    yield from _ends(mine["ends"], right["ends"])
    if raised(mine):
        return  # what it raised says it all
    calls = list(_events(in_order(mine["events"]), in_order(right["events"])))
    yield from calls or _locked(mine["left"], right["left"])
    yield from _states(mine["after"], right["after"], "")


def raised(mine: Observed) -> bool:
    """Whether the learner's function raised something, or went on and on."""
    return any(str(said).startswith(YOUR) for _, said in mine["ends"])


def _ends(mine: list[Any], right: list[Any]) -> Iterator[str]:
    for (result, said), (wanted, text) in zip(mine, right, strict=False):
        if said != text or result != wanted:
            here, there = _end(result, said), _end(wanted, text)
            yield (
                f"{said}."
                if str(said).startswith(YOUR)
                else f"It ends with {here}, and should end with {there}."
            )
            return


def _end(result: Any, said: str | None) -> str:
    return f"{result}: {said}" if said else shown(result)


def _events(mine: list[Event], right: list[Event]) -> Iterator[str]:
    found = mismatch(mine, right)
    if found:
        yield found.why


class Mismatch(NamedTuple):
    """The first place at which two rows of events differ, and what stands there; None: that row has ended.

    `missing`: the right event does not come later either; `much`: mine is not to come at all any more.
    """

    at: int
    one: Any
    other: Any
    missing: bool
    much: bool

    @property
    def why(self) -> str:
        """Say it in a sentence."""
        if self.one is None:
            return f"The call {said(self.other)} is missing, at the end."
        if self.other is None:
            return f"The call {said(self.one)} is too much, at the end."
        if self.missing and not self.much:
            return f"The call {said(self.other)} is missing."
        if self.much and not self.missing:
            return f"The call {said(self.one)} is too much."
        return f"It calls {said(self.one)}, where the next call should be {said(self.other)}."


def mismatch(mine: list[Event], right: list[Event]) -> Mismatch | None:
    """Find where two rows of events differ first; where only their order does there, what is missing anywhere."""
    for i, (one, other) in enumerate(zip_longest(mine, right)):
        if one == other:
            continue
        missing, much = other not in mine[i:], one not in right[i:]
        for n, event in enumerate(right[i:], i) if not (missing or much) else ():
            if mine.count(event) < right.count(event):
                return Mismatch(n, one, event, missing=True, much=False)
        return Mismatch(i, one, other, missing, much)
    return None


def _locked(mine: list[Any], right: list[Any]) -> Iterator[str]:
    """Yield what differs in what a lock guards when it is taken for the first time, or let go for the last time."""
    found, wanted = _guards(mine), _guards(right)
    for lock, other in wanted.items():
        name, taken, _ = lock.partition(TAKEN)
        when = f"Already when {name} is locked," if taken else f"When {name} is unlocked,"
        yield from _states(found.get(lock), other, "", when)


def _guards(said: list[Any]) -> dict[str, Any]:
    """Keep the first time that each lock is taken, and the last time that it is let go."""
    first = {lock: state for lock, state in reversed(said) if lock.endswith(TAKEN)}
    return first | {lock: state for lock, state in said if not lock.endswith(TAKEN)}


def of_kinds(events: list[Event], kinds: frozenset[str] | None) -> list[Event]:
    """Leave out the events that do not count, if not all do, and their order with them."""
    if kinds is None:
        return events
    return sorted((event for event in events if event[0] in kinds), key=repr)


def counted(observed: Observed, kinds: frozenset[str] | None) -> Observed:
    """Leave out what does not count, where but some events do."""
    if kinds is None:
        return observed
    return observed | {"events": of_kinds(observed["events"], kinds), "left": []}


def said(event: Event) -> str:
    """Write an event as a learner reads it."""
    kind, *args = event
    words = [" ".join(map(str, arg)) if isinstance(arg, list) else str(arg) for arg in args]
    return " ".join([kind, *words])


def _states(mine: Any, right: Any, where: str, when: str = "Afterwards") -> Iterator[str]:
    """Yield what differs in two states, entry by entry; 4.0 is no slot, and False no 0."""
    if mine == right and repr(mine) == repr(right):
        return
    if isinstance(mine, dict) and isinstance(right, dict):
        for key in dict.fromkeys([*right, *mine]):
            place = f"{where}.{key}" if where else key
            yield from _states(mine.get(key), right.get(key), place, when)
    elif _named(mine) and _named(right):
        one, other = ({each["name"]: each for each in side} for side in (mine, right))
        for name in dict.fromkeys([*other, *one]):
            yield from _states(one.get(name), other.get(name), name, when)
    elif shown(mine) == shown(right) == "nothing":
        yield f"{when} {where} is {'gone' if mine is None else 'there, and should not be'}."
    else:
        yield f"{when} {where} is {shown(mine)}, and should be {shown(right)}."


def _named(side: Any) -> bool:
    return isinstance(side, list) and all(
        isinstance(each, dict) and "name" in each for each in side
    )


def shown(value: Any) -> str:
    """Write a value as a learner reads it."""
    if value is None or value in ([], {}):
        return "nothing"
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
