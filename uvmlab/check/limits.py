"""What the work in a child may take: memory, files, time of a processor, and time in which it wants none."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

MEMORY: Final = 256 << 20  # bytes more than the process has now

Work = Callable[[], Iterable[Any]]


def limit(whole: float, written: int) -> None:
    """Limit this process for good: to some seconds of a processor, and to files of some bytes."""
    import resource  # noqa: PLC0415  not on Windows

    def at_most(what: int, most: int) -> None:
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))

    sys.dont_write_bytecode = True
    with suppress(OSError, ValueError):
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
            now = int(file.read().split()[0]) * resource.getpagesize()
        at_most(resource.RLIMIT_AS, now + MEMORY)
    at_most(resource.RLIMIT_FSIZE, written)
    at_most(resource.RLIMIT_CORE, 0)
    at_most(resource.RLIMIT_CPU, int(whole) + 1)  # ends what it has started, too


class Waited(BaseException):
    """The work has waited for too long."""


def awake(work: Work, idle: float) -> Iterator[Any]:
    """Do the work, and end it when it has waited for too long: asleep, say, but not for a processor.

    Of a case in which the process never gave its processor up, all time is time in which it would have worked.
    """
    waited = 0.0
    answers = iter(work())
    while True:
        before = time.monotonic(), time.process_time(), _given_up()
        try:
            answer = next(answers)
        except StopIteration:
            return
        if _given_up() != before[2]:
            waited += time.monotonic() - before[0] - (time.process_time() - before[1])
        if waited > idle:
            raise Waited
        yield answer


def _given_up() -> int:
    import resource  # noqa: PLC0415  not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
