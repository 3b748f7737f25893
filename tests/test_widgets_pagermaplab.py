"""The pager map lab in the notebook: its handlers call the model and show."""

import re

import pytest

from tests.labs import press, watched
from uvmlab.widgets import PagerMapLab
from uvmlab.widgets.pagermap import LABELS, ORDERS, PROCESSORS, TYPED

LOST, IN_TIME = ORDERS["B A B A"], ORDERS["B A A B"]


@pytest.fixture
def lab(monkeypatch):
    return watched(monkeypatch, PagerMapLab)


def test_nothing_has_run_before_run_is_pressed(lab):
    assert lab.model.outcome is None
    assert "Before" in lab.form.report
    assert lab.children == (lab.form,)
    assert lab._repr_mimebundle_()["text/plain"].endswith("not run yet")


def test_before_it_runs_it_says_what_the_pager_map_is_and_shows_it(lab):
    for word in ("pager map", "pagermapin", "pagermapout", "NOWAIT", "AIO", "descriptor"):
        assert word in lab.form.intro
    assert lab.form.intro.count(". ") == 1  # two sentences
    words = re.search("<pre>(.*?)</pre>", lab.form.report, re.DOTALL)[1]
    assert "pager map: 0 of 4 pages in use" in words
    assert "vnode" not in words
    assert "swap" not in words
    assert words in lab._repr_mimebundle_()["text/html"]


def test_run_shows_what_came_of_it(lab):
    press(lab, order=LOST)
    assert "Its wake-up is lost" in lab.form.said
    assert lab.form.said == lab.model.outcome.sentence()
    assert "<td>B</td><td>gives back pager map pages 0 to 2</td>" in lab.form.report
    assert "<td>asleep in the end</td><td>A</td>" in lab.form.report
    assert lab.view.run is lab.model.outcome.run
    assert lab._repr_mimebundle_()["text/plain"] == lab.model.text() == repr(lab)


def test_the_picture_has_the_arena_the_threads_the_locks_and_the_descriptors(lab):
    press(lab, order=IN_TIME)
    cells = {*lab.view.drawing.titles}
    assert {"thread-A", "thread-B", "arena-0", "arena-3", "lock-0", "io-aio_live"} <= cells
    assert not any(id_.startswith(("page-", "queue-")) for id_ in cells)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"arena": "8"}, "ran A, B, A, B."),
        ({"A": "pagermapin p0"}, "ran A, B."),
        ({"B": "pagermapin p0"}, "Thread B: p0 is busy for thread A, so it cannot have it, too."),
        ({"C": "pagermapin p9 nowait"}, "ran A, B, C, B, A, B."),
        ({"cpus": PROCESSORS[1]}, "ran A, B, A, B."),
        ({"order": LOST}, "only then did A say that it waits (165), and lie down."),
        ({"order": ORDERS[TYPED], "turns": "B"}, "ran B, A, B, A."),
        ({"order": IN_TIME, "slips": "with AIO_LEAK"}, "to the old one any more (143-148)."),
    ],
)
def test_every_field_has_its_say(lab, typed, said):
    press(lab, **typed)
    assert lab.form.said.endswith(said)


def test_wrong_input_is_said_and_the_last_run_stays(lab):
    press(lab, order=LOST)
    report, text, run = lab.form.report, lab.model.text(), lab.view.run
    press(lab, A="map p0")
    assert lab.form.said.startswith("Thread A: no command 'map'; legal: pagermapin with pages")
    assert (lab.form.wrong, lab.form.tone) == ("A", "wrong")
    assert (lab.form.report, lab.model.text(), lab.view.run) == (report, text, run)


def test_with_nobody_there_it_has_run():
    data = PagerMapLab(order="B A B A")._repr_mimebundle_()
    assert "Its wake-up is lost" in data["text/plain"]
    assert data["text/html"].startswith("<figure>")
    assert "Its wake-up is lost" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_what_it_says_is_the_same_each_time():
    assert len({repr(PagerMapLab(order="B A B A")) for _ in range(2)}) == 1


def test_every_field_has_a_label_of_its_own(lab):
    labels = [field["label"] for field in lab.form.fields]
    assert len({*labels}) == len(labels) == len(LABELS) == 8
    assert all(labels)


def test_an_impossible_lab_is_refused_where_it_is_made():
    with pytest.raises(ValueError, match="a whole number from 1 to 16, not “40”"):
        PagerMapLab(arena=40)
    with pytest.raises(TypeError, match="unexpected keyword argument 'page'"):
        PagerMapLab(page=3)
