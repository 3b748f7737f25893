"""From DOT to SVG: which program does it, and what to say when none can."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import IO, Final, Self, cast

from graphviz.backend import dot_command

if os.name == "posix":
    import fcntl

SECONDS: Final = 20.0  # a picture takes a twentieth of a second; strips and folds keep it so
REPAIR: Final = "install one with `pip install graphviz-pure`, or name one with UVMLAB_DOT"


class RenderError(RuntimeError):
    """No picture can be made; says why, and what to do."""


def renderer() -> str:
    """Find the program that draws: what UVMLAB_DOT names, else the machine's `dot`, else graphviz-pure.

    Returns: its path.
    Raises: RenderError when there is none.
    """
    named = os.environ.get("UVMLAB_DOT")
    if named:
        found = shutil.which(named)
        if found is None:
            raise RenderError(
                f"UVMLAB_DOT names {named}, which is no program: unset it, or {REPAIR}"
            )
        return found
    return shutil.which("dot") or pure_dot()


def pure_dot() -> str:
    """Find the graphviz-pure that pip installed, wherever PATH leads.

    Returns: its path.
    Raises: RenderError when there is none.
    """
    with suppress(PackageNotFoundError):
        for file in distribution("graphviz-pure").files or ():
            path = Path(str(file.locate()))
            if path.stem == "graphviz-pure" and path.is_file():
                return str(path.resolve())
    raise RenderError(f"no graphviz renderer is installed: {REPAIR}")


def render(dot: str, *, seconds: float = SECONDS) -> str:
    """Draw DOT text in a child process.

    Returns: the SVG as the renderer made it.
    Raises: RenderError when there is no renderer, it fails, or takes longer than `seconds`.
    """
    with Rendering(seconds) as begun:
        begun.draw(dot)
        return begun.svg()


class Rendering:
    """A renderer at work in a child process, so that others can work meanwhile.

    Begin it early: a renderer's own start takes a third of the time that it draws a picture.
    Raises: RenderError when there is none, or it cannot be run.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds, self.program = seconds, renderer()
        try:
            self._child = subprocess.Popen(
                [self.program, "-Tsvg"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise RenderError(
                f"{self.program} cannot be run ({error.strerror}): {REPAIR}"
            ) from error
        self._rest = b""  # what it has not been told yet

    def __enter__(self) -> Self:
        return self

    def draw(self, dot: str) -> None:
        """Hand over what is to be drawn, and return at once: what finds no room yet follows in `svg`."""
        self._rest = dot.encode()
        if os.name == "posix":
            self._tell(cast("IO[bytes]", self._child.stdin))

    def _tell(self, ear: IO[bytes]) -> None:
        """Write all that there is room for: a thread that writes would wait for our caller to pause."""
        with suppress(
            AttributeError, OSError
        ):  # only Linux can widen a pipe, and not without limit
            fcntl.fcntl(ear, fcntl.F_SETPIPE_SZ, len(self._rest))
        os.set_blocking(ear.fileno(), False)
        with suppress(BrokenPipeError):  # one that reads no more says why itself
            self._rest = self._rest[os.write(ear.fileno(), self._rest) :]
        if not self._rest:
            ear.close()
            self._child.stdin = None

    def svg(self) -> str:
        """Return the SVG as the renderer made it.

        Raises: RenderError when it fails, or took longer than it may.
        """
        try:
            drawn, complaint = self._child.communicate(self._rest, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            raise RenderError(
                f"{self.program} took longer than {self.seconds:g} s: draw a smaller world"
            ) from None
        if self._child.returncode or not drawn:
            why = complaint.decode(errors="replace").strip().partition("\n")[0]
            why = why or f"exit code {self._child.returncode}"
            raise RenderError(f"{self.program} failed: {why}; {REPAIR}")
        return drawn.decode()

    def __exit__(self, *_: object) -> None:
        self._child.kill()  # one that is done already does not mind
        self._child.__exit__(None, None, None)


# A `Digraph` that a cell ends in is drawn by graphviz itself: with our renderer, for `dot` may not be there.
with suppress(RenderError):
    dot_command.DOT_BINARY = Path(renderer())
