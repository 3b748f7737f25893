"""`python -m uvmlab notebooks`: execute the tracked notebooks in place, the same bytes each time."""

import os
import tempfile
from pathlib import Path
from typing import Any, Final

from uvmlab.commands.lab import write
from uvmlab.commands.parser import Parser
from uvmlab.draw.render import pure_dot

LARGEST: Final = 300_000  # bytes: what a reader on the web waits for
WIDGET_VIEW: Final = "application/vnd.jupyter.widget-view+json"
CELL_SECONDS: Final = 120


class Refused(Exception):
    """A notebook cannot be the reference: one sentence why."""


def main(argv: list[str]) -> int:
    """Execute each notebook; a failure leaves its file as it was, and the exit code is 1."""
    parser = Parser(prog="python -m uvmlab notebooks", description=__doc__)
    parser.add_argument(
        "files", nargs="*", type=Path, help="default: all in notebooks/, solutions/"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; name what would change"
    )
    asked = parser.parse_args(argv)
    for path in asked.files:
        if not path.is_file():
            parser.error(f"there is no file {path}")
    bad = 0
    for path in asked.files or tracked(parser.checkout()):
        try:
            bad += bring_up_to_date(path, check=asked.check)
        except Refused as refusal:
            print(f"{path}: {refusal}")
            bad += 1
    return int(bad > 0)


def tracked(root: Path) -> list[Path]:
    """Return the notebooks that hold the outputs which nbval compares."""
    folders = (root / "notebooks", root / "solutions")
    return [path for folder in folders for path in sorted(folder.glob("*.ipynb"))]


def bring_up_to_date(path: Path, *, check: bool) -> bool:
    """Execute the notebook and write it if that changed it; return whether a check failed."""
    new = execute(path)
    if len(new) > LARGEST:
        raise Refused(f"{len(new):,} bytes with its outputs; at most {LARGEST:,} are allowed")
    changed = new != path.read_bytes()
    if changed and not check:
        write(path, new)
    print(f"{path}: {('would change' if check else 'executed') if changed else 'the same'}")
    return changed and check


def execute(path: Path) -> bytes:
    """Return the notebook with the outputs of a run from top to bottom, in an empty store.

    *Raises* `Refused` when it is no notebook, or a cell of it fails.
    """
    import nbformat  # noqa: PLC0415 -- half a second, which `--help` need not wait for
    from nbclient import NotebookClient  # noqa: PLC0415
    from nbclient.exceptions import (  # noqa: PLC0415
        CellControlSignal,
        CellExecutionError,
        DeadKernelError,
    )

    try:
        notebook = nbformat.read(path, as_version=4)
    except (AttributeError, KeyError, TypeError, ValueError, nbformat.ValidationError) as error:
        raise Refused(f"not a notebook: {first_line(error)}") from error
    identify(notebook)
    begun = ["before the first cell"]
    client = NotebookClient(
        notebook,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # not that it listens on TCP
        kernel_name="python3",
        on_cell_execute=lambda cell, cell_index: begun.append(f"cell {cell_index + 1} ({cell.id})"),
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        timeout=CELL_SECONDS,
    )
    with tempfile.TemporaryDirectory() as work:
        try:
            client.execute(env=reference_environment(work))
        except CellExecutionError as error:
            raise Refused(f"{begun[-1]}: {error.ename}: {first_line(error.evalue)}") from error
        except (CellControlSignal, DeadKernelError) as error:
            raise Refused(f"{begun[-1]}: {first_line(error)}") from error
    clean(notebook)
    return (nbformat.writes(notebook) + "\n").encode()


def reference_environment(work: str) -> dict[str, str]:
    """Return the environment of a reference run: the pinned renderer, no answers of anyone's."""
    return {**os.environ, "UVMLAB_DOT": pure_dot(), "UVMLAB_WORK": work}


def identify(notebook: Any) -> None:
    """Give each cell that has no id one that is the same the next time."""
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{number:02}")


def clean(notebook: Any) -> None:
    """Take out what differs from run to run, and what only a live kernel could show."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
            output.get("metadata", {}).pop(WIDGET_VIEW, None)
        if "outputs" in cell:
            cell.outputs = [o for o in cell.outputs if o.get("data", True)]


def first_line(said: object) -> str:
    """Return what an error says, in one line."""
    return str(said).strip().partition("\n")[0]
