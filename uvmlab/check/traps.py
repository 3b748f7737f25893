"""Functions that refuse to run while a learner's answer is asked for: those that would answer in the learner's place."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any, Final

from uvmlab.kernel import pager

ENGINE: Final = tuple(
    each
    for each in vars(pager).values()
    if isinstance(each, FunctionType) and each.__module__ == pager.__name__
)


@contextmanager
def refusing(*functions: Callable[..., Any]) -> Iterator[None]:
    """Have functions refuse to run, whoever holds them, as long as the block lasts.

    Their signature stays what it was: a learner's function is held against it.
    """
    kept = [(each, each.__code__) for each in functions if isinstance(each, FunctionType)]
    try:
        for function, _ in kept:
            function.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
            function.__code__ = _trap.__code__
        yield
    finally:
        for function, code in kept:
            function.__code__ = code
            del function.__signature__  # type: ignore[attr-defined]


def _trap(*args: Any, **_: Any) -> None:  # it runs among the names of another module
    text = "Your answer is the engine's own function, or calls it: write one yourself"
    for k in args[:1]:
        if hasattr(k, "panic"):
            k.panic(text)
    raise RuntimeError(text)
