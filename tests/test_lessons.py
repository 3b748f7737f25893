"""The tracked lessons: executed, small, in the house's form, compared for real, and giving nothing away."""

import ast
import contextlib
import io
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from uvmlab.check.reading import PREDICTIONS, reading
from uvmlab.widgets.prediction import ASKED

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def nbval(path):
    """Run nbval on one notebook; return pytest's exit code and its output."""
    words = ["-m", "pytest", "-q", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
    done = subprocess.run(
        [sys.executable, *words, "-c", "/dev/null", "--rootdir", str(path.parent), str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=path.parent,
    )
    return done.returncode, done.stdout


def test_the_first_three_lessons_are_there():
    assert {"00_tour", "04_clusters", "06_when_the_disk_says_no"} <= {path.stem for path in LESSONS}


@each_lesson
def test_a_lesson_is_executed_from_top_to_bottom(path):
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))


@each_lesson
def test_a_lesson_keeps_no_widget_and_is_small(path):
    text = path.read_text(encoding="utf-8")
    assert "application/vnd.jupyter.widget" not in text
    assert len(text.encode()) < 300_000


@each_lesson
def test_a_code_cell_has_eight_lines_at_most_and_no_def(path):
    for cell in cells(path, "code"):
        assert len(source(cell).splitlines()) <= 8
        assert not [
            node
            for node in ast.walk(ast.parse(source(cell)))
            if hasattr(node, "body") and isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]


@each_lesson
def test_a_lesson_says_what_it_takes_and_what_it_gives(path):
    first, *_, last = (source(cell) for cell in cells(path, "markdown"))
    assert first.startswith("# ")
    assert "**Time:**" in first
    assert "**You need:**" in first
    assert "Afterwards you can" in first
    assert "**Next" in last
    assert [source(cell) for cell in cells(path, "code")][-1].endswith('-lessons-learned")')


@each_lesson
def test_every_line_that_a_lesson_names_is_one_of_the_seven_functions(path):
    text = "\n".join(source(cell) for cell in cells(path, "markdown"))
    named = re.findall(r"[Ll]ines? (\d+)(?: (?:to|and|or) (\d+))?", text)
    assert named
    assert all(86 <= int(number) <= 730 for pair in named for number in pair if number)


@each_lesson
def test_what_follows_from_an_answer_is_shown_by_its_prediction_alone(path):
    """A run that a prediction asks about is shown nowhere but behind an answer (`then`)."""
    for cell in cells(path, "code"):
        tree = ast.parse(source(cell))
        last = tree.body[-1]
        calls = ast.unparse(last)
        for output in cell["outputs"]:
            shown = "".join(output.get("text", "")) if output["output_type"] == "stream" else ""
            assert ("Answer:" in shown) == (shown.startswith("Predict:"))
            assert not shown.startswith("Predict:") or calls.startswith("predict(")


@each_lesson
def test_an_answer_is_worked_out_from_a_run_and_not_written_down(path):
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.keyword) and node.arg in ("answer", "why"):
                names = {name.id for name in ast.walk(node.value) if isinstance(name, ast.Name)}
                assert names & {"run", "later", "end", "checked", "each", "intended"}
                assert isinstance(node.value, ast.Lambda)


@each_lesson
def test_what_comes_afterwards_waits_for_every_prediction_of_its_lesson(path):
    code = "\n".join(source(cell) for cell in cells(path, "code"))
    predicted = tuple(re.findall(r'predict\("(.+?)"', code))
    for name in re.findall(r'afterwards\("(.+?)"\)', code):
        assert reading(name).after == predicted


@each_lesson
def test_what_gives_answers_away_is_not_in_the_file_that_a_learner_opens(path):
    prose = "\n".join(source(cell) for cell in cells(path, "markdown"))
    assert "<details" not in prose
    code = "\n".join(source(cell) for cell in cells(path, "code"))
    names = re.findall(r'afterwards\("(.+?)"\)', code)
    assert names
    for name in names:
        for sentence in re.findall(r"[^.\n]{30,}", reading(name).text):
            assert sentence.strip() not in prose + code


RUNS = {"run", "later", "end", "checked", "each"}
WHOLE = "a whole run"


def told(cell):
    """The lines of the steps that a prediction's reason names, and of those that are shown then."""
    said = "".join(text for out in cell["outputs"] for text in out.get("text", ""))
    why, _, shown = said.partition("Why: ")[2].partition("\n")
    steps = set(re.findall(r"^ *(\d{3}) ", shown, re.MULTILINE))
    return set(re.findall(r"\b\d{3}\b", why)), steps | ({WHOLE} if "step" in shown else set())


def leaks(code):
    """Each prediction whose reason names a step that an earlier one about the same run has shown."""
    shown = dict.fromkeys(RUNS, frozenset())
    for cell in code:
        nodes = [node for node in ast.walk(ast.parse(source(cell))) if isinstance(node, ast.Name)]
        for made in nodes:
            if isinstance(made.ctx, ast.Store) and made.id in RUNS:
                shown[made.id] = frozenset()
        if "predict(" not in source(cell):
            continue
        why, steps = told(cell)
        for run in RUNS & {node.id for node in nodes}:
            if shown[run] & (why | {WHOLE}):
                yield source(cell)
            shown[run] |= steps


@each_lesson
def test_no_answer_shows_a_step_that_explains_a_later_one_about_the_same_run(path):
    assert list(leaks(cells(path, "code"))) == []


@pytest.mark.parametrize(
    "planted", [" 610 swap_free slot 7, n 6\n", "Run of pager_put, step 74 of 0\n"]
)
def test_a_step_that_gives_the_next_answer_away_is_found(planted):
    code = cells(ROOT / "notebooks/06_when_the_disk_says_no.ipynb", "code")
    cell = next(cell for cell in code if "06-b" in source(cell))
    cell["outputs"][-1]["text"] = ["Predict: q\nAnswer: 6\nWhy: Line 720.\n", planted]
    assert ["06-c" in each for each in leaks(code)] == [True]


BRANCH = {  # of each prediction: the lines that its text is about, and that its reason has to name
    "00-a": "690",
    "00-c": "551 553",
    "04-b": "324",
    "04-c": "329 345",
    "04-d": "324 345",
    "04-e": "292",
    "04-f": "323 329",
    "04-g": "324 329",
    "06-a": "612 636 640",
    "06-b": "720",
    "06-c": "610",
    "06-d": "610 720",
    "06-e": "551 548 564",
    "06-f": "646 655 656",
    "06-g": "634 655 656",
    "06-h": "540",
    "06-i": "612 636 640",
}
IN_WORDS = {
    "00-a",
    "00-c",
    "04-a",
    "06-f",
    "06-h",
    "06-i",
}  # what happens, and it does to everybody
SEEDS = 12


@cache
def everybody(path):
    """Return of each prediction in a lesson what it says to each of some learners once they have answered."""
    shown = ("afterwards(", "show(", "ClusterLab(", "FaultLab(", "PagerMapLab(", "DaemonLab(")
    code = [source(cell) for cell in cells(path, "code")]
    code = "\n".join(each for each in code if not each.startswith(shown))
    said = {name: [] for name in PREDICTIONS[path.stem[:2]]}
    for seed in range(SEEDS):
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code.replace("your name", f"n{seed}"), {})  # noqa: S102
        for name, texts in said.items():
            texts.append(ASKED[name].text())
    return said


@each_lesson
def test_everybody_s_numbers_take_the_branch_that_the_text_is_about(path):
    for name, texts in everybody(path).items():
        for seed, text in enumerate(texts):
            named = re.findall(r"\b\d{3}\b", text.partition("Why: ")[2])
            assert {*BRANCH.get(name, "").split()} <= {*named}, (seed, name)


@each_lesson
def test_an_answer_in_numbers_is_not_everybody_s(path):
    for name, texts in everybody(path).items():
        answers = {re.search(r"^Answer: (.*)$", text, re.MULTILINE)[1] for text in texts}
        in_words = [answer for answer in answers if re.search("[a-z]", answer)]
        assert len(answers) == len(in_words) == 1 if name in IN_WORDS else len(answers) >= 3, name


def test_a_changed_number_fails(tmp_path):
    notebook = json.loads((ROOT / "notebooks/00_tour.ipynb").read_text(encoding="utf-8"))
    copy = tmp_path / "tour.ipynb"
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    code, said = nbval(copy)
    assert code == 0, said
    text = json.dumps(notebook)
    assert "answer ERROR. I/O 1: p1, answer OK" in text
    copy.write_text(text.replace("I/O 1: p1, answer", "I/O 2: p1, answer"), encoding="utf-8")
    code, said = nbval(copy)
    assert code == 1
    assert "1 failed" in said


@pytest.mark.parametrize("kind", ["text/plain", "image/svg+xml"])
def test_a_changed_picture_fails_in_words_and_in_svg(tmp_path, kind):
    notebook = json.loads((ROOT / "notebooks/00_tour.ipynb").read_text(encoding="utf-8"))
    cell = next(
        cell
        for cell in notebook["cells"]
        if source(cell).endswith("show(w)\n") or source(cell).endswith("show(w)")
    )
    data = cell["outputs"][0]["data"]
    data[kind] = "".join(data[kind]).replace("slot 6", "slot 5")
    copy = tmp_path / "tour.ipynb"
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    assert nbval(copy)[0] == 1
