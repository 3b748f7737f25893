"""The six mistakes of revision 1.1.1.1, each a switch: `Machine(slips=Slip.STRIDE)`.

`Slip.NONE`, the default, is the file as its author meant it; `Slip.ALL` is the file as written.
What each mistake does is decided in one place: the stride here, the others where `pager.py` makes them.
"""

from enum import IntFlag
from typing import Final

from uvmlab.kernel.flags import OFFSET_MASK, PAGE_SIZE

STRIDE: Final = 0x1
WRONG_PAGE: Final = 0x2
HELD_ANON_LOCK: Final = 0x4
USE_AFTER_RELEASE: Final = 0x8
AIO_LEAK: Final = 0x10
AIO_DANGLING: Final = 0x20


class Slip(IntFlag):
    """The six slips; `Slip.STRIDE | Slip.AIO_LEAK` leaves two of them in."""

    NONE = 0
    STRIDE = STRIDE  # 323, 325: `?:` binds looser than `+`, so no neighbour is ever found
    WRONG_PAGE = WRONG_PAGE  # 667: the page of interest is released, not the cluster page
    HELD_ANON_LOCK = HELD_ANON_LOCK  # 634, 655: the anon is freed with its lock held
    USE_AFTER_RELEASE = (
        USE_AFTER_RELEASE  # 674-699: a freed page is updated and asked for its owner
    )
    AIO_LEAK = AIO_LEAK  # 143-148, 169: a new descriptor at every retry, the old one lost
    AIO_DANGLING = AIO_DANGLING  # 148, 160: the caller keeps a pointer to a freed descriptor
    ALL = 0x3F


def neighbour(slips: int, offset: int, forward: int) -> int:
    """Go one page on from `offset` (bytes): back, or with `forward` ahead.

    Returns: bytes, unsigned and 32 bits wide, so that one page back from 0 wraps.
    Source: lines 323 and 325.
    """
    if slips & STRIDE:  # as written: the sum is only the question, and the answer 1 or -1
        return (1 if offset + PAGE_SIZE * forward else -1) & OFFSET_MASK
    return (offset + (PAGE_SIZE if forward else -PAGE_SIZE)) & OFFSET_MASK
