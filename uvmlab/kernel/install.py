"""Putting a learner's functions in the place of the file's."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

Functions = dict[str, Callable[..., Any]]


def checked(mine: Functions, ours: Functions, options: Iterable[str]) -> Functions:
    """Check a learner's functions against those that they replace.

    `options`: what else a machine is told, for whoever mistyped that.
    Returns: `mine`.
    Raises: TypeError for a name that is none of ours, and for a function that sleeps where the one it
        replaces may not, or the other way round, or takes other arguments.
    """
    for name, function in mine.items():
        if name not in ours:
            raise TypeError(
                f"{name!r} is none of the seven functions: {', '.join(ours)}; "
                f"and no option: {', '.join(options)}"
            )
        if not callable(function):
            raise TypeError(f"{name} must be a function, not {function!r}")
        sleeps = inspect.isgeneratorfunction(ours[name])
        if sleeps != inspect.isgeneratorfunction(inspect.unwrap(function)):
            raise TypeError(
                f"{name} may sleep: write it with `yield from` or `yield`"
                if sleeps
                else f"{name} may not sleep: write it without `yield`"
            )
        parameters = inspect.signature(ours[name]).parameters
        try:
            inspect.signature(function).bind(*parameters)
        except (TypeError, ValueError) as wrong:  # ValueError: a builtin that tells no signature
            raise TypeError(
                f"{name} is called as {name}({', '.join(parameters)}): {wrong}"
            ) from None
    return mine
