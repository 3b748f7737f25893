"""`python -m uvmlab exercises`: make the exercises from the solutions, the same bytes as nbgrader makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from uvmlab.commands.lab import write
from uvmlab.commands.notebooks import clean, identify
from uvmlab.commands.parser import Parser

CONFIG: Final = "docs/nbgrader_config.py"
NO_NBGRADER: Final = "nbgrader is not here: `pip install nbgrader==0.9.6`, then run the same again"


def main(argv: list[str]) -> int:
    """Make each exercise; an exercise that no solution is there for is named, and the exit code is 1."""
    parser = Parser(prog="python -m uvmlab exercises", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; name what would change"
    )
    asked = parser.parse_args(argv)
    root = parser.checkout()
    try:
        make = maker(root / CONFIG)
    except ImportError:
        parser.error(NO_NBGRADER)
    bad = 0
    for path in sorted((root / "solutions").glob("*.ipynb")):
        try:
            bad += bring_up_to_date(make(path), root / "exercises" / path.name, check=asked.check)
        except (AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
            print(f"solutions/{path.name}: no exercise can be made of it: {error}")
            bad += 1
    for path in sorted((root / "exercises").glob("*.ipynb")):
        if not (root / "solutions" / path.name).exists():
            print(f"exercises/{path.name}: there is no solution of that name")
            bad += 1
    return int(bad > 0)


def bring_up_to_date(new: bytes, path: Path, *, check: bool) -> bool:
    """Write an exercise if that changes it; return whether a check failed."""
    changed = not path.exists() or path.read_bytes() != new
    if changed and not check:
        write(path, new)
    said = ("would change" if check else "made") if changed else "the same"
    print(f"exercises/{path.name}: {said}")
    return changed and check


def maker(config: Path) -> Any:
    """Return the function that makes an exercise's bytes of a solution's path.

    Raises: ImportError without nbgrader.
    """
    import nbformat  # noqa: PLC0415 -- seconds, which `--help` need not wait for
    from nbconvert.exporters import NotebookExporter  # noqa: PLC0415
    from nbgrader.converters import GenerateAssignment  # noqa: PLC0415
    from nbgrader.preprocessors import SaveCells  # noqa: PLC0415
    from traitlets.config import Config, PyFileConfigLoader  # noqa: PLC0415

    settings = PyFileConfigLoader(config.name, path=str(config.parent)).load_config()
    settings.merge(Config({"Exporter": {"default_preprocessors": []}}))
    exporter = NotebookExporter(config=settings)
    for step in GenerateAssignment.class_traits()["preprocessors"].default():
        if (
            step is not SaveCells
        ):  # it writes into a course's database, and nothing into the notebook
            exporter.register_preprocessor(step)

    def make(path: Path) -> bytes:
        notebook = nbformat.read(path, as_version=4)
        identify(notebook)
        clean(notebook)
        text, _ = exporter.from_notebook_node(notebook, {"metadata": {"path": str(path.parent)}})
        return str(text).encode()

    return make
