"""A text that gives answers away is shown when the predictions of its lesson are made, and not before."""

import json

import pytest

from uvmlab.check import Answers
from uvmlab.widgets import afterwards, number, predict
from uvmlab.widgets.form import Wrong
from uvmlab.widgets.prediction import ASKED
from uvmlab.widgets.reader import View

SECRET = "A slot belongs to its owner"


@pytest.fixture(autouse=True)
def nothing_asked_yet():
    kept = dict(ASKED)
    ASKED.clear()
    yield
    ASKED.clear()
    ASKED.update(kept)


def ask(store, name):
    return predict(
        name, f"The question {name}?", kind=number(0, 9), answer=[7], answers=Answers(store)
    )


def press(view):
    view.form._handle_custom_msg({"event": "Show", "values": {}}, [])


def test_it_names_the_predictions_that_are_still_open(tmp_path):
    text = afterwards("00-lessons-learned")
    with pytest.raises(Wrong, match="First run all cells above"):
        text.read()
    ask(tmp_path, "06-a")
    one, two = ask(tmp_path, "00-a"), ask(tmp_path, "00-b")
    one.commit({"numbers": "3"})
    two.commit({"numbers": "3"})
    with pytest.raises(Wrong, match="First run all cells above"):
        text.read()
    three = ask(tmp_path, "00-c")
    with pytest.raises(Wrong, match=r"First commit to an answer here:\nThe question 00-c\?$"):
        text.read()
    three.commit({"numbers": "7"})
    assert SECRET in text.read().text


def test_the_browser_gets_nothing_of_it_before(tmp_path):
    questions = [ask(tmp_path, f"00-{name}") for name in ("a", "b", "c")]
    view = View(afterwards("00-lessons-learned"))

    def everything():
        states = [widget.get_state() for widget in (view, view.form, view.out)]
        return json.dumps([states, view._repr_mimebundle_()], default=str)

    assert SECRET not in everything()
    press(view)
    assert view.form.tone == "wrong"
    assert SECRET not in everything()
    for question in questions:
        question.commit({"numbers": "3"})
    press(view)
    assert view.form.said == "You have made all predictions of this lesson:"
    assert SECRET in view.out.outputs[0]["data"]["text/markdown"]
    assert view._repr_mimebundle_()["text/plain"] == "<Lessons learned: after the predictions>"


@pytest.mark.parametrize(("there", "kind"), [(True, View), (False, tuple)])
def test_with_nobody_to_answer_it_is_shown_at_once(monkeypatch, there, kind):
    displayed = []
    monkeypatch.setattr("uvmlab.widgets.reader.anybody_there", lambda: there)
    monkeypatch.setattr("uvmlab.widgets.reader.display", displayed.append)
    afterwards("00-lessons-learned")._ipython_display_()
    assert isinstance(displayed[0], kind)


def test_an_unknown_text_gets_the_legal_names():
    with pytest.raises(KeyError, match="there are 00-lessons-learned"):
        afterwards("07")
