"""Mutants of a source: what it becomes with one operator, constant, statement or branch changed; its notes are left alone.

>>> for each in mutants("if a < 1 + b:\\n    return a"):
...     print(each)
if a < 1 + b: -> pass
if a < 1 + b: -> if a <= 1 + b:
if a < 1 + b: -> if a >= 1 + b:
if a < 1 + b: -> if a < 1 - b:
if a < 1 + b: -> if a < 2 + b:
if a < 1 + b: -> if a < 0 + b:
return a -> pass
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from uvmlab.kernel import flags

COMPARES: Final[dict[type, tuple[type, ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: Final[dict[type, type]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
WORDS: Final = [name for name in vars(flags) if name.startswith(("PG_", "PQ_", "PGO_", "VM_"))]
OTHERS: Final = {"max": "min", "min": "max"}
KEPT: Final = (ast.FunctionDef, ast.ImportFrom, ast.Import, ast.Pass)
Variant = tuple[
    ast.AST, str
]  # what stands there then; a word, where its first line does not show it


class Mutant(NamedTuple):
    """A source that differs from the right one: how a statement began, how it begins; which of those that do alike."""

    was: str
    now: str
    nth: int
    source: str

    def __str__(self) -> str:
        return f"{self.was} -> {self.now}" + f" ({self.nth})" * (self.nth > 1)


def mutants(source: str) -> Iterator[Mutant]:
    """Yield the mutants of a source, in its order."""
    told: Counter[tuple[str, str]] = Counter()
    for i, (node, statement) in enumerate(places(ast.parse(source))):
        was = head(statement)
        for j in range(len(list(variants(node)))):
            tree = ast.parse(source)
            place, around = list(places(tree))[i]
            other, word = list(variants(place))[j]
            become(place, other)
            now = word or head(around)
            told[was, now] += 1
            yield Mutant(was, now, told[was, now], ast.unparse(ast.fix_missing_locations(tree)))


def head(statement: ast.AST) -> str:
    """Return the first line of a statement."""
    return ast.unparse(statement).partition("\n")[0]


def become(node: Any, other: ast.AST) -> None:
    """Make a node in a tree another one."""
    fields = dict(vars(other))
    node.__class__ = type(other)
    node.__dict__.clear()
    node.__dict__.update(fields)


def places(node: ast.AST, statement: ast.AST | None = None) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Walk down a tree; yield each node with the statement that it is in."""
    if is_note(node):
        return
    if isinstance(node, ast.stmt):
        statement = node
    if statement is not None:
        yield node, statement
    for child in ast.iter_child_nodes(node):
        null = isinstance(node, ast.Compare) and isinstance(child, ast.Constant)
        if isinstance(child, ast.arguments) or (null and child.value is None):
            continue  # nothing but None is asked for with `is`
        yield from places(child, statement)


def is_note(node: ast.AST) -> bool:
    """Whether a statement says something only: a docstring, or `k.note(...)`."""
    if not isinstance(node, ast.Expr):
        return False
    called = node.value.func if isinstance(node.value, ast.Call) else None
    return isinstance(node.value, ast.Constant) or getattr(called, "attr", "") == "note"


def variants(node: ast.AST) -> Iterator[Variant]:
    """Yield what else could stand in the place of a node."""
    if isinstance(node, ast.stmt) and not isinstance(node, KEPT):
        yield ast.Pass(), ""
    match node:
        case ast.Break():
            yield ast.Continue(), ""
        case ast.Continue():
            yield ast.Break(), ""
        case ast.If(test, body, orelse) if orelse:
            yield ast.If(test, orelse, body), "its branches swapped"
        case ast.If(test, body, orelse) | ast.While(test, body, orelse):
            if not isinstance(test, ast.Compare):  # one of those is turned round below
                yield type(node)(ast.UnaryOp(ast.Not(), test), body, orelse), ""
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body), ""
        case ast.Compare(left, [op], right):
            yield from ((ast.Compare(left, [other()], right), "") for other in COMPARES[type(op)])
        case ast.Compare(left, ops, right):
            for i, op in enumerate(ops):
                for other in COMPARES[type(op)]:
                    yield ast.Compare(left, [*ops[:i], other(), *ops[i + 1 :]], right), ""
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values), ""
            for i in range(len(values)):
                left = [*values[:i], *values[i + 1 :]]
                yield (ast.BoolOp(op, left) if len(left) > 1 else left[0]), ""
        case ast.BinOp(left, op, right) if type(op) in OPERATORS:
            yield ast.BinOp(left, OPERATORS[type(op)](), right), ""
            if isinstance(op, ast.BitOr):
                yield from ((left, ""), (right, ""))
        case ast.AugAssign(target, op, value):
            yield ast.AugAssign(target, OPERATORS[type(op)](), value), ""
        case ast.UnaryOp(_, operand):
            yield operand, ""
        case ast.Constant(value):
            yield from ((ast.Constant(other), "") for other in constants(value))
        case ast.Name(name) if name in WORDS:
            family = [word for word in WORDS if word.split("_")[0] == name.split("_")[0]]
            yield ast.Name(family[(family.index(name) + 1) % len(family)]), ""
        case ast.Name(name) if name in OTHERS:
            yield ast.Name(OTHERS[name]), ""


def constants(value: Any) -> list[Any]:
    """Return what could stand there in place of a constant."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    return [f"{value}x"] if isinstance(value, str) else [0] if value is None else []
