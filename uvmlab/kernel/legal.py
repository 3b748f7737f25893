"""What a caller may say: each check names what was said and what is legal there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

T = TypeVar("T")


def whole(what: str, found: Any, least: int | None = 0, most: int | None = None) -> int:
    """Check a whole number, `least` to `most`, both of them legal; None: no limit.

    Raises: ValueError.
    """
    if (
        isinstance(found, int)
        and not isinstance(found, bool)
        and (least is None or found >= least)
        and (most is None or found <= most)
    ):
        return found
    if most is not None and least is not None and most < least:
        raise ValueError(f"{what}: none is legal here, so not {found!r:.60} either")
    limits = "" if least is None else f", {least} or more" if most is None else f" from {least} to {most}"  # fmt: skip
    raise ValueError(f"{what} is a whole number{limits}, not {found!r:.60}")


def truth(what: str, found: Any) -> bool:
    """Check True or False.

    Raises: TypeError.
    """
    if not isinstance(found, bool):
        raise TypeError(f"{what} is True or False, not {found!r:.60}")
    return found


def several(what: str, found: Any, legal: str) -> tuple[Any, ...]:
    """Check a row of things, which a text is not.

    Raises: TypeError.
    """
    if isinstance(found, str) or not isinstance(found, Iterable):
        raise TypeError(f"{what}: {legal}, one by one, not {found!r:.60}")
    return tuple(found)


def wholes(what: str, found: Any, least: int = 0, most: int | None = None) -> tuple[int, ...]:
    """Check a row of whole numbers, as `several` and `whole` do."""
    return tuple(
        whole(f"each of {what}", number, least, most)
        for number in several(what, found, "whole numbers")
    )


def known(what: str, name: Any, things: dict[str, T]) -> T:
    """Find a thing by its name.

    Raises: KeyError naming those that there are.
    """
    if not isinstance(name, str) or name not in things:
        raise KeyError(f"no {what} {name!r}; legal: {', '.join(things) or 'there is none'}")
    return things[name]
