"""The pager map's arena in the drawing of a run: what is mapped where."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from uvmlab.draw.describe import FREE, Facts, count
from uvmlab.draw.scene import Part, alike, part_id
from uvmlab.draw.strips import Strip, one_row
from uvmlab.draw.union import Sight
from uvmlab.kernel.pmap import ELSEWHERE
from uvmlab.run.moment import Changes, Moment


def arena_strip(sight: Sight) -> Iterator[Strip]:
    """Show each page that is ever mapped or let go of; fold those to which nothing happens."""
    moment = sight.moment
    used = set(moment.pager_map_used)
    parts: list[Part] = []
    begin = 0
    for first, last, facts in _runs(sight, used):
        if begin < first:
            parts += alike("arena", "page", begin, first - 1, FREE)
        parts += _mappings(moment, first, last, facts)
        begin = last + 1
    rest = alike("arena", "page", begin, moment.pager_map_pages - 1, FREE)
    yield one_row(_arena_head(moment), [*parts, *rest])


def _arena_head(moment: Moment) -> Part:
    in_use = f"{len(moment.pager_map_used)} of {count(moment.pager_map_pages, 'page')} in use"
    words = (in_use, *["somebody waits for room"] * moment.pager_map_wanted)
    return Part("arena", "pager map", ("list",), words)


def _mappings(moment: Moment, first: int, last: int, facts: Facts) -> Iterator[Part]:
    """Show a run of pages of the arena in which the same is mapped, linked with what it is."""
    partners = tuple([part_id("page", page) for page in facts.words if page in moment.pages])
    return alike("arena", "page", first, last, facts, partners)


def arena_after(sight: Sight, changes: Changes) -> Iterator[Part]:
    """Yield the head and the pages to which something has happened."""
    moment = sight.moment
    indexes: set[Any] = {change.key for change in changes if change.field == "arena"}
    for change in changes:
        if change.field == "pager_map_used":
            indexes |= set(change.old) ^ set(change.new)
    yield _arena_head(moment)
    for index in sorted(indexes):
        used = index in moment.pager_map_used
        facts = _mapped(moment.arena.get(index)) if used else FREE
        yield from _mappings(moment, index, index, facts)


def _runs(sight: Sight, used: set[int]) -> Iterator[tuple[int, int, Facts]]:
    """Yield the pages to which something happens one by one, and the others in use in runs: first, last, facts."""
    arena, touched = sight.moment.arena, sight.ever.arena
    quiet = [(index, _mapped(arena.get(index))) for index in sorted(used - touched)]
    runs = [
        (index, index, _mapped(arena.get(index)) if index in used else FREE) for index in touched
    ]
    for _, run in groupby(enumerate(quiet), lambda item: (item[1][0] - item[0], item[1][1])):
        same = [index for _, (index, _) in run]
        runs.append((same[0], same[-1], _mapped(arena.get(same[0]))))
    yield from sorted(runs)


def _mapped(what: str | None) -> Facts:
    if what is None:
        return RESERVED
    return MAPPED_ELSEWHERE if what == ELSEWHERE else Facts(("mapped",), (what,))


RESERVED: Final = Facts(("reserved",), ("reserved",))
MAPPED_ELSEWHERE: Final = Facts(("elsewhere",), ("elsewhere",))
