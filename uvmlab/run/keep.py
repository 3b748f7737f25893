"""A run in a file: one JSON object, refused with a reason if it is damaged or something else."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from typing import Any, Final

from uvmlab.kernel import Cluster, PagerResult, Step
from uvmlab.kernel.lines import LAST
from uvmlab.kernel.trace import EVENTS, NOTES, SLEEPS
from uvmlab.run.moment import Change, Changes, Moment, apply
from uvmlab.run.recorder import MEANWHILE, RETURN
from uvmlab.worlds import PageState, State, form
from uvmlab.worlds.form import Check, count, many, maybe, record, text, whole, wrong

VERSION: Final = 1
OPTIONS: Final = ("slips", "diagnostic", "pmap_new", "cpus", "trace")  # those that a file can hold
KINDS: Final = sorted({*EVENTS, *NOTES, MEANWHILE, RETURN})


def _sleeper(value: Any, where: str) -> tuple[str, str, int]:
    if not isinstance(value, list) or len(value) != 3:
        raise wrong(where, value, "[thread, on what, since when]")
    return text(value[0], where), text(value[1], where), count(value[2], where)


def _arena(value: Any, where: str) -> dict[int, str]:
    if not isinstance(value, dict) or not all(key.isdecimal() for key in value):
        raise wrong(where, value, "an object from arena page to name")
    return {int(key): text(name, where) for key, name in value.items()}


MOMENT: Final[dict[str, Check]] = {
    "now": count,
    "thread": text,
    "asleep": many(_sleeper),
    "arena": _arena,
    "inactive": many(text),
    "active": many(text),
    "free": many(text),
    "array": many(maybe(text)),
    "first": whole,
    "npages": whole,
    "aio_inflight": many(text),
    "ios": count,
}
ENTRIES: Final[dict[str, Check]] = {  # by name; none comes or goes
    "pages": form.page,
    "anons": form.anon,
    "objects": form.uobject,
}
FIELDS: Final[dict[str, Check]] = form.WORLD | form.MORE | MOMENT


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def moment_to_json(moment: Moment) -> dict[str, Any]:
    """Write a moment as plain data: the world's form, and a moment's own fields."""
    data = form.to_json(State(**{each.name: getattr(moment, each.name) for each in fields(State)}))
    return data | {name: getattr(moment, name) for name in MOMENT}


def moment_from_json(value: Any, where: str) -> Moment:
    """Read a moment; the reverse of `moment_to_json`."""
    if not isinstance(value, dict):
        raise wrong(where, value, "an object")
    own = record({name: value[name] for name in MOMENT if name in value}, where, MOMENT)
    state = form.read({name: item for name, item in value.items() if name not in MOMENT}, where)
    return Moment(**{each.name: getattr(state, each.name) for each in fields(State)}, **own)


def change_from_json(value: Any, where: str) -> Change:
    """Read a change: [field, key, old, new]."""
    if not isinstance(value, list) or len(value) != 4:
        raise wrong(where, value, "[field, key, old, new]")
    key, old, new = value[1:]
    name = text(value[0], where)
    if name == "arena":
        check, key = maybe(text), count(key, where)
    elif name in ENTRIES:
        check, key = ENTRIES[name], text(key, where)
    elif name in FIELDS and key is None:
        check = FIELDS[name]
    else:
        raise wrong(where, [name, key], f"a field of a moment; legal: {', '.join(FIELDS)}")
    change = Change(name, key, check(old, f"{where}.old"), check(new, f"{where}.new"))
    if name in ENTRIES and change.new.name != key:
        raise wrong(f"{where}.new.name", change.new.name, repr(key))
    return change


def _line(value: Any, where: str) -> int:
    if not 1 <= whole(value, where) <= LAST:
        raise wrong(where, value, f"a line of uvm_pager.c; legal: 1 to {LAST}")
    return int(value)


def _argument(value: Any, where: str) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    return list(many(_argument)(value, where))


def step_from_json(value: Any, where: str) -> tuple[Step, Changes, str, int]:
    """Read a step with its changes, its thread and its time."""
    found = record(
        value,
        where,
        {
            "kind": form.one_of(*KINDS),
            "line": maybe(_line),
            "args": many(_argument),
            "changes": many(change_from_json),
            "thread": text,
            "time": count,
        },
    )
    step = Step(found["kind"], found["line"], found["args"])
    try:
        str(step)
    except (IndexError, TypeError, ValueError):
        raise wrong(where, value["args"], f"what a step {step.kind!r} has") from None
    return step, found["changes"], found["thread"], found["time"]


def result_to_json(result: Any) -> Any:
    """Write a result: a PagerResult and a cluster's pages by name, everything else as it is."""
    if isinstance(result, PagerResult):
        return {"PagerResult": result.name}
    if isinstance(result, Cluster):
        return {"cluster": [page and page.name for page in result.pages]}
    return result


def result_from_json(value: Any, where: str) -> Any:
    """Read a result; a cluster comes back as the names of its pages, None where there is none."""
    if isinstance(value, dict) and "PagerResult" in value:
        legal = form.one_of(*PagerResult.__members__)
        return PagerResult[record(value, where, {"PagerResult": legal})["PagerResult"]]
    if isinstance(value, dict):
        return record(value, where, {"cluster": many(maybe(text))})["cluster"]
    return _argument(value, where)


RUN: Final[dict[str, Check]] = {
    "uvmlab": form.one_of("run"),
    "version": whole,
    "call": text,
    "result": result_from_json,
    "said": maybe(text),
    "base": moment_from_json,
    "steps": many(step_from_json),
    "cluster": many(text),
    "console": many(text),
    "options": lambda value, where: record(
        value, where, {}, dict.fromkeys(OPTIONS, whole_or_truth)
    ),
}


def whole_or_truth(value: Any, where: str) -> int:
    """Check a whole number, or true or false."""
    return value if isinstance(value, bool) else whole(value, where)


def check_run(value: Any) -> dict[str, Any]:
    """Check a whole run, and that its steps lead somewhere.

    Returns: its fields, read.
    Raises: ValueError that says where and what is wrong.
    """
    if not isinstance(value, dict) or value.get("uvmlab") != "run":
        raise ValueError("this is no run of uvmlab")
    if value.get("version") != VERSION:
        raise ValueError(f"this is a run of version {value.get('version')}; legal: {VERSION}")
    found = record(value, "run", RUN)
    if not found["steps"]:
        raise ValueError("run.steps: a run has one step at least, its return")
    moment = found["base"]
    for page in moment.pages.values():
        _owned(page, moment, "run.base")
    for number, (step, changes, thread, time) in enumerate(found["steps"]):
        moment = _after(moment, changes, where := f"run.steps[{number}]")
        if (thread, time) != (moment.thread, moment.now):
            said = f"{thread} runs at {time} µs, but after its changes it is"
            raise ValueError(f"{where}: {said} {moment.thread} at {moment.now} µs")
        if step.kind in SLEEPS:
            _put(step, moment, where)
    return found


def _after(moment: Moment, changes: Changes, where: str) -> Moment:
    """Return the moment to which the changes of a step lead from `moment`."""
    began = moment.now
    for change in changes:  # one by one: what is changed twice goes from one to the next
        if change.old == change.new or change.old != _now(moment, change):
            place = change.field if change.key is None else f"{change.field} {change.key}"
            raise ValueError(f"{where}: {place} is not as it was before")
        moment = apply(moment, (change,))
        if change.field == "pages":
            _owned(change.new, moment, where)
    if moment.now < began:
        raise ValueError(f"{where}: time goes back, from {began} to {moment.now} µs")
    return moment


def _owned(page: PageState, moment: Moment, where: str) -> None:
    if page.owner not in (None, *moment.anons, *moment.objects):
        raise ValueError(f"{where}: {page.name} is a page of {page.owner!r}, which is not there")


def _put(step: Step, moment: Moment, where: str) -> None:
    pages = step.args[1]
    if len(step.args) != 4 or not isinstance(pages, list):
        raise wrong(f"{where}.args", step.args, "[where to, pages, flags, answer]")
    for name in pages:
        if name not in (None, *moment.pages):
            raise ValueError(f"{where}: there is no page {name!r} to be written")


def _now(moment: Moment, change: Change) -> Any:
    value = getattr(moment, change.field)
    return value if change.key is None else value.get(change.key)


def plain_changes(changes: Changes) -> list[list[Any]]:
    """Write changes as plain data."""
    return [[c.field, c.key, _plain(c.old), _plain(c.new)] for c in changes]
