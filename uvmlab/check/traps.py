"""Functions that refuse to run while a learner's answer is asked for: those that would answer in the learner's place."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any, Final

from uvmlab.kernel import pager

ENGINE: Final = tuple(
    each
    for each in vars(pager).values()
    if isinstance(each, FunctionType) and each.__module__ == pager.__name__
)
OWN: Final = {each.__name__: each.__code__.co_code for each in ENGINE}


def is_copy(function: Any, codes: Container[bytes] = OWN.values()) -> bool:
    """Whether a function is one of the engine's, copied as it stands: under other names, say."""
    return isinstance(function, FunctionType) and function.__code__.co_code in codes


TRAP: Final = """\
def trap({}):
    for k in [*locals().values()][:1]:
        if hasattr(k, "panic"):
            k.panic({text!r})
    raise RuntimeError({text!r})
"""
REFUSED: Final = "Your answer is the engine's own function, or calls it: write one yourself"


@contextmanager
def refusing(*functions: Callable[..., Any]) -> Iterator[Callable[[], bool]]:
    """Have functions refuse to run, whoever holds them, as long as the block lasts.

    Yields: what tells whether all of them still do, and nobody has brought one back.
    """
    kept = [(each, each.__code__) for each in functions if isinstance(each, FunctionType)]
    traps = [(function, _trap(function)) for function, _ in kept]
    try:
        for function, trap in traps:
            function.__code__ = trap
        yield lambda: all(function.__code__ is trap for function, trap in traps)
    finally:
        for function, code in kept:
            function.__code__ = code


def _trap(function: FunctionType) -> CodeType:
    """Make the code of a function that refuses, with the same parameters: a learner's is held against them."""
    parameters = inspect.signature(function).parameters.values()
    bare = [str(each.replace(annotation=each.empty, default=each.empty)) for each in parameters]
    made: dict[str, Any] = {}
    exec(TRAP.format(", ".join(bare), text=REFUSED), made)  # noqa: S102  names of our own parameters
    code: CodeType = made["trap"].__code__
    return code
