"""What was handed in: the notebooks of a folder, and whose each is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from uvmlab.check.exercises import NAMES
from uvmlab.check.submission import Unreadable

MOST: Final = 20_000_000  # bytes of a notebook
EXERCISE: Final = re.compile("|".join(NAMES.values()))


class Handed(NamedTuple):
    """A notebook: its learner, its path in the folder, its path; for a learner without one that of their folder."""

    learner: str
    file: str
    path: Path

    @property
    def exercise(self) -> str:
        """The number of the exercise by the file's name; empty if that does not tell."""
        return next((number for number, name in NAMES.items() if name in self.file), "")

    def content(self) -> bytes:
        """Read it.

        Raises: Unreadable, with a sentence that says why.
        """
        try:
            if self.path.is_symlink():
                raise Unreadable("it is a link to another file")
            if self.path.is_dir():
                [*self.path.iterdir()]  # it may be there, and not to be read
                raise Unreadable("there is no notebook in the folder")
            if not self.path.is_file():
                raise Unreadable("it is no file")
            size = self.path.stat().st_size
            if size > MOST:
                raise Unreadable(
                    f"it is {size / 1e6:.0f} MB large, and at most {MOST / 1e6:.0f} MB are read"
                )
            return self.path.read_bytes()
        except OSError as error:
            raise Unreadable(f"it cannot be read: {error.strerror or error}") from error


def handed_in(folder: Path) -> list[Handed]:
    """Find the notebooks in a folder.

    A notebook in the folder itself is of the learner that its name says (`anna.ipynb`, `anna_04_clusters.ipynb`); one
    further down is of the learner whose folder it is in, however deep.  What is hidden is left out.
    """
    found = []
    for path in sorted(_below(folder)):
        parts = path.relative_to(folder).parts
        inside = len(parts) > 1 or (path.is_dir() and not path.is_symlink())
        found.append(Handed(parts[0] if inside else _learner(path.stem), "/".join(parts), path))
    told = {folder / each.learner for each in found} | {each.path for each in found}
    return found + [
        Handed(path.name, f"{path.name}/", path)
        for path in sorted(folder.iterdir())
        if path.is_dir() and path not in told and not path.name.startswith(".")
    ]


def _below(folder: Path) -> Iterator[Path]:
    """Yield the notebooks in a folder, however deep, and the folders that cannot be read."""
    unread: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=unread.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if _is_link(Path(root, name))]
        for name in (*files, *links):
            if name.endswith(".ipynb") and not name.startswith("."):
                yield Path(root, name)
    yield from (Path(error.filename) for error in unread if error.filename != str(folder))


def _is_link(path: Path) -> bool:
    with suppress(OSError):  # its folder may be listed, and not entered
        return path.is_symlink()
    return False


def _learner(stem: str) -> str:
    return EXERCISE.sub("", stem).strip(" -_.") or stem
