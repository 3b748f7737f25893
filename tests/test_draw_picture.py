import re
from types import SimpleNamespace

import pytest

from uvmlab import draw
from uvmlab.draw import Picture, RenderError, graph, show, svg, text
from uvmlab.worlds import World, world

BEFORE = world(swap=8).anons(2, slot=1, flags="BUSY")
AFTER = BEFORE.page("p0", flags="CLEAN")


def is_strips(dot):
    return '"strip-' in dot.source


@pytest.mark.parametrize(("pages", "strips"), [(1, False), (16, False), (32, False), (33, True)])
def test_up_to_32_pages_are_a_true_graph(pages, strips):
    assert is_strips(graph(world().anons(pages))) == strips


def test_strips_can_be_asked_for():
    assert is_strips(graph(BEFORE, strips=True))


def crowd(n):
    w = world().anons(n)
    w.state.pages.clear()
    return w


@pytest.mark.parametrize(("anons", "strips"), [(96, False), (97, True)])
def test_a_crowd_without_pages_is_drawn_as_strips_too(anons, strips):
    assert is_strips(graph(crowd(anons))) == strips


@pytest.mark.parametrize(("slots", "strips"), [(96, False), (97, True)])
def test_so_is_a_crowd_of_slots(slots, strips):
    assert is_strips(graph(world(swap=slots).bad(*range(1, slots + 1)))) == strips


def test_drawing_leaves_the_world_alone():
    copy = World.from_json(BEFORE.to_json())
    svg(BEFORE, before=AFTER)
    assert copy == BEFORE


def test_the_same_world_is_the_same_svg():
    assert svg(BEFORE) == svg(World.from_json(BEFORE.to_json()))


@pytest.mark.parametrize("draws", [graph, svg, show])
def test_an_unknown_theme_is_refused(draws):
    with pytest.raises(ValueError, match="no theme 'pink'; legal: light, dark"):
        draws(BEFORE, theme="pink")


@pytest.mark.parametrize("pages", [0, 1, 5, 16, 32, 33, 200, 600])
def test_a_world_of_any_size_is_drawn_with_all_that_its_words_name(pages):
    w = world(swap=2 * pages + 2).anons(pages - pages // 3, slot=1)
    w = w.aobj("o0", pages=pages // 3, slot=pages - pages // 3 + 1)
    drawn = svg(w)
    titles = re.findall(r"<g id=\"[^\"]*\" class=\"cell[^>]*><title>(.*?)</title>", drawn)
    for line in text(w).splitlines()[2:]:
        for part in line.strip().removesuffix(" ").split("; "):
            assert part in titles or part.startswith(("anons", "swap slots"))
    assert len(drawn) < 200_000


def test_a_world_is_shown_as_a_picture_and_in_words():
    shown = show(BEFORE)._repr_mimebundle_()
    assert shown == {"text/plain": text(BEFORE), "image/svg+xml": svg(BEFORE)}
    assert show(BEFORE)._repr_svg_() == svg(BEFORE)


def test_a_picture_prints_in_words():
    assert str(show(BEFORE)) == repr(show(BEFORE)) == text(BEFORE)


def test_a_picture_is_drawn_once_and_only_when_it_is_shown(monkeypatch):
    drawn = []
    monkeypatch.setattr(draw.picture, "svg", lambda *a, **k: drawn.append(a) or "<svg/>")
    shown = show(BEFORE)
    assert (str(shown) != "", drawn) == (True, [])
    assert shown._repr_mimebundle_()["image/svg+xml"] == shown._repr_svg_() == "<svg/>"
    assert len(drawn) == 1


def test_a_run_is_shown_as_it_is_after_with_what_changed_marked():
    run = SimpleNamespace(before=BEFORE, after=AFTER)
    assert str(show(run)) == text(AFTER, BEFORE)
    assert show(run)._repr_svg_() == svg(AFTER, before=BEFORE)


def test_two_worlds_are_compared():
    assert str(show(BEFORE, AFTER)) == text(AFTER, BEFORE)


def test_what_has_an_after_only_is_shown_without_marks():
    assert str(show(SimpleNamespace(after=AFTER))) == text(AFTER)


def test_a_machine_is_shown_as_it_is_now():
    machine = BEFORE.machine()
    machine.pages[0].modified = True
    assert "p0: dirty, inactive, busy, modified" in str(show(machine))


def test_options_reach_the_picture():
    picture = show(BEFORE, strips=True, theme="dark")
    assert picture._repr_svg_() == svg(BEFORE, strips=True, theme="dark")
    assert isinstance(picture, Picture)


@pytest.mark.parametrize("thing", [3, "p0", None])
def test_what_is_no_world_is_refused(thing):
    with pytest.raises(TypeError, match="a picture shows a world, a run or a machine, not"):
        show(thing)
    with pytest.raises(TypeError, match="a picture shows a world, a run or a machine, not"):
        show(thing, AFTER)


def test_without_a_renderer_the_words_are_shown_and_one_sentence_why(monkeypatch):
    monkeypatch.setenv("UVMLAB_DOT", "/nowhere/dot")
    shown = show(BEFORE)
    said = shown._repr_mimebundle_()
    assert list(said) == ["text/plain"]
    assert said["text/plain"].startswith(text(BEFORE))
    assert re.search(
        r"\n\nThere is no picture: UVMLAB_DOT names /nowhere/dot, .*\.\Z", said["text/plain"]
    )
    assert shown._repr_svg_() is None
    with pytest.raises(RenderError, match="UVMLAB_DOT names /nowhere/dot"):
        svg(BEFORE)
