"""A machine to play with: the seven functions by name, each call a `Run`.

>>> w = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK")
>>> run = w.machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO")
>>> run
<run of pager_put(p0 p1 p2 p3 p4): OK; 40 events, 18400 µs>
>>> run.events[0]
 498 unlock pageq
>>> [anon.swslot for anon in run.after.state.anons.values()]
[0, 1, 0]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from uvmlab import worlds
from uvmlab.kernel import (
    PAGE_SIZE,
    PG,
    PGO,
    AioPointer,
    Cluster,
    Deadlock,
    Machine,
    MapEntry,
    Page,
    Panic,
    Prot,
    UvmObject,
)
from uvmlab.kernel.acts import make_busy
from uvmlab.kernel.flags import M_NOWAIT, M_WAITOK, OFFSET_MASK, PG_BUSY, member, value
from uvmlab.kernel.kernel import Pages, Put
from uvmlab.kernel.pagedaemon import finish_all, pagedaemon
from uvmlab.run.compare import Again
from uvmlab.run.programs import pages_of, read
from uvmlab.run.recorder import Recorder
from uvmlab.run.run import Run, Steps
from uvmlab.run.turns import order_of, take_turns

Names = str | Iterable[str]  # "p0 p1", or the names one by one
Meanwhile = Iterable[tuple[int, Names, str]]


def world(swap: int = 0) -> World:
    """Begin a world with `swap` slots on its swap device, numbered from 1."""
    return World(worlds.world(swap).state)


class World(worlds.World):
    """A world whose machine tells of each call what came of it."""

    def machine(self, **options: Any) -> LabMachine:  # type: ignore[override]
        """Boot a machine in this state.  `options` are those of `Machine`: `slips`, `diagnostic`, ..."""
        return LabMachine(self, options)


class LabMachine:
    """A machine (`kernel`) whose calls take names, keep the callers' rules, and return a `Run`.

    It is the caller: it takes the locks that a call needs, and makes busy the pages that it hands over.
    Raises: KeyError and ValueError, naming what is legal; a panic or a deadlock is a result.
    """

    def __init__(self, world: worlds.World, options: dict[str, Any]) -> None:
        self.options = options
        self.kernel: Machine = worlds.World.machine(world, **({"trace": True} | options))
        self.pages = {page.name: page for page in self.kernel.pages}
        self.objects = {uobj.name: uobj for uobj in self.kernel.objects}
        self.pointers: list[AioPointer] = []
        self._over: str | None = None

    def __repr__(self) -> str:
        slips = f", slips {self.kernel.slips.name}" if self.kernel.slips else ""
        return f"<machine at {self.kernel.env.now} µs: {World.of(self.kernel)!r}{slips}>"

    # The calls

    def pager_put(
        self,
        pages: Names = "",
        *,
        pg: str | None = None,
        flags: str = "",
        start: int | None = None,
        stop: int | None = None,
        npages: int = 16,
        meanwhile: Meanwhile = (),
    ) -> Run:
        """Write pages: a swap cluster, or the page `pg` of an object with its neighbours.

        `pages`: the swap cluster, in order (`start` is its first slot; if not said, the one that its first page
        has); without them `pg` goes by its object, within `start` and `stop` (bytes) and `npages` of room.
        `flags`: PGO words; `meanwhile`: (number of the I/O, pages, PG words) that others set while it is in flight.
        """
        more = tuple(meanwhile)
        words = value(PGO, flags)
        interest, put = self._page(pg), self._put(more)
        before = World.of(self.kernel)
        if _names(pages):
            cluster = Cluster(self._cluster(pages, interest))
            first = self._first_slot(cluster.pages) if start is None else start
            args: tuple[Any, ...] = None, interest, cluster, words, first, 0
            self._make_busy(cluster.pages)
        else:
            if interest is None or interest.uobject is None:
                raise ValueError("name the pages of a swap cluster, or as pg a page of an object")
            cluster = Cluster(room=_whole("npages", npages, 1))
            lo, hi = start or 0, OFFSET_MASK if stop is None else stop
            args = interest.uobject, interest, cluster, words, lo, hi
            self._make_busy((interest,))
            self._lock(interest.uobject)
        self.kernel.put = put
        self.kernel.locks.lock(self.kernel.queues.lock)
        run = self._run("pager_put", args, f"pager_put({_names(pages) or pg})", cluster)
        if before.state.aio_live:  # a new machine could not go on with I/O that is under way
            return run

        def again(machine: LabMachine, others: tuple[tuple[int, Names, str], ...]) -> Run:
            return machine.pager_put(
                pages,
                pg=pg,
                flags=flags,
                start=start,
                stop=stop,
                npages=npages,
                meanwhile=(*more, *others),
            )

        return replace(run, again=Again(before, again))

    def dropcluster(
        self,
        pages: Names,
        *,
        uobj: str | None = None,
        pg: str | None = None,
        flags: str = "REALLOCSWAP",
        swblk: int | None = None,
    ) -> Run:
        """Drop a cluster: of swap, or of the object `uobj`.  `swblk`: its first slot (as for `pager_put`)."""
        words = value(PGO, flags)
        interest = self._page(pg)
        owner = self._object(uobj) if uobj is not None else None
        cluster = Cluster(self._cluster(pages, interest))
        if swblk is None:
            swblk = 0 if owner is not None else self._first_slot(cluster.pages)
        self._make_busy(cluster.pages)
        self._lock(owner)
        args = owner, interest, cluster, words, swblk
        return self._run("dropcluster", args, f"dropcluster({_names(pages)})", cluster)

    def mk_pcluster(
        self,
        center: str,
        *,
        flags: str = "ALLPAGES",
        npages: int = 16,
        lo: int = 0,
        hi: int = OFFSET_MASK,
    ) -> Run:
        """Build a cluster around the page `center` of an object; `lo` and `hi` in bytes."""
        words = value(PGO, flags)
        page = self._needed_page(center)
        if page.uobject is None:
            raise ValueError(f"{center} belongs to no object, so it has no neighbours")
        cluster = Cluster(room=_whole("npages", npages, 1))
        self._make_busy((page,))
        self._lock(page.uobject)
        self.kernel.locks.lock(self.kernel.queues.lock)
        args = page.uobject, cluster, page, words, lo, hi
        return self._run("mk_pcluster", args, f"mk_pcluster({center})", cluster)

    def pagermapin(self, pages: Names, *, wait: bool = True, aio: bool = False) -> Run:
        """Map pages into the pager map; `wait`: sleep for room; `aio`: ask for a descriptor."""
        mapped = self._cluster(pages, None)
        self._make_busy(mapped)
        pointer = AioPointer() if aio else None
        if pointer is not None:
            self.pointers.append(pointer)
        args = mapped, pointer, M_WAITOK if wait else M_NOWAIT
        run = self._run("pagermapin", args, f"pagermapin({_names(pages)})")
        if isinstance(run.result, int):
            self.kernel.pager_map.live[run.result] = len(mapped)
        return run

    def pagermapout(self, kva: int, npages: int) -> Run:
        """Unmap `npages` pages from the address `kva` (bytes) of the pager map on."""
        args = _whole("kva", kva, 0), _whole("npages", npages, 1)
        self.kernel.pager_map.live.pop(kva, None)
        return self._run("pagermapout", args, f"pagermapout({kva}, {npages})")

    def together(self, order: str = "", **programs: str) -> Run:
        """Run threads side by side: `together("B A B A", A="pagermapin p0; write 400; pagermapout", B=...)`.

        A program maps pages in, with NOWAIT or AIO if it says so, writes for some µs, and maps out what it mapped
        in last.  `order`: whose turn it is; when it is used up, that of whoever has waited longest.
        """
        threads = read(programs)
        turns = order_of(order, threads)
        self._make_busy(tuple(map(self._needed_page, pages_of(threads))))
        said = f"together({', '.join(threads)}{'; ' * bool(turns)}{' '.join(turns)})"
        return self._watched(said, lambda: take_turns(self.kernel, threads, self.pages, turns))

    def shareprot(self, uobj: str, prot: str, *, start: int = 0, end: int | None = None) -> Run:
        """Lower the protection of an object's pages from `start` to `end` (bytes) to NONE or READ."""
        owner = self._object(uobj)
        stop = owner.size * PAGE_SIZE if end is None else end
        entry = MapEntry(start, stop, start, owner)
        return self._run("shareprot", (entry, member(Prot, prot)), f"shareprot({uobj}, {prot})")

    def finish(self) -> Run:
        """Let the I/O that is under way come to its end, and finish it as the page daemon does."""

        def body() -> int:
            self.kernel.run()
            return finish_all(self.kernel)

        return self._watched("finish", body)

    def pagedaemon(self, free: int, *, sync: bool = False) -> Run:
        """Run the page daemon until `free` pages are free or nothing is left to try."""

        def body() -> Any:
            thread = self.kernel.thread("pagedaemon", pagedaemon(self.kernel, free, sync=sync))
            self.kernel.run()
            return thread.result

        return self._watched(f"pagedaemon({free})", body)

    # How a call is made

    def _run(
        self, function: str, args: tuple[Any, ...], said: str, cluster: Cluster | None = None
    ) -> Run:
        return self._watched(said, lambda: self.kernel.call(function, *args), cluster)

    def _watched(self, call: str, body: Callable[[], Any], cluster: Cluster | None = None) -> Run:
        if self._over is not None:
            raise ValueError(f"this machine has ended in a {self._over}: boot a new one")
        m, printed = self.kernel, len(self.kernel.console)
        recorder = Recorder(m, cluster)
        text = None
        try:
            result = body()
        except (Panic, Deadlock) as end:
            result = self._over = "panic" if isinstance(end, Panic) else "deadlock"
            text = str(end)
        recorder.stop(result)
        return Run(
            call,
            result,
            text,
            recorder.base,
            Steps(recorder.steps),
            tuple(recorder.changes),
            tuple(recorder.threads),
            tuple(recorder.times),
            tuple(page.name for page in cluster.pages if page) if cluster else (),
            tuple(m.console[printed:]),
            self.options,
            World,
        )

    def _put(self, meanwhile: Meanwhile) -> Callable[[UvmObject | None, int, Pages, int], Put]:
        """Make the put that sets what others set while it is under way."""
        planned = [
            (io, self._cluster(names, None), value(PG, flags)) for io, names, flags in meanwhile
        ]
        original, first = self.kernel.start_put, self.kernel.disk.ios

        def put(uobj: UvmObject | None, slot: int, pages: Pages, flags: int) -> Put:
            for io, names, bits in planned:
                if io == self.kernel.disk.ios - first:
                    for page in names:
                        page.flags |= bits
            return original(uobj, slot, pages, flags)

        return put

    def _page(self, name: str | None) -> Page | None:
        return None if name is None else self._needed_page(name)

    def _needed_page(self, name: str) -> Page:
        if name not in self.pages:
            raise KeyError(f"no page {name!r}; legal: {', '.join(self.pages) or 'there is none'}")
        page = self.pages[name]
        if page.owner is None:
            raise ValueError(f"page {name} is free")
        return page

    def _object(self, name: str) -> UvmObject:
        if name not in self.objects:
            raise KeyError(
                f"no object {name!r}; legal: {', '.join(self.objects) or 'there is none'}"
            )
        return self.objects[name]

    def _cluster(self, names: Names, interest: Page | None) -> Pages:
        said = _names(names)
        pages = tuple(self._needed_page(name) for name in said.split())
        if not pages:
            raise ValueError("name at least one page")
        if len(set(pages)) < len(pages):
            raise ValueError(f"a page is named twice: {said}")
        if interest is not None and interest not in pages:
            raise ValueError(f"the page of interest, {interest.name}, is not among {said}")
        return pages

    def _first_slot(self, pages: Pages) -> int:
        slots = [
            page.uanon.an_swslot
            if page.uanon is not None
            else page.uobject.swslots.get(page.offset // PAGE_SIZE, 0)
            if page.uobject is not None
            else 0
            for page in pages
        ]
        if slots[0] == 0 or slots != list(range(slots[0], slots[0] + len(slots))):
            raise ValueError(
                "the pages of a swap cluster have slots in a row; here "
                + ", ".join(
                    f"{page.name} has {slot or 'none'}"
                    for page, slot in zip(pages, slots, strict=True)
                )
            )
        return slots[0]

    def _make_busy(self, pages: Pages) -> None:
        for page in pages:
            if not page.flags & PG_BUSY:
                make_busy(page, "caller")

    def _lock(self, uobj: UvmObject | None) -> None:
        if uobj is not None:
            self.kernel.locks.lock(uobj.vmobjlock)


def _names(names: Names) -> str:
    return names if isinstance(names, str) else " ".join(names)


def _whole(what: str, number: int, least: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < least:
        raise ValueError(f"{what} is a whole number, {least} or more, not {number!r}")
    return number
