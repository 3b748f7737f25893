"""The kernel's flag words, with the values of 1998.

The engine computes with plain ints (`PG_BUSY`), because an `IntFlag` object is eight times slower;
the enums (`PG.BUSY`) are for names and display.  `words` and `value` go from one to the other.
"""

from enum import Enum, IntEnum, IntFlag
from functools import lru_cache
from typing import Any, Final, TypeVar

E = TypeVar("E", bound=Enum)

PAGE_SIZE: Final = 4096  # bytes
OFFSET_MASK: Final = 0xFFFFFFFF  # a vm_offset_t is unsigned and 32 bits wide

PG_CLEAN: Final = 0x8
PG_BUSY: Final = 0x10
PG_WANTED: Final = 0x20
PG_TABLED: Final = 0x40
PG_FAKE: Final = 0x200
PG_RELEASED: Final = 0x1000
PG_CLEANCHK: Final = 0x4000

PQ_FREE: Final = 0x1
PQ_INACTIVE: Final = 0x2
PQ_ACTIVE: Final = 0x4
PQ_ANON: Final = 0x10
PQ_AOBJ: Final = 0x20

PGO_SYNCIO: Final = 0x2
PGO_ALLPAGES: Final = 0x10
PGO_DOACTCLUST: Final = 0x20
PGO_PDFREECLUST: Final = 0x80
PGO_REALLOCSWAP: Final = 0x100

VM_PROT_NONE: Final = 0
VM_PROT_READ: Final = 1
VM_PROT_ALL: Final = 7

M_WAITOK: Final = 0
M_NOWAIT: Final = 1


class PG(IntFlag):
    """State of a page (`vm_page.flags`)."""

    CLEAN = PG_CLEAN
    BUSY = PG_BUSY
    WANTED = PG_WANTED
    TABLED = PG_TABLED
    FAKE = PG_FAKE
    RELEASED = PG_RELEASED
    CLEANCHK = PG_CLEANCHK


class PQ(IntFlag):
    """Where a page is queued and what kind of owner it has (`vm_page.pqflags`)."""

    FREE = PQ_FREE
    INACTIVE = PQ_INACTIVE
    ACTIVE = PQ_ACTIVE
    ANON = PQ_ANON
    AOBJ = PQ_AOBJ


class PGO(IntFlag):
    """What a caller asks of a pager operation."""

    SYNCIO = PGO_SYNCIO
    ALLPAGES = PGO_ALLPAGES
    DOACTCLUST = PGO_DOACTCLUST
    PDFREECLUST = PGO_PDFREECLUST
    REALLOCSWAP = PGO_REALLOCSWAP


class Prot(IntEnum):
    """The highest protection that a mapping of a page may have."""

    NONE = VM_PROT_NONE
    READ = VM_PROT_READ
    ALL = VM_PROT_ALL


class PagerResult(IntEnum):
    """The answer of a put: a value to return, never an exception."""

    OK = 0
    BAD = 1
    FAIL = 2
    PEND = 3
    ERROR = 4
    AGAIN = 5

    def __str__(self) -> str:
        return self.name


VM_PAGER_OK: Final = PagerResult.OK
VM_PAGER_BAD: Final = PagerResult.BAD
VM_PAGER_PEND: Final = PagerResult.PEND
VM_PAGER_AGAIN: Final = PagerResult.AGAIN


def words(kind: type[IntFlag], value: int) -> list[str]:
    """Name the bits of a flag word.

    Returns: the names, lowest bit first; an empty list for 0.
    """
    return [*_words(kind, value)]


@lru_cache(1 << 12)  # few words are in use, and going through an enum takes its time
def _words(kind: type[IntFlag], value: int) -> tuple[str, ...]:
    return tuple(flag.name for flag in kind if value & flag and flag.name)


def value(kind: type[IntFlag], names: Any, said: str = "flags") -> int:
    """Put a flag word together from names: `value(PG, "BUSY CLEAN")`, or from a list of them.

    `said` is what an error calls them.

    Returns: the flag word, an int.
    Raises: ValueError naming the legal words; TypeError for what is neither a text nor names.
    """
    if isinstance(names, str):
        names = names.replace("|", " ").replace(",", " ").split()
    elif not isinstance(names, list | tuple):
        legal = ", ".join(kind.__members__)
        raise TypeError(f"{said} are {kind.__name__} words, not {names!r}; legal: {legal}")
    word = 0
    for name in names:
        word |= int(member(kind, name, said))
    return word


def member(kind: type[E], name: str, said: str = "") -> E:
    """Find one enum member by its name: `member(Prot, "READ")`; `said` is what an error calls it.

    Raises: ValueError naming the legal words.
    """
    try:
        return kind[name]
    except (KeyError, TypeError):  # TypeError: nothing that could be a name
        legal = ", ".join(kind.__members__)
        where = f"{said}: " * bool(said)
        raise ValueError(f"{where}{name!r} is no {kind.__name__} word; legal: {legal}") from None
