"""A prediction shows nothing of the answer before the learner has committed to one."""

import pytest

from uvmlab.check import Answers
from uvmlab.widgets import Prediction, choose, number, numbers, predict
from uvmlab.widgets import prediction as module
from uvmlab.widgets.form import Wrong


@pytest.fixture
def store(tmp_path):
    return Answers(tmp_path)


def ask(store, answer=lambda: [5, 6], why=lambda: "Line 610 frees them.", kind=None):
    question = "Which slots are free?"
    return predict(
        "q1", question, kind=kind or numbers(1, 64), answer=answer, why=why, answers=store
    )


def test_before_there_is_an_answer_nothing_tells_the_right_one(store):
    question = ask(store)
    assert repr(question) == "<prediction q1: Which slots are free? (open)>"
    with pytest.raises(ValueError, match="there is no answer yet"):
        question.verdict()


def test_later_cells_may_give_the_names_another_meaning(store, capsys):
    cell = {"__name__": "__main__", "run": "this run"}
    exec("def follow(*, end='!'): print(run + end)\nanswer = lambda: [len(run)]", cell)  # noqa: S102
    question = ask(store, cell["answer"]).then(cell["follow"])
    cell["run"] = "another run altogether"
    question.commit({"numbers": "8"})
    assert question.verdict().right
    question.follow()
    assert capsys.readouterr().out == "this run!\n"


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        (numbers(1, 64), [65], "65 cannot be"),
        (number(1, 64), [1, 2], "One number is asked for"),
        (choose("ab"), "c", "'c' is none of a, b"),
    ],
)
def test_a_right_answer_that_nobody_could_give_is_refused_where_it_is_asked(
    store, kind, answer, said
):
    with pytest.raises(ValueError, match=said):
        ask(store, answer, kind=kind)


def test_the_verdict_says_what_is_right_and_why(store):
    question = ask(store)
    question.commit({"numbers": "6 5"})
    assert question.verdict() == (True, "Right: 5 6.\nLine 610 frees them.")
    question.commit({"numbers": "6 7"})
    said = "Not right. It is 5 6. Right among yours: 6. Missing: 5. Too many: 7."
    assert question.verdict() == (False, f"{said}\nLine 610 frees them.")


def test_answer_and_why_may_be_plain_values(store):
    question = ask(store, 5, "")
    question.commit({"numbers": "5"})
    assert question.verdict() == (True, "Right: 5.")
    assert question.text() == "Predict: Which slots are free?\nAnswer: 5"


def test_what_is_no_answer_changes_nothing(store):
    question = ask(store)
    question.commit({"numbers": "5"})
    with pytest.raises(Wrong, match="no number"):
        question.commit({"numbers": "x"})
    assert question.mine == [5]
    assert store.get("q1", question.question)["mine"] == [5]


def test_an_answer_outlives_the_kernel_until_it_is_forgotten(store, tmp_path):
    ask(store).commit({"numbers": "5 9"})
    again = ask(Answers(tmp_path))
    assert again.mine == [5, 9]
    assert repr(again).endswith("(answered 5 9)>")
    again.forget()
    assert again.mine is None
    assert ask(Answers(tmp_path)).mine is None


@pytest.mark.parametrize(
    "kept", ["five", {"a": 1}, 7, *({"mine": x, "right": "5 6"} for x in ([65], ["x"], 7, [[]]))]
)
def test_a_kept_answer_that_is_none_to_this_question_is_asked_for_anew(store, kept):
    store.put("q1", "Which slots are free?", kept)
    assert ask(store).mine is None
    assert store.said == "The answer kept here is none to this question: answer it anew."


def test_an_answer_to_other_numbers_is_asked_for_anew(store):
    ask(store).commit({"numbers": "5 6"})
    assert ask(store, lambda: [7, 8]).mine is None
    assert store.said == "The answer kept here was to other numbers: answer anew."
    assert ask(store).mine == [5, 6]


def test_what_follows_is_called_in_order_with_its_arguments(store, capsys):
    question = ask(store).then(print, "a", "b", sep="-").then(lambda: "shown")
    question.follow()
    assert capsys.readouterr().out == "a-b\nshown\n"


def test_then_wants_a_function_first(store):
    with pytest.raises(TypeError, match="a function comes first, not 7"):
        ask(store).then(7)


def test_with_nobody_to_answer_the_answer_is_printed_and_all_that_follows(store, capsys):
    ask(store).then(print, "the picture")._ipython_display_()
    assert capsys.readouterr().out == (
        "Predict: Which slots are free?\nAnswer: 5 6\nWhy: Line 610 frees them.\nthe picture\n"
    )


def test_an_answer_of_the_learners_does_not_change_what_is_printed(store, capsys):
    question = ask(store)
    question._ipython_display_()
    before = capsys.readouterr().out
    question.commit({"numbers": "9"})
    question._ipython_display_()
    assert capsys.readouterr().out == before


def test_with_somebody_there_a_form_is_shown_and_nothing_printed(store, monkeypatch, capsys):
    displayed = []
    monkeypatch.setattr(module, "anybody_there", lambda: True)
    monkeypatch.setattr(module, "display", displayed.append)
    ask(store)._ipython_display_()
    assert "uvmlab-predict" in displayed[0]._dom_classes
    assert capsys.readouterr().out == ""


def test_answers_go_to_the_learners_folder_if_nothing_else_is_said():
    question = predict("q2", "Which?", answer="a", kind=choose("ab"))
    assert isinstance(question, Prediction)
    assert question.answers.folder == Answers.here().folder
