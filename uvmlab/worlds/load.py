"""From a state to a machine that is in it, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from uvmlab.kernel.anon import Anon
from uvmlab.kernel.flags import PG, PG_BUSY, PQ, Prot, value, words
from uvmlab.kernel.machine import Machine
from uvmlab.kernel.page import Page
from uvmlab.kernel.uobject import UvmObject
from uvmlab.worlds.state import AnonState, ObjectState, PageState, State

T = TypeVar("T")
S = TypeVar("S")
Say = Callable[[list[T]], dict[str, S]]


HARDWARE: Final = (  # what a state and a `Machine` call the same
    "swap_slots", "bad_slots", "pager_map_pages", "pager_map_used", "plan", "seek_us", "transfer_us",
)  # fmt: skip


def boot(state: State, **options: Any) -> Machine:
    """Boot a machine and put it into this state.

    `options`: those of `Machine` that a state does not hold.
    Raises: TypeError for one that it does.
    """
    twice = [name for name in HARDWARE if name in options]
    if twice:
        raise TypeError(f"{', '.join(twice)}: that is the world's to say, not the machine's")
    m = Machine(**{name: getattr(state, name) for name in HARDWARE}, **options)
    m.pager_map.wanted = state.pager_map_wanted
    owners: dict[str, Anon | UvmObject] = {}
    for anon in state.anons.values():
        owners[anon.name] = made = Anon(anon.name, anon.swslot, anon.refs)
        made.dead = anon.dead
        m.anons.append(made)
    block = state.swap_slots + 1  # files lie behind the swap slots
    for each in state.objects.values():
        owners[each.name] = uobj = UvmObject(
            each.name,
            m.pagers[each.pager],
            each.size,
            aligned=each.cluster == "aligned",
            window=each.window,
            kill=each.kill,
            block=block,
        )
        uobj.swslots, uobj.dead = dict(each.swslots), each.dead
        block += each.size
        m.objects.append(uobj)
    for slot in state.allocated:
        m.swap.take(slot)
    for page in state.pages.values():
        _load_page(m, page, owners)
    return m


def _load_page(m: Machine, state: PageState, owners: dict[str, Anon | UvmObject]) -> None:
    page = Page(state.name, state.offset, value(PG, state.flags), value(PQ, state.pqflags))
    page.modified, page.referenced = state.modified, state.referenced
    page.prot = Prot[state.prot]
    page.owner_tag = state.owner_tag
    owner = owners[state.owner] if state.owner is not None else None
    if isinstance(owner, Anon):
        page.uanon, owner.u_page = owner, page
    elif owner is not None:
        page.uobject = owner
        owner.memq[page.offset] = page
    queue = m.queues.of(page)
    if queue is not None:
        queue[page] = None
    if page.flags & PG_BUSY:
        m.loaded_busy.add(page)
    m.pages.append(page)


def snapshot(m: Machine, pages: Say[Page, PageState], anons: Say[Anon, AnonState]) -> State:
    """Read the state that a machine is in; what was freed keeps its name.

    `pages`, `anons`: how to say theirs (`page_states`, `anon_states`, or what remembers them).
    """
    return State(
        pages=pages(m.pages),
        anons=anons(m.anons),
        objects={uobj.name: _object_state(uobj) for uobj in m.objects},
        swap_slots=m.swap.nslots,
        bad_slots=tuple(m.swap.bad),
        swap_allocated=tuple(m.swap.allocated),
        pager_map_pages=m.pager_map.npages,
        pager_map_used=tuple(m.pager_map.mapped),
        pager_map_wanted=m.pager_map.wanted,
        plan=m.disk.plan,
        seek_us=m.disk.seek_us,
        transfer_us=m.disk.transfer_us,
        locks_held=tuple(lock.name for lock in m.locks.held),
        aio_live=tuple(aio.name for aio in m.aio.live),
        aio_done=tuple(aio.name for aio in m.aio.done),
    )


def page_states(pages: list[Page]) -> dict[str, PageState]:
    """Say what is true of each page, by name."""
    return {page.name: page_state(page) for page in pages}


def anon_states(anons: list[Anon]) -> dict[str, AnonState]:
    """Say what is true of each anon, by name."""
    return {anon.name: anon_state(anon) for anon in anons}


def anon_state(anon: Anon) -> AnonState:
    """Say what is true of an anon."""
    return AnonState(anon.name, anon.an_swslot, anon.an_ref, anon.dead)


def page_state(page: Page) -> PageState:
    """Say what is true of a page."""
    return PageState(
        page.name,
        page.owner.name if page.owner is not None else None,
        page.offset,
        tuple(words(PG, page.flags)),
        tuple(words(PQ, page.pqflags)),
        page.modified,
        page.referenced,
        Prot(page.prot).name,
        page.owner_tag,
    )


def _object_state(uobj: UvmObject) -> ObjectState:
    return ObjectState(
        uobj.name,
        uobj.pgops.name,
        uobj.size,
        "aligned" if uobj.aligned else "forward",
        uobj.window,
        uobj.kill,
        dict(sorted(uobj.swslots.items())),
        uobj.dead,
    )
