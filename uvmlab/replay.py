"""Golden vectors: what the compiled C of 1998 did, run again by the engine and compared.

Only the answers of the puts, what other threads set meanwhile, and who unmaps while the caller sleeps
are scripted; everything else is the ordinary engine.
"""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from uvmlab.kernel import (
    PAGE_SIZE,
    PG,
    PGO,
    AioPointer,
    Cluster,
    Deadlock,
    Machine,
    MapEntry,
    PagerResult,
    Panic,
    Prot,
    Slip,
)
from uvmlab.kernel.aio import refuse
from uvmlab.kernel.flags import M_NOWAIT, M_WAITOK, value
from uvmlab.kernel.kernel import Pages, Put
from uvmlab.kernel.uobject import UvmObject
from uvmlab.worlds import State, World
from uvmlab.worlds.form import Check, count, from_json, many, maybe, one_of, record, text, truth

SLIPS = {
    name.lower().replace("_", "-"): slip
    for name, slip in Slip.__members__.items()
    if slip not in (Slip.NONE, Slip.ALL)
}
MEASURED = ("events", "lines", "result", "after")  # what the C did; everything else is the question

PG_WORDS = many(one_of(*PG.__members__))
PGO_WORDS = many(one_of(*PGO.__members__))


def _pair(found: Any, where: str) -> tuple[int, int]:
    pair = many(count)(found, where)
    if len(pair) != 2:
        raise ValueError(f"{where}: not [start, npages]")
    return pair[0], pair[1]


CALLS: dict[str, dict[str, Check]] = {
    "pager_init": {},
    "pagermapin": {
        "pages": many(text),
        "want_aio": truth,
        "wait": truth,
        "unmaps_while_asleep": many(_pair),
        "malloc_fails": maybe(count),
    },
    "pagermapout": {"start": count, "npages": count, "wanted": truth},
    "mk_pcluster": {
        "object": text,
        "center": text,
        "npages": count,
        "flags": PGO_WORDS,
        "lo": count,
        "hi": count,
    },
    "shareprot": {
        "object": maybe(text),
        "start": count,
        "end": count,
        "offset": count,
        "submap": truth,
        "prot": one_of(*Prot.__members__),
    },
    "pager_put": {
        "object": maybe(text),
        "pg": maybe(text),
        "npages": count,
        "flags": PGO_WORDS,
        "start": count,
        "stop": count,
        "pages": many(text),
    },
    "dropcluster": {
        "object": maybe(text),
        "pg": maybe(text),
        "pages": many(text),
        "flags": PGO_WORDS,
        "swblk": count,
    },
}


def _call(found: Any, where: str) -> dict[str, Any]:
    function = one_of(*CALLS)(found.get("function") if isinstance(found, dict) else None, where)
    return record(found, where, {"function": text, **CALLS[function]})


def _during(found: Any, where: str) -> dict[str, Any]:
    return record(found, where, {"io": count, "page": text, "set": PG_WORDS})


QUESTION: dict[str, Check] = {
    "id": text,
    "slips": many(one_of(*SLIPS)),
    "diagnostic": truth,
    "pmap_new": truth,
    "world": from_json,
    "io": many(one_of(*PagerResult.__members__)),
    "during": many(_during),
    "call": _call,
}


def check_vector(data: Any) -> dict[str, Any]:
    """Check the question of a vector, field by field; what the C did is not looked at.

    Returns: its fields, the world as a `State`.
    Raises: ValueError that says where and what is wrong.
    """
    if not isinstance(data, dict):
        raise ValueError("a vector is an object")
    question = {name: item for name, item in data.items() if name not in MEASURED}
    vector = record(question, "vector", QUESTION)
    state, call = vector["world"], vector["call"]
    named = [
        *(("pages", name) for name in call.get("pages", ())),
        *(("pages", call[role]) for role in ("pg", "center") if call.get(role) is not None),
        *(("pages", each["page"]) for each in vector["during"]),
    ]
    if call.get("object") is not None:
        named.append(("objects", call["object"]))
    for kind, name in named:
        if name not in getattr(state, kind):
            raise ValueError(f"vector: {name!r} is none of the {kind} of its world")
    return vector


class Replay:
    """One vector in a machine of its own: the script of its puts, its call, and what came of it."""

    def __init__(self, vector: dict[str, Any]) -> None:
        self.vector = vector
        self.call: dict[str, Any] = vector["call"]
        self.m: Machine = World(vector["world"]).machine(
            slips=sum(SLIPS[name] for name in set(vector["slips"])),
            diagnostic=vector["diagnostic"],
            pmap_new=vector["pmap_new"],
            trace=True,
        )
        self.m.put = self.scripted_put
        self.pages = {page.name: page for page in self.m.pages}
        self.objects = {uobj.name: uobj for uobj in self.m.objects}
        self.puts = 0
        self.unmaps = list(self.call.get("unmaps_while_asleep", ()))
        self.cluster: Cluster | None = None
        self.pointer: AioPointer | None = None

    def scripted_put(self, uobj: UvmObject | None, slot: int, pages: Pages, flags: int) -> Put:
        """Answer as the vector says, after other threads have done what it says."""
        number, self.puts = self.puts, self.puts + 1
        for each in self.vector["during"]:
            if each["io"] == number:
                self.pages[each["page"]].flags |= value(PG, each["set"])
        answers = self.vector["io"]
        return refuse(PagerResult[answers[number]] if number < len(answers) else PagerResult.OK)

    def unmap_one(self) -> bool:
        """Let another thread unmap the next range, now that the caller sleeps."""
        if not self.unmaps:
            return False
        start, npages = self.unmaps.pop(0)
        self.m.k.pagermapout(start * PAGE_SIZE, npages)
        return True

    def run(self) -> dict[str, Any]:
        """Make the call.

        Returns: `events`, `lines`, `result` and `after`, in the form of the vectors.
        """
        try:
            result = getattr(self, "_" + self.call["function"])()
        except Panic:
            result, self.cluster, self.pointer = "panic", None, None
        except Deadlock:
            result, self.pointer = "deadlock", None
        events = self.m.trace.events if self.m.trace else []
        return {
            "events": [[event.kind, *event.args] for event in events],
            "lines": [event.line for event in events],
            "result": result,
            "after": self.after(),
        }

    # The seven calls, as a C caller makes them

    def _pager_init(self) -> None:
        self.m.call("pager_init")

    def _pagermapin(self) -> int | None:
        call = self.call
        if call["want_aio"]:
            self.pointer = AioPointer()
        self.m.aio.malloc_fails = call["malloc_fails"]
        waitf = M_WAITOK if call["wait"] else M_NOWAIT
        kva = self.m.call(
            "pagermapin", self._pages(call["pages"]), self.pointer, waitf, stuck=self.unmap_one
        )
        return None if kva is None else kva // PAGE_SIZE

    def _pagermapout(self) -> None:
        self.m.pager_map.wanted = self.call["wanted"]
        self.m.call("pagermapout", self.call["start"] * PAGE_SIZE, self.call["npages"])

    def _mk_pcluster(self) -> int:
        call = self.call
        uobj = self.objects[call["object"]]
        self._lock(uobj)
        self.m.locks.lock(self.m.queues.lock)
        self.cluster = Cluster(room=call["npages"])
        center, flags = self.pages[call["center"]], value(PGO, call["flags"])
        self.m.call("mk_pcluster", uobj, self.cluster, center, flags, call["lo"], call["hi"])
        return self.cluster.npages

    def _shareprot(self) -> None:
        call = self.call
        uobj = None if call["submap"] else self._object()
        entry = MapEntry(call["start"], call["end"], call["offset"], uobj, call["submap"])
        self.m.call("shareprot", entry, Prot[call["prot"]])

    def _pager_put(self) -> str:
        call = self.call
        uobj = self._object()
        self._lock(uobj)
        self.m.locks.lock(self.m.queues.lock)
        self.cluster = (
            Cluster(self._pages(call["pages"])) if uobj is None else Cluster(room=call["npages"])
        )
        flags = value(PGO, call["flags"])
        args = uobj, self._page(), self.cluster, flags, call["start"], call["stop"]
        return str(self.m.call("pager_put", *args).name)

    def _dropcluster(self) -> None:
        call = self.call
        uobj = self._object()
        self._lock(uobj)
        self.cluster = Cluster(self._pages(call["pages"]))
        flags = value(PGO, call["flags"])
        self.m.call("dropcluster", uobj, self._page(), self.cluster, flags, call["swblk"])

    def _object(self) -> UvmObject | None:
        return self.objects.get(self.call["object"])

    def _page(self) -> Any:
        return self.pages.get(self.call["pg"])

    def _pages(self, names: tuple[str, ...]) -> Pages:
        return tuple(self.pages[name] for name in names)

    def _lock(self, uobj: UvmObject | None) -> None:
        if uobj is not None:
            self.m.locks.lock(uobj.vmobjlock)

    def after(self) -> dict[str, Any]:
        """Return the state after the call, in the form of the vectors."""
        state = World.of(self.m).state
        after: dict[str, Any] = {
            "pages": {page.name: _page_after(page) for page in state.pages.values()},
            "anons": {a.name: {"swslot": a.swslot, "dead": a.dead} for a in state.anons.values()},
            "objects": _objects_after(state),
            "locks_held": list(state.locks_held),
            "swap_allocated": list(state.allocated),
            "arena_mapped": list(state.pager_map_used),
            "aio_live": list(state.aio_live),
            "pager_map_wanted": state.pager_map_wanted,
        }
        if self.cluster is not None:
            after["cluster"] = [page and page.name for page in self.cluster.pages]
        if self.pointer is not None and self.pointer.aio is not None:
            aio = self.pointer.aio
            after["aiop"] = [aio.name, "dangling" if aio.freed else "live"]
        return after


def _page_after(page: Any) -> dict[str, Any]:
    names = ("modified", "referenced", "prot", "freed", "owner_tag")
    return {
        "flags": list(page.flags),
        "pqflags": list(page.pqflags),
        **{name: getattr(page, name) for name in names},
    }


def _objects_after(state: State) -> dict[str, Any]:
    return {
        uobj.name: {
            "dead": uobj.dead,
            "swslots": {str(index): slot for index, slot in uobj.swslots.items()},
        }
        for uobj in state.objects.values()
    }


def _same(found: Any) -> str:
    """Write a value so that two are the same text exactly if they are the same JSON (1 is not true)."""
    return json.dumps(found, sort_keys=True)


def _unordered(after: Any) -> Any:
    """Sort what is a set in a state: flags, pqflags and the locks held."""
    if isinstance(after, list):
        return [_unordered(item) for item in after]
    if not isinstance(after, dict):
        return after
    return {
        key: sorted(item, key=_same)
        if key in ("flags", "pqflags", "locks_held") and isinstance(item, list)
        else _unordered(item)
        for key, item in after.items()
    }


def difference(data: dict[str, Any], got: dict[str, Any]) -> str | None:
    """Compare what the C did with what the engine did.

    Returns: the first difference in words, None if there is none.
    """
    for part in MEASURED:
        if part not in data:
            return f"{part}: missing in the vector"
        want, have = data[part], got[part]
        if part == "after":
            want, have = _unordered(want), _unordered(have)
        if _same(want) != _same(have):
            return _first(part, want, have)
    return None


def _first(where: str, want: Any, have: Any) -> str:
    """Say where two values that differ part first."""
    if isinstance(want, list) and isinstance(have, list):
        for i, (a, b) in enumerate(zip(want, have, strict=False)):
            if _same(a) != _same(b):
                return f"{where}[{i}]: the C has {_same(a)}, the engine {_same(b)}"
        return f"{where}: the C has {len(want)}, the engine {len(have)}"
    if isinstance(want, dict) and isinstance(have, dict):
        both = want.keys() & have.keys()
        key = next(k for k in (*want, *have) if k not in both or _same(want[k]) != _same(have[k]))
        if key in both:
            return _first(f"{where}.{key}", want[key], have[key])
        return f"{where}.{key}: only {'the engine' if key in have else 'the C'} has it"
    return f"{where}: the C has {_same(want)}, the engine {_same(have)}"


def replay(data: Any) -> str | None:
    """Run one vector.

    Returns: the first difference in words, None if there is none.
    Raises: ValueError for what is no vector.
    """
    return difference(data, Replay(check_vector(data)).run())


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field is there twice")
    return found


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


@contextmanager
def _opened(name: str) -> Iterator[Iterable[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
    elif name.endswith(".gz"):
        with gzip.open(name) as file:
            yield file
    else:
        with Path(name).open("rb") as plain:
            yield plain


def replay_file(name: str) -> Iterator[tuple[str, str | None]]:
    """Run every vector of a `.jsonl` or `.jsonl.gz` file, or of standard input (`-`).

    Yields: (id, the first difference or None).
    Raises: ValueError with the file, the number of the line and what is wrong there; OSError.
    """
    number = found = 0
    with _opened(name) as lines:
        try:
            for number, line in enumerate(lines, 1):  # noqa: B007  an error of reading needs it too
                if line.strip():
                    found += 1
                    data = json.loads(
                        line.decode(), object_pairs_hook=_no_twice, parse_constant=_no_constant
                    )
                    yield str(data.get("id")) if isinstance(data, dict) else "", replay(data)
            if not found:
                raise EOFError("there is no vector in it")
        except (ValueError, RecursionError) as wrong:
            raise ValueError(f"{name}, line {number}: {wrong}") from None
        except (EOFError, gzip.BadGzipFile, zlib.error) as wrong:  # the next line cannot be read
            raise ValueError(f"{name}, line {number + 1}: {wrong}") from None
