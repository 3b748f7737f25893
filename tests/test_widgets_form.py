"""A form turns whatever goes wrong into a sentence of its own."""

import re
from threading import Event, Thread

import pytest

from uvmlab.widgets.form import HERE, Form, Wrong, described, quoted


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


def test_a_press_that_is_heard_after_a_later_one_is_not_answered():
    heard = []
    form = Form(lambda _, values: heard.append(values["a"]))
    for pressed, text in ((1.0, "1"), (3.0, "3"), (2.0, "2"), (3.0, "3 again"), ("?", "4")):
        message = {"event": "Go", "values": {"a": text}, "pressed": pressed}
        form._handle_custom_msg(message, [])
    assert heard == ["1", "3", "3 again", "4"]


def test_of_two_presses_heard_by_two_threads_one_is_answered_at_a_time():
    log, first_is_in, second_is_in = [], Event(), Event()

    def handler(_, values):
        log.append(f"{values['a']} in")
        if values["a"] == "1":
            first_is_in.set()
            second_is_in.wait(0.2)  # it must not come
        else:
            second_is_in.set()
        log.append(f"{values['a']} out")

    form = Form(handler)
    threads = [Thread(target=press, args=(form,), kwargs={"a": text}) for text in "12"]
    threads[0].start()
    first_is_in.wait()
    threads[1].start()
    for thread in threads:
        thread.join()
    assert log == ["1 in", "1 out", "2 in", "2 out"]


def test_a_guess_is_taken_along_before_the_button_is_answered_and_only_where_one_is_asked_for():
    def guessing(guess, message):
        form = Form(lambda *_: seen.append(form.guess), guess=guess)
        form._handle_custom_msg({"event": "Go", "values": {}} | message, [])

    seen = []
    guessing("", {"guess": " one is lost "})
    guessing("before", {})
    guessing(None, {"guess": "nobody asked"})
    assert seen == ["one is lost", "before", None]


def test_a_long_text_is_quoted_in_part():
    assert quoted("short") == "“short”"
    assert len(quoted("x" * 10**6)) == 43
    assert described(ValueError("no")) == "ValueError: no"


@pytest.mark.parametrize("sheet", sorted(HERE.glob("*.css")), ids=lambda sheet: sheet.name)
def test_no_sheet_has_the_browser_look_all_over_the_page_at_each_step(sheet):
    assert not re.search(r":has\([^{},]*\)\s*[+~]", sheet.read_text())
