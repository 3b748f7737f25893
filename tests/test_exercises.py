"""The exercises under nbval: each check cell fails until its question is answered, and no other cell ever does."""

import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests.filled import PROBLEMS, filled, grade_id, tracked
from uvmlab.check.exercises import NAMES, hints, problems

MARKED = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
CELL = re.compile(r"(?P<file>\w+\.ipynb).*Cell (?P<number>\d+)")
ASKED = [
    (number, answered)
    for number, names in PROBLEMS.items()
    for answered in [(), *[(name,) for name in names], tuple(names)]
]


def file(number, answered):
    return f"{number}_" + "_and_".join(name[3:].replace("-", "_") for name in answered) + ".ipynb"


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    """Return for each notebook the names of the cells that fail in one run of nbval over all."""
    here = tmp_path_factory.mktemp("exercises")
    names = {}
    for number, answered in ASKED:
        notebook = filled(number, answered)
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        names[file(number, answered)] = [grade_id(cell) for cell in code]
        (here / file(number, answered)).write_text(json.dumps(notebook))
    words = [
        "-q",
        "-p",
        "no:cacheprovider",
        "--nbval",
        "--nbval-current-env",
        "--nbval-cell-timeout=120",
    ]
    command = [sys.executable, "-m", "pytest", *words, "--junitxml=report.xml", "."]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    found = {name: [] for name in names}
    for case in ElementTree.parse(here / "report.xml").iter("testcase"):
        if len(case):
            where = CELL.search(f"{case.get('classname')}.{case.get('name')}".replace("/", "."))
            found[where["file"]].append(names[where["file"]][int(where["number"])])
    return found


@pytest.mark.parametrize(("number", "answered"), ASKED)
def test_under_nbval_the_check_cells_of_what_is_not_answered_fail_and_nothing_else(
    failed, number, answered
):
    open_ones = [f"check-{name}" for name in PROBLEMS[number] if name not in answered]
    assert failed[file(number, answered)] == open_ones


@pytest.mark.parametrize("number", NAMES)
def test_an_exercise_asks_each_problem_once_in_its_order_and_for_its_points(number):
    code = [cell for cell in tracked("exercises", number)["cells"] if grade_id(cell)]
    assert [grade_id(cell) for cell in code] == [
        name for problem in PROBLEMS[number] for name in (problem, f"check-{problem}")
    ]
    points = [cell["metadata"]["nbgrader"].get("points") for cell in code[1::2]]
    assert points == [problem.points for problem in problems(number)]


@pytest.mark.parametrize("number", NAMES)
def test_a_check_cell_holds_its_check_alone_and_carries_no_tag(number):
    cells = tracked("exercises", number)["cells"]
    checks = ["".join(cell["source"]) for cell in cells if grade_id(cell).startswith("check-")]
    assert checks == [f"q{i}.check()" for i in range(1, len(checks) + 1)]
    assert [cell["metadata"]["tags"] for cell in cells if "tags" in cell["metadata"]] == []


@pytest.mark.parametrize("number", NAMES)
def test_nothing_of_a_solution_is_in_its_exercise(number):
    exercise = json.dumps(tracked("exercises", number))
    written = {}
    for cell in tracked("solutions", number)["cells"]:
        for marked in MARKED.findall("".join(cell["source"])):
            for line in filter(None, map(str.strip, marked.splitlines())):
                long = len(line) > 25 and "uvm_" not in line  # texts of the kernel are told
                assert not long or json.dumps(line)[1:-1] not in exercise, line
                written.setdefault(grade_id(cell), []).append(line)
    assert [*written] == PROBLEMS[number]


@pytest.mark.parametrize("number", NAMES)
def test_each_problem_has_three_hints(number):
    assert [len(hints(problem)) for problem in problems(number)] == [3] * len(PROBLEMS[number])
