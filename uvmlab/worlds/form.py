"""A state as JSON: the form of the golden vectors' worlds, and more where a state has more.

Whatever is read is checked field by field: a wrong type or an unknown field is a ValueError that says
where it stands (`pages[3].offset`) and what is legal.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from uvmlab.kernel.disk import FaultPlan
from uvmlab.worlds.state import AnonState, ObjectState, PageState, State

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
T = TypeVar("T")
Check = Callable[[Any, str], Any]


def wrong(where: str, found: Any, legal: str) -> ValueError:
    """Make the error for a value in the wrong form."""
    shown = json.dumps(found, default=str)
    return ValueError(f"{where}: {shown[:60]} is not {legal}")


def whole(value: Any, where: str) -> int:
    """Check a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(where, value, "a whole number")
    return value


def count(value: Any, where: str) -> int:
    """Check a whole number, 0 or more."""
    if whole(value, where) < 0:
        raise wrong(where, value, "0 or more")
    return int(value)


def number(value: Any, where: str) -> float:
    """Check a number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong(where, value, "a number")
    return value


def text(value: Any, where: str) -> str:
    """Check a text."""
    if not isinstance(value, str):
        raise wrong(where, value, "a text")
    return value


def truth(value: Any, where: str) -> bool:
    """Check true or false."""
    if not isinstance(value, bool):
        raise wrong(where, value, "true or false")
    return value


def maybe(check: Check) -> Check:
    """Allow null too."""
    return lambda value, where: None if value is None else check(value, where)


def one_of(*legal: str) -> Check:
    """Check for one of some words."""

    def check(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in legal:
            raise wrong(where, value, f"one of {', '.join(legal)}")
        return value

    return check


def many(check: Check) -> Check:
    """Check a list, item by item."""

    def each(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise wrong(where, value, "a list")
        return tuple(check(item, f"{where}[{i}]") for i, item in enumerate(value))

    return each


def record(
    value: Any, where: str, needed: dict[str, Check], more: dict[str, Check] | None = None
) -> dict[str, Any]:
    """Check an object: all `needed` fields, any of `more`, and no other.

    Returns: the checked fields.
    """
    legal = needed | (more or {})
    if not isinstance(value, dict):
        raise wrong(where, value, f"an object with {', '.join(needed)}")
    for name in needed:
        if name not in value:
            raise ValueError(f"{where}: there is no {name!r}; needed: {', '.join(needed)}")
    for name in value:
        if name not in legal:
            raise ValueError(f"{where}: no field {name!r}; legal: {', '.join(legal)}")
    return {name: legal[name](item, f"{where}.{name}") for name, item in value.items()}


def slots_by_index(value: Any, where: str) -> dict[int, int]:
    """Check an object from page index, written as a text, to slot."""
    if not isinstance(value, dict) or not all(map(_INDEX.fullmatch, value)):
        raise wrong(where, value, "an object from page index to slot")
    return {int(key): count(slot, f"{where}.{key}") for key, slot in value.items()}


PAGE: dict[str, Check] = {
    "name": text,
    "owner": maybe(text),
    "offset": whole,
    "flags": many(text),
    "pqflags": many(text),
    "modified": truth,
    "referenced": truth,
    "prot": text,
}
ANON: dict[str, Check] = {"name": text, "swslot": count}
OBJECT: dict[str, Check] = {
    "name": text,
    "pager": text,
    "cluster": text,
    "window": count,
    "size": count,
    "kill": truth,
    "swslots": slots_by_index,
}


def page(value: Any, where: str) -> PageState:
    """Check a page."""
    return PageState(**record(value, where, PAGE, {"owner_tag": maybe(text)}))


def anon(value: Any, where: str) -> AnonState:
    """Check an anon."""
    return AnonState(**record(value, where, ANON, {"refs": count, "dead": truth}))


def uobject(value: Any, where: str) -> ObjectState:
    """Check an object."""
    return ObjectState(**record(value, where, OBJECT, {"dead": truth}))


WORLD: dict[str, Check] = {
    "pages": many(page),
    "anons": many(anon),
    "objects": many(uobject),
    "swap_slots": count,
    "pager_map_pages": count,
    "pager_map_used": many(count),
}


def _range(value: Any, where: str) -> tuple[int, int, str]:
    if not isinstance(value, list) or len(value) != 3:
        raise wrong(where, value, "[first block, last block, answer]")
    return count(value[0], where), count(value[1], where), text(value[2], where)


def _plan(value: Any, where: str) -> FaultPlan:
    parts: dict[str, Check] = {
        "answers": many(text),
        "ranges": many(_range),
        "rate": number,
        "seed": whole,
        "answer": text,
    }
    return FaultPlan(**record(value, where, {}, parts))


MORE: dict[str, Check] = {
    "bad_slots": many(count),
    "swap_allocated": many(count),
    "pager_map_wanted": truth,
    "plan": _plan,
    "seek_us": count,
    "transfer_us": count,
    "locks_held": many(text),
    "aio_live": many(text),
    "aio_done": many(text),
}


def from_json(data: Any, where: str = "world") -> State:
    """Read a state to begin with from plain data.

    Raises: ValueError that says where and what is wrong, or what is impossible.
    """
    state = read(data, where)
    state.check()
    return state


def read(data: Any, where: str) -> State:
    """Read any state from plain data: a broken machine's may be an impossible one."""
    found = record(data, where, WORLD, MORE)
    for kind in ("pages", "anons", "objects"):
        by_name = {each.name: each for each in found[kind]}
        if len(by_name) < len(found[kind]):
            raise ValueError(f"{where}.{kind}: two have the same name")
        found[kind] = by_name
    return State(**found)


def to_json(state: State) -> dict[str, Any]:
    """Write a state as plain data; what is as it would be anyhow is left out, beyond the golden form."""
    data: dict[str, Any] = {
        "pages": [_without(vars(page), "owner_tag") for page in state.pages.values()],
        "anons": [_without(vars(anon), refs=1, dead=False) for anon in state.anons.values()],
        "objects": [_without(vars(uobj), dead=False) for uobj in state.objects.values()],
    }
    plain = State()
    for each in fields(State):
        value = getattr(state, each.name)
        if each.name in WORLD or value != getattr(plain, each.name):
            data.setdefault(each.name, value._asdict() if each.name == "plan" else value)
    return json.loads(json.dumps(data))


def _without(data: dict[str, Any], *none: str, **usual: Any) -> dict[str, Any]:
    usual |= dict.fromkeys(none)
    return {key: value for key, value in data.items() if key not in usual or value != usual[key]}


def save(data: dict[str, Any], path: Path) -> None:
    """Write plain data to a JSON file, whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, indent=1)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise


def load(path: Path, reader: Callable[[Any], T]) -> T:
    """Read a JSON file and make something of it.

    Raises: ValueError, with the file's name, for a file that holds no JSON or something else.
    """
    try:
        return reader(json.loads(path.read_text(encoding="utf-8")))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path}: this is no JSON: {error}") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
