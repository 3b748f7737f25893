"""What a function does inside the engine, as plain data: its events, the results, the state after."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from functools import wraps
from operator import itemgetter
from traceback import extract_tb
from types import ModuleType
from typing import Any, Final, NamedTuple

from uvmlab.check.cases import Case
from uvmlab.check.child import described
from uvmlab.check.judge import TAKEN, shown
from uvmlab.check.traps import REFUSED
from uvmlab.kernel import PG, Anon, Cluster, Deadlock, Machine, Page, Panic, Trace, UvmObject
from uvmlab.kernel.flags import words
from uvmlab.kernel.lock import SimpleLock
from uvmlab.run import LabMachine, World

MOST_STEPS: Final = 3000  # a call of these worlds makes a few hundred

Function = Callable[..., Any]
Refused = Callable[[str, Any], bool]


class Gives(NamedTuple):
    """What a function is to return: of its arguments, and in words."""

    right: Callable[[tuple[Any, ...]], Any]
    words: str


GIVES: Final = {"mk_pcluster": Gives(itemgetter(2), "the cluster that it was given")}
VOID: Final = Gives(lambda _: None, "nothing")  # C's


class TooLong(BaseException):
    """It makes step after step; no `except Exception` of a learner's is to catch that."""


class Ended(NamedTuple):
    """What a call gave, in place of a `Run`."""

    result: Any
    said: str | None


class Bare(LabMachine):
    """A lab machine that keeps events only: no run is recorded, so a call is a few times faster.

    `clusters`: the array of each call that has one, when it has ended.
    """

    def __init__(self, world: World, options: dict[str, Any]) -> None:
        super().__init__(world, options)
        self.clusters: list[list[str | None]] = []

    def _watched(self, call: str, body: Callable[[], Any], cluster: Cluster | None = None) -> Any:
        self._needs_life()
        try:
            return Ended(body(), None)
        except (Panic, Deadlock) as end:
            self._over = "panic" if isinstance(end, Panic) else "deadlock"
            return Ended(self._over, str(end))
        finally:
            if cluster is not None:
                self.clusters.append(_plain(cluster))


def observed(
    case: Case, functions: dict[str, Function], refused: Refused | None = None
) -> dict[str, Any]:
    """Make the call, with these functions in the place of the engine's.

    `refused`: which calls, by what code, nobody is to have made.
    Returns: plain data: `ends`, a (result, text) for each part of the call; `events` with names for things; `left`,
        what a lock guards at each time it is let go; `after`, the state in the form of JSON.
    Raises: TooLong; whatever the functions raise beyond `Exception`.
    """
    machine = Bare(case.world(), case.options | functions)
    limit(machine)
    left = guards(machine)
    before = fixed(machine)
    ends = [[_plain(end.result), end.said] for end in case.calls(machine)]
    kernel, trace = machine.kernel, machine.kernel.trace or Trace()
    if refused and any(refused(kind, code) for kind, code, *_ in trace.raw):
        ends = [["panic", REFUSED]]
    events = [[step.kind, *step.args] for step in trace.events]
    after = World.of(kernel).to_json() | _owners(kernel)
    after |= {"held": [lock.name for lock in kernel.locks.held], "clusters": machine.clusters}
    after["what was changed in k"] = [
        name for name, value in vars(kernel.k).items() if before.get(name, ...) is not value
    ]
    return {"ends": ends, "events": events, "left": left, "after": after}


def _owners(kernel: Machine) -> dict[str, Any]:
    """Say what a world's form does not: which pages an owner finds."""
    pages = {
        f"{uobj.name}.memq": [page.name for _, page in sorted(uobj.memq.items())]
        for uobj in kernel.objects
    }
    return pages | {f"{anon.name}.u_page": _plain(anon.u_page) for anon in kernel.anons}


class Fixed(ModuleType):
    """The kernel's table while a learner's function runs: to be called, and not to be written to."""

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"k.{name} is the kernel's, and stays as it is")

    def __delattr__(self, name: str) -> None:
        self.__setattr__(name, None)


def fixed(machine: LabMachine) -> dict[str, Any]:
    """Let nobody write to a machine's table from now on; return what is in it."""
    k: Any = machine.kernel.k
    k.__class__ = Fixed
    return dict(vars(k))


def limit(machine: LabMachine) -> None:
    """Have a machine raise TooLong when it makes more steps than any right function does."""
    left = iter(range(MOST_STEPS))

    def count() -> None:
        if next(left, None) is None:
            raise TooLong

    machine.kernel.trace.before.append(count)  # type: ignore[union-attr]


def guards(machine: LabMachine) -> list[list[Any]]:
    """Have a machine keep in what state an anon or an object is whenever one of the seven locks or unlocks it.

    Returns: a list that fills up with [lock, its slots, its pages' flags]; the name of a lock that is taken ends in
        ` taken`.
    """
    found: list[list[Any]] = []
    k: Any = machine.kernel.k
    lock, unlock = k.lock, k.unlock

    def keep(guard: SimpleLock, when: str) -> None:
        if isinstance(guard.owner, Anon | UvmObject):
            found.append([f"{guard.name}{when}", _guarded(guard.owner)])

    def locked(guard: SimpleLock) -> None:
        keep(guard, TAKEN)
        lock(guard)

    def unlocked(guard: SimpleLock) -> None:
        keep(guard, "")
        unlock(guard)

    k.lock, k.unlock = locked, unlocked
    return found


def _guarded(owner: Anon | UvmObject) -> dict[str, Any]:
    """Say what an owner's lock guards."""
    slots: list[Any]
    pages: list[Page | None]
    if isinstance(owner, Anon):
        pages, slots = [owner.u_page], [owner.an_swslot]
    else:
        pages, slots = [*owner.memq.values()], [*sorted(owner.swslots.items())]
    flags = {f"{page.name}.flags": words(PG, page.flags) for page in pages if page}
    return {f"{owner.name}.swslots": slots} | flags


def _plain(result: Any) -> Any:
    if isinstance(result, Cluster):
        return [page.name if page else None for page in result.pages]
    name = getattr(result, "name", result)
    return name if isinstance(name, str | int | None) else described_type(result)


def described_type(result: Any) -> str:
    """Say what kind of thing it is."""
    return f"a {type(result).__name__}"


def guarded(name: str, mine: Function, gives: Gives | None = None) -> Function:
    """Make a function of a learner's whose exceptions end the run as a panic does, with a text that says where.

    `gives`: what it is to return, which another result ends the run for, too.
    """

    @wraps(mine)
    def guard(*args: Any) -> Any:
        try:
            result = mine(*args)
        except Panic:
            raise
        except Exception as error:
            raise Panic(f"Your {name} raised {described(error)}{where(error, mine)}") from error
        if gives and result is not gives.right(args):
            raise Panic(
                f"Your {name} returned {shown(_plain(result))}, and should return {gives.words}"
            )
        return result

    return guard


def where(error: BaseException, mine: Function) -> str:
    """Say at which line of the function something was raised: `, at its line 3: …`; nothing if that is not known."""
    code = getattr(mine, "__code__", None)
    lines = [
        frame
        for frame in extract_tb(error.__traceback__)
        if code is not None and frame.filename == code.co_filename
    ]
    if not lines or lines[-1].lineno is None:
        return ""
    source = linecache.getline(lines[-1].filename, lines[-1].lineno).strip()
    number = lines[-1].lineno - code.co_firstlineno + 1  # type: ignore[union-attr]
    return f", at its line {number}" + (f": {source}" if source else "")
