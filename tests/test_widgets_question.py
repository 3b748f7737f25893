"""A question in the notebook: its check is a sentence and a picture, its help comes in tiers, progress is kept."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from inspect import getsource
from threading import Thread

import nbformat
import pytest
from nbclient import NotebookClient

from tests.kill_matrix.right04 import bounds_in_two_loops, mk_pcluster_as_in_c
from uvmlab.check import Answers
from uvmlab.check.child import Said
from uvmlab.check.exercises import NAMES, problems
from uvmlab.widgets import NotSolved, Question, exercise, progress
from uvmlab.widgets import question as module

SEED = "tests"


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    monkeypatch.setenv("UVMLAB_WORK", str(tmp_path))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path


@pytest.fixture
def asked(work):
    """The questions of exercise 04 by the name that each wants."""
    return {question.problem.wants: question for question in exercise("04", seed=SEED)}


def told(question, **names):
    """Check with these names in the notebook; return the sentence of NotSolved, or None."""
    names["question"] = question
    code = compile("question.check()", "<cell>", "exec")
    try:
        exec(code, names)  # noqa: S102
    except NotSolved as said:
        return str(said)
    return None


def test_a_correct_answer_says_so_and_returns_none(asked, capsys):
    question = asked["few_pages"]
    right = question.problem.right(question.world)
    assert told(question, few_pages=right) is None
    assert capsys.readouterr() == ("Correct.\n", "")


def test_a_right_function_says_on_how_many_cases(asked, capsys):
    assert told(asked["bounds"], bounds=bounds_in_two_loops) is None
    assert capsys.readouterr().out == "Correct. It was tried on 66 cases.\n"


def test_a_missing_answer_is_not_attempted(asked):
    assert told(asked["few_pages"]) == "Not attempted: there is no few_pages yet."
    assert told(asked["few_pages"], few_pages=...) == "Not attempted: there is no few_pages yet."


def lonely(k, uobj, cluster, center, flags, mlo, mhi):
    print("so far so good")
    k.pgo_cluster(uobj, center.offset)
    k.plug(cluster, 0, center)
    cluster.first, cluster.npages = 0, 1
    return cluster


def test_below_the_sentence_stand_what_was_printed_and_the_smallest_case(
    asked, capsys, monkeypatch
):
    shown = []
    monkeypatch.setattr(module.smallest, "show", lambda *args: shown.append(args))
    assert told(asked["mk_pcluster"], mk_pcluster=lonely).startswith("Incorrect.\n")
    printed = capsys.readouterr().out
    assert printed.startswith("Your code printed: so far so good")
    assert len(printed) < 300
    ((problem, value, case, code),) = shown
    assert (problem, value) == (asked["mk_pcluster"].problem, lonely)
    assert eval(code, asked | {"question": asked["mk_pcluster"]}) == case.world()  # noqa: S307


def test_what_never_ends_is_not_asked_for_a_picture_too(asked, monkeypatch):
    def endless(k, uobj, cluster, center, flags, mlo, mhi):
        while True:
            pass

    shown = []
    monkeypatch.setattr(module.smallest, "show", lambda *args: shown.append(args))
    assert "gave no answer for" in told(asked["mk_pcluster"], mk_pcluster=endless)
    assert shown == []


def test_the_case_in_which_it_never_ends_is_told_in_words(asked, monkeypatch):
    def endless_for_many(k, uobj, cluster, center, flags, mlo, mhi):
        while len(uobj.memq) > 1:
            pass
        return mk_pcluster_as_in_c(k, uobj, cluster, center, flags, mlo, mhi)

    told_of = []
    monkeypatch.setattr(module.smallest, "tell", lambda *args: told_of.append(args))
    assert "gave no answer for" in told(asked["mk_pcluster"], mk_pcluster=endless_for_many)
    problem = asked["mk_pcluster"].problem
    assert told_of == [(problem, problem.cases(SEED)[1], "question.case(1)")]


def test_a_forged_answer_has_no_case(asked, monkeypatch):
    monkeypatch.setattr(module.smallest, "show", lambda *args: pytest.fail("there is none"))
    forged = Said([{}] * 151, "", None)
    monkeypatch.setattr("uvmlab.check.problem.in_child", lambda *args, **more: forged)
    said = told(asked["mk_pcluster"], mk_pcluster=lonely)
    assert said == "Incorrect.\nIts answer has the wrong form (KeyError)."


def test_only_a_question_about_the_engine_has_cases_with_a_world(asked):
    with pytest.raises(AttributeError, match="^04-bounds has no cases with a world$"):
        asked["bounds"].case(0)
    for number in (-1, 151, "0"):
        with pytest.raises(IndexError, match=f"there is no case {number!r}; there are 0 to 150"):
            asked["mk_pcluster"].case(number)


def test_hints_go_further_with_each_call_and_outlive_the_kernel(asked, capsys, work):
    asked["bounds"].hint()
    assert capsys.readouterr().out.count("Hint") == 1
    again = Question(asked["bounds"].problem, SEED, Answers(work))
    for number in (2, 3, 3):
        again.hint()
        printed = capsys.readouterr().out
        assert printed.count(" of 3: ") == number


def test_a_solution_is_shown_on_the_second_call(asked, capsys, monkeypatch):
    monkeypatch.setattr(module, "solution", lambda problem: f"the solution of {problem.name}")
    asked["bounds"].solution()
    assert capsys.readouterr().out.startswith("Have you tried? Call it once more")
    asked["bounds"].solution()
    assert capsys.readouterr().out == "the solution of 04-bounds\n"


def test_only_a_question_about_one_world_has_one(asked):
    assert asked["few_pages"].world.state.objects.keys() == {"f0"}
    with pytest.raises(AttributeError, match="04-bounds is about no one world"):
        _ = asked["bounds"].world


def test_progress_tells_each_question_and_outlives_the_kernel(asked):
    question = asked["few_pages"]
    told(question, few_pages=question.problem.right(question.world))
    told(asked["active_pages"], active_pages=[1])
    told(asked["bounds"])
    lines = repr(progress()).splitlines()
    heads = {name: len(problems(number)) for number, name in NAMES.items()}
    assert [line for line in lines if line[0] != " "] == [*heads]
    assert len(lines) == len(heads) + sum(heads.values())
    lines = lines[lines.index("04_clusters") :]
    assert lines[1] == "  q1 Which pages are in the two clusters? (1 point): done"
    assert lines[2].endswith("(1 point): tried, not right yet")
    assert lines[3].endswith("(2 points): not attempted")


def test_a_check_works_in_any_thread(asked):
    found = []
    thread = Thread(target=lambda: found.append(told(asked["active_pages"], active_pages=[1])))
    thread.start()
    thread.join()
    assert found[0].startswith("Incorrect.\nNot right")


def test_a_thread_that_nobodys_cell_started_finds_the_notebooks_names(asked, monkeypatch, capsys):
    right = asked["few_pages"].problem.right(asked["few_pages"].world)
    monkeypatch.setitem(vars(sys.modules["__main__"]), "few_pages", right)
    with ThreadPoolExecutor() as pool:
        assert pool.submit(asked["few_pages"].check).result() is None
    assert capsys.readouterr().out == "Correct.\n"


@pytest.mark.parametrize(
    ("content", "seed"),
    [
        ({"metadata": {"uvmlab": {"seed": "mine"}}}, "mine"),
        ({"metadata": {}}, "nobody"),
        ([], "nobody"),
        (None, "nobody"),
    ],
)
def test_the_seed_travels_in_the_notebook(tmp_path, monkeypatch, content, seed):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "04.ipynb"
    if content is not None:
        path.write_text(json.dumps(content))
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    assert exercise("04")[0].seed == seed


@pytest.mark.parametrize("named", ["the name that it had.ipynb", None])
@pytest.mark.parametrize(
    ("others", "seed"),
    [
        ({}, "mine"),
        ({"again": ("04", "mine"), "06": ("06", "other")}, "mine"),
        ({"again": ("04", "other")}, "nobody"),
    ],
)
def test_where_jupyter_does_not_name_the_notebook_it_is_looked_for(
    tmp_path, monkeypatch, named, others, seed
):
    for name, (number, whose) in {"my 04": ("04", "mine"), **others}.items():
        problem = problems(number)[0]
        cell = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": problem.name}}}
        notebook = {"cells": [cell | {"source": ""}], "metadata": {"uvmlab": {"seed": whose}}}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(notebook))
    (tmp_path / "broken.ipynb").write_text("{")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    if named:
        monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / named))
    assert exercise("04")[0].seed == seed


def test_in_a_notebook_a_failed_check_is_a_sentence_with_all_else_below_it_and_the_cell_has_failed(
    work,
):
    cells = [
        f"from uvmlab import exercise\nq1, *_ = exercise('04', seed={SEED!r})",
        "q1.check()",
        "few_pages = [6]\nq1.check()",
        "few_pages = q1.problem.right(q1.world)\nq1.check()",
        f"_, _, _, q4, _ = exercise('04', seed={SEED!r})\n{getsource(lonely)}\nmk_pcluster = lonely\nq4.check()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, allow_errors=True, kernel_name="python3")
    client.execute()
    _, missing, wrong, right, whole = (cell["outputs"] for cell in notebook["cells"])
    assert missing[0]["traceback"] == ["Not attempted: there is no few_pages yet."]
    assert wrong[0]["traceback"][0].startswith("Incorrect.\nNot right: ")
    assert (missing[0]["ename"], wrong[0]["ename"]) == ("NotSolved", "NotSolved")
    assert right == [{"output_type": "stream", "name": "stdout", "text": "Correct.\n"}]
    sentence, printed, case, parts, view = whole
    assert sentence["traceback"][0].startswith("Incorrect.\nIt ends with ")
    assert (printed["name"], printed["text"][:18]) == ("stdout", "Your code printed:")
    assert "m = q4.case(" in case["data"]["text/html"]
    assert parts["text"].startswith("At step 2 the two runs part. ")
    assert "application/vnd.jupyter.widget-view+json" in view["data"]


def test_an_unknown_exercise_gets_the_legal_numbers():
    with pytest.raises(KeyError, match=f'there are {", ".join(NAMES)}"$'):
        exercise("4")
