"""Running what a learner wrote, where it can harm nobody: in a forked child with limits.

What comes back is plain data, an answer at a time, so that a child that is lost loses only the answer it was
at.  The child never returns: whatever is raised in it, however it ends, the notebook goes on.

Differs: without `fork` (Windows) the work is done in this process, with no limit but the work's own.
"""

from __future__ import annotations

import faulthandler
import gc
import io
import json
import os
import select
import signal
import time
import warnings
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from typing import Any, Final, NamedTuple, NoReturn

from uvmlab.check.limits import Waited, Work, awake, limit
from uvmlab.check.sweep import at_work, below, inherit, sweep

QUIET_SECONDS: Final = 1.0  # without an answer: far more than any takes
IDLE_SECONDS: Final = 0.7  # in which it waits, and not for a processor: a right answer never does
LOADED: Final = 4  # times the quiet: on however busy a machine, no longer than that
WHOLE_SECONDS: Final = 10.0  # with answers or without
MOST_SAID: Final = 64 << 20  # bytes of answers
MOST_RAISED: Final = 300  # characters
MOST_PRINTED: Final = 10_000  # characters
MOST_WRITTEN: Final = 1 << 16  # bytes of a file, where there is one for what is printed
PRINTED, RAISED, WAITED, DONE = "printed", "raised", "waited", "done"
ENDS: Final = tuple(f'["{end}"'.encode() for end in (RAISED, WAITED, DONE))


class Said(NamedTuple):
    """What came back: the answers, what was printed (cut if long), and why there is no more (None: all is said)."""

    answers: list[Any]
    printed: str
    lost: str | None


def in_child(
    work: Work,
    quiet: float = QUIET_SECONDS,
    whole: float = WHOLE_SECONDS,
    most: int = MOST_SAID,
    prints: int | None = None,
    idle: float | None = None,
) -> Said:
    """Do some work in a child, and collect the answers that it yields: things that JSON can hold.

    `quiet`: seconds without an answer after which it is stopped; `whole`: seconds in all; `most`: bytes of answers;
    `prints`: the descriptor of a file for what passes by Python's own `print` (None: that is lost); `idle`: seconds in
    all that it may wait for anything but a processor (None: as it likes).
    """
    if not hasattr(os, "fork"):
        return _here(work)
    out, into = os.pipe()
    with warnings.catch_warnings():  # that a notebook has threads is known; the child starts none
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if not pid:
        _be_the_child(work if idle is None else lambda: awake(work, idle), into, prints, whole)
    os.close(into)
    try:
        said, why = _collect(pid, out, quiet, whole, most)
    finally:
        lost = _bury(pid)
        os.close(out)
    return _understood(said, why or lost)


# In the child


def _be_the_child(work: Work, into: int, prints: int | None, whole: float) -> NoReturn:
    """Answer, and be gone: nothing of the parent's is cleaned up here, or done twice."""
    try:
        os.setsid()
        inherit()
        limit(whole, 0 if prints is None else MOST_WRITTEN)
        null = os.open(os.devnull, os.O_RDWR)
        for standard, to in ((1, prints), (2, prints), (0, null)):
            os.dup2(null if to is None else to, standard)
        os.closerange(3, into)  # the parent's files and sockets are none of its business
        os.closerange(into + 1, os.sysconf("SC_OPEN_MAX"))
        faulthandler.disable()  # how it ends is said by the other side
        gc.freeze()  # what the parent made is the parent's to clear up
        for line in _lines(work):
            _write(into, line)
        _wait(into, whole)
    finally:
        os._exit(0)


def _wait(into: int, whole: float) -> None:
    """Stay until the other side has heard all, or is gone: what was started here is found below this process."""
    end = select.poll()
    end.register(into, 0)
    end.poll(whole * 1000)


def _lines(work: Work) -> Iterator[bytes]:
    """Do the work: a line of JSON for each answer, then what was printed, then how it ended."""
    printed = Printed()
    end: list[Any] = [DONE]
    with redirect_stdout(printed), redirect_stderr(printed):
        try:
            for answer in work():
                yield _line(["answer", answer])
        except Waited:
            end = [WAITED]
        except BaseException as error:
            end = [RAISED, described(error)]
    yield _line([PRINTED, printed.getvalue()])
    yield _line(end)


def _line(said: list[Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _write(into: int, line: bytes) -> None:
    while line:
        line = line[os.write(into, line) :]


class Printed(io.StringIO):
    """What is printed, up to a limit; more is taken and forgotten."""

    def write(self, text: str) -> int:
        """Keep what there is room for."""
        super().write(text[: max(0, MOST_PRINTED - self.tell())])
        return len(text)


def described(error: BaseException) -> str:
    """Say in a sentence what was raised."""
    with suppress(Exception):  # a learner's exception may fail to say what it is
        said = f"{type(error).__name__}: {error}".removesuffix(": ")
        return said[:MOST_RAISED]
    return type(error).__name__


# In the parent


def _collect(pid: int, out: int, quiet: float, whole: float, most: int) -> tuple[bytes, str | None]:
    """Read what the child says until it has said all, or says nothing for too long, or too much.

    A child that waits for a processor is given the time that it is owed: others are busy, and it is not to blame.
    """
    said, begun = bytearray(), time.monotonic()
    heard, deadline, had = begun, begun + quiet, 0.0
    while not _over(said):
        left = min(deadline, begun + whole) - time.monotonic()
        if not select.select([out], [], [], max(left, 0))[0]:
            now, (works, has) = time.monotonic(), at_work(pid)
            if now >= begun + whole:
                return bytes(said), f"it was not done after {whole:g} seconds"
            owed = quiet - (has - had) if works else 0
            if owed < 0.1 * quiet or now > heard + LOADED * quiet:
                length = f"{quiet:g} second{'s' * (quiet != 1)}"
                return bytes(said), f"it gave no answer for {length} (does a loop never end?)"
            deadline = now + owed
            continue
        more = os.read(out, 1 << 20)
        if not more:
            return bytes(said), None
        said += more
        if len(said) > most:
            return bytes(said), "it answered more than anybody can read"
        if b"\n" in more:
            heard = time.monotonic()
            deadline, had = heard + quiet, at_work(pid)[1]
    return bytes(said), None


def _over(said: bytearray) -> bool:
    """Whether the last thing that was said is how it ended."""
    last = said[said.rfind(b"\n", 0, -1) + 1 :]
    return last.endswith(b"\n") and last.startswith(ENDS)


def _bury(pid: int) -> str | None:
    """End the child, with all that it has started; return how it ended, if not as it should."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        for stop in (
            os.killpg,
            os.kill,
        ):  # at one stroke, and not killed yet: what is below would be nobody's
            with suppress(OSError):
                stop(pid, signal.SIGSTOP)
        sweep(lambda: below(pid))
    with suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    if not ended:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code in (0, -signal.SIGKILL):
        return None
    if code < 0:
        return f"it ended the program it runs in ({signal.Signals(-code).name})"
    return f"it left with exit code {code}"


def _understood(said: bytes, lost: str | None) -> Said:
    answers: list[Any] = []
    printed, done = "", False
    for line in said.splitlines():
        try:
            kind, *rest = json.loads(line)
            (found,) = rest or [None]
        except (ValueError, TypeError, RecursionError):
            return Said(answers, printed, "what it answered cannot be read")
        match kind:
            case "answer":
                answers.append(found)
            case "printed":
                printed = str(found)
            case "raised":
                lost = f"it raised {str(found)[:MOST_RAISED]}"
            case "waited":
                lost = "it waits for something, and an answer is to work only (does it sleep?)"
            case "done":
                done = True
    return Said(answers, printed, None if done else lost or "it ended before it had answered")


def _here(work: Work) -> Said:
    return _understood(b"".join(_lines(work)), None)
