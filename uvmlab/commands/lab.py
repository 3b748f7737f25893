"""`python -m uvmlab lab`: JupyterLab on the learner's own copies of the notebooks, in `work/`."""

import hashlib
import json
import os
import secrets
import signal
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from uvmlab.check.submission import NO_SEED, SEEDS, seed_in
from uvmlab.commands.parser import Parser

EXERCISES: Final = "exercises"
FOLDERS: Final = ("notebooks", EXERCISES)  # `work/` mirrors them, so relative links hold
TOUR: Final = "notebooks/00_tour.ipynb"
MANIFEST: Final = ".uvmlab.json"  # in `work/`: each copy's path, and the hash of what was copied

IRIS: Final = "rfc3987_syntax"


def main(argv: list[str]) -> int:
    """Copy what is not there yet, say what is newer, and serve until Ctrl-C."""
    parser = Parser(prog="python -m uvmlab lab", description=__doc__)
    parser.add_argument(
        "--fresh",
        metavar="NUMBER",
        help="add a new copy of these notebooks (06, say) beside the old one",
    )
    parser.add_argument("--port", type=port, default=8888, help="the first port to try (8888)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--prepare", action="store_true", help="copy, and stop there")
    asked = parser.parse_args(argv)
    root = parser.checkout()
    copies = Copies(root)
    try:
        fresh = copies.fresh(asked.fresh) if asked.fresh is not None else []
        copies.bring()
    except OSError as error:
        parser.error(
            f"{error}: your copies go into {copies.work}, which must be writable, with room"
        )
    except ValueError as error:
        parser.error(str(error))
    if not asked.prepare:
        serve(copies.work, fresh[0] if fresh else TOUR, asked.port, browser=not asked.no_browser)
    return 0


def port(word: str) -> int:
    """Read the number of a port; argparse says the rest when it is none."""
    if not (word.isdecimal() and int(word) < 65536):
        raise ArgumentTypeError(f"{word!r} is not a port: 0 to 65535 are")
    return int(word)


class Copies:
    """The learner's copies in `work/`, and what each was copied from."""

    def __init__(self, root: Path) -> None:
        self.root, self.work = root, root / "work"
        self.copied = self._read()

    def originals(self) -> Iterator[str]:
        """Yield the path of each file that `work/` mirrors, relative to the checkout."""
        for folder in FOLDERS:
            for path in sorted((self.root / folder).rglob("*")):
                name = path.relative_to(self.root)
                if path.is_file() and not any(p.startswith((".", "__")) for p in name.parts):
                    yield name.as_posix()

    def bring(self) -> None:
        """Copy what has no copy; name each copy whose original has changed since."""
        self.work.mkdir(exist_ok=True)
        for name in self.originals():
            content = without_outputs(self.root / name)
            mine = self.work / name
            if not mine.exists():
                self._put(name, name, content)
            elif self.copied.get(name) == sha256(content):
                continue
            elif mine.read_bytes() == as_copy(name, content, seed_in(mine)):  # by a second lab, say
                self._note(name, content)
            else:
                number = Path(name).name.partition("_")[0]
                print(
                    f"work/{name}: there is a newer original; your copy is as you left it "
                    f"(`lab --fresh {number}` adds the new one beside it)."
                )

    def fresh(self, word: str) -> list[str]:
        """Copy the originals of that number, or name, beside the copies that are there.

        *Returns* the new files' paths in `work/`.

        *Raises* `ValueError` when there is no such original.
        """
        names = [
            name for name in self.originals() if word in (Path(name).stem, Path(name).stem[:2])
        ]
        if not names:
            legal = ", ".join(name for name in self.originals() if name.endswith(".ipynb"))
            raise ValueError(f"no notebook is {word!r}; there are {legal}")
        return [self._beside(name) for name in names]

    def _beside(self, name: str) -> str:
        target, number = name, 1
        while (self.work / target).exists():
            number += 1
            target = str(Path(name).with_stem(f"{Path(name).stem}-{number}"))
        self._put(name, target, without_outputs(self.root / name))
        print(f"work/{target}: a new copy.")
        return target

    def _put(self, name: str, target: str, content: bytes) -> None:
        write(self.work / target, as_copy(name, content, self.seed()))
        self._note(name, content)

    def seed(self) -> str:
        """Return the learner's seed: that of the exercises that are there, or else a new one."""
        there = (seed_in(path) for path in sorted((self.work / EXERCISES).glob("*.ipynb")))
        return next((seed for seed in there if seed != NO_SEED), secrets.token_hex(4))

    def _note(self, name: str, content: bytes) -> None:
        self.copied[name] = sha256(content)
        write(self.work / MANIFEST, json.dumps(self.copied, indent=1, sort_keys=True).encode())

    def _read(self) -> dict[str, str]:
        try:
            copied = json.loads((self.work / MANIFEST).read_bytes())
        except (OSError, ValueError):
            return {}  # then a copy that differs counts as one of an older original: said, not lost
        return copied if isinstance(copied, dict) else {}


def without_outputs(path: Path) -> bytes:
    """Return the file's content; a notebook's without what running it had left there.

    *Raises* `ValueError` for a notebook that cannot be read.
    """
    content = path.read_bytes()
    if path.suffix != ".ipynb":
        return content
    try:
        notebook: dict[str, Any] = json.loads(content)
        for cell in notebook["cells"]:
            cell["metadata"].pop("execution", None)
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
        notebook["metadata"].pop("widgets", None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a notebook: {error!r}") from error
    return in_json(notebook)


def as_copy(name: str, content: bytes, seed: str) -> bytes:
    """Return what a copy of this original holds: in an exercise, the learner's seed as well."""
    if not (name.startswith(EXERCISES) and name.endswith(".ipynb")):
        return content
    notebook = json.loads(content)
    notebook["metadata"].setdefault(SEEDS, {"seed": seed})
    return in_json(notebook)


def in_json(notebook: dict[str, Any]) -> bytes:
    """Return a notebook as Jupyter writes it."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def write(path: Path, content: bytes) -> None:
    """Write the file at one stroke: it is whole or it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")  # two labs may write it at once
    new.write_bytes(content)
    new.replace(path)


def sha256(content: bytes) -> str:
    """Return the hash as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def serve(work: Path, notebook: str, first: int, *, browser: bool) -> None:
    """Run JupyterLab on `work/` until Ctrl-C; print the address once it answers."""
    # jsonschema can do without: it checks a format that no schema here has, and loads for a second.
    sys.modules.setdefault(IRIS, None)  # type: ignore[arg-type]
    try:
        from jupyterlab.labapp import LabApp  # noqa: PLC0415 -- a second, and only here
    except ImportError as error:
        print(f"JupyterLab does not load ({error}): delete .venv and start again", file=sys.stderr)
        raise SystemExit(2) from None

    os.environ["UVMLAB_WORK"] = str(work)  # the kernels inherit it
    put_first("PYTHONPATH", work.parent)  # ... and run today's code, however uvmlab is installed
    put_first("JUPYTER_CONFIG_PATH", Path(__file__).with_name("jupyter"))  # asks for no news
    token = secrets.token_hex(24)
    app = LabApp.initialize_server(argv=options(work, notebook, first, token, browser=browser))
    address = f"http://127.0.0.1:{app.port}{app.base_url}lab/tree/{notebook}?token={token}"
    signal.signal(signal.SIGINT, lambda *_: app.stop(from_signal=True))
    app.io_loop.add_callback(print, f"\nThe lab: {address}\nCtrl-C here ends it.", flush=True)
    app.start()


def put_first(variable: str, folder: Path) -> None:
    """Have this folder looked through before those that the user named."""
    theirs = os.environ.get(variable)
    os.environ[variable] = os.pathsep.join([str(folder), *([theirs] if theirs else [])])


def options(work: Path, notebook: str, first: int, token: str, *, browser: bool) -> list[str]:
    """Return JupyterLab's options: this machine only, quiet, and asking no other host anything."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={first}",
        f"--ServerApp.root_dir={work}",
        f"--ServerApp.allow_root={root}",
        f"--ServerApp.open_browser={browser and has_display()}",
        f"--IdentityProvider.token={token}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--KernelManager.transport_encryption=auto",  # on a shared machine nobody listens in
        "--Application.log_level=ERROR",
    ]


def has_display() -> bool:
    """Whether a browser of this machine could show anything (one for terminals would not do)."""
    signs = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME")
    return not sys.platform.startswith("linux") or any(os.environ.get(sign) for sign in signs)
