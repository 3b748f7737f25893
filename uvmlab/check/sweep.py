"""What a submission leaves behind is found, and ended."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

PR_SET_CHILD_SUBREAPER: Final = 36
PROC: Final = Path("/proc")
SECONDS: Final = 5.0  # for those that start others faster than they can be ended


def sweep(find: Callable[[], Iterable[int]], seconds: float = SECONDS) -> bool:
    """End the processes that are found until there is none; return whether that was so in time."""
    end = time.monotonic() + seconds
    while found := [*find()]:
        if time.monotonic() > end:
            return False
        for how in (signal.SIGSTOP, signal.SIGKILL):  # none starts another while it waits its turn
            for pid in found:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, how)
        time.sleep(0.002)
    return True


def inherit() -> None:
    """Have what descendants leave behind fall to this process, where that can be (Linux)."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  it takes its time to load

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def below(pid: int) -> list[int]:
    """Return the processes that another one and its own have started and that live (Linux)."""
    found = [pid]
    for each in found:  # it grows as it goes
        for path in PROC.glob(f"{each}/task/*/children"):
            with suppress(OSError):
                found += map(int, path.read_text().split())
    return [each for each in found[1:] if _lives(each)]


def _lives(pid: int) -> bool:
    with suppress(OSError):
        return _fields((PROC / f"{pid}/stat").read_bytes())[0] not in b"ZX"
    return False


def at_work(pid: int) -> tuple[bool, float]:
    """Return whether a process works or waits for a processor or a disk, and how long it has had a processor (seconds).

    Where nobody can tell (but Linux), it does not and has not.
    """
    with suppress(OSError):
        state, *others = _fields((PROC / f"{pid}/stat").read_bytes())
        return state in (b"R", b"D"), sum(map(int, others[10:12])) / os.sysconf("SC_CLK_TCK")
    return False, 0.0


def descendants() -> list[int]:
    """Bury this process's dead children, and return those that it and its own have started and that live."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found = children.get(os.getpid(), [])
    for pid in found:  # it grows as it goes
        found += children.get(pid, [])
    return found


def marked(mark: str) -> list[int]:
    """Return the processes in whose environment a mark stood when they began."""
    return [pid for pid, environment in _each("environ") if mark.encode() in environment]


def of_this_user() -> int:
    """Count the threads of this user, which is what a limit on processes counts."""
    mine, count = os.getuid(), 0
    for folder in PROC.glob("[0-9]*/task"):
        with suppress(OSError):
            count += len([*folder.iterdir()]) if folder.stat().st_uid == mine else 0
    return count


def _parents() -> Iterator[tuple[int, int]]:
    for pid, stat in _each("stat"):
        yield pid, int(_fields(stat)[1])


def _fields(stat: bytes) -> list[bytes]:
    """Return what stands behind the name, which may hold anything: the state, the parent, ..."""
    return stat.rpartition(b")")[2].split()


def _each(what: str) -> Iterator[tuple[int, bytes]]:
    for path in PROC.glob(f"[0-9]*/{what}"):
        with suppress(OSError):  # it has ended, or is another user's
            yield int(path.parent.name), path.read_bytes()
