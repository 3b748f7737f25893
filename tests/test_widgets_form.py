"""A form turns whatever goes wrong into a sentence of its own."""

import pytest

from uvmlab.widgets.form import Form, Wrong, described, quoted


def press(form, button="Go", **values):
    form._handle_custom_msg({"event": button, "values": values}, [])


def test_a_button_hands_over_what_was_typed():
    heard = []
    form = Form(lambda button, values: heard.append((button, values)), buttons=["Go"])
    press(form, a="1", b="")
    assert heard == [("Go", {"a": "1", "b": ""})]
    assert (form.said, form.tone, form.wrong) == ("", "", "")


def test_wrong_input_is_said_and_its_field_named_until_it_is_right():
    def handler(_, values):
        if values["a"] != "1":
            raise Wrong("Only 1 is legal.", "a")
        form.said = "Fine."

    form = Form(handler, values={"a": "0"})
    press(form, a="2")
    assert (form.said, form.tone, form.wrong) == ("Only 1 is legal.", "wrong", "a")
    assert form.values == {"a": "0"}
    press(form, a="1")
    assert (form.said, form.tone, form.wrong) == ("Fine.", "", "")


@pytest.mark.parametrize("error", [ZeroDivisionError("division by zero"), KeyError("p9")])
def test_an_exception_becomes_a_sentence_with_its_type(error):
    def handler(*_):
        raise error

    form = Form(handler)
    press(form)
    assert form.said == f"This should not have happened: {type(error).__name__}: {error}"


@pytest.mark.parametrize("message", [{}, {"event": "Go"}, {"event": "Go", "values": 7}, "Go", None])
def test_a_message_of_another_kind_becomes_a_sentence(message):
    form = Form(lambda *_: None)
    form._handle_custom_msg(message, [])
    assert form.said.startswith("This should not have happened: ")


def test_a_long_text_is_quoted_in_part():
    assert quoted("short") == "“short”"
    assert len(quoted("x" * 10**6)) == 43
    assert described(ValueError("no")) == "ValueError: no"
