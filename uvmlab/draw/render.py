"""From DOT to SVG: which program does it, and what to say when none can."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from graphviz.backend import dot_command

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
    program = renderer()
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=dot.encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RenderError(
            f"{program} took longer than {seconds:g} s: draw a smaller world"
        ) from None
    except OSError as error:
        raise RenderError(f"{program} cannot be run ({error.strerror}): {REPAIR}") from error
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise RenderError(f"{program} failed: {said or f'exit code {done.returncode}'}; {REPAIR}")
    return done.stdout.decode()


# A `Digraph` that a cell ends in is drawn by graphviz itself: with our renderer, for `dot` may not be there.
with suppress(RenderError):
    dot_command.DOT_BINARY = Path(renderer())
