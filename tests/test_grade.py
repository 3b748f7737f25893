"""`python -m uvmlab grade`: a row for each notebook whatever is in it, and none harms another or the grades."""

import csv
import json
import os
import re
import time
from pathlib import Path

import pytest

from tests.submissions import POINTS, RIGHT, SETUP, cell, notebook, solved
from uvmlab.check.exercises import NAMES, problems
from uvmlab.check.grades import Grades
from uvmlab.check.solutions import FOLDER
from uvmlab.commands import grade
from uvmlab.commands.grade import INTERRUPTED, main

FORKS = """import os, time
for _ in range(20):
    if not os.fork():
        os.setsid()
        if os.fork():
            os._exit(0)
        with open({pids!r}, 'a') as file:
            file.write(f'{{os.getpid()}}\\n')
        time.sleep(600)
"""
KILLS = """import os
parent = os.getppid()
with open('/proc/%d/stat' % parent) as file:
    grandparent = int(file.read().rpartition(')')[2].split()[1])
with open({pids!r}, 'a') as file:
    file.write(f'{{os.getpid()}}\\n')
for pid in {whom}:
    os.kill(pid, 9)
while True:
    pass
"""
FORGES = """import os
for number in range(3, 64):
    try:
        os.write(number, b'["done"]\\n')
    except OSError:
        pass
os._exit(0)
"""
PATCHES = """import uvmlab.check.kinds as kinds
observed = kinds.observed
kinds.observed = lambda case, functions: observed(case, {})
"""
PATCHES_LATER = """def bounds(takes, center, lo, hi):
    import uvmlab.check.cases as cases
    cases.RANDOM = 0
    return [0, 1]
"""
WRITES = "for end in ('csv', 'json'):\n    open({out!r} + end, 'w').write('full marks for me')"
WRONG = {"04-bounds": "bounds = 3", "04-foresee": "few_pages = 3"}


def small(**cells):
    """Exercise 04 with these cells alone, and a right `bounds` unless it is there."""
    found = {"04-bounds": RIGHT["04-bounds"]} | {f"04-{name}": told for name, told in cells.items()}
    return notebook(cell(SETUP), *(cell(told, name) for name, told in found.items()))


def hand_in(folder, out, pids):
    """Write a folder full of what learners may hand in."""

    def hands(learner, content):
        path = folder / learner / "04_clusters.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)

    hands("right", solved())
    hands("no checks", solved(check=None))
    hands("other checks", solved(check="raise SystemExit('q{}')"))
    replaced = f"{SETUP}\ntype(q1).check = lambda self: print('Correct.')\nq3.check = print"
    hands("replaced check", solved(setup=replaced, foresee="few_pages = 3", bounds="bounds = 3"))
    hands("no setup", solved(setup="pass"))
    hands("loop", small(bounds="def bounds(*_):\n    while True:\n        pass"))
    hands("loop in C", small(bounds="def bounds(*_):\n    return sum(range(10**13))"))
    hands("loop in a cell", small(foresee="while True:\n    pass"))
    hands("memory", small(bounds="kept = []\nwhile True:\n    kept.append(bytes(10_000_000))"))
    hands("forks", small(foresee=FORKS.format(pids=str(pids))))
    hands("prints", small(foresee="for _ in range(1000):\n    print('x' * 1_000_000)"))
    hands("prints below", small(foresee="import os\nwhile True:\n    os.write(1, b'x' * 1000)"))
    hands("exits", small(bounds="import os\nos._exit(0)"))
    hands("exits later", small(bounds="def bounds(*_):\n    import os\n    os._exit(3)"))
    for learner, whom in (
        ("kills one", "[parent]"),
        ("kills two", "[grandparent, parent]"),
    ):
        hands(learner, small(bounds=KILLS.format(pids=str(pids), whom=whom)))
    hands("forges", small(bounds=FORGES))
    hands("patches", small(bounds=PATCHES + RIGHT["04-bounds"]))
    hands("patches later", small(bounds=PATCHES_LATER))
    hands("writes", small(foresee=WRITES.format(out=str(out)[:-3])))
    hands("empty", b"")
    hands("no notebook", b"import this")
    hands("no cells", notebook())
    hands("huge", b"")
    os.truncate(folder / "huge" / "04_clusters.ipynb", 100_000_000)
    hands("huge in memory", b"[" + b"[]," * 6_000_000 + b"[]]")
    (folder / "link").mkdir()
    (folder / "link" / "06.ipynb").symlink_to(folder / "right" / "04_clusters.ipynb")
    (folder / "pipe").mkdir()
    os.mkfifo(folder / "pipe" / "04_clusters.ipynb")
    (folder / "none").mkdir()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """All of them graded at once: the rows by learner, what was said, and the processes that were started."""
    folder, kept = tmp_path_factory.mktemp("submitted"), tmp_path_factory.mktemp("kept")
    out, pids = kept / "grades.csv", kept / "pids"
    hand_in(folder, out, pids)
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grade, "_say", lambda grades, bar: said.extend(grades.said))
        assert main([str(folder), "--out", str(out), "--seconds", "3"]) == 0
    rows = {
        row["learner"]: row for row in json.loads(out.with_suffix(".json").read_bytes())["rows"]
    }
    return rows, said, out, [int(pid) for pid in pids.read_text().split()]


@pytest.mark.parametrize("learner", ["right", "no checks", "other checks", "no setup"])
def test_what_is_right_has_all_points_whatever_became_of_the_cells_that_check(run, learner):
    row = run[0][learner]
    assert (row["points"], row["wrong"], row["reason"]) == (POINTS, {}, "")
    assert (row["exercise"], row["seed"], row["total"], row["of"]) == ("04", "anna", 10, 10)


def test_a_replaced_check_changes_nothing(run):
    row = run[0]["replaced check"]
    assert row["points"] == POINTS | {"04-foresee": 0, "04-bounds": 0}
    assert row["wrong"]["04-bounds"].startswith("bounds([True], 0, 0, 1) raised TypeError")


@pytest.mark.parametrize(
    ("learner", "says"),
    [
        ("loop", "Your bounds: it gave no answer for 3 seconds (does a loop never end?)"),
        ("loop in C", "Your bounds: it gave no answer for 3 seconds"),
        ("memory", "In its cell it raised MemoryError."),
        ("exits", "In its cell it ended before it had answered."),
        ("exits later", "Your bounds: it left with exit code 3."),
        ("forges", "In its cell it ended before it had answered."),
        ("patches", "It changes uvmlab.check.kinds.observed, and an answer must leave uvmlab as"),
        ("patches later", "It changes uvmlab.check.cases.RANDOM, and an answer must leave uvmlab"),
    ],
)
def test_code_that_goes_wrong_has_no_points_and_a_sentence_why(run, learner, says):
    row = run[0][learner]
    assert row["total"] == 0
    assert row["wrong"]["04-bounds"].startswith(says)


@pytest.mark.parametrize(
    ("learner", "says"),
    [
        ("loop in a cell", "In its cell it gave no answer for 3 seconds"),
        ("forks", "Not attempted."),
        ("prints", "Not attempted."),
        ("prints below", "In its cell it raised OSError: [Errno 27] File too large."),
        ("writes", "Not attempted."),
    ],
)
def test_a_cell_that_goes_wrong_takes_no_points_from_another_question(run, learner, says):
    row = run[0][learner]
    assert row["points"] == dict.fromkeys(POINTS, 0) | {"04-bounds": 2}
    assert says in row["wrong"]["04-foresee"]


@pytest.mark.parametrize(
    ("learner", "reason"),
    [
        ("kills one", "it ended before it had answered"),
        ("kills two", "it ended the process that watches over it (SIGKILL)"),
        ("empty", "the notebook is empty"),
        ("no notebook", "it is no notebook, which is JSON: Expecting value: line 1 column 1 (char 0)"),
        ("no cells", "there is no code cell in it"),
        ("huge", "it is 100 MB large, and at most 20 MB are read"),
        ("huge in memory", "it is too large to be read"),
        ("link", "it is a link to another file"),
        ("pipe", "it is no file"),
        ("none", "there is no notebook in the folder"),
    ],
)  # fmt: skip
def test_a_notebook_that_cannot_be_graded_has_a_row_with_the_reason(run, learner, reason):
    row = run[0][learner]
    assert (row["reason"], row["total"]) == (reason, 0)


def test_there_is_a_line_in_the_table_for_each(run):
    rows, _, out, _ = run
    with out.open(newline="") as file:
        table = {line["learner"]: line for line in csv.DictReader(file)}
    assert {*table} == {*rows}
    assert [table["right"][f"q{i}"] for i in range(1, 6)] == ["1", "1", "2", "4", "2"]
    assert [table["huge"][each] for each in ("exercise", "total", "of")] == ["04", "0", "10"]
    assert table["no cells"]["what went wrong"] == "there is no code cell in it."
    assert table["loop"]["what went wrong"].startswith("q1: Its cell is not in the notebook. q2:")


def test_what_was_printed_below_python_is_kept_up_to_a_limit(run):
    assert run[0]["prints below"]["printed"].startswith("xxxx")
    assert len(run[0]["prints below"]["printed"]) == 400


def test_nothing_that_was_started_is_left(run):
    pids = run[3]
    assert len(pids) >= 22
    for _ in range(100):
        left = [pid for pid in pids if runs(pid)]
        if not left:
            break
        time.sleep(0.05)
    assert left == []


def runs(pid):
    """Whether a process is there, and no dead one that nobody has buried yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_grades_that_were_touched_meanwhile_are_told_of_and_written_again(run):
    rows, said, out, _ = run
    for path in (out, out.with_suffix(".json")):
        assert f"{path} was touched while notebooks were graded: it is written again." in said
        assert b"full marks" not in path.read_bytes()
    assert len(rows) == 28


def test_the_solutions_have_all_points_without_their_first_cell_and_none_without_answers(tmp_path):
    for path in sorted(FOLDER.glob("*.ipynb")):
        whole, stripped = json.loads(path.read_bytes()), json.loads(path.read_bytes())
        first = next(each for each in whole["cells"] if each["cell_type"] == "code")
        whole["cells"].remove(first)
        for each in stripped["cells"]:
            text = "".join(each["source"])
            each["source"] = re.sub(r"### BEGIN(.|\n)*### END SOLUTION", "...", text)
        (tmp_path / f"anna_{path.name}").write_text(json.dumps(whole))
        (tmp_path / f"ben_{path.name}").write_text(json.dumps(stripped))
    out = tmp_path / "grades.csv"
    assert main([str(tmp_path), "--out", str(out)]) == 0
    rows = Grades(out).rows.values()
    found = {(row.learner, row.exercise): (row.total, row.wrong, row.reason) for row in rows}
    assert len(found) == 2 * len(NAMES)
    for number in NAMES:
        missing = {each.name: "Not attempted." for each in problems(number)}
        points = sum(each.points for each in problems(number))
        assert found["anna", number] == (points, {}, "")
        assert found["ben", number] == (0, missing, "")


@pytest.fixture
def course(tmp_path):
    """A folder with three small notebooks, and where the grades go."""
    folder = tmp_path / "submitted"
    folder.mkdir()
    for learner in ("anna", "ben", "cleo"):
        (folder / f"{learner}.ipynb").write_bytes(small())
    return folder, tmp_path / "grades.csv"


def test_a_second_run_grades_only_what_has_changed(course, capsys):
    folder, out = course
    words = [str(folder), "--out", str(out)]
    assert main(words) == 0
    assert capsys.readouterr().out.startswith(
        "Graded now: 3.  As before: 0.  Still to be graded: 0.\n"
    )
    seed = Grades(out).seed
    (folder / "ben.ipynb").write_bytes(small(bounds="bounds = 3"))
    assert main(words) == 0
    assert capsys.readouterr().out.startswith(
        "Graded now: 1.  As before: 2.  Still to be graded: 0.\n"
    )
    assert {file: row.total for file, row in Grades(out).rows.items()} == {
        "anna.ipynb": 2,
        "ben.ipynb": 0,
        "cleo.ipynb": 2,
    }
    assert Grades(out).seed == seed
    assert main([*words, "--again"]) == 0
    assert capsys.readouterr().out.startswith(
        "Graded now: 3.  As before: 0.  Still to be graded: 0.\n"
    )


def test_ctrl_c_keeps_what_is_done_and_a_second_run_goes_on(course, capsys, monkeypatch):
    folder, out = course
    put = Grades.put

    def interrupt(grades, row):
        if grades.rows:
            raise KeyboardInterrupt
        put(grades, row)

    monkeypatch.setattr(Grades, "put", interrupt)
    words = [str(folder), "--out", str(out), "--jobs", "1"]
    assert main(words) == INTERRUPTED
    told = capsys.readouterr().out
    assert told.startswith("Graded now: 1.  As before: 0.  Still to be graded: 2.\n")
    assert told.endswith("The same command goes on from here.\n")
    monkeypatch.undo()
    assert main(words) == 0
    assert capsys.readouterr().out.startswith(
        "Graded now: 2.  As before: 1.  Still to be graded: 0.\n"
    )


def test_grades_that_cannot_be_written_are_told_of_at_the_end(course, capsys):
    folder, out = course
    out.with_suffix(".json").mkdir()
    assert main([str(folder), "--out", str(out)]) == 1
    told = capsys.readouterr()
    assert told.out.endswith("The grades are not written.\n")
    assert f"{out.with_suffix('.json')} cannot be written: Is a directory." in told.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name the FOLDER that holds what was handed in"),
        (["nowhere"], "there is no folder nowhere"),
        (["."], "there is no notebook in ."),
        ([".", "--out", "grades.xls"], "--out is a name that ends in .csv, and not grades.xls"),
        ([".", "--out", "nowhere/grades.csv"], "nowhere"),
        ([".", "--jobs", "0"], "--jobs is 1 or more"),
        ([".", "--seconds", "0"], "'0' is no number of seconds from 0.1 to 600"),
        ([".", "--seconds", "some"], "'some' is no number of seconds from 0.1 to 600"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(words, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert says in capsys.readouterr().err.splitlines()[-1]


def test_a_folder_that_may_not_be_read_is_one_line_and_exit_2(tmp_path, monkeypatch, capsys):
    def refuses(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("uvmlab.commands.grade.handed_in", refuses)
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path)])
    assert stopped.value.code == 2
    assert f"{tmp_path} cannot be read: Permission denied" in capsys.readouterr().err
