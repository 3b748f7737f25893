"""The view of a run: what it sends to the browser, what it hears, and what is left without one."""

import json
import re
from base64 import b64decode

import pytest
from traitlets import TraitError

from uvmlab.kernel import Slip
from uvmlab.run import world
from uvmlab.widgets import RunView

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def run():
    w = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK")
    return w.machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO")


def click(view, id_):
    """What the browser does: it sets the trait."""
    view.set_state({"selected": id_})


def bundle(view):
    data, _ = view._repr_mimebundle_()
    return data


def test_it_sends_all_that_is_needed_to_walk_once_as_plain_data(run):
    data = RunView(run).data
    assert json.loads(json.dumps(data)) == data
    for name in ("steps", "marks", "lines", "told"):
        assert len(data[name]) == len(run)
    assert data["lines"][3] == str(run.steps[3])
    assert data["told"][3] == run.explain(3)
    assert data["title"] == "run of pager_put(p0 p1 p2 p3 p4)"
    assert {id_ for id_, *_ in data["first"]} == {*data["titles"]}
    assert data["words"]["busy"] == "busy"


@pytest.mark.parametrize(("step", "start"), [(None, -1), (0, 0), (7, 7), (-1, 62), (-63, 0)])
def test_it_begins_before_the_first_step_or_where_it_is_told(run, step, start):
    assert RunView(run, step=step).start == start


@pytest.mark.parametrize("step", [63, -64, 10**9])
def test_a_step_that_is_not_there_is_refused(run, step):
    with pytest.raises(IndexError, match=f"no step {step}; the run has steps 0 to 62"):
        RunView(run, step=step)


@pytest.mark.parametrize("step", ["3", 3.0, True])
def test_a_step_is_a_number(run, step):
    with pytest.raises(TypeError, match="step is a whole number or None, not"):
        RunView(run, step=step)


def test_only_the_kinds_that_are_asked_for_are_drawn(run):
    assert {id_.partition("-")[0] for id_ in RunView(run, show="swap").data["titles"]} == {
        "slots",
        "slot",
    }
    with pytest.raises(ValueError, match="no kind of element 'disk'; legal: threads, "):
        RunView(run, show="disk")


def test_python_hears_what_is_selected_and_not_that_nothing_is(run):
    view, heard = RunView(run), []
    view.on_select(heard.append)
    view.on_select(lambda id_: heard.append(len(id_)))
    click(view, "page-p3")
    assert (view.selected, heard) == ("page-p3", ["page-p3", 7])
    click(view, "")
    click(view, "slot-4")
    assert heard == ["page-p3", 7, "slot-4", 6]


def test_a_cell_that_is_not_there_cannot_be_selected(run):
    view = RunView(run)
    with pytest.raises(
        ValueError, match="no cell 'page-p9' in this drawing; there are threads, .*…"
    ):
        view.selected = "page-p9"
    with pytest.raises(TraitError, match="expected a unicode string"):
        view.selected = 3
    assert view.selected == ""
    few = RunView(world(swap=4).anons(1).machine().pagermapin("p0"), show="queues")
    with pytest.raises(ValueError, match="there are queues, queue-inactive$"):
        few.selected = "x"


def test_what_goes_wrong_in_a_hearer_is_a_sentence_until_the_next_one(run):
    view = RunView(run)
    view.on_select(lambda id_: {"slot-1": 1}[id_])
    click(view, "page-p3")
    assert view.said == "What was to hear of page-p3 failed. KeyError: 'page-p3'"
    click(view, "slot-1")
    assert view.said == ""


def test_without_a_kernel_the_last_step_is_a_figure_and_words(run):
    view = RunView(run, step=3)
    data = bundle(view)
    assert data["text/plain"] == repr(view) == view.drawing.text(-1)
    assert WIDGET in data
    source = re.search(
        r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)"', data["text/html"]
    )
    assert source[1] == "run of pager_put(p0 p1 p2 p3 p4), after its last step; in words below"
    assert b64decode(source[2]).decode() == view.drawing.still(-1, "light")
    assert (
        "<figcaption>run of pager_put(p0 p1 p2 p3 p4): the last of its 63 steps."
        in data["text/html"]
    )
    assert "step 62 of 0 to 62" in data["text/html"]


def test_it_shows_the_same_each_time(run):
    first, second = bundle(RunView(run)), bundle(RunView(run))
    del first[WIDGET], second[WIDGET]
    assert first == second


def another():
    return world(swap=8).anons(2, slot=1).machine().pager_put("p0 p1")


@pytest.mark.parametrize(("step", "start"), [(None, -1), (3, 3), (-1, 12), (60, -1)])
def test_another_run_takes_the_place_of_the_first_from_where_the_view_begins(run, step, start):
    view, other = RunView(run, step=step, show="swap"), another()
    click(view, "slot-4")
    view.run = other
    assert view.run is other
    assert (view.selected, view.start) == ("", start)
    assert view.data == RunView(other, show="swap").data
    assert bundle(view)["text/plain"] == RunView(other, show="swap").drawing.text(-1)
    with pytest.raises(ValueError, match="no cell 'slot-4'"):
        view.selected = "slot-4"


def test_what_cannot_be_shown_is_refused_and_the_view_stays(run):
    view = RunView(run)
    data = view.data
    with pytest.raises(TypeError, match="a view shows a run, not 3"):
        view.run = 3
    with pytest.raises(TypeError, match="a view shows a run, not <world: "):
        RunView(run.before)
    assert (view.run, view.data) == (run, data)


def test_with_no_renderer_there_are_the_steps_the_words_and_the_reason(run, monkeypatch):
    monkeypatch.setenv("UVMLAB_DOT", "/nowhere/dot")
    view = RunView(run)
    assert view.data["svg"] == ""
    assert view.data["why"].startswith("There is no picture: ")
    html = bundle(view)["text/html"]
    assert "<img" not in html
    assert "<p>There is no picture: " in html
    assert "step 62 of 0 to 62" in html


def test_what_a_name_holds_is_text_and_no_html():
    w = world(swap=8).aobj("<b>&", pages=1, slot=1)
    html = bundle(RunView(w.machine().pager_put(pg="p0")))["text/html"]
    assert "<b>" not in html
    assert "&lt;b&gt;&amp;" in html


def test_a_run_that_ended_in_a_panic_can_be_walked_too():
    w = world().vnode("f0", pages=1).page("p0", flags="BUSY RELEASED")
    run = w.machine(slips=Slip.WRONG_PAGE).dropcluster("p0", uobj="f0")
    assert run.result == "panic"
    assert RunView(run, step=-1).data["lines"][-1] == "     return panic"


def test_a_run_from_a_file_can_be_walked(run, tmp_path):
    run.save(tmp_path / "run.json")
    again = type(run).load(tmp_path / "run.json")
    assert RunView(again).data == RunView(run).data
