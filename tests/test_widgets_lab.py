"""What every lab is: a form over a model, what came of it, and the run to be walked through."""

import pytest

from uvmlab.widgets import Clustering, ClusterLab, FaultLab
from uvmlab.widgets import lab as lab_module
from uvmlab.widgets.lab import RunView


@pytest.fixture
def lab(monkeypatch):
    """A lab with somebody there."""
    monkeypatch.setattr(lab_module, "anybody_there", lambda: True)
    return ClusterLab(pages="DDCDDDA.", center=4)


def press(lab, **typed):
    values = lab.model.plan.written() | typed
    lab.form._handle_custom_msg({"event": "Build", "values": values}, [])


def html(lab):
    return lab._repr_mimebundle_()["text/html"]


def test_a_button_runs_what_was_typed_and_writes_it_as_it_was_read(lab):
    press(lab, pages="ddd d", center="1")
    assert lab.form.values == lab.model.plan.written()
    assert lab.form.values["pages"] == "DDDD"
    assert lab.view.run is lab.model.outcome.run


def test_what_was_guessed_stands_beside_what_came_of_it_and_stays(lab):
    def guess(text, **typed):
        values = lab.model.plan.written() | typed
        message = {"event": "Build", "values": values, "guess": text}
        lab.form._handle_custom_msg(message, [])

    press(lab)
    assert lab.form.said == lab.model.outcome.sentence()
    guess("<b>two</b>")
    assert lab.form.said == f"{lab.model.outcome.sentence()}\nYou guessed: <b>two</b>"
    assert "You guessed: &lt;b&gt;two&lt;/b&gt;" in html(lab)
    guess("three", center="x")
    assert lab.form.guess == "three"
    assert "You guessed" not in lab.form.said  # it is about the field that is wrong
    press(lab)
    assert lab.form.said.endswith("You guessed: three")
    guess("")
    assert lab.form.said == lab.model.outcome.sentence()


def test_a_guess_is_still_there_when_its_cell_runs_again(lab, monkeypatch):
    lab.form.guess = "two"
    monkeypatch.setattr(lab_module, "shown", lambda _: [lab.form, lab])
    assert ClusterLab().form.guess == "two"
    assert FaultLab().form.guess == ""


def test_wrong_input_keeps_the_last_run_in_form_and_view(lab):
    press(lab)
    outcome, report = lab.model.outcome, lab.form.report
    press(lab, center="x")
    assert lab.form.wrong == "center"
    assert (lab.model.outcome, lab.view.run, lab.form.report) == (outcome, outcome.run, report)


def test_the_next_run_is_shown_in_the_same_view(lab):
    press(lab)
    view = lab.view
    press(lab, center="0")
    assert lab.view is view
    assert lab.children == (lab.form, view)
    assert view.run is lab.model.outcome.run


def test_a_run_that_cannot_be_walked_through_is_told_in_words_until_one_can(lab, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(lab_module, "RunView", lambda *_, **__: 1 // 0)
        press(lab, center="0")
    assert lab.form.said.startswith("The cluster is p0 and p1")
    assert "This run cannot be walked through: ZeroDivisionError: " in lab.form.said
    assert lab.children == (lab.form,)
    press(lab)
    with monkeypatch.context() as patch:
        patch.setattr(RunView, "run", property(fset=lambda *_: 1 // 0))
        press(lab, center="0")
    assert lab.children == (lab.form,)
    assert "cannot be walked through" in html(lab)
    press(lab)
    assert lab.children == (lab.form, lab.view)


def test_a_lab_that_is_closed_closes_its_view_shown_or_not(lab):
    lab.close()
    other = ClusterLab()
    press(other)
    other.children = (other.form,)
    other.close()
    assert other.view.comm is other.view.layout.comm is None


def test_an_error_inside_is_a_sentence(lab, monkeypatch):
    monkeypatch.setattr(Clustering, "run", lambda *_: 1 // 0)
    press(lab)
    assert lab.form.said.startswith("This should not have happened: ZeroDivisionError")


def test_the_bundle_shows_the_last_step_and_all_in_words_where_there_is_no_kernel(lab):
    press(lab)
    assert "<figure><img alt=" in html(lab)
    assert "the last of its" in html(lab)
    assert lab.model.outcome.stopped.splitlines()[0] in html(lab)
    assert "application/vnd.jupyter.widget-view+json" in lab._repr_mimebundle_()
    assert lab._repr_mimebundle_()["text/plain"] == lab.model.text() == repr(lab)


def test_before_anything_ran_the_bundle_shows_the_state_to_begin_with_and_gives_nothing_away(lab):
    assert "as it was when the cell ran: run the cell to use it." in html(lab)
    assert "not built yet" in html(lab)
    assert "The cluster is" not in html(lab)


def test_with_nobody_there_it_has_run_and_has_both(monkeypatch):
    lab = ClusterLab(pages="DDCDDDA.", center=4)
    assert "The cluster is p3, p4 and p5" in lab._repr_mimebundle_()["text/plain"]
    assert html(lab) == html(ClusterLab(pages="DDCDDDA.", center=4))


def test_what_was_typed_is_no_markup_in_the_bundle(lab):
    lab.form.said = "<b>"
    assert "<p>&lt;b&gt;</p>" in html(lab)
