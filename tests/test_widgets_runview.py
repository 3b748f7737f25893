"""The view of a run: what it sends to the browser, what it hears, and what is left without one."""

import json
import re
from base64 import b64decode
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from traitlets import TraitError

from uvmlab.kernel import Slip
from uvmlab.run import world
from uvmlab.run.compare import Parting
from uvmlab.run.stops import stops
from uvmlab.widgets import RunView
from uvmlab.widgets import runview as module
from uvmlab.widgets.runview import CHOICES, parted, worded

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


def one_after_the_other(monkeypatch, first, second):
    """Have two threads do something to views, the second while the first draws; return what was begun and done."""
    log, first_is_in, second_is_in = [], Event(), Event()
    made = module.plain

    def slowly(run, drawn):
        log.append(f"{run.call} in")
        if not first_is_in.is_set():
            first_is_in.set()
            second_is_in.wait(0.2)  # it must not come
        else:
            second_is_in.set()
        data = made(run, drawn)
        log.append(f"{run.call} out")
        return data

    monkeypatch.setattr(module, "plain", slowly)
    threads = [Thread(target=first), Thread(target=second)]
    threads[0].start()
    first_is_in.wait()
    threads[1].start()
    for thread in threads:
        thread.join()
    return log


def test_of_two_runs_shown_by_two_threads_one_is_shown_at_a_time(run, monkeypatch):
    view, other = RunView(run), another()
    log = one_after_the_other(
        monkeypatch, lambda: setattr(view, "run", other), lambda: setattr(view, "run", run)
    )
    assert log == [f"{each.call} {what}" for each in (other, run) for what in ("in", "out")]
    assert view.run is run
    assert view.data["title"] == f"run of {run.call}"
    assert view.drawing.run is run


def test_a_run_shown_while_the_one_before_is_made_again_ends_the_comparison(run, monkeypatch):
    view, other = RunView(run), another()
    log = one_after_the_other(
        monkeypatch, lambda: ask(view, put_at(run), "OK"), lambda: setattr(view, "run", other)
    )
    assert log == [f"{each.call} {what}" for each in (run, other) for what in ("in", "out")]
    assert (view.run, view.other, view.said) == (other, {}, "")


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
    data = RunView(again).data
    assert data == RunView(run).data | {"asks": data["asks"], "ask": data["ask"]}
    assert (data["asks"], {*data["ask"]}) == ([[]], {0})  # it cannot be made again


# --- Threads and time -----------------------------------------------------------------------------


def test_the_browser_hears_who_runs_when_and_a_turn_is_marked():
    run = world(swap=8).anons(3, slot=1).disk("ERROR").machine().pagedaemon(2)
    data = RunView(run).data
    assert data["threads"] == [run.base.thread, *run.threads]
    assert data["times"] == [run.base.now, *run.times]
    turns = [i for i, was in enumerate(data["threads"][:-1]) if data["threads"][i + 1] != was]
    assert len(turns) == 4
    for i, marks in enumerate(data["marks"]):
        assert len(marks) == len({*marks})
        assert ("thread-the_20_disk" in marks) == (
            "the disk" in data["threads"][i : i + 2] and i in turns
        )


# --- What if --------------------------------------------------------------------------------------


def ask(view, step, answer):
    """What the browser does when its button is pressed."""
    view._handle_custom_msg({"step": step, "answer": answer}, [])


def put_at(run):
    return next(i for i, step in enumerate(run.steps) if step.kind == "swap_put")


def test_the_browser_knows_what_could_have_gone_otherwise_at_each_step(run):
    data, step = RunView(run).data, put_at(run)
    for i, number in enumerate(data["ask"]):
        assert [answer for answer, _ in data["asks"][number]] == run.what_ifs(i)
    assert ["OK", "the disk answers OK"] in data["asks"][data["ask"][step]]
    assert ["WANTED p3", "p3 is wanted"] in data["asks"][data["ask"][step]]


def test_of_what_could_go_otherwise_only_so_much_is_sent():
    names = " ".join(f"p{i}" for i in range(30))
    run = world(swap=64).anons(30, slot=1).machine().pager_put(names)
    assert len(run.what_ifs(0)) > CHOICES
    assert max(map(len, RunView(run).data["asks"])) == CHOICES


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("AGAIN", "the disk answers AGAIN"),
        ("NO WAKE", "nobody is woken"),
        ("WAKE the caller", "the caller is woken"),
        ("RELEASED p1", "p1 is released"),
    ],
)
def test_what_goes_otherwise_is_said_in_words(answer, words):
    assert worded(answer) == words


def test_what_would_have_been_comes_as_a_second_run_with_where_they_part(run):
    view, step = RunView(run, show="swap anons"), put_at(run)
    ask(view, step, "OK")
    other, found = view.other, run.what_if(step, "OK")
    assert other["data"] == RunView(found.would_be, show="swap anons").data
    assert (other["step"], other["parting"]) == (step, found.parting.number)
    assert other["heading"] == f"What if the disk answers OK at step {step}"
    assert other["sentence"] == (
        f"They part at step {step}. Here: p0, p1, p2, p3 and p4 were to be written to slots 1 to 5, and waited for; "
        "the answer is ERROR: the disk has failed (line 512). "
        "There: p0, p1, p2, p3 and p4 were to be written to slots 1 to 5, and waited for; "
        "the answer is OK: all of it is on the disk (line 512)."
    )
    assert json.loads(json.dumps(other)) == other
    assert view.said == ""


def test_what_others_do_meanwhile_is_told_as_what_was_asked_for(run):
    step = put_at(run)
    found = run.what_if(step, "WANTED p3")
    said = parted(found, "WANTED p3")
    assert said.startswith("They part at step ")
    assert said.endswith(" There: meanwhile p3 is wanted.")
    view = RunView(run)
    ask(view, step, "WANTED p3")
    assert step < view.other["step"] == found.parting.number  # both begin where they part


def test_who_is_to_hear_of_a_selection_can_be_called(run):
    with pytest.raises(TypeError, match="^on_select takes a function of a cell's id, not None$"):
        RunView(run).on_select(None)


def test_the_same_question_is_answered_again(run):
    view, step = RunView(run), put_at(run)
    ask(view, step, "OK")
    first = view.other
    ask(view, step, "OK")
    assert view.other == first | {"number": first["number"] + 1}


def test_a_run_that_ends_sooner_or_goes_the_same_way_is_said_so(run):
    found = run.what_if(put_at(run), "OK")
    number, one, _ = found.parting
    ended = parted(found._replace(parting=Parting(number, one, None)), "OK")
    assert ended.endswith("ERROR: the disk has failed (line 512). There: it has ended.")
    same = parted(found._replace(parting=None), "OK")
    assert same == "They go the same way to the end: it makes no difference."


def test_a_run_that_goes_the_same_way_parts_after_its_end(run, monkeypatch):
    same = run.what_if(put_at(run), "OK")._replace(would_be=run, parting=None)
    monkeypatch.setattr(type(run), "what_if", lambda *_: same)
    view = RunView(run)
    ask(view, 3, "OK")
    assert view.other["parting"] == len(run)


@pytest.mark.parametrize(
    ("step", "answer", "said"),
    [
        (0, "OK", "It cannot be made again: 'OK' is no answer at step 0; legal: "),
        (99, "OK", "It cannot be made again. IndexError: there is no step 99"),
        ("x", "OK", "It cannot be made again. TypeError: a step is a whole number"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence_and_what_is_shown_stays(run, step, answer, said):
    view = RunView(run)
    ask(view, put_at(run), "OK")
    other = view.other
    ask(view, step, answer)
    assert view.said.startswith(said)
    assert view.other == other
    ask(view, put_at(run), "OK")
    assert view.said == ""


def test_another_run_ends_the_comparison(run):
    view = RunView(run)
    click(view, "page-p3")
    ask(view, put_at(run), "OK")
    assert view.selected == "page-p3"  # both have it
    view.run = another()
    assert view.other == {}


def test_what_only_the_second_run_has_can_be_selected_as_long_as_it_is_shown(run):
    view = RunView(run)
    ask(view, 0, "RELEASED p0")
    click(view, "queue-free")
    assert view.selected == "queue-free"
    view.other = {}  # what the browser does when it goes back to one run
    assert view.selected == ""
    with pytest.raises(ValueError, match="no cell 'queue-free'"):
        view.selected = "queue-free"


def test_the_browser_is_told_where_a_walk_may_stop(run):
    found = RunView(run).data["stops"]
    assert found == stops(run)
    assert [*found] == ["Next I/O"]
    assert found["Next I/O"][0] == put_at(run)


def test_with_the_learners_own_copy_of_the_file_each_step_shows_its_line(monkeypatch, run):
    monkeypatch.setattr(
        module, "source", lambda line: SimpleNamespace(c=(f"  line {line}", "  goes on"))
    )
    said = module.told(run)
    for i, step in enumerate(run.steps):
        own = f"\nline {step.line} goes on" if step.line else ""
        assert said[i] == run.explain(i) + own


def test_without_it_a_step_shows_its_sentences_alone(run):
    assert module.told(run) == [run.explain(i) for i in range(len(run))]
