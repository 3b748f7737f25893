"""The rest of the kernel as `uvm_pager.c` sees it: what the seven functions get as `k`.

Every call out of that file is one entry here, under the name of its event.  With a trace the entries
record themselves; without one they are the plain functions of the other modules, and cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from types import MethodType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, cast

from simpy import Event

from uvmlab.kernel import pmap
from uvmlab.kernel.anon import Anon, anfree
from uvmlab.kernel.cluster import Cluster, plug
from uvmlab.kernel.flags import PAGE_SIZE, PagerResult
from uvmlab.kernel.lock import SimpleLock
from uvmlab.kernel.page import Page, page_own
from uvmlab.kernel.panic import Panic, deref
from uvmlab.kernel.uobject import UvmObject, pagelookup, uao_set_swslot

if TYPE_CHECKING:
    from uvmlab.kernel.aio import AioDesc, AioPointer
    from uvmlab.kernel.machine import Machine
    from uvmlab.kernel.pagermap import PagerMap
    from uvmlab.kernel.pagerops import MapEntry, Pager

Sleeps = Generator[Event, Any, None]
Put = Generator[Event, Any, PagerResult]
Pages = tuple[Page, ...]


class Kernel(Protocol):
    """A table of calls, grouped as in the FORMAT of the golden vectors.  `table` fills one in."""

    # words
    slips: int  # Slip bits
    diagnostic: bool  # compiled with DIAGNOSTIC and DEBUG
    pmap_new: bool  # compiled with PMAP_NEW
    cpus: int
    pager_map: PagerMap
    pager_map_wanted_lock: SimpleLock
    pageq: SimpleLock
    uvmpagerops: tuple[Pager, ...]

    # simple locks, sleeping
    lock: Callable[[SimpleLock], None]
    unlock: Callable[[SimpleLock], None]
    lock_init: Callable[[SimpleLock], None]
    unlock_and_wait: Callable[[Any, SimpleLock], Sleeps]  # events: unlock, sleep, resume
    wakeup: Callable[[Any], None]
    other_cpu: Callable[[], Event]  # yield it where another processor may get in between

    # pages and what the pmap layer knows of them
    pagelookup: Callable[[UvmObject, int], Page | None]  # offset in bytes
    page_own: Callable[[Page, str | None], None]
    pmap_is_modified: Callable[[Page], bool]
    pmap_page_protect: Callable[[Page, int], None]
    pmap_clear_reference: Callable[[Page], None]
    pmap_clear_modify: Callable[[Page], None]

    # what a pager provides
    pgo_init: Callable[[Pager], None]
    pgo_cluster: Callable[[UvmObject, int], tuple[int, int]]  # offset; lo, hi in bytes
    pgo_mk_pcluster: Callable[[UvmObject, Cluster, Page | None, int, int, int], Cluster]  # no event
    pgo_put: Callable[[UvmObject, Pages, int], Put]
    releasepg: Callable[[UvmObject, Page | None], bool]

    # anons and swap
    anfree: Callable[[Anon], None]
    swap_put: Callable[[int, Pages, int], Put]
    swap_free: Callable[[int, int], None]
    uao_set_swslot: Callable[[UvmObject, int, int], None]

    # kernel memory
    km_suballoc: Callable[[int], None]  # bytes
    malloc: Callable[[str, int], AioDesc | None]
    free: Callable[[AioDesc], None]
    tailq_init: Callable[[str], None]
    uvm_map: Callable[[int], int | None]  # pages; address in bytes
    unmap_remove: Callable[[int, int], bool]  # address, pages; was anything mapped?
    unmap_detach: Callable[[], None]
    pmap_enter: Callable[[int, Page], None]
    pmap_kenter_pgs: Callable[[int, Pages], None]  # one event a page

    # saying so
    printf: Callable[[str], None]
    panic: Callable[[str], NoReturn]

    # writing state: each is a write and its note in one
    set: Callable[[Page, int], None]  # PG bits
    clear: Callable[[Page, int], None]
    store: Callable[[Any, str, Any], None]  # object, field, value
    plug: Callable[[Cluster, int, Page | None], None]
    note: Callable[..., None]  # says why; writes nothing

    # the seven themselves, as installed in the machine, each with its `k` in place
    pager_init: Callable[[], None]
    pagermapin: Callable[[Pages, AioPointer | None, int], Generator[Event, Any, int | None]]
    pagermapout: Callable[[int, int], None]
    mk_pcluster: Callable[[UvmObject, Cluster, Page | None, int, int, int], Cluster]
    shareprot: Callable[[MapEntry, int], None]
    pager_put: Callable[[UvmObject | None, Page | None, Cluster, int, int, int], Put]
    dropcluster: Callable[[UvmObject | None, Page | None, Cluster, int, int], None]


def table(m: Machine) -> Kernel:
    """Make the kernel's table for a machine, each call wrapped if it has a trace.

    It is a module, because Python calls what a module holds faster than what an instance holds.
    """
    k: Any = ModuleType("kernel", "The rest of the kernel, as uvm_pager.c sees it.")
    k.slips, k.cpus = int(m.slips), m.cpus
    k.diagnostic, k.pmap_new = m.diagnostic, m.pmap_new
    k.pager_map, k.pager_map_wanted_lock = m.pager_map, m.pager_map.wanted_lock
    k.pageq = m.queues.lock
    k.uvmpagerops = (m.pagers["device"], m.pagers["vnode"])
    for name, call in calls(m).items():
        setattr(k, name, call if m.trace is None else m.trace.wrap(name, call))
    for name, function in m.seven.items():
        setattr(k, name, MethodType(function, k))
    if m.trace is not None:
        k.unlock_and_wait = m.trace.waits(m.locks.unlock, m.sleep.lie_down)
        k.dropcluster = m.swap.while_dropping(k.dropcluster)
    return cast("Kernel", k)


def calls(m: Machine) -> dict[str, Callable[..., Any]]:
    """List the plain function behind every entry of the table that is not one of the seven."""
    return {
        "lock": m.locks.lock,
        "unlock": m.locks.unlock,
        "lock_init": m.locks.lock_init,
        "unlock_and_wait": m.sleep.unlock_and_wait,
        "wakeup": m.sleep.wakeup,
        "other_cpu": m.sleep.other_cpu,
        "pagelookup": pagelookup,
        "page_own": page_own,
        "pmap_is_modified": pmap.pmap_is_modified,
        "pmap_page_protect": pmap.pmap_page_protect,
        "pmap_clear_reference": pmap.pmap_clear_reference,
        "pmap_clear_modify": pmap.pmap_clear_modify,
        "pgo_init": lambda pager: deref(pager.pgo_init)(),
        "pgo_cluster": lambda uobj, offset: uobj.pgops.pgo_cluster(uobj, offset),
        "pgo_mk_pcluster": lambda uobj, *args: deref(uobj.pgops.pgo_mk_pcluster)(uobj, *args),
        "pgo_put": m.pgo_put,
        "releasepg": lambda uobj, page: deref(uobj.pgops.pgo_releasepg)(page),
        "anfree": lambda anon: anfree(anon, m.queues, m.swap),
        "swap_put": lambda slot, pages, flags: m.put(None, slot, pages, flags),
        "swap_free": m.swap.free if m.trace is None else m.swap.drop,
        "uao_set_swslot": uao_set_swslot,
        "km_suballoc": lambda size: m.pager_map.resize(size // PAGE_SIZE),
        "malloc": m.aio.malloc,
        "free": m.aio.free,
        "tailq_init": m.aio.tailq_init,
        "uvm_map": m.pager_map.uvm_map,
        "unmap_remove": m.pager_map.unmap_remove,
        "unmap_detach": lambda: None,
        "pmap_enter": m.pager_map.pmap.pmap_enter,
        "pmap_kenter_pgs": m.pager_map.pmap.pmap_kenter_pgs,
        "printf": m.console.append,
        "panic": panic,
        "set": set_flags,
        "clear": clear_flags,
        "store": setattr,
        "plug": plug,
        "note": note,
    }


def set_flags(page: Page, bits: int) -> None:
    """Set PG bits of a page."""
    page.flags |= bits


def clear_flags(page: Page, bits: int) -> None:
    """Clear PG bits of a page."""
    page.flags &= ~bits


def note(why: str, what: Any = None, more: Any = None) -> None:
    """Say nothing: nobody listens."""


def panic(text: str) -> NoReturn:
    """End everything, with the kernel's text."""
    raise Panic(text)
