"""The kill matrix in words: the table, and the page of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tests.kill_matrix.matrix import BY_CLOCK, BY_EVENTS, LEARNERS, Row
from uvmlab.check.problem import Correct, Incorrect, NotAttempted

HEADS: Final = (
    "question",
    "wrong answers",
    "right answers",
    "mutants",
    "of them endless: by events",
    "by the clock",
    "equivalent",
    "stub, solution",
)
BEGINNING: Final = f"""# The kill matrix

Made by `python -m uvmlab kill-matrix --out docs/kill-matrix.md`; a test says when it is out of step. Do not edit it.

A check can be trusted if it rejects what is wrong and accepts what is right, however it is written. Here is what each check
was shown, and how often it was right:

- **wrong answers**, each with a mistake that somebody might make (below): rejected, of how many. Those to a prediction (04-foresee,
  04-active, 06-freed) are tried in the worlds of {LEARNERS} learners, and count as rejected if they are wrong in each;
- **right answers** that are written otherwise than the solution: accepted, of how many;
- **mutants** of the solution, with one operator, constant, statement or branch changed: rejected, of how many. Some never end:
  a budget of calls stops those that make calls, the clock stops the others;
- **equivalent** mutants do as the solution does, so they must be accepted: each is listed with its reason, and agrees with
  the solution on 1,000 random worlds (`python -m uvmlab bench`);
- the **stub** is not taken for an attempt, and the **solution** is accepted.
"""


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table, in Markdown: it reads well on a terminal, too."""
    told = [HEADS, *map(cells, rows)]
    widths = [max(len(each[i]) for each in told) for i in range(len(HEADS))]
    for number, each in enumerate(told):
        yield "| " + " | ".join(map(str.ljust, each, widths)) + " |"
        if not number:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def cells(row: Row) -> tuple[str, ...]:
    """Return a row's cells."""
    rejected = [
        sum(isinstance(o, Incorrect) for o in all_.values()) for all_ in (row.wrong, row.mutants)
    ]
    accepted = sum(isinstance(o, Correct) for o in row.right.values())
    held = isinstance(row.stub, NotAttempted) and isinstance(row.solution, Correct)
    return (
        row.problem.name,
        f"{rejected[0]} of {len(row.wrong)}",
        f"{accepted} of {len(row.right)}" if row.right else "",
        f"{rejected[1]} of {len(row.mutants)}",
        str(row.stopped(BY_EVENTS)),
        str(row.stopped(BY_CLOCK)),
        str(len(row.equivalent)),
        "as they should be" if held else "not as they should be",
    )


def page(rows: Sequence[Row]) -> str:
    """Return the page of the documentation."""
    return (
        "\n".join([BEGINNING, *lines(rows), *(line for row in rows for line in section(row))])
        + "\n"
    )


def section(row: Row) -> Iterator[str]:
    """Yield what the documentation says of a question."""
    yield f"\n## {row.problem.name}: {row.problem.title}\n\nWrong:\n"
    yield from (f"- {mistake}" for mistake in row.wrong)
    if row.right:
        yield f"\nRight: {'; '.join(row.right)}."
    if row.equivalent:
        yield "\nEquivalent:\n"
        yield from (f"- `{mutant}`: {reason}" for mutant, reason in row.equivalent.items())


def complaints(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what is not as it should be."""
    for row in rows:
        yield from (f"{row.problem.name}: passes and should not: {each}" for each in row.survivors)
        yield from (
            f"{row.problem.name}: is refused and should not be: {each}" for each in row.refused
        )
        gone = row.equivalent.keys() - row.mutants.keys()
        yield from (
            f"{row.problem.name}: is listed, and no mutant: {each}" for each in sorted(gone)
        )
