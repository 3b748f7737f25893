"""What a thread is to do with the pager map: `pagermapin p0 p1; write 400; pagermapout`.

>>> program("pagermapin p0 p1 nowait; pagermapout")
(pagermapin p0 p1 NOWAIT, pagermapout)
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, Final, NamedTuple

from simpy import Event

from uvmlab.kernel import AioPointer, Machine, Page
from uvmlab.kernel.flags import M_NOWAIT, M_WAITOK
from uvmlab.kernel.panic import deref

MAPIN, WRITE, MAPOUT = "pagermapin", "write", "pagermapout"
NOWAIT, AIO = "NOWAIT", "AIO"
LEGAL: Final = f"{MAPIN} with pages, {NOWAIT}, {AIO}; {WRITE} with µs; {MAPOUT}"
MOST_COMMANDS: Final = 20
MOST_US: Final = 1_000_000

Commands = tuple["Command", ...]
Body = Generator[Event, Any, None]


class Command(NamedTuple):
    """One command: the pages to map in, and how; or how many microseconds to write."""

    word: str
    pages: tuple[str, ...] = ()
    nowait: bool = False
    aio: bool = False
    us: int = 0

    def __repr__(self) -> str:
        ways = [NOWAIT] * self.nowait + [AIO] * self.aio
        return " ".join([self.word, *self.pages, *ways, *[str(self.us)] * (self.word == WRITE)])


def program(text: str) -> Commands:
    """Read a thread's program: commands with a semicolon between them.

    Raises: TypeError or ValueError, naming what is legal.
    """
    if not isinstance(text, str):
        raise TypeError(f"a program is a text, not {text!r}; legal: {LEGAL}")
    commands = tuple(_command(*part.split()) for part in text.split(";") if part.strip())
    if len(commands) > MOST_COMMANDS:
        raise ValueError(f"{MOST_COMMANDS} commands are enough, and these are {len(commands)}")
    mapped = 0
    for command in commands:
        if command.word != MAPIN and not mapped:
            raise ValueError(f"{command.word}: there is nothing mapped in by then")
        mapped += {MAPIN: 1, WRITE: 0, MAPOUT: -1}[command.word]
    return commands


def _command(word: str, *rest: str) -> Command:
    match word.lower():
        case "pagermapin":
            return _mapin(rest)
        case "write":
            typed = " ".join(rest)[:10]
            if not (typed.isascii() and typed.isdecimal() and 0 < int(typed) <= MOST_US):
                raise ValueError(f"{WRITE}: 1 to {MOST_US} µs, not {typed!r}")
            return Command(WRITE, us=int(typed))
        case "pagermapout":
            if rest:
                raise ValueError(f"{MAPOUT} stands alone: it gives back what was mapped in last")
            return Command(MAPOUT)
    raise ValueError(f"no command {word[:40]!r}; legal: {LEGAL}")


def _mapin(words: tuple[str, ...]) -> Command:
    ways = {word.upper() for word in words} & {NOWAIT, AIO}
    pages = tuple(word for word in words if word.upper() not in ways)
    if not pages:
        raise ValueError(f"{MAPIN}: name the pages to map in, such as {MAPIN} p0 p1")
    if len({*pages}) < len(pages):
        raise ValueError(f"{MAPIN}: a page is named twice: {' '.join(pages)}")
    return Command(MAPIN, pages, NOWAIT in ways, AIO in ways)


def read(programs: Mapping[str, str]) -> dict[str, Commands]:
    """Read the programs of threads by name.

    Raises: TypeError or ValueError, naming the thread and what is legal.
    """
    if not programs:
        raise ValueError(f'name a thread at least, with its program: A="{MAPIN} p0; {MAPOUT}"')
    threads: dict[str, Commands] = {}
    whose: dict[str, str] = {}
    for name, text in programs.items():
        try:
            threads[name] = program(text)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name}: {error}") from None
        for page in pages_of({name: threads[name]}):
            if whose.setdefault(page, name) != name:
                raise ValueError(f"{page} is busy for {whose[page]}, so {name} cannot have it, too")
    return threads


def pages_of(threads: Mapping[str, Commands]) -> list[str]:
    """Name the pages that threads map in, each once."""
    commands = [command for commands in threads.values() for command in commands]
    return list(dict.fromkeys(page for command in commands for page in command.pages))


def written(commands: Commands) -> str:
    """Write a program as it is typed."""
    return "; ".join(map(repr, commands))


class Mapped(NamedTuple):
    """What a thread has mapped in: where (bytes), how many pages, and its pointer to a descriptor."""

    kva: int
    npages: int
    pointer: AioPointer | None


def body(m: Machine, commands: Commands, pages: Mapping[str, Page]) -> Body:
    """Do what a program says; a thread that gets no room and may not sleep gives up there.

    Needs: the pages busy.
    """
    mapped: list[Mapped] = []
    for number, command in enumerate(commands):
        last = commands[number - 1].word if number else WRITE
        if m.cpus > 1 and WRITE not in (last, command.word):  # a write ends a turn as it is
            yield m.sleep.other_cpu()
        if command.word == MAPIN:
            got = yield from _map_in(m, command, tuple(pages[name] for name in command.pages))
            if got is None:
                return
            mapped.append(got)
        elif command.word == WRITE:
            m.locks.sleeping()
            yield m.env.timeout(command.us)
        else:
            _map_out(m, mapped.pop())


def _map_in(
    m: Machine, command: Command, pages: tuple[Page, ...]
) -> Generator[Event, Any, Mapped | None]:
    pointer = AioPointer() if command.aio else None
    if pointer is not None:
        m.aio.pointers[pointer] = None
    kva = yield from m.k.pagermapin(pages, pointer, M_NOWAIT if command.nowait else M_WAITOK)
    if not isinstance(kva, int):
        return None
    m.pager_map.live[kva] = len(pages)
    return Mapped(kva, len(pages), pointer)


def _map_out(m: Machine, mapped: Mapped) -> None:
    """Map out, and free the descriptor as whoever finishes an I/O does."""
    del m.pager_map.live[mapped.kva]
    m.k.pagermapout(mapped.kva, mapped.npages)
    if mapped.pointer is not None:
        m.aio.free(deref(mapped.pointer.aio))
        del m.aio.pointers[mapped.pointer]
