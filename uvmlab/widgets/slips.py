"""What a form calls the six mistakes of 1998, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from uvmlab.kernel import Slip

SLIPS: Final = {
    Slip.NONE: "as intended",
    Slip.ALL: "as written in 1998, all six slips",
    **{slip: f"with {slip.name}" for slip in Slip},
}

MEANS: Final = {
    Slip.NONE: "None of the six mistakes.",
    Slip.ALL: "All six mistakes at once.",
    Slip.STRIDE: "No neighbour is ever found, so each cluster is one page (323, 325).",
    Slip.WRONG_PAGE: "Where a cluster page is to be freed, the page of interest is (667).",
    Slip.HELD_ANON_LOCK: "An anon is freed while its lock is held (634, 655).",
    Slip.USE_AFTER_RELEASE: "A page is freed, and then changed and asked for its owner (674-699).",
    Slip.AIO_LEAK: "Each new try takes a new I/O descriptor, and the old one is lost (143-148, 169).",
    Slip.AIO_DANGLING: "The caller keeps a pointer to an I/O descriptor that is freed (148, 160).",
}


def explained(fields: list[dict[str, Any]], slips: Mapping[Slip, str]) -> list[dict[str, Any]]:
    """Return a form's fields, with a sentence for each choice of `slips`."""
    means = [MEANS.get(chosen) or " ".join(MEANS[slip] for slip in chosen) for chosen in slips]
    return [field | {"means": means} if field["name"] == "slips" else field for field in fields]


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
