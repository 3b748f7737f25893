"""The source beside the code: what each line of `uvm_pager.c` does, in our own words.

The words stand in `lines.txt`.  Which events and notes show a line is read off `pager.py`: there, and nowhere
else, a call has its line.

>>> source(347).words
'makes the page busy, so that nobody else touches it'
>>> source(348).events, source(347).notes
(('page_own',), ('set PG_BUSY',))
"""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from uvmlab.kernel import pager
from uvmlab.kernel.lines import LAST, c_lines
from uvmlab.kernel.trace import EVENTS, NOTES
from uvmlab.run.owncopy import REVISION, own_copy

WAIT: Final = ("unlock", "sleep", "resume", "deadlock")  # what the one call of line 167 makes


class Row(NamedTuple):
    """One statement of the table: its lines, its function (None outside of all), what it does."""

    lines: range
    function: str | None
    words: str


class Source(NamedTuple):
    """One line of `uvm_pager.c`.

    `lines` are those of its statement; `function` is where it is, None outside of all; `words` say what it does;
    `events` and `notes` show it; `c` is the statement itself, from the learner's own copy, and if a copy was
    refused, `said` says why.
    """

    line: int
    lines: range
    function: str | None
    words: str
    events: tuple[str, ...]
    notes: tuple[str, ...]
    c: tuple[str, ...] = ()
    said: str = ""

    def __repr__(self) -> str:
        first, last = self.lines[0], self.lines[-1]
        span = f" (of {first} to {last})" if last > first else ""
        where = f", in {self.function}" if self.function else ""
        said = [f"uvm_pager.c {REVISION}, line {self.line}{span}{where}:", f"  {self.words}"]
        for kind, names in (("event", self.events), ("note", self.notes)):
            if names:
                listed = ", ".join(name.removeprefix("note ") for name in names)
                said.append(f"  {kind}{'s' * (len(names) > 1)}: {listed}")
        said += [f"  {self.said}"] * bool(self.said)
        return "\n".join([*said, *map("{:>5} {}".format, self.lines, self.c)])


def source(line: int) -> Source:
    """Say what a line of `uvm_pager.c` does: `source(338)`.

    With revision 1.1.1.1 of that file in `work/`, raw or as a numbered listing, the C itself is shown, too.
    Raises: ValueError, TypeError for what is no line of it.
    """
    if not isinstance(line, int) or isinstance(line, bool):
        raise TypeError(f"a line is a whole number from 1 to {LAST}, not {line!r}")
    if line not in table():
        raise ValueError(f"uvm_pager.c has lines 1 to {LAST}, not {line}")
    row, copy = table()[line], own_copy()
    made = dict.fromkeys(made for each in row.lines for made in shown().get(each, ()))
    return Source(
        line,
        *row,
        tuple(each for each in made if each in EVENTS),
        tuple(each for each in made if each not in EVENTS),
        copy.lines[row.lines[0] - 1 : row.lines[-1]],
        copy.said,
    )


@cache
def table() -> dict[int, Row]:
    """Read the table: line to the row of its statement."""
    found: dict[int, Row] = {}
    function = None
    for text in files("uvmlab.run").joinpath("lines.txt").read_text("utf-8").splitlines():
        if text.startswith("["):
            function = text.strip("[]") or None
        elif text and not text.startswith("#"):
            spans, words = text.split(" ", 1)
            for span in spans.split(","):
                first, _, last = span.partition("-")
                row = Row(range(int(first), int(last or first) + 1), function, words)
                found.update(dict.fromkeys(row.lines, row))
    return found


@cache
def shown() -> dict[int, tuple[str, ...]]:
    """Read off `pager.py` which events and notes each line of the C makes, in the order of the code.

    A panic stands where `pager.py` itself panics; what it calls may panic as well, on the line of the call.
    """
    code = inspect.getsource(pager)
    numbers = c_lines(code)
    calls = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and node.lineno in numbers
    ]
    found: dict[int, list[str]] = defaultdict(list)
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        found[numbers[call.lineno]] += _made(call)
    return {line: tuple(made) for line, made in found.items() if made}


def _made(call: ast.Call) -> Iterator[str]:
    """Name the events and notes that a call in `pager.py` makes."""
    called, args = ast.unparse(call.func), call.args
    name = called.removeprefix("k.")
    if called == "null":
        yield "panic"
    elif name == "unlock_and_wait":
        yield from WAIT
    elif name == "note":
        yield from (f"note {why}" for why in strings(args[0]))
    elif name in ("set", "clear"):
        yield f"{name} {ast.unparse(args[1])}"
    elif name == "store":
        yield f"store {strings(args[1])[0]}"
    elif name in EVENTS or name in NOTES:
        yield name


def strings(node: ast.expr) -> list[str]:
    """List the texts in an expression: of a choice, both."""
    return [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
