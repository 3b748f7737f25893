"""What a lesson's learner reads once all predictions are made: its rules, and ways to do its tasks.

The texts stand here and not in the notebooks, where they would give answers away.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parent / "afterwards"
PREDICTIONS: Final = {  # of each lesson, in its order
    "00": ("00-pages", "00-slots", "00-next"),
    "04": ("04-buys", "04-range", "04-stops", "04-bit", "04-room", "04-stride", "04-edge"),
    "06": (
        "06-freed-all", "06-interest-slot", "06-freed-some", "06-window", "06-twice",
        "06-released", "06-lock", "06-pending", "06-finished",
    ),
}  # fmt: skip


class Reading(NamedTuple):
    """A text in Markdown: its name (`06-lessons-learned`), its heading, and what follows that."""

    name: str
    title: str
    text: str

    @property
    def after(self) -> tuple[str, ...]:
        """The names of the predictions that come before it: all of its lesson."""
        return PREDICTIONS[self.name.partition("-")[0]]

    def __repr__(self) -> str:
        return f"{self.title}\n\n{self.text}"

    def _repr_markdown_(self) -> str:
        return self.text


def reading(name: str) -> Reading:
    """Read one of the texts.

    Raises: KeyError that names those that there are.

    >>> reading("00-lessons-learned").title
    'Lessons learned'
    """
    legal = sorted(path.stem for path in FOLDER.glob("*.md"))
    if name not in legal:
        raise KeyError(f"there is no text {name!r}; there are {', '.join(legal)}")
    head, _, text = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    return Reading(name, head.removeprefix("# "), text.strip())
