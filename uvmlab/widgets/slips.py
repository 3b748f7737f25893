"""What a form calls the six mistakes of 1998, and the choice between them."""

from __future__ import annotations

from typing import Final

from uvmlab.kernel import Slip

SLIPS: Final = {
    Slip.NONE: "as intended",
    Slip.ALL: "as written in 1998, all six slips",
    **{slip: f"with {slip.name}" for slip in Slip},
}


def offered(slips: int) -> dict[Slip, str]:
    """Return the choices: none, all, each alone, and `slips` if that is none of these.

    Raises: ValueError naming what is legal.

    >>> offered(Slip.WRONG_PAGE | Slip.AIO_LEAK).popitem()
    (<Slip.WRONG_PAGE|AIO_LEAK: 18>, 'with WRONG_PAGE and AIO_LEAK')
    """
    if not isinstance(slips, int) or isinstance(slips, bool) or slips & ~int(Slip.ALL):
        raise ValueError(f"no slips {slips!r}; legal: {', '.join(slip.name for slip in Slip)}")  # type: ignore[misc]
    chosen = Slip(slips)
    return SLIPS | {chosen: SLIPS.get(chosen) or f"with {' and '.join(s.name for s in chosen)}"}  # type: ignore[misc]
