"""The rooms of the package: who may import whom, and what loads what."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import uvmlab

PACKAGE = Path(uvmlab.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each room, and the rooms that it may import.
MAY_IMPORT = {
    "kernel": set(),
    "worlds": {"kernel"},
    "run": {"worlds", "kernel"},
    "replay": {"worlds", "kernel"},
    "study": {"run", "worlds", "kernel"},
    "draw": {"run", "worlds", "kernel"},
    "check": {"run", "worlds", "kernel"},
    "widgets": {"draw", "check", "run", "worlds", "kernel"},
    "commands": {"study", "widgets", "draw", "check", "run", "replay", "worlds", "kernel"},
    "__init__": set(),
    "__main__": set(),
}
ONLY_IMPORTER = {"graphviz": "draw", "ipywidgets": "widgets", "anywidget": "widgets"}


def room(path):
    """Return the room that a module is in: `kernel` for `uvmlab/kernel/page.py`."""
    return Path(path.relative_to(PACKAGE).parts[0]).stem


def imports(tree, package):
    """Yield the full name of each module or name imported anywhere in the tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            whole = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{whole}.{alias.name}" for alias in node.names)


def imported(path):
    package = ("uvmlab", *path.relative_to(PACKAGE).parent.parts)
    return list(imports(ast.parse(path.read_text()), package))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_rooms_to_its_right(path):
    here = room(path)
    parts = [name.split(".") for name in imported(path)]
    rooms = {names[1] for names in parts if names[0] == "uvmlab" and len(names) > 1}
    assert rooms - {here} <= MAY_IMPORT[here]
    if here != "__main__":
        assert ["uvmlab"] not in parts, "the learner's names are not for the package itself"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_what_one_room_alone_imports_no_other_does(path):
    here = room(path)
    outside = {name.split(".")[0] for name in imported(path)}
    assert {name for name in outside & set(ONLY_IMPORTER) if ONLY_IMPORTER[name] != here} == set()
    if here == "kernel":
        assert outside <= {*sys.stdlib_module_names, "uvmlab", "simpy"}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import uvmlab.draw.svg as s", ["uvmlab.draw.svg"]),
        ("from uvmlab import draw", ["uvmlab.draw"]),
        ("def f():\n    from uvmlab.draw import svg", ["uvmlab.draw.svg"]),
        ("from .page import Page", ["uvmlab.kernel.page.Page"]),
        ("from .. import draw", ["uvmlab.draw"]),
        ("from ..draw import svg", ["uvmlab.draw.svg"]),
    ],
)
def test_the_walk_finds_every_way_to_import(source, names):
    assert list(imports(ast.parse(source), ("uvmlab", "kernel"))) == names


def loaded_by(statement):
    """Return the modules that a fresh interpreter loads for this statement."""
    code = (
        "import sys; before = set(sys.modules)\n"
        f"{statement}\n"
        "import json; print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return json.loads(done.stdout)


def test_the_kernel_loads_simpy_and_the_standard_library_alone():
    names = loaded_by("import uvmlab.kernel")
    assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names, "simpy", "uvmlab"}
    ours = {name for name in names if name.startswith("uvmlab")}
    assert {name for name in ours if not name.startswith("uvmlab.kernel")} == {"uvmlab"}


def test_the_package_itself_loads_none_of_its_rooms():
    assert [name for name in loaded_by("import uvmlab") if "uvmlab" in name] == ["uvmlab"]


@pytest.mark.parametrize("name", uvmlab.__all__)
def test_each_name_of_the_learner_s_is_there_and_completes(name):
    found = getattr(uvmlab, name)
    assert getattr(found, "__module__", found.__name__).startswith("uvmlab.")
    assert name in dir(uvmlab)


def test_an_unknown_name_gets_the_legal_ones():
    with pytest.raises(AttributeError, match="^uvmlab has no 'wrld'; it has .*Slip, .*world$"):
        uvmlab.wrld  # noqa: B018
