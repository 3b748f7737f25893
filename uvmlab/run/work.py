"""The learner's folder, `work/`: where their copies, their answers and their own C file are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

WORK: Final = "UVMLAB_WORK"  # names the learner's folder; `python -m uvmlab lab` sets it


def work_folder(start: Path | None = None) -> Path | None:
    """Find the learner's folder: `UVMLAB_WORK`, else the nearest `work/` from `start` (the notebook's folder) up.

    Returns: None if there is none.
    """
    named = os.environ.get(WORK)
    if named:
        return Path(named)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if folder.name == "work":
            return folder
        if (folder / "work").is_dir():
            return folder / "work"
    return None
