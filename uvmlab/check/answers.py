"""Where a learner's answers are kept: a small file each, so that they outlive the kernel.

Two notebooks may write at once: they never write the same file but for the same answer, and a file is
replaced at one stroke.  A damaged one is kept aside and said so.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Any, Final

from uvmlab.run.work import work_folder

FOLDER: Final = "answers"


class Answers:
    """The answers in a learner's folder; with `work` None, or when it cannot be written, in memory.

    An answer is anything that JSON can hold, but None.  `said` is a sentence when something went wrong.
    """

    _memory: Final[dict[str, Any]] = {}  # of this kernel, shared by all

    def __init__(self, work: Path | None) -> None:
        self.folder = work / FOLDER if work else None
        self.said = ""

    @classmethod
    def here(cls) -> Answers:
        """Open the store that this notebook's answers go to."""
        return cls(work_folder())

    @property
    def where(self) -> str:
        """A sentence that says where answers are kept."""
        if self.folder is not None:
            return f"Answers are kept in {self.folder}."
        return "Answers are kept in memory, until this kernel ends: there is no work folder."

    def get(self, name: str, question: str) -> Any:
        """Return the answer to a question; None if there is none."""
        key = file_name(name, question)
        if key in self._memory or self.folder is None:
            return self._memory.get(key)
        path = self.folder / key
        try:
            return json.loads(path.read_bytes())["answer"]
        except FileNotFoundError:
            return None
        except OSError as wrong:
            self.said = f"Your answer cannot be read: {wrong.strerror or wrong}."
        except (ValueError, KeyError, TypeError, RecursionError):
            self.said = f"The file of your answer was damaged; it is kept as {aside(path)}."
        return None

    def put(self, name: str, question: str, answer: Any) -> None:
        """Keep an answer, in the place of an earlier one to the same question.

        Raises: TypeError for an answer that JSON cannot hold.
        """
        key = file_name(name, question)
        record = {"name": name, "question": question, "answer": answer}
        content = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
        self._memory.pop(key, None)
        if self.folder is not None:
            try:
                write(self.folder / key, content.encode())
            except OSError as wrong:
                self.said = f"Your answer is kept in memory only: {wrong.strerror or wrong}."
            else:
                return
        self._memory[key] = json.loads(content)["answer"]

    def forget(self, name: str, question: str) -> None:
        """Forget the answer to a question, if there is one."""
        key = file_name(name, question)
        self._memory.pop(key, None)
        if self.folder is not None:
            try:
                (self.folder / key).unlink(missing_ok=True)
            except OSError as wrong:
                self.said = f"Your answer cannot be removed: {wrong.strerror or wrong}."

    def __repr__(self) -> str:
        return f"<answers: {self.where}>"


def file_name(name: str, question: str) -> str:
    """Name the file of an answer: the question's name for people, a hash so that two never share one."""
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:40]
    digest = sha256(json.dumps([name, question]).encode()).hexdigest()
    return f"{readable}-{digest[:12]}.json"


def write(path: Path, content: bytes) -> None:
    """Write a file at one stroke: others see the old one or the new one, never a half.

    Raises: OSError; then nothing has changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, new = mkstemp(dir=path.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(new).replace(path)
    except OSError:
        with suppress(OSError):
            Path(new).unlink()
        raise


def aside(path: Path, why: str = "damaged", ends: str = "") -> Path:
    """Rename a file to a name that is free yet; where that fails it stays as it is."""
    number = 1
    while (free := path.with_suffix(f".{why}{number}{ends}")).exists():
        number += 1
    with suppress(OSError):
        return path.rename(free)
    return path
