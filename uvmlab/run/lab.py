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

from collections.abc import Callable
from typing import Any

from uvmlab import worlds
from uvmlab.kernel import (
    PAGE_SIZE,
    PGO,
    AioPointer,
    Cluster,
    Deadlock,
    MapEntry,
    Panic,
    Prot,
)
from uvmlab.kernel.cluster import MOST
from uvmlab.kernel.flags import M_NOWAIT, M_WAITOK, OFFSET_MASK, member, value
from uvmlab.kernel.legal import known, truth, whole
from uvmlab.kernel.pagedaemon import finish_all, pagedaemon
from uvmlab.run.again import Again, Call, Otherwise, repeatable
from uvmlab.run.caller import Caller, Meanwhile, Names, names_of
from uvmlab.run.programs import pages_of, read
from uvmlab.run.recorder import Recorder
from uvmlab.run.run import Run, Steps
from uvmlab.run.turns import order_of, take_turns


def world(swap: int = 0) -> World:
    """Begin a world with `swap` slots on its swap device, numbered from 1."""
    return World(worlds.world(swap).state)


class World(worlds.World):
    """A world whose machine tells of each call what came of it."""

    def machine(self, **options: Any) -> LabMachine:  # type: ignore[override]
        """Boot a machine in this state.  `options` are those of `Machine`: `slips`, `diagnostic`, ..."""
        return LabMachine(self, options)


class LabMachine(Caller):
    """A machine (`kernel`) whose calls take names, keep the callers' rules, and return a `Run`.

    It is the caller: it takes the locks that a call needs, and makes busy the pages that it hands over.
    `calls` are those so far, and `otherwise` what is to go otherwise in them: their runs can be made again.
    Raises: KeyError, ValueError or TypeError, naming what is legal; a panic or a deadlock is a result.
    """

    def __init__(self, world: worlds.World, options: dict[str, Any]) -> None:
        self.world, self.options = World.in_state(world.state), options
        self.calls: list[Call] = []
        self.otherwise: tuple[Otherwise, ...] = ()
        super().__init__(worlds.World.machine(world, **({"trace": True} | options)))
        self.pointers: list[AioPointer] = []

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
        said, words, interest = names_of(pages), value(PGO, flags), self._page(pg, "pg")
        room, put = whole("npages", npages, 1, MOST), self._put(meanwhile)
        lo = 0 if start is None else whole("start", start, 0, OFFSET_MASK)
        hi = OFFSET_MASK if stop is None else whole("stop", stop, 0, OFFSET_MASK)
        if said:
            owner, busy = None, self._cluster(said, interest)
            first = (
                self._first_slot(busy) if start is None else self._slot("start", start, len(busy))
            )
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
        said, words, interest = names_of(pages), value(PGO, flags), self._page(pg, "pg")
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
        said = names_of(pages)
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
