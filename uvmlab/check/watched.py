"""The grader's side of a submission's supervisor: it starts one, hears it, and ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Final, NamedTuple

from uvmlab.check.supervisor import ALL
from uvmlab.check.sweep import marked, sweep

MARK: Final = "UVMLAB_SUBMISSION"  # in the environment of all that a submission starts
KEPT: Final = ("LANG", "LC_ALL", "PATH", "SYSTEMROOT", "TZ")  # of the grader's own environment
ROOT: Final = Path(__file__).parents[2]
SHOWN: Final = 2000  # characters of what was printed
SPARE: Final = 15  # seconds for a start and an end on a slow machine


class Heard(NamedTuple):
    """What a supervisor said: JSON that nobody has looked into yet, what was printed, how it ended, if not well."""

    said: bytes
    printed: str
    lost: str | None


class Watch:
    """The supervisors that run now, so that all can be ended at once."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._over = False

    def hear(self, content: bytes, grader: str, seconds: float) -> Heard:
        """Have a notebook asked under a supervisor of its own.  Several threads may do that at once.

        `grader`: the seed of the cases; `seconds`: what a cell, and what a case may take.
        """
        mark = token_hex(8)
        with (
            TemporaryFile() as printed,
            TemporaryDirectory(prefix="uvmlab-", ignore_cleanup_errors=True) as folder,
        ):
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "uvmlab.check.supervisor", grader, str(seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=printed,
                cwd=folder,
                env=_environment(mark, folder),
                start_new_session=True,
            )
            self._running.add(process)
            try:
                said, lost = self._wait(process, content, ALL * seconds + SPARE, mark)
            finally:
                self._running.discard(process)
                sweep(lambda: marked(mark))  # what ended its supervisor is left
            printed.seek(0)
            return Heard(said, printed.read(SHOWN).decode(errors="replace"), lost)

    def _wait(
        self, process: subprocess.Popen[bytes], content: bytes, longest: float, mark: str
    ) -> tuple[bytes, str | None]:
        if self._over:
            process.terminate()
        try:
            said, _ = process.communicate(content, timeout=longest)
        except subprocess.TimeoutExpired:
            process.kill()
            sweep(lambda: marked(mark))  # one that holds the other end of the pipe, too
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=SPARE)
            return b"", f"it was not done after {longest:g} seconds"
        if process.returncode < 0:
            name = signal.Signals(-process.returncode).name
            return b"", f"it ended the process that watches over it ({name})"
        return said, "its supervisor failed" if process.returncode else None

    def end(self) -> None:
        """End them all, with what they have started, and those that begin from now on."""
        self._over = True
        for process in [*self._running]:
            process.terminate()


def _environment(mark: str, folder: str) -> dict[str, str]:
    """Return what a submission may know of where it runs: none of the grader's secrets."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "HOME": folder,
        "MPLBACKEND": "agg",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
        "UVMLAB_WORK": folder,
        MARK: mark,
    }
