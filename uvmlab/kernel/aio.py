"""I/O descriptors, the queue of finished asynchronous I/O, and the put that every pager shares."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from simpy import Event

from uvmlab.kernel.flags import (
    M_NOWAIT,
    M_WAITOK,
    PGO_SYNCIO,
    VM_PAGER_AGAIN,
    VM_PAGER_OK,
    VM_PAGER_PEND,
    PagerResult,
)
from uvmlab.kernel.panic import deref

if TYPE_CHECKING:
    from uvmlab.kernel.kernel import Pages, Put
    from uvmlab.kernel.machine import Machine
    from uvmlab.kernel.uobject import UvmObject


class AioDesc:
    """One I/O in flight: its pages, where they are mapped (`kva`, bytes) and go (`block`), its answer."""

    __slots__ = ("block", "freed", "kva", "name", "pages", "result", "uobj")

    def __init__(self, name: str) -> None:
        self.name = name
        self.freed = False
        self.pages: Pages = ()
        self.uobj: UvmObject | None = None
        self.block = 0
        self.kva: int | None = None
        self.result = VM_PAGER_PEND

    def __repr__(self) -> str:
        return f"<aiodesc {self.name}: {'freed' if self.freed else self.result.name}>"


class AioPointer:
    """A caller's pointer to a descriptor, to be filled in by `pagermapin`."""

    __slots__ = ("aio",)

    name = "aiop"

    def __init__(self) -> None:
        self.aio: AioDesc | None = None


class Aio:
    """The descriptors that live, those in flight, and those whose I/O is done (`uvm.aio_done`).

    `malloc_fails`: the number of the allocation, from 0, that fails when it may not wait.
    """

    name = "aio_done"

    def __init__(self) -> None:
        self.live: dict[AioDesc, None] = {}
        self.inflight: dict[AioDesc, None] = {}
        self.done: deque[AioDesc] = deque()
        self.pointers: dict[AioPointer, None] = {}
        self.malloc_fails: int | None = None
        self._count = 0

    def malloc(self, kind: str, waitf: int) -> AioDesc | None:
        """Allocate a descriptor; None when there is no memory and `waitf` is M_NOWAIT."""
        number, self._count = self._count, self._count + 1
        if waitf == M_NOWAIT and number == self.malloc_fails:
            return None
        aio = AioDesc(f"{kind.removesuffix('desc')}{number}")
        self.live[aio] = None
        return aio

    def free(self, aio: AioDesc) -> None:
        """Free a descriptor."""
        aio.freed = True
        self.live.pop(aio, None)

    def tailq_init(self, name: str) -> None:
        """Empty the done queue; `name` is `aio_done`."""
        self.done.clear()


def write_pages(
    m: Machine, pages: Pages, block: int, flags: int, uobj: UvmObject | None = None
) -> Put:
    """Write busy pages to `block` and the blocks after it: map them in, ask the disk, map them out.

    Needs: no simple lock held.  May sleep: for room in the pager map, and, if synchronous, for the disk.
    Returns: OK or the disk's error; asynchronous: PEND, or AGAIN when the pager map is full.
    Differs: ours.  An asynchronous put maps with M_NOWAIT, a synchronous one with M_WAITOK.
    """
    write = _write_and_wait if flags & PGO_SYNCIO else _write_later
    return write(m, pages, block, uobj)


def _write_later(m: Machine, pages: Pages, block: int, uobj: UvmObject | None) -> Put:
    pointer = AioPointer()
    m.aio.pointers[pointer] = None
    kva = yield from m.k.pagermapin(pages, pointer, M_NOWAIT)
    del m.aio.pointers[pointer]
    if kva is None:
        return VM_PAGER_AGAIN
    m.pager_map.live[kva] = len(pages)
    answer = m.disk.answer(block, len(pages))
    aio = deref(pointer.aio)
    if answer is VM_PAGER_AGAIN:  # the disk took nothing
        del m.pager_map.live[kva]
        m.k.pagermapout(kva, len(pages))
        m.aio.free(aio)
        return answer
    return _start(m, aio, pages, block, kva, uobj, answer)


def _write_and_wait(m: Machine, pages: Pages, block: int, uobj: UvmObject | None) -> Put:
    npages = len(pages)
    kva = deref((yield from m.k.pagermapin(pages, None, M_WAITOK)))
    m.pager_map.live[kva] = npages
    answer = m.disk.answer(block, npages)
    if answer is VM_PAGER_PEND:  # the disk puts a synchronous write off: nobody waits for it now
        aio = deref(m.aio.malloc("aiodesc", M_WAITOK))
        return _start(m, aio, pages, block, kva, uobj, VM_PAGER_OK)
    m.locks.sleeping()
    yield m.env.timeout(m.disk.write(block, npages))
    del m.pager_map.live[kva]
    m.k.pagermapout(kva, npages)
    return answer


def _start(
    m: Machine,
    aio: AioDesc,
    pages: Pages,
    block: int,
    kva: int,
    uobj: UvmObject | None,
    answer: PagerResult,
) -> PagerResult:
    aio.pages, aio.block, aio.kva, aio.uobj = pages, block, kva, uobj
    aio.result = VM_PAGER_OK if answer == VM_PAGER_PEND else answer
    m.aio.inflight[aio] = None

    def interrupt(_: Event) -> None:
        m.acts.io_done(aio, aio.result)

    m.env.timeout(m.disk.write(block, len(pages))).callbacks.append(interrupt)
    return VM_PAGER_PEND


def refuse(answer: PagerResult) -> Put:
    """Make a put that answers at once and writes nothing."""
    yield from ()
    return answer
