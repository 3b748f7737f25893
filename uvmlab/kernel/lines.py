"""From a place in Python code to the line of `uvm_pager.c` that it stands for.

A statement says its C line in a trailing comment: `k.set(page, PG_BUSY)  # 347`.  The comments come
from `tokenize`, the statements from `ast`, the source from `linecache`; nothing else knows a number.
"""

from __future__ import annotations

import ast
import io
import linecache
import re
import tokenize
from functools import lru_cache
from types import CodeType
from typing import Final

LAST: Final = 731  # the file ends with line 730; listings number what is behind its line break, too
_NUMBER = re.compile(r"#\s*(\d{1,3})\s*(?=#|$)")


def header(statement: ast.stmt) -> range:
    """Return the source lines of a statement; of a compound one those before its body."""
    cases = [case.pattern for case in getattr(statement, "cases", ())]  # a `match` has no body
    body = getattr(statement, "body", None) or cases
    end = body[0].lineno if body else (statement.end_lineno or statement.lineno) + 1
    return range(statement.lineno, max(end, statement.lineno + 1))


def numbers(source: str) -> dict[int, list[int]]:
    """Find the C lines that trailing comments give: source line to numbers."""
    found: dict[int, list[int]] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and token.line[: token.start[1]].strip():
            given = [n for n in map(int, _NUMBER.findall(token.string)) if 1 <= n <= LAST]
            if given:
                found[token.start[0]] = given
    return found


@lru_cache(maxsize=64)
def c_lines(source: str) -> dict[int, int]:
    """Map each source line to the C line of the innermost statement that it belongs to."""
    try:
        comments = numbers(source)
        statements = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    except (SyntaxError, tokenize.TokenError):  # a notebook cell with a magic in it
        return {}
    found: dict[int, int] = {}
    for statement in statements:  # outer ones first, so that inner ones have the last word
        lines = header(statement)
        for line in lines:
            found.pop(line, None)
        given = [number for line in lines for number in comments.get(line, ())]
        if given:
            found.update(dict.fromkeys(lines, given[0]))
    return found


@lru_cache(maxsize=4096)
def _line_numbers(code: CodeType) -> list[int | None]:
    return [position[0] for position in code.co_positions()]


def c_line(code: CodeType, lasti: int) -> int | None:
    """Return the line of `uvm_pager.c` for instruction `lasti` (bytes) of `code`, None if it names none."""
    line = _line_numbers(code)[lasti // 2] if lasti >= 0 else None
    if line is None:
        return None
    return c_lines("".join(linecache.getlines(code.co_filename))).get(line)
