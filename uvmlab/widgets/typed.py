"""Reading what was typed into a form: a value, or a sentence that names the field and what is legal.

`labels` says how the form calls its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from uvmlab.widgets.form import Wrong, quoted

T = TypeVar("T")
Labels = Mapping[str, str]


def whole(labels: Labels, field: str, text: str, lo: int, hi: int) -> int:
    """Read a whole number from `lo` to `hi`.

    Raises: Wrong.
    """
    typed = text.strip()
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
    if number is None or not lo <= number <= hi:
        label = labels.get(field, field)
        raise Wrong(f"{label}: a whole number from {lo} to {hi}, not {quoted(text)}.", field)
    return number


def one(labels: Labels, field: str, text: str, options: Mapping[T, str]) -> T:
    """Read which of some options was chosen.

    Raises: Wrong.
    """
    for value, option in options.items():
        if text == option:
            return value
    raise Wrong(f"{labels[field]}: {' or '.join(options.values())}, not {quoted(text)}.", field)


def option(field: str, value: object, options: Mapping[Any, str]) -> str:
    """Write a plain value as the form does; what the form says itself stands.

    Raises: Wrong.
    """
    for each, said in options.items():
        if value in (each, said):
            return said
    raise Wrong(f"{field}: {' or '.join(map(repr, options))}, not {quoted(str(value))}.", field)
