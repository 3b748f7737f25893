"""What a run has made of each thing of the state, one value after the other; and how a difference is said."""

from __future__ import annotations

from typing import Any, Final

from uvmlab.check.judge import shown
from uvmlab.run import Run
from uvmlab.run.moment import BY_KEY, NAMES
from uvmlab.worlds import AnonState, ObjectState, PageState

Thing = tuple[str, str, str]  # its sort (see WORDS), whose, which
Values = list[tuple[int, Any]]  # the step at which it became so, and what; -1: before the first
History = dict[Thing, Values]

OF_PAGE: Final = ("owner", "modified", "referenced", "prot", "owner_tag")
WORDS: Final = {  # it has not lost, not got; it has lost, has got what the engine leaves
    "flag": (
        "{0} keeps {1}; the engine has taken it off",
        "{0} has no {1}; the engine has set it",
        "{0} loses {1}; the engine leaves it on",
        "{0} gets {1}; the engine does not set it",
    ),
    "slot": (
        "slot {0} is still allocated; the engine has freed it",
        "slot {0} is still free; the engine has allocated it",
        "slot {0} becomes free; the engine keeps it",
        "slot {0} is allocated; the engine leaves it free",
    ),
    "lock": (
        "{0} is still locked; the engine has let it go",
        "{0} is not locked; the engine has taken it",
        "{0} is let go; the engine keeps it",
        "{0} is locked; the engine does not take it",
    ),
    "cluster": (
        "{0} is still in the cluster; the engine has taken it out",
        "{0} is not in the cluster; the engine has put it in",
        "{0} leaves the cluster; the engine keeps it",
        "{0} comes into the cluster; the engine leaves it out",
    ),
}
NOTHING: Final[Values] = [(-1, None)]


def history(run: Run) -> History:
    """Follow each thing through a run."""
    found: History = {}
    for name in NAMES:
        whole = getattr(run.base, name)
        for each in whole.values() if name in BY_KEY else [whole]:
            found |= {thing: [(-1, value)] for thing, value in _things(name, each).items()}
    for number, changes in enumerate(run.changes):
        for change in changes:
            was, now = _things(change.field, change.old), _things(change.field, change.new)
            for thing in {**was, **now}:
                if was.get(thing) != now.get(thing):
                    found.setdefault(thing, [*NOTHING]).append((number, now.get(thing)))
    return found


def _things(field: str, value: Any) -> dict[Thing, Any]:
    """Take an entry of a moment apart."""
    match field, value:
        case "pages", PageState(name=name):
            flags = {("flag", name, word): True for word in (*value.flags, *value.pqflags)}
            return flags | {("value", name, each): getattr(value, each) for each in OF_PAGE}
        case "anons", AnonState(name=name):
            return {("value", name, each): getattr(value, each) for each in ("swslot", "dead")}
        case "objects", ObjectState(name=name):
            slots = {("value", name, f"swslots[{i}]"): slot for i, slot in value.swslots.items()}
            return slots | {("value", name, "dead"): value.dead}
        case "swap_allocated", tuple():
            return {("slot", str(slot), ""): True for slot in value}
        case "locks_held", tuple():
            return {("lock", name, ""): True for name in value}
        case "array" | "first" | "npages", _:
            return {("array", "cluster", field): value}
    return {}


def members(things: History, end: int) -> Values:
    """Follow which pages are in the cluster, until a step."""
    values = [
        until(things.get(("array", "cluster", each), NOTHING), end)
        for each in ("array", "first", "npages")
    ]
    found: Values = []
    for step in sorted({step for each in values for step, _ in each}):
        array, first, npages = (until(each, step + 1)[-1][1] for each in values)
        pages = (array or ())[first or 0 :][: npages or 0]
        if not found or found[-1][1] != pages:
            found.append((step, pages))
    return found


def whether(page: str, members: Values) -> Values:
    """Follow whether a page is in a cluster."""
    found = [(step, page in pages) for step, pages in members]
    return [each for i, each in enumerate(found) if not i or each[1] != found[i - 1][1]]


def ends(values: Values) -> Values:
    """Leave out what was so between the first and the last."""
    return [values[0], *values[1:][-1:]]


def until(values: Values, end: int) -> Values:
    """Leave out what became so at step `end` or later."""
    return [each for each in values if each[0] < end]


def words(thing: Thing, mine: Any, right: Any, *, done: bool) -> str:
    """Say how a thing differs; `done`: the learner has changed it, and not left it as it was."""
    sort, name, what = thing
    if sort in WORDS:
        keeps, lacks, loses, gets = WORDS[sort]
        said = (gets if mine else loses) if done else (keeps if mine else lacks)
        return f"{said}.".format(name, what)
    one, other = shown(mine), shown(right)
    if done:
        return f"{name}.{what} becomes {one}; in the engine it is {other}."
    return f"{name}.{what} is still {one}; the engine has made it {other}."
