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
from typing import Any, Final

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
from uvmlab.kernel.cluster import MOST
from uvmlab.kernel.flags import M_NOWAIT, M_WAITOK, OFFSET_MASK, PG_BUSY, member, value
from uvmlab.kernel.kernel import Pages, Put
from uvmlab.kernel.legal import known, several, truth, whole
from uvmlab.kernel.lock import SimpleLock
from uvmlab.kernel.pagedaemon import finish_all, pagedaemon
from uvmlab.kernel.panic import deref
from uvmlab.run.again import Again, Call, Otherwise, repeatable
from uvmlab.run.programs import pages_of, read
from uvmlab.run.recorder import Recorder
from uvmlab.run.run import Run, Steps
from uvmlab.run.turns import order_of, take_turns

Names = str | Iterable[str]  # "p0 p1", or the names one by one
Meanwhile = Iterable[tuple[int, Names, str]]
SHAPE: Final = "(number of the I/O, pages, PG words)"


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
    `calls` are those so far, and `otherwise` what is to go otherwise in them: their runs can be made again.
    Raises: KeyError, ValueError or TypeError, naming what is legal; a panic or a deadlock is a result.
    """

    def __init__(self, world: worlds.World, options: dict[str, Any]) -> None:
        self.world, self.options = World.in_state(world.state), options
        self.calls: list[Call] = []
        self.otherwise: tuple[Otherwise, ...] = ()
        self.kernel: Machine = worlds.World.machine(world, **({"trace": True} | options))
        self.pages = {page.name: page for page in self.kernel.pages}
        self.objects = {uobj.name: uobj for uobj in self.kernel.objects}
        self.pointers: list[AioPointer] = []
        self._over: str | None = None

    def __repr__(self) -> str:
        slips = f", slips {self.kernel.slips.name}" if self.kernel.slips else ""
        return f"<machine at {self.kernel.env.now} µs: {World.of(self.kernel)!r}{slips}>"

    # The calls

    @repeatable
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
        said, words, interest = _names(pages), value(PGO, flags), self._page(pg, "pg")
        room, put = whole("npages", npages, 1, MOST), self._put(meanwhile)
        lo = 0 if start is None else whole("start", start, 0, OFFSET_MASK)
        hi = OFFSET_MASK if stop is None else whole("stop", stop, 0, OFFSET_MASK)
        if said:
            owner, busy = None, self._cluster(said, interest)
            first = self._first_slot(busy) if start is None else self._slot("start", start)
            cluster = Cluster(busy)
            args: tuple[Any, ...] = None, interest, cluster, words, first, 0
        else:
            if interest is None or interest.uobject is None:
                raise ValueError("name the pages of a swap cluster, or as pg a page of an object")
            cluster, owner, busy = Cluster(room=room), interest.uobject, (interest,)
            if owner.pgops.pgo_mk_pcluster is not None:
                self._needs_center(interest, words, lo, hi)
            args = owner, interest, cluster, words, lo, hi
        self._begin(busy, owner, pageq=True)
        self.kernel.put = put
        try:
            return self._run("pager_put", args, f"pager_put({said or pg})", cluster)
        finally:
            self.kernel.put = self.kernel.start_put

    @repeatable
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
        said, words, interest = _names(pages), value(PGO, flags), self._page(pg, "pg")
        owner = known("object", uobj, self.objects) if uobj is not None else None
        cluster = Cluster(self._cluster(said, interest))
        if swblk is not None:
            first = self._slot("swblk", swblk)
        else:
            first = 0 if owner is not None else self._first_slot(cluster.pages)
        self._begin(cluster.pages, owner)
        args = owner, interest, cluster, words, first
        return self._run("dropcluster", args, f"dropcluster({said})", cluster)

    @repeatable
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
        words, page = value(PGO, flags), self._needed_page(center, "center")
        if page.uobject is None:
            raise ValueError(f"center: {center} belongs to no object, so it has no neighbours")
        lo, hi = whole("lo", lo, 0, OFFSET_MASK), whole("hi", hi, 0, OFFSET_MASK)
        self._needs_center(page, words, lo, hi)
        cluster = Cluster(room=whole("npages", npages, 1, MOST))
        self._begin((page,), page.uobject, pageq=True)
        args = page.uobject, cluster, page, words, lo, hi
        return self._run("mk_pcluster", args, f"mk_pcluster({center})", cluster)

    @repeatable
    def pagermapin(self, pages: Names, *, wait: bool = True, aio: bool = False) -> Run:
        """Map pages into the pager map; `wait`: sleep for room; `aio`: ask for a descriptor."""
        said = _names(pages)
        mapped, waitf = self._cluster(said, None), M_WAITOK if truth("wait", wait) else M_NOWAIT
        pointer = AioPointer() if truth("aio", aio) else None
        self._begin(mapped)
        if pointer is not None:
            self.pointers.append(pointer)
        run = self._run("pagermapin", (mapped, pointer, waitf), f"pagermapin({said})")
        if isinstance(run.result, int):
            self.kernel.pager_map.live[run.result] = len(mapped)
        return run

    @repeatable
    def pagermapout(self, kva: int, npages: int) -> Run:
        """Unmap `npages` pages from the address `kva` (bytes) of the pager map on."""
        arena = self.kernel.pager_map.npages
        if whole("kva", kva, 0, arena * PAGE_SIZE - 1) % PAGE_SIZE:
            raise ValueError(f"kva is a multiple of {PAGE_SIZE}, not {kva}")
        args = kva, whole("npages", npages, 1, arena - kva // PAGE_SIZE)
        self.kernel.pager_map.live.pop(kva, None)
        return self._run("pagermapout", args, f"pagermapout({kva}, {npages})")

    @repeatable
    def together(self, order: str = "", **programs: str) -> Run:
        """Run threads side by side: `together("B A B A", A="pagermapin p0; write 400; pagermapout", B=...)`.

        A program maps pages in, with NOWAIT or AIO if it says so, writes for some µs, and maps out what it mapped
        in last.  `order`: whose turn it is; when it is used up, that of whoever has waited longest.

        >>> m = world().vnode("f0", 6).arena(4).machine(cpus=2)
        >>> run = m.together("B A B A", A="pagermapin p0 p1", B="pagermapin p2 p3 p4; pagermapout")
        >>> run.said
        'deadlock: A has slept on pager_map since 0 µs; nobody that is left could have woken it'
        """
        threads = read(programs)
        turns = order_of(order, threads)
        self._begin(tuple(map(self._needed_page, pages_of(threads))))
        said = f"together({', '.join(threads)}{'; ' * bool(turns)}{' '.join(turns)})"
        return self._watched(said, lambda: take_turns(self.kernel, threads, self.pages, turns))

    @repeatable
    def shareprot(self, uobj: str, prot: str, *, start: int = 0, end: int | None = None) -> Run:
        """Lower the protection of an object's pages from `start` to `end` (bytes) to NONE or READ."""
        owner = known("object", uobj, self.objects)
        whole("start", start, 0, OFFSET_MASK)
        stop = owner.size * PAGE_SIZE if end is None else whole("end", end, 0, OFFSET_MASK)
        args = MapEntry(start, stop, start, owner), member(Prot, prot, "prot")
        return self._run("shareprot", args, f"shareprot({uobj}, {prot})")

    @repeatable
    def finish(self) -> Run:
        """Let the I/O that is under way come to its end, and finish it as the page daemon does."""

        def body() -> int:
            self.kernel.run()
            with self.kernel.panics():
                return finish_all(self.kernel)

        return self._watched("finish", body)

    @repeatable
    def pagedaemon(self, free: int, *, sync: bool = False) -> Run:
        """Run the page daemon until `free` pages are free or nothing is left to try."""
        whole("free", free)
        truth("sync", sync)

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

    def _needs_life(self) -> None:
        if self._over is not None:
            raise ValueError(f"this machine has ended in a {self._over}: boot a new one")

    def _watched(self, call: str, body: Callable[[], Any], cluster: Cluster | None = None) -> Run:
        self._needs_life()
        m, printed, number = self.kernel, len(self.kernel.console), len(self.calls) - 1
        mine = tuple(each for each in self.otherwise if each.call == number)
        recorder = Recorder(m, cluster, mine)
        text = None
        try:
            result = body()
        except (Panic, Deadlock) as end:
            result = self._over = "panic" if isinstance(end, Panic) else "deadlock"
            text = str(end)
        except BaseException:  # out of a learner's function
            recorder.leave()
            raise
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
            Again(self.world, tuple(self.calls), asked=recorder.asked, otherwise=self.otherwise),
        )

    def _put(self, meanwhile: Meanwhile) -> Callable[[UvmObject | None, int, Pages, int], Put]:
        """Make the put that sets what others set while it is under way."""
        planned = []
        for each in several("meanwhile", meanwhile, SHAPE):
            if not isinstance(each, tuple | list) or len(each) != 3:
                raise TypeError(f"each of meanwhile is {SHAPE}, not {each!r}")
            number = whole("meanwhile: the number of the I/O", each[0])
            pages = self._cluster(_names(each[1], "meanwhile: pages"), None)
            planned.append((number, pages, value(PG, each[2], "meanwhile: flags")))
        original, first = self.kernel.start_put, self.kernel.disk.ios

        def put(uobj: UvmObject | None, slot: int, pages: Pages, flags: int) -> Put:
            for io, meant, bits in planned:
                if io == self.kernel.disk.ios - first:
                    for page in meant:
                        page.flags |= bits
            return original(uobj, slot, pages, flags)

        return put

    def _page(self, name: str | None, said: str) -> Page | None:
        return None if name is None else self._needed_page(name, said)

    def _needed_page(self, name: str, said: str = "") -> Page:
        page = known(f"page as {said}" if said else "page", name, self.pages)
        if page.owner is None:
            raise ValueError(f"page {name} is free")
        return page

    def _slot(self, said: str, slot: int) -> int:
        return whole(said, slot, 1, self.kernel.swap.nslots)

    def _needs_center(self, center: Page, words: int, lo: int, hi: int) -> None:
        """Refuse a range that does not hold the center, the caller's or the pager's."""
        uobj = deref(center.uobject)
        needs_center(center.offset, *uobj.pgops.pgo_cluster(uobj, center.offset))
        if not words & PGO.ALLPAGES:
            needs_center(center.offset, lo, hi)

    def _cluster(self, said: str, interest: Page | None) -> Pages:
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

    def _begin(self, pages: Pages, uobj: UvmObject | None = None, *, pageq: bool = False) -> None:
        """Do the caller's part: pages busy, and the locks taken, but for those it has from an earlier call."""
        self._needs_life()
        for page in pages:
            if not page.flags & PG_BUSY:
                make_busy(page, "caller")
        needed: list[SimpleLock] = [uobj.vmobjlock] if uobj is not None else []
        for lock in needed + [self.kernel.queues.lock] * pageq:
            if lock not in self.kernel.locks.held:
                self.kernel.locks.lock(lock)


def needs_center(center: int, lo: int, hi: int, unit: str = "byte") -> None:
    """Refuse a range of a cluster, from `lo` up to `hi`, that does not hold its center.

    Raises: ValueError.
    """
    if not lo <= center < hi:
        raise ValueError(
            f"the range from {unit} {lo} up to {unit} {hi} does not hold the center, {unit} {center}. "
            "The C would write outside its array (307)."
        )


def _names(names: Names, what: str = "pages") -> str:
    if isinstance(names, str):
        return names
    words = several(what, names, "names of pages")
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"{what}: a page has a name, not {word!r}")
    return " ".join(words)
