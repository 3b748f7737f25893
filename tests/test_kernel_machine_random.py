"""A machine under random calls, faults and threads: the rules hold after every step, and all of them at rest."""

import os

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from uvmlab.kernel import Cluster, PagerResult
from uvmlab.kernel.acts import give_slot, make_busy, owner_lock, unbusy
from uvmlab.kernel.anon import anon_unref
from uvmlab.kernel.flags import (
    PG_BUSY,
    PG_CLEAN,
    PG_RELEASED,
    PGO_ALLPAGES,
    PGO_DOACTCLUST,
    PGO_PDFREECLUST,
    PGO_SYNCIO,
    PQ_ANON,
)
from uvmlab.kernel.pagedaemon import (
    SWAP_BACKED,
    SWCLUSTER,
    finish_all,
    pagedaemon,
)
from uvmlab.worlds import world

ANSWERS = st.sampled_from(["OK", "OK", "ERROR", "AGAIN", "FAIL", "BAD", "PEND"])
PUT_FLAGS = st.sampled_from(
    [SYNC | FREE for SYNC in (0, PGO_SYNCIO) for FREE in (0, PGO_PDFREECLUST)]
)
SOME = st.integers(0, 99)
MOST = 9  # pages in any cluster here


@st.composite
def worlds(draw):
    """A world with every kind of owner, a device that fails in every way, and room for a cluster at least."""
    diagnostic = draw(st.booleans())
    kill = (
        draw(st.booleans()) and not diagnostic
    )  # 672: a dying object panics in an asynchronous finish
    aobjs, anons = draw(st.integers(0, 5)), draw(st.integers(1, 8))
    w = world(swap=draw(st.sampled_from([8, 24, 64])))
    if draw(st.booleans()):
        w = w.bad(*draw(st.sets(st.integers(6, 8), max_size=2)))
    w = w.anons(anons, queue=draw(st.sampled_from(["INACTIVE", "ACTIVE"])), modified=True)
    w = w.aobj("o", aobjs, slot=draw(st.integers(0, 1)), kill=kill, modified=True)
    w = w.vnode("f", draw(st.integers(1, 8)), kill=kill, window=draw(st.sampled_from([4, 16, 32])))
    w = w.vnode("g", [1, 2, 4], cluster="forward", queue="ACTIVE", flags="CLEAN", modified=True)
    w = w.device("d", 1).free(2)
    w = w.arena(draw(st.sampled_from([MOST, SWCLUSTER, 40])))
    w = w.disk(
        *draw(st.lists(ANSWERS, max_size=6)),
        ranges=draw(st.sampled_from([(), [(1, 3, "ERROR")], [(70, 90, "FAIL")]])),
        rate=draw(st.sampled_from([0.0, 0.3, 1.0])),
        seed=draw(SOME),
        seek_us=draw(st.sampled_from([0, 500])),
        transfer_us=draw(st.sampled_from([0, 400])),
    )
    return w, diagnostic


class RandomMachine(RuleBasedStateMachine):
    """Threads do what a kernel does with pages; the machine's own rules are the judge."""

    @initialize(
        drawn=worlds(), cpus=st.sampled_from([1, 2]), traced=st.booleans(), pmap_new=st.booleans()
    )
    def boot(self, drawn, cpus, traced, pmap_new):
        w, diagnostic = drawn
        self.m = w.machine(cpus=cpus, trace=traced, diagnostic=diagnostic, pmap_new=pmap_new)
        self.broken = self.m.watch() if traced else []

    def start(self, body):
        self.m.thread(f"t{len(self.m.threads)}", body)

    def page(self, i, *, swap_backed=None):
        """Choose an owned idle page, or None."""
        owned = [
            page
            for page in self.m.pages
            if page.owner is not None and swap_backed in (None, bool(page.pqflags & SWAP_BACKED))
        ]
        return owned[i % len(owned)] if owned else None

    # What threads do

    def put_object(self, page, flags):
        """Write a page of an object, and do what the return-state rules leave to the caller."""
        m, uobj = self.m, page.uobject
        if uobj is None or page.flags & PG_BUSY:
            return
        m.locks.lock(uobj.vmobjlock)
        m.locks.lock(m.queues.lock)
        make_busy(page)
        cluster = Cluster(room=SWCLUSTER)
        stop = uobj.size * 4096
        result = yield from m.k.pager_put(uobj, page, cluster, flags, page.offset, stop)
        if result == PagerResult.PEND:
            return
        if not flags & PGO_PDFREECLUST:
            m.locks.lock(uobj.vmobjlock)
        ok = result == PagerResult.OK
        for each in (page,) if flags & PGO_PDFREECLUST or not ok else cluster.pages:
            unbusy(m, each, clean=ok)
        if not uobj.dead:
            m.locks.unlock(uobj.vmobjlock)

    def put_swap(self, pages, interest, flags):
        """Write idle swap-backed pages in slots in a row, with a page of interest or none."""
        m = self.m
        pages = [page for page in pages if page.owner and not page.flags & (PG_BUSY | PG_RELEASED)]
        slot, found = m.swap.alloc(len(pages), lessok=True)
        pages = pages[:found]
        for i, page in enumerate(pages):
            lock = owner_lock(page)
            m.locks.lock(lock)
            give_slot(m, page, slot + i)
            make_busy(page)
            m.locks.unlock(lock)
        if not pages:
            return
        pg = pages[interest % len(pages)] if interest else None
        cluster = Cluster(pages)
        m.locks.lock(m.queues.lock)
        result = yield from m.k.pager_put(None, pg, cluster, flags, slot, 0)
        if result == PagerResult.PEND:
            return
        ok = result == PagerResult.OK
        left = (pg,) if pg and (flags & PGO_PDFREECLUST or not ok) else cluster.pages if ok else ()
        if left and not (pg is None and flags & PGO_PDFREECLUST):
            m.k.dropcluster(None, None, Cluster(left), PGO_PDFREECLUST if ok else 0, 0)

    def fault(self, page, write):
        """Wait for a page, and write to it."""
        if page.owner is None:
            return
        lock = owner_lock(page)
        self.m.locks.lock(lock)
        if not (yield from self.m.sleep.wait_for_page(page, lock)):
            return
        if write:
            page.modified, page.flags = True, page.flags & ~PG_CLEAN
        page.prot = 7
        self.m.locks.unlock(lock)

    @rule(
        i=SOME,
        flags=PUT_FLAGS,
        more=st.sampled_from([0, PGO_ALLPAGES, PGO_ALLPAGES | PGO_DOACTCLUST]),
    )
    def an_object_page_is_put(self, i, flags, more):
        page = self.page(i, swap_backed=False)
        if page is not None:
            self.start(self.put_object(page, flags | more))

    @rule(i=SOME, flags=PUT_FLAGS)
    def an_aobj_page_is_put_by_its_pager(self, i, flags):
        page = self.page(i, swap_backed=True)
        if page is not None:
            self.start(self.put_object(page, flags | PGO_ALLPAGES))

    @rule(i=SOME, n=st.integers(1, MOST), interest=st.integers(0, 4), flags=PUT_FLAGS)
    def a_swap_cluster_is_put(self, i, n, interest, flags):
        pages = dict.fromkeys(self.page(i + j, swap_backed=True) for j in range(n))
        self.start(self.put_swap([page for page in pages if page], interest, flags))

    @rule(flags=PUT_FLAGS)
    def everything_is_written_at_once(self, flags):
        """Every page dirty and idle, and more puts than the arena has room for."""
        for page in self.m.pages:
            if page.owner and not page.flags & (PG_BUSY | PG_RELEASED):
                page.modified, page.flags = True, page.flags & ~PG_CLEAN
        for i in range(3):
            self.an_object_page_is_put(i * 3, flags, PGO_ALLPAGES | PGO_DOACTCLUST)
            self.a_swap_cluster_is_put(i * 5, 5, i, flags)

    @rule(free=st.integers(1, 12), sync=st.booleans())
    def the_page_daemon_runs(self, free, sync):
        self.start(pagedaemon(self.m, free, sync=sync))

    @rule(i=SOME, write=st.booleans())
    def a_thread_faults(self, i, write):
        page = self.page(i)
        if page is not None:
            self.start(self.fault(page, write))

    # What happens at once

    @rule(i=SOME)
    def a_page_is_let_go(self, i):
        """The last reference to an anon goes, or a page of an object is thrown away."""
        page = self.page(i)
        if page is None or page.flags & PG_RELEASED:
            return
        lock = owner_lock(page)
        self.m.locks.lock(lock)
        if page.pqflags & PQ_ANON:
            anon_unref(page.uanon, self.m.queues, self.m.swap)
        else:
            page.flags |= PG_RELEASED
            if not page.flags & PG_BUSY and not page.uobject.pgops.pgo_releasepg(page):
                return  # the object died, and its lock with it
        self.m.locks.unlock(lock)

    @rule(i=SOME, active=st.booleans())
    def a_page_changes_its_queue(self, i, active):
        page = self.page(i)
        if page is not None:
            (self.m.queues.pageactivate if active else self.m.queues.pagedeactivate)(page)

    @rule(us=st.sampled_from([1, 400, 900, 5000]))
    def time_passes(self, us):
        self.m.env.run(until=self.m.env.now + us)

    # Judgement

    def unstick(self):
        """Finish I/O, as the page daemon would; with two processors wake who lost a wake-up (156, 164)."""
        if self.m.aio.done:
            finish_all(self.m)
            return True
        lost = list(self.m.sleep.asleep) == [self.m.pager_map] and self.m.pager_map.room(MOST)
        if lost and self.m.cpus == 2:
            self.m.k.pagermapout(0, 0)
            return True
        return False

    @rule()
    def all_threads_run_out(self):
        m = self.m
        m.run(self.unstick)
        while m.aio.done:
            finish_all(m)
            m.run(self.unstick)
        assert [thread for thread in m.threads.values() if not thread.ended] == []
        assert m.check() == []
        assert [page for page in m.pages if page.flags & PG_BUSY and page.owner is not None] == []
        assert (m.pager_map.mapped, list(m.aio.live)) == ([], [])

    @precondition(lambda self: hasattr(self, "m"))
    @invariant()
    def only_the_known_weakness_is_ever_seen(self):
        assert [broken for _, broken in self.broken if not broken.weakness] == []

    def teardown(self):
        if hasattr(self, "m"):
            self.all_threads_run_out()
            self.only_the_known_weakness_is_ever_seen()


TestRandomMachine = RandomMachine.TestCase
TestRandomMachine.settings = settings(
    max_examples=250,
    stateful_step_count=30,
    derandomize=os.environ.get("CI") == "true",
)
