"""A process for each submission, which watches over what runs it and clears away what is left.

`check.watched` starts it afresh, so it holds no right answer, no other learner's notebook and no file of the grader's:
grader, supervisor, the one that asks, and the learner's code in a child of that for each question.
Whatever the learner's code starts and leaves falls to the supervisor (Linux), and is ended.

Differs: on other systems nobody inherits what leaves its session; without fork (Windows) the learner's code runs in
the supervisor itself, with a limit on time alone.
"""

from __future__ import annotations

import ctypes
import json
import signal
import sys
from contextlib import suppress
from typing import Any, Final

from uvmlab.check.asking import MOST_SAID, WHOLE, asked
from uvmlab.check.child import in_child
from uvmlab.check.sweep import descendants, inherit, of_this_user, sweep

QUIET, ALL = 3 * WHOLE, 8 * WHOLE  # times the seconds of a cell: for one question, and for all
PROCESSES: Final = 200  # that a submission may start
PR_SET_PDEATHSIG: Final = 1


def main(argv: list[str]) -> int:
    """Read a notebook, have it asked, and write the answers as JSON: a `Said`."""
    grader, seconds = argv[0], float(argv[1])
    adopt()
    limit_processes()
    content = sys.stdin.buffer.read()
    try:
        said = in_child(
            lambda: asked(content, grader, seconds),
            quiet=QUIET * seconds,
            whole=ALL * seconds,
            most=6 * MOST_SAID,
            prints=2,
        )
    finally:
        if sys.platform == "linux":
            sweep(descendants)
    json.dump(said, sys.stdout)
    return 0


def adopt() -> None:
    """Inherit what descendants leave behind, and end when the grader does."""

    def ended(*_: Any) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.exit(1)

    signal.signal(signal.SIGTERM, ended)
    inherit()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def limit_processes() -> None:
    """Let a submission start so many processes and no more.  It holds for any user but root."""
    with suppress(ImportError, AttributeError, OSError, ValueError):
        import resource  # noqa: PLC0415  not on Windows

        most = of_this_user() + PROCESSES  # of a lower limit that there is, it says no: that holds
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
