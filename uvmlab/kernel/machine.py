"""The machine: it boots, wires the parts together, runs kernel threads, and checks the invariants."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from math import inf
from types import CodeType, GeneratorType
from typing import Any, Final, NoReturn

from simpy import Environment, Event, Process

from uvmlab.kernel import invariants, pager
from uvmlab.kernel.acts import Acts, SwapCluster
from uvmlab.kernel.aio import Aio, AioPointer, write_pages
from uvmlab.kernel.anon import Anon
from uvmlab.kernel.cluster import MOST, Cluster, returns_its_own
from uvmlab.kernel.disk import Disk, FaultPlan
from uvmlab.kernel.flags import PAGE_SIZE
from uvmlab.kernel.invariants import Broken
from uvmlab.kernel.kernel import Pages, Put, table
from uvmlab.kernel.legal import known, truth, whole, wholes
from uvmlab.kernel.lock import SimpleLocks
from uvmlab.kernel.page import Page, PageQueues
from uvmlab.kernel.pagermap import PagerMap
from uvmlab.kernel.pagerops import AobjPager, DevicePager, Pager, VnodePager
from uvmlab.kernel.panic import Deadlock, Panic, Sleeper
from uvmlab.kernel.sleep import SleepQueues
from uvmlab.kernel.slips import Slip
from uvmlab.kernel.swap import MOST_SLOTS, Swap
from uvmlab.kernel.trace import Trace
from uvmlab.kernel.uobject import UvmObject

SEVEN: Final[dict[str, Callable[..., Any]]] = {
    function.__name__: function
    for function in (
        pager.pager_init,
        pager.pagermapin,
        pager.pagermapout,
        pager.mk_pcluster,
        pager.shareprot,
        pager.pager_put,
        pager.dropcluster,
    )
}

MAY_SLEEP: Final = ("pagermapin", "pager_put")


class Thread:
    """A kernel thread: its name, and its result once it has ended."""

    def __init__(self, env: Environment, name: str, body: Generator[Event, Any, Any]) -> None:
        self.name = name
        self.body = body
        self.process: Process = env.process(body)

    @property
    def ended(self) -> bool:
        """Whether it has run to its end."""
        return self.process.triggered

    @property
    def result(self) -> Any:
        """What the thread returned; None while it has not ended."""
        return self.process.value if self.ended else None

    def __repr__(self) -> str:
        return f"<thread {self.name}: {'ended' if self.ended else 'not ended'}>"


class Machine:
    """A small kernel around `uvm_pager.c`: pages, owners, swap, a disk, a pager map, threads.

    `slips`: which mistakes of 1998 are left in (none); `diagnostic`: compiled with DIAGNOSTIC and DEBUG;
    `pmap_new`: with PMAP_NEW; `cpus`: 1, or 2 to let another processor get in between; `trace`: record
    events and notes.  `swap_slots`, `bad_slots`, `pager_map_pages`, `pager_map_used`, `plan`, `seek_us` and
    `transfer_us` describe the hardware.  Any of the seven functions may be replaced: `mk_pcluster=mine`.
    Raises: TypeError or ValueError, naming what is legal.
    """

    def __init__(
        self,
        *,
        slips: int = Slip.NONE,
        diagnostic: bool = False,
        pmap_new: bool = False,
        cpus: int = 1,
        trace: bool = False,
        swap_slots: int = 0,
        bad_slots: tuple[int, ...] = (),
        pager_map_pages: int | None = None,
        pager_map_used: tuple[int, ...] = (),
        plan: FaultPlan | None = None,
        seek_us: int = 8000,
        transfer_us: int = 400,
        **seven: Callable[..., Any],
    ) -> None:
        if plan is not None and not isinstance(plan, FaultPlan):
            raise TypeError(f"plan is a FaultPlan, FaultPlan(['ERROR']) say, not {plan!r}")
        self.slips = _slips(slips)
        self.diagnostic, self.pmap_new = (
            truth("diagnostic", diagnostic),
            truth("pmap_new", pmap_new),
        )
        self.cpus = whole("cpus", cpus, 1, 2)
        arena = pager.PAGER_MAP_SIZE // PAGE_SIZE
        if pager_map_pages is not None:
            arena = whole("pager_map_pages", pager_map_pages, 0, MOST)
        used = wholes("pager_map_used", pager_map_used, 0, arena - 1)
        slots = whole("swap_slots", swap_slots, 0, MOST_SLOTS)
        self.seven = dict(SEVEN)
        if seven:
            from uvmlab.kernel.install import checked  # noqa: PLC0415  `inspect` takes its time to load

            self.seven |= checked(seven, SEVEN, Machine.__init__.__kwdefaults__ or ())
        self.env = Environment()
        self.locks = SimpleLocks(self.env)
        self.sleep = SleepQueues(self.env, self.locks)
        self.queues = PageQueues()
        self.swap = Swap(slots, wholes("bad_slots", bad_slots, 1, slots))
        times = whole("seek_us", seek_us), whole("transfer_us", transfer_us)
        self.disk = Disk(self.env, plan or FaultPlan(), *times)
        self.aio = Aio()
        self.pager_map = PagerMap(self.env, 0)
        self.pages: list[Page] = []
        self.loaded_busy: set[Page] = set()
        self.anons: list[Anon] = []
        self.objects: list[UvmObject] = []
        self.console: list[str] = []
        self.threads: dict[Process, Thread] = {}
        self.put: Callable[[UvmObject | None, int, Pages, int], Put] = self.start_put
        self.pagers: dict[str, Pager] = {
            kind.name: kind(self) for kind in (DevicePager, VnodePager, AobjPager)
        }
        self.trace = Trace() if truth("trace", trace) else None
        self.k = table(self)
        if "mk_pcluster" in seven:
            self.k.mk_pcluster = returns_its_own(self.k.mk_pcluster)
        self.acts = Acts(self)
        self.building: Cluster | SwapCluster | None = None  # by the page daemon
        self.call("pager_init")
        if pager_map_pages is not None or used:
            self.pager_map.resize(arena, used)
        if self.trace is not None:
            self.trace.raw.clear()  # what the boot did is nobody's question

    # What the pagers need of it

    def mk_pcluster(self, *args: Any) -> Cluster:
        """Run the installed `mk_pcluster`, the generic one that a pager may point to."""
        return self.k.mk_pcluster(*args)

    def pgo_put(self, uobj: UvmObject, pages: Pages, flags: int) -> Put:
        """Unlock the object and let its pager write `pages`."""
        self.locks.unlock(uobj.vmobjlock)
        return self.put(uobj, 0, pages, flags)

    def start_put(self, uobj: UvmObject | None, slot: int, pages: Pages, flags: int) -> Put:
        """Begin a real put: to `slot` and the slots after it, or by the object's pager."""
        if uobj is None:
            return write_pages(self, pages, slot, flags)
        return uobj.pgops.pgo_put(uobj, pages, flags)

    # Running

    def thread(self, name: str, body: Generator[Event, Any, Any]) -> Thread:
        """Make a kernel thread; it begins at the next `run`.

        Raises: TypeError for a body that is no generator.
        """
        if not isinstance(body, GeneratorType):
            raise TypeError(f"a thread's body is a generator, not {body!r}")
        thread = Thread(self.env, name, body)
        self.threads[thread.process] = thread
        return thread

    def run(self, stuck: Callable[[], bool] | None = None) -> None:
        """Let all threads run until none can any more.

        `stuck` is asked then, if someone sleeps: True says that it has changed something, go on.
        Raises: Panic; Deadlock, if someone sleeps for ever.
        """
        with self.panics():
            self.env.run()
            while self.sleep.asleep and stuck is not None and stuck():
                self.env.run()
        if self.sleep.asleep:
            self._deadlock()

    def call(self, name: str, *args: Any, stuck: Callable[[], bool] | None = None) -> Any:
        """Call one of the seven functions, in a thread of its own if it may sleep, until it returns.

        What it has begun, I/O say, goes on at the next `run`.
        Returns: what it returned.
        Raises: KeyError for an unknown name; Panic; Deadlock.
        """
        known("function of the seven", name, SEVEN)
        code = SEVEN[name].__code__
        needed = code.co_varnames[1 : code.co_argcount]
        if len(args) != len(needed):
            raise TypeError(
                f"it is called as {name}({', '.join(needed)}), not with {len(args)} arguments"
            )
        function = getattr(self.k, name)
        if name not in MAY_SLEEP:
            with self.panics():
                return function(*args)
        self.aio.pointers |= {arg: None for arg in args if isinstance(arg, AioPointer)}
        thread = self.thread(name, function(*args))
        with self.panics():
            while not thread.process.processed:
                if self.env.peek() < inf:
                    self.env.step()
                elif stuck is None or not stuck():
                    self._deadlock()
        return thread.result

    def thread_name(self, process: Process | None) -> str:
        """Name the thread of a process; outside of all threads it is the caller."""
        return self.threads[process].name if process in self.threads else "the caller"

    def check(self) -> list[Broken]:
        """List the rules that are broken now, with no thread in the middle of anything."""
        return [*invariants.always(self), *invariants.at_rest(self)]

    def watch(self) -> list[tuple[int, Broken]]:
        """Check the *always* rules after every event and note from now on.

        Needs: a machine with a trace.
        Returns: a list that fills up with (number of the step, what is broken).
        """
        if self.trace is None:
            raise ValueError("only a machine with trace=True can be watched")
        found: list[tuple[int, Broken]] = []
        raw = self.trace.raw
        self.trace.listeners.append(
            lambda: found.extend((len(raw) - 1, broken) for broken in invariants.always(self))
        )
        return found

    # How a run ends badly

    @contextmanager
    def panics(self) -> Iterator[None]:
        """Record a panic as an event of the innermost of the seven functions that it went through."""
        try:
            yield
        except Panic as panic:
            original = panic.__cause__ or panic
            place = None
            traceback = original.__traceback__
            while traceback is not None:
                if traceback.tb_frame.f_code in self._codes:
                    place = traceback.tb_frame.f_code, traceback.tb_lasti
                traceback = traceback.tb_next
            if place is not None and self.trace is not None:
                self.trace.add("panic", *place, panic.text)
            raise

    @property
    def _codes(self) -> set[CodeType]:
        return {code for function in self.seven.values() if (code := _code(function))}

    def _deadlock(self) -> NoReturn:
        sleepers = []
        for channel, asleep in self.sleep.asleep.items():
            for _, process, since in asleep:
                name = self.thread_name(process)
                sleepers.append(Sleeper(name, channel.name, since, self._wakers(channel)))
                self._record_deadlock(self.threads.get(process) if process else None)
        raise Deadlock(tuple(sleepers))

    def _record_deadlock(self, thread: Thread | None) -> None:
        """Record the end of a thread that sleeps for ever, if one of the seven functions sleeps in it."""
        place = None
        body: Any = thread and thread.body
        while isinstance(body, GeneratorType):
            if body.gi_code in self._codes and body.gi_frame is not None:
                place = body.gi_code, body.gi_frame.f_lasti
            body = body.gi_yieldfrom
        if place is not None and self.trace is not None:
            self.trace.add("deadlock", *place)

    def _wakers(self, channel: Any) -> tuple[str, ...]:
        """Say who could have woken a sleeper on `channel`."""
        if isinstance(channel, PagerMap):
            holders = (
                who if isinstance(who, str) else self.thread_name(who) for who in channel.holders
            )
            return tuple(f"{who}, by unmapping its pages," for who in dict.fromkeys(holders))
        if isinstance(channel, Page):
            tag = f" ({channel.owner_tag})" if channel.owner_tag else ""
            return (f"whoever made {channel.name} busy{tag}",)
        return ("the end of an I/O",)


def _slips(found: Any) -> Slip:
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= Slip.ALL:
        legal = ", ".join(f"Slip.{name}" for name in Slip.__members__)
        raise ValueError(
            f"slips: no slip {found!r}; legal: {legal}, or some of them put together with |"
        )
    return Slip(found)


def _code(function: Callable[..., Any]) -> CodeType | None:
    """Return the code of a function, or of the one that a decorator wrapped."""
    while not hasattr(function, "__code__") or hasattr(function, "__wrapped__"):
        if hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif isinstance(function, partial):
            function = function.func
        elif hasattr(type(function).__call__, "__code__"):
            function = type(function).__call__
        else:
            return None
    return function.__code__
