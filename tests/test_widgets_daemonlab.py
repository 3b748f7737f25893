"""The daemon lab in the notebook: its handlers call the model and show."""

import pytest

from tests.labs import press, watched
from uvmlab.run.stops import stops
from uvmlab.widgets import Daemon, DaemonLab
from uvmlab.widgets.daemon import LABELS
from uvmlab.widgets.put import WAYS


@pytest.fixture
def lab(monkeypatch):
    return watched(monkeypatch, DaemonLab, free=2, anons="3D", aobj="D", file="2D", answers="")


def test_nothing_has_run_before_run_is_pressed(lab):
    assert lab.model.outcome is None
    assert "Before" in lab.form.report
    assert "The I/Os" not in lab.form.report
    assert lab._repr_mimebundle_()["text/plain"].endswith("not run yet")


def test_run_shows_what_came_of_it(lab):
    press(lab)
    assert lab.form.said.startswith("2 of 2 pages are free: enough.")
    for title in (
        "The I/Os",
        "The done queue",
        "What became of each page",
        "The slots, before against after",
    ):
        assert f"<h4>{title}</h4>" in lab.form.report
    assert "<td>slots 1 to 4</td>" in lab.form.report
    assert lab.view.run is lab.model.outcome.run
    assert lab._repr_mimebundle_()["text/plain"] == lab.model.text() == repr(lab)


def test_the_picture_shows_the_cluster_being_built_and_the_done_queue(lab):
    press(lab)
    titles = lab.view.drawing.titles
    for id_ in ("array-0", "io-aio_inflight", "io-aio_done", "threads", "arena-0", "slot-1"):
        assert id_ in titles
    assert "locks" not in titles


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"free": "3"}, "3 of 3 pages are free"),
        ({"anons": "4T"}, "2 of 2"),
        ({"aobj": "none"}, "2 of 2"),
        ({"file": "none", "free": "4"}, "4 of 4"),
        ({"swap": "0"}, "2 of 2"),
        ({"arena": "2"}, "2 of 2"),
        ({"sync": WAYS[True]}, "each put was waited for"),
        ({"answers": "ERROR ERROR"}, "0 of 2 pages are free: not enough"),
        ({"rate": "100"}, "0 of 2 pages are free: not enough"),
        ({"rate": "50", "seed": "3"}, "of 2 pages are free"),
        ({"slips": "with STRIDE"}, "3 I/Os"),
    ],
)
def test_every_field_has_its_say(lab, typed, said):
    press(lab, **typed)
    assert said in lab.form.said
    assert lab.form.tone == ""
    values = lab.model.read(lab.model.plan.written())
    assert values == lab.model.plan
    assert typed.keys() <= lab.form.values.keys()


def test_wrong_input_is_said_and_the_last_run_stays(lab):
    press(lab)
    report, text = lab.form.report, lab.model.text()
    press(lab, anons="DDX")
    assert lab.form.said.startswith("Pages of anons: no state “X”")
    assert (lab.form.wrong, lab.form.tone) == ("anons", "wrong")
    assert (lab.form.report, lab.model.text()) == (report, text)


def test_an_error_inside_is_a_sentence(lab, monkeypatch):
    monkeypatch.setattr(Daemon, "carry_out", lambda *_: 1 // 0)
    press(lab)
    assert lab.form.said.startswith("This should not have happened: ZeroDivisionError")


def test_with_nobody_there_it_has_run():
    lab = DaemonLab()
    data = lab._repr_mimebundle_()
    assert "12 of 12 pages are free" in data["text/plain"]
    assert "<figure>" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_every_field_has_a_label_of_its_own(lab):
    fields = {field["name"]: field["label"] for field in lab.form.fields}
    assert fields == LABELS
    assert len({*fields.values()}) == len(fields)


def test_an_impossible_lab_is_refused_where_it_is_made():
    with pytest.raises(ValueError, match="Pages of anons: no state “X”"):
        DaemonLab(anons="X")
    with pytest.raises(TypeError, match="unexpected keyword argument 'page'"):
        DaemonLab(page=3)


def test_what_if_asks_the_daemon_s_run_too(lab):
    press(lab)
    run = lab.view.run
    *_, last = stops(run)["Next I/O"]
    assert "ERROR" in run.what_ifs(last)
    found = run.what_if(last, "ERROR")
    assert run.steps[found.parting.number].kind == "io_done"
    assert found.would_be.took > run.took  # it tries again
