"""`python -m uvmlab replay`: run golden vectors through the engine and say which diverge."""

from __future__ import annotations

import sys
from typing import Final

from uvmlab.commands.parser import Parser
from uvmlab.replay import replay_file

SHOWN: Final = 10  # divergent vectors that are told one by one


def printable(text: str) -> str:
    """Put a text that may hold anything on one line that any terminal takes."""
    return "\\n".join(text.encode(errors="backslashreplace").decode().splitlines())


def main(argv: list[str]) -> int:
    """Replay files and say how many vectors diverge.

    Returns: 0, 1 if any diverges, 2 for what is no vector or no file.
    """
    parser = Parser(
        prog="python -m uvmlab replay",
        description="Run golden vectors through the engine; compare events, lines, result and state.",
    )
    parser.add_argument(
        "files", metavar="FILE", nargs="*", help=".jsonl or .jsonl.gz; - is standard input"
    )
    files = parser.parse_args(argv).files
    if not files:
        parser.error("name a FILE, or - for standard input")
    total = diverging = 0
    for name in files:
        try:
            for identity, found in replay_file(name):
                total += 1
                if found is not None:
                    diverging += 1
                    if diverging <= SHOWN:
                        print(printable(f"{identity}: {found}"))
        except OSError as error:
            print(f"{name}: {error.strerror or error}", file=sys.stderr)
            return 2
        except ValueError as error:
            print(" ".join(str(error).split()), file=sys.stderr)
            return 2
    print(f"{total} vectors, {diverging} diverge")
    return 1 if diverging else 0
