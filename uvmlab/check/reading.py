"""What a lesson's learner reads once all predictions are made: its rules, and ways to do its tasks.

The texts stand here and not in the notebooks, where they would give answers away.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parent / "afterwards"
PREDICTIONS: Final = {  # of each lesson: their names say nothing, for a learner sees them
    lesson: tuple(f"{lesson}-{letter}" for letter in letters)
    for lesson, letters in {"00": "abc", "04": "abcdefg", "06": "abcdefghi"}.items()
}


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
