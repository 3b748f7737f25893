"""The grades are held by who grades; the files are written at one stroke, and told of when they are not as left."""

import csv
import json

import pytest

from uvmlab.check.grades import Grades
from uvmlab.check.grading import Row
from uvmlab.check.submission import NO_SEED

ANNA = Row("anna", "anna/04.ipynb", "04", "aa", "s", {"04-bounds": 2}, {"04-foresee": "No."})


@pytest.fixture
def out(tmp_path):
    return tmp_path / "grades.csv"


def table(out):
    with out.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_what_is_put_is_there_for_a_second_run(out):
    first = Grades(out)
    first.put(ANNA)
    second = Grades(out)
    assert second.rows == {"anna/04.ipynb": ANNA}
    assert (second.seed, second.said) == (first.seed, [])
    assert second.has("anna/04.ipynb", "aa")
    assert not second.has("anna/04.ipynb", "bb")
    assert not second.has("ben/04.ipynb", "aa")
    assert table(out) == [
        {
            "learner": "anna", "exercise": "04", "q1": "0", "q2": "0", "q3": "2", "q4": "0", "q5": "0",
            "total": "2", "of": "10", "what went wrong": "q1: No.", "file": "anna/04.ipynb",
        }
    ]  # fmt: skip


def test_each_course_has_a_seed_of_its_own(out, tmp_path):
    assert Grades(out).seed != Grades(tmp_path / "others.csv").seed


def test_rows_are_in_the_order_of_learners_and_one_without_an_exercise_has_no_points(out):
    grades = Grades(out)
    for row in (Row("cleo", "c"), ANNA, Row("ben", "b", reason="it is empty")):
        grades.put(row)
    assert [row["learner"] for row in table(out)] == ["anna", "ben", "cleo"]
    assert table(out)[1] | {"file": ""} == dict.fromkeys(table(out)[1], "") | {
        "learner": "ben", "total": "0", "of": "0", "what went wrong": "it is empty.",
    }  # fmt: skip


def test_no_spreadsheet_runs_what_a_learner_has_named_a_folder(out):
    Grades(out).put(Row("=cmd()", "-x", reason="+1"))
    (row,) = table(out)
    assert (row["learner"], row["file"], row["what went wrong"]) == ("'=cmd()", "'-x", "'+1.")


def test_a_file_name_that_is_no_text_is_written_all_the_same(out):
    Grades(out).put(Row("anna\udcff", "anna\udcff/04.ipynb"))
    assert table(out)[0]["learner"] == "anna\\udcff"
    assert Grades(out).has("anna\udcff/04.ipynb", "")


def test_files_that_were_touched_meanwhile_are_told_of_and_written_again(out):
    grades = Grades(out)
    grades.put(ANNA)
    left = out.read_bytes()
    out.write_text("full marks")
    grades.json.unlink()
    assert grades.write()
    assert grades.said == [
        f"{path} was touched while notebooks were graded: it is written again."
        for path in (grades.json, out)
    ]
    assert out.read_bytes() == left
    assert Grades(out).rows == {ANNA.file: ANNA}


def test_a_table_that_somebody_has_edited_between_runs_is_kept(out):
    Grades(out).put(ANNA)
    out.write_text("my own remarks")
    grades = Grades(out)
    kept = out.with_name("grades.edited1.csv")
    assert grades.said == [f"{out} was edited by somebody: it is kept as {kept}."]
    assert kept.read_text() == "my own remarks"
    assert grades.rows == {ANNA.file: ANNA}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"seed": "x", "rows": [{}]}', "[" * 100_000])
def test_a_file_that_holds_no_grades_is_kept(out, content):
    out.with_suffix(".json").write_text(content)
    grades = Grades(out)
    assert grades.said == [
        f"{grades.json} holds no grades: it is kept as {out.with_name('grades.damaged1')}."
    ]
    assert out.with_name("grades.damaged1").read_text() == content
    assert grades.rows == {}


def test_learners_whose_notebooks_have_one_seed_are_named(out):
    grades = Grades(out)
    seeds = {"cleo": "s", "anna": "s", "ben": "other", "dora": NO_SEED, "emil": NO_SEED}
    for learner, seed in seeds.items():
        grades.put(Row(learner, learner, "04", seed=seed))
    for row in (Row("anna", "again", "04", seed="s"), Row("ben", "six", "06", seed="s")):
        grades.put(row)
    assert [*grades.copies()] == [
        "04: anna, cleo handed in copies of one notebook (it has one seed)."
    ]


def test_files_that_cannot_be_written_are_told_of(out):
    grades = Grades(out)
    out.mkdir()
    grades.put(ANNA)
    assert grades.said == [f"{out} cannot be written: Is a directory."]
    assert not grades.write()
    assert json.loads(grades.json.read_bytes())["rows"][0]["learner"] == "anna"
