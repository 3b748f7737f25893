"""The form of a prediction: commit once, see, and try again only on purpose."""

import json
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from uvmlab.check import Answers
from uvmlab.widgets import number, predict
from uvmlab.widgets.view import View, outputs


@pytest.fixture
def view(tmp_path):
    question = predict(
        "q1",
        "Which slot has p1?",
        kind=number(1, 2**40),
        answer=lambda: 471147114,
        why=lambda: "because of line 720",
        answers=Answers(tmp_path),
    )
    return View(question.then(print, "the picture"))


def press(view, button, text="", /):
    view.form._handle_custom_msg({"event": button, "values": {"numbers": text}}, [])


def everything(view):
    """All that the browser gets to see of the view."""
    states = [widget.get_state() for widget in (view, view.form, view.out)]
    return json.dumps([states, view._repr_mimebundle_()], default=str)


def test_nothing_of_the_answer_is_in_the_widget_before_it_is_committed(view):
    said = everything(view)
    assert "Which slot has p1?" in said
    for secret in ("471147114", "line 720", "the picture"):
        assert secret not in said
    assert not view.form.locked


def test_committing_shows_the_verdict_why_and_what_follows(view):
    press(view, "Commit", "471147114")
    assert (view.form.said, view.form.tone) == ("Right: 471147114.\nbecause of line 720", "right")
    assert view.out.outputs[0]["text"] == "the picture\n"
    assert view.form.locked
    assert view.form.values == {"numbers": "471147114"}


def test_a_wrong_prediction_is_told_apart_in_words(view):
    press(view, "Commit", "4")
    assert view.form.said.startswith("Not right. It is 471147114.")
    assert view.form.tone == "wrong"


def test_a_committed_answer_stays_until_try_again(view):
    press(view, "Commit", "4")
    press(view, "Commit", "471147114")
    assert view.model.mine == [4]
    press(view, "Try again")
    assert (view.model.mine, view.form.locked, view.out.outputs) == (None, False, ())
    assert "471147114" not in everything(view)
    press(view, "Commit", "471147114")
    assert view.form.tone == "right"


def test_what_is_no_answer_is_said_and_nothing_is_shown(view):
    press(view, "Commit", "soon")
    assert view.form.said.startswith("“soon” is no number")
    assert view.form.wrong == "numbers"
    assert view.out.outputs == ()
    assert view.model.mine is None


def test_a_view_of_an_answered_question_shows_it_at_once(view):
    press(view, "Commit", "471147114")
    again = View(view.model)
    assert again.form.locked
    assert again.out.outputs == view.out.outputs
    assert "answered 471147114" in again._repr_mimebundle_()["text/plain"]


def test_where_the_answer_is_kept_is_said(view, tmp_path):
    assert view.form.note == f"Answers are kept in {tmp_path / 'answers'}."


def test_an_error_in_what_follows_is_a_sentence_and_the_answer_is_kept(view):
    view.model.then(lambda: 1 // 0)
    press(view, "Commit", "471147114")
    assert view.form.said == (
        "Your answer is kept, but what follows it failed. "
        "ZeroDivisionError: integer division or modulo by zero"
    )
    assert view.model.mine == [471147114]


def test_what_follows_keeps_its_order_and_its_warnings(view):
    view.model.then(print, "careful", file=None).then(lambda: sys.stderr.write("mind it") and None)
    press(view, "Commit", "4")
    streams = [(out["name"], out["text"]) for out in view.out.outputs]
    assert streams == [
        ("stdout", "the picture\n"),
        ("stdout", "careful\n"),
        ("stderr", "mind it"),
    ]


def test_a_function_that_prints_nothing_has_no_output():
    assert outputs(lambda: None) == []


IMPORTS = """
from IPython.display import SVG, display
from uvmlab.widgets import FaultLab, choose, predict
from uvmlab.widgets.view import outputs
"""
CELLS = (
    IMPORTS,
    "[each['output_type'] for each in outputs(lambda: (print(1), display(SVG('<svg/>'))))]",
    "predict('q', 'Which?', kind=choose('ab'), answer='b').then(lambda: SVG('<svg/>'))",
    "FaultLab(pages=2, pg='p0', aobj='', answers='ERROR')",
)


def test_under_nbclient_nobody_is_there(tmp_path, monkeypatch):
    monkeypatch.setenv("UVMLAB_WORK", str(tmp_path))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, kernel_name="python3", store_widget_state=False).execute()
    _, captured, prediction, lab = (cell.outputs for cell in notebook.cells)
    assert captured[0].data["text/plain"] == "['stream', 'display_data']"
    assert prediction[0].text == "Predict: Which?\nAnswer: b\n"
    assert prediction[1].data["image/svg+xml"] == "<svg/>"
    assert "freed: 2" not in lab[0].data["text/plain"]
    assert "pager_put answered OK after 2 I/Os" in lab[0].data["text/plain"]
