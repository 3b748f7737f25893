"""pyproject.toml, the locks, environment.yml and the files beside them say the same."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import kit
import uvmlab
from tests.test_imports import MODULES, imported

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
RUNTIME = PROJECT["project"]["dependencies"]
LEARNERS = [*RUNTIME, *PROJECT["project"]["optional-dependencies"]["check"]]
LOCKS = {
    "requirements.lock": [*LEARNERS, *GROUPS["build"]],
    "requirements-test.lock": [*LEARNERS, *GROUPS["build"], *GROUPS["dev"]],
}
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text())


def pins(lock):
    """Return what a lock installs on this machine: {name: version}."""
    found = {}
    for line in re.findall(r"^\w.*==.*?(?= \\$|$)", (ROOT / lock).read_text(), re.MULTILINE):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate():
            (exactly,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = exactly.version
    return found


def needed(lines):
    """Return the names of all that these requirements bring along on this machine."""
    names, todo = set(), [(Requirement(line), "") for line in lines]
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for asked in ["", *requirement.extras]:
            if (name, asked) not in names:
                names.add((name, asked))
                todo += [(Requirement(line), asked) for line in requires(name) or []]
    return {name for name, _ in names}


# --- The locks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_a_version_that_pyproject_allows_for_each_requirement(lock):
    locked = pins(lock)
    for requirement in map(Requirement, LOCKS[lock]):
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), (
            requirement
        )


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_pyproject_needs_and_nothing_else(lock):
    assert set(pins(lock)) == needed(LOCKS[lock])


def test_the_tests_run_with_the_learners_versions():
    assert pins("requirements.lock").items() <= pins("requirements-test.lock").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_each_version_of_a_lock_has_its_hashes(lock):
    for entry in re.split(r"^(?=\w)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock):
    assert re.findall(r"://|index-url|find-links", (ROOT / lock).read_text()) == []


def test_the_young_renderer_is_pinned_exactly():
    assert [line for line in RUNTIME if line.startswith("graphviz-pure==")] != []


def test_nbgrader_is_tested_as_an_instructor_gets_it():
    (instructor,) = PROJECT["project"]["optional-dependencies"]["instructor"]
    assert instructor in GROUPS["dev"]


def test_what_the_package_imports_comes_with_its_dependencies_and_no_test_tool_does():
    brings, whose = needed(RUNTIME), packages_distributions()
    modules = {name.split(".")[0] for path in MODULES for name in imported(path)}
    for module in modules - {"uvmlab", *sys.stdlib_module_names}:
        of = set(map(canonicalize_name, whose[module]))
        assert of & brings or of == {"nbgrader"}, module  # without that one a command says so
    assert brings.isdisjoint({"nbgrader", "nbval", "pytest"})


# --- conda, Binder, CI --------------------------------------------------------------------------


def in_pip_s_words(line):
    """Return a line of environment.yml as a requirement; both grammars read `name >=1`."""
    assert re.fullmatch(r"[\w-]+( [=><!]=?[\w.]+)?", line), f"{line!r}: write `name >=1`"
    return Requirement(line.replace("python-graphviz", "graphviz"))


def test_environment_yml_asks_for_what_pyproject_asks_for():
    *conda, last = ENVIRONMENT["dependencies"]
    *pip, itself = last["pip"]
    assert itself == "-e ."
    asked = {in_pip_s_words(line) for line in [*conda, *pip]}
    python = Requirement(f"python{PROJECT['project']['requires-python']}")
    assert asked == {*map(Requirement, LEARNERS), python, Requirement("pip")}


def test_environment_yml_takes_all_from_conda_forge():
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    assert ENVIRONMENT["name"] == "uvmlab"


def test_every_supported_python_is_one_of_the_project_s():
    python = SpecifierSet(PROJECT["project"]["requires-python"])
    assert all(python.contains("{}.{}".format(*version)) for version in (kit.OLDEST, kit.NEWEST))


@pytest.mark.parametrize("script", [".ci/run", "postBuild"])
def test_the_scripts_can_be_run_and_bash_reads_them(script):
    assert os.access(ROOT / script, os.X_OK)
    done = subprocess.run(["bash", "-n", ROOT / script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_ci_runs_the_readme_s_test_command_and_allows_no_browser_to_be_missing():
    ci = (ROOT / ".ci/run").read_text().splitlines()
    assert ci[-1] == "python3 kit.py test"
    assert any(line.startswith("export CI=true") for line in ci)
    assert re.search(r"^python3 kit\.py test ", (ROOT / "README.md").read_text(), re.MULTILINE)


# --- The package --------------------------------------------------------------------------------


def test_citation_and_changelog_name_the_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert (citation["version"], citation["license"]) == (uvmlab.__version__, "BSD-2-Clause")
    assert f"## {uvmlab.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_wheel_holds_the_package_whole_and_nothing_else(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.iterdir()
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tracked = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "uvmlab").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert names == tracked


def test_the_readme_s_links_lead_somewhere():
    pages = [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("*s/README.md")]
    for page in pages:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
