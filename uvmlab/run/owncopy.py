"""The learner's own `uvm_pager.c`, if there is one in `work/`: read, known for what it is, or refused.

No line of it is in this project.  What is here is the fingerprint of revision 1.1.1.1.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from uvmlab.kernel.lines import LAST
from uvmlab.run.work import work_folder

NAME: Final = "uvm_pager.c"
REVISION: Final = "1.1.1.1"
FINGERPRINT: Final = "3a3d834c879ab822ced332884dc1dbe521623bec13f8eafddf28a2a2718ab1e3"
_NUMBERED: Final = re.compile(r"\s*(\d+)(?:\s(.*))?")
_REVISION: Final = re.compile(rf"{re.escape(NAME)},v ([\d.]+)")


class OwnCopy(NamedTuple):
    """A learner's own file: its lines, from line 1 on; or none, and `said` is a sentence that says why."""

    lines: tuple[str, ...] = ()
    said: str = ""


def own_copy(folder: Path | None = None) -> OwnCopy:
    """Read `uvm_pager.c` in the learner's folder (or in `folder`), raw or as a numbered listing.

    Returns: no lines and no sentence if there is no such file.
    """
    folder = folder or work_folder()
    if folder is None:
        return OwnCopy()
    path = folder / NAME
    try:
        lines = c_text(_decoded(path.read_bytes()))
    except FileNotFoundError:
        return OwnCopy()
    except OSError as wrong:
        return OwnCopy(said=f"{path} cannot be read: {wrong.strerror or wrong}.")
    revision = _REVISION.search(lines[0])
    if revision and revision[1] != REVISION:
        wrong_one = f"is revision {revision[1]}"
    elif fingerprint(lines) != FINGERPRINT:
        wrong_one = "is not the file as it was, or not all of it"
    else:
        return OwnCopy(tuple(lines))
    return OwnCopy(
        said=f"{path} {wrong_one}. Only revision {REVISION} goes with uvmlab, so no C is shown."
    )


def c_text(text: str) -> list[str]:
    """Take the C out of a file, line by line; out of a listing, what stands behind the numbers."""
    raw = text.splitlines()
    listed: list[str] = []
    for line in raw:
        found = _NUMBERED.fullmatch(line)
        if found and int(found[1]) == len(listed) + 1:
            listed.append(found[2] or "")
    lines = listed if len(listed) > len(raw) // 2 else raw
    while lines and not lines[-1].strip():
        lines.pop()
    return lines + [""] * (LAST - len(lines))


def fingerprint(lines: list[str]) -> str:
    """Give the fingerprint of a file: of all its lines but the first, where the revision is, without white space.

    White space, because a listing, a browser or an editor may have changed it.
    """
    return sha256("\n".join("".join(line.split()) for line in lines[1:]).encode()).hexdigest()


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
