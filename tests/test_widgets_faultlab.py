"""The fault lab in the notebook: its handlers call the model and show."""

import pytest

from tests.labs import press, watched
from uvmlab.widgets import FaultLab
from uvmlab.widgets.fault import LABELS
from uvmlab.widgets.put import ENDS, KINDS, WAYS


@pytest.fixture
def lab(monkeypatch):
    return watched(monkeypatch, FaultLab, pages=3, aobj="p2", pg="p1", answers="ERROR OK")


def test_nothing_has_run_before_run_is_pressed(lab):
    assert lab.model.outcome is None
    assert "Before" in lab.form.report
    assert "lost" not in lab.form.report
    assert lab._repr_mimebundle_()["text/plain"].endswith("not run yet")


def test_run_shows_what_came_of_it(lab):
    press(lab, pg="p0")
    assert lab.form.said == "pager_put answered OK after 2 I/Os, 17600 µs."
    assert lab.form.values["pg"] == "p0"
    assert "named by nobody (lost)" in lab.form.report
    assert lab.view.run is lab.model.outcome.run
    assert lab._repr_mimebundle_()["text/plain"] == lab.model.text() == repr(lab)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": KINDS["file"]}, "I/O 0: p0 p1 p2 to page 0 of f0 on: ERROR"),
        ({"kind": KINDS["dying"]}, "the file f0, which dies with its last page"),
        ({"pages": "4"}, "I/O 0: p0 p1 p2 p3 to slot 4 on: ERROR"),
        ({"aobj": "p0"}, "slot 4: o0[0] → a0"),
        ({"pg": "none"}, "pager_put answered ERROR after 1 I/O"),
        ({"sync": WAYS[False]}, "Then the I/O ended with an error"),
        ({"free": ENDS[False], "answers": "OK"}, "p0: slot 4 → 4; dirty, busy"),
        ({"answers": "BAD FAIL"}, "I/O 1: p1 to slot 4 on: FAIL"),
        ({"wanted": "p0"}, "646 wakeup p0"),
        ({"released": "p0"}, "p0: slot 4 → none; freed"),
        ({"released": "p0", "during": "1"}, "p0: slot 4 → none; dirty"),
        ({"slips": "with HELD_ANON_LOCK", "released": "p0"}, "1 lock is still held: anon:a0."),
    ],
)
def test_every_field_has_its_say(lab, typed, said):
    press(lab, **typed)
    assert lab.form.tone == ""
    assert said in lab.model.text()
    assert {name: lab.form.values[name] for name in typed} == typed


@pytest.mark.parametrize("field", [*LABELS])
@pytest.mark.parametrize("nonsense", ["?", "-1", "9" * 30, "<b>", "p0 p9 "])
def test_nonsense_in_any_field_is_a_sentence_and_the_last_run_stays(lab, field, nonsense):
    press(lab)
    outcome, report = lab.model.outcome, lab.form.report
    press(lab, **{field: nonsense})
    assert lab.form.said.startswith(f"{LABELS[field]}: ")
    assert (lab.form.wrong, lab.form.tone) == (field, "wrong")
    assert (lab.model.outcome, lab.view.run, lab.form.report) == (outcome, outcome.run, report)


def test_wrong_input_is_said_and_the_last_run_stays(lab):
    press(lab)
    report, text = lab.form.report, lab.model.text()
    press(lab, wanted="p7")
    assert lab.form.said.startswith("Wanted meanwhile: there is no page “p7”")
    assert (lab.form.wrong, lab.form.tone) == ("wanted", "wrong")
    assert (lab.form.report, lab.model.text()) == (report, text)


def test_with_nobody_there_it_has_run():
    lab = FaultLab(pages=3, aobj="p2", pg="p1", answers="ERROR OK")
    data = lab._repr_mimebundle_()
    assert "freed, and still free: 5 6\n" in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert lab.children[1].run is lab.model.outcome.run


def test_every_field_has_a_label_of_its_own(lab):
    labels = [field["label"] for field in lab.form.fields]
    assert len({*labels}) == len(labels) == 11
    assert all(labels)


def test_an_impossible_lab_is_refused_where_it_is_made():
    with pytest.raises(ValueError, match="a whole number from 1 to 16, not “17”"):
        FaultLab(pages=17)
    with pytest.raises(TypeError, match="unexpected keyword argument 'page'"):
        FaultLab(page=3)
