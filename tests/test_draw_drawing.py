"""One drawing for a run: laid out once, the same ids from every renderer, each step what differs."""

import re
import shutil
from functools import cache
from importlib import import_module
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uvmlab.draw import KINDS, drawing
from uvmlab.draw.render import Rendering, pure_dot
from uvmlab.draw.scene import part_id
from uvmlab.kernel import Slip
from uvmlab.run import world

NS = {"s": "http://www.w3.org/2000/svg"}
DOTS = [pure_dot(), *filter(None, [shutil.which("dot")])]
W = world(swap=16).anons(3, slot=1).aobj("o0", pages=2, slot=4).free(1)


def failing(**options):
    m = W.disk("ERROR", "OK").machine(**options)
    return m.pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO", meanwhile=[(0, "p3", "RELEASED")])


def asleep():
    return world().vnode("f0", pages=1).arena(5, used=range(5)).machine().pagermapin("p0")


def asynchronous():
    return W.disk("PEND").machine().pager_put("p0 p1 p2", flags="PDFREECLUST")


def finished():
    machine = W.disk("PEND").machine()
    machine.pager_put("p0 p1 p2", flags="PDFREECLUST")
    return machine.finish()


def clustered():
    w = world().vnode("v0", pages=9).page("p7", queue="ACTIVE").page("p1", flags="CLEAN")
    return w.machine().mk_pcluster("p4")


def daemon():
    return world(swap=40).anons(6).vnode("v0", pages=2, flags="CLEAN").machine().pagedaemon(8)


def panicking():
    return W.machine(pmap_new=True).pagermapout(4096, 1)


def crowded():
    w = world(swap=900).anons(560, slot=1).disk("ERROR", "OK")
    return w.machine().pager_put("p0 p1", pg="p1", flags="SYNCIO")


def cut():
    """Too much to show even when what is alike is folded: what is cut off changes too."""
    w = world(swap=1200).anons(600, slot=1).disk("ERROR")
    for i in range(0, 600, 2):
        w.state.pages[f"p{i}"].flags = ("CLEAN",)
    return w.machine().pager_put([f"p{i}" for i in range(590, 600)], flags="SYNCIO")


def many_objects():
    w = world()
    for i in range(66):
        w = w.vnode(f"v{i}", pages=1)
    return w.machine().pager_put(pg="p65", flags="SYNCIO PDFREECLUST")


RUNS = [
    *(failing, asleep, asynchronous, finished, clustered, daemon, panicking),
    *(crowded, cut, many_objects),
]
every_run = pytest.mark.parametrize("make", RUNS, ids=lambda make: make.__name__)


@cache
def drawn(make):
    """Draw a run once for all tests that only look; every run is the same each time."""
    return drawing(make())


def tree(text):
    return ET.fromstring(text)


def shown(svg):
    """Return id to (classes, texts) of the cells of an SVG."""
    return {
        group.get("id"): (group.get("class"), [t.text or "" for t in group.iterfind("s:text", NS)])
        for group in tree(svg).iterfind(".//s:g[@id]", NS)
    }


def cells(svg):
    return {id_: look for id_, look in shown(svg).items() if not id_.startswith(("legend", "edge"))}


def as_dict(listed):
    return {id_: (classes, texts) for id_, classes, texts, _ in listed}


def linked(listed):
    return {id_: links for id_, _, _, links in listed}


@pytest.mark.parametrize("dot", DOTS)
@every_run
def test_each_renderer_gives_the_ids_of_the_drawing_each_once(make, dot, monkeypatch):
    monkeypatch.setenv("UVMLAB_DOT", dot)
    made = drawing(make())
    groups = tree(made.svg).findall(".//s:g[@id]", NS)
    ids = [group.get("id") for group in groups]
    edges = [group.get("id") for group in groups if group.get("class") == "edge"]
    ours = [id_ for id_ in ids if not id_.startswith("legend") and id_ not in edges]
    assert len(set(ids)) == len(ids)
    assert edges == [edge.id for edge in made.edges]
    assert sorted(ours) == sorted(made.titles)
    assert [id_ for id_, *_ in made.first] == list(made.titles)


def test_the_renderer_starts_before_the_plan_is_made_and_draws_while_the_cells_are(monkeypatch):
    made = drawing(failing())
    told = []

    class Heard(Rendering):
        def __init__(self):
            told.append(("begun", sorted(vars(made))))
            super().__init__()

        def draw(self, dot):
            super().draw(dot)
            told.append(("drawing", sorted(vars(made))))

    monkeypatch.setattr(import_module("uvmlab.draw.drawing"), "Rendering", Heard)
    assert made.svg
    given = ["run", "show", "theme"]
    assert told == [("begun", given), ("drawing", sorted([*given, "plan"]))]


@every_run
def test_the_svg_shows_the_moment_before_the_first_step(make):
    made = drawn(make)
    assert cells(made.svg) == as_dict(made.first)


@every_run
def test_every_id_of_a_step_is_in_the_svg_and_keeps_the_number_of_its_texts(make):
    made = drawn(make)
    room = {id_: len(texts) for id_, (_, texts) in cells(made.svg).items()}
    said = [cell for step in made.steps for cell in step]
    assert {id_: len(texts) for id_, _, texts, _ in said}.items() <= room.items()
    assert {id_ for marks in made.marks for id_ in marks} <= room.keys()


@every_run
def test_steps_one_by_one_lead_to_what_each_is_when_made_from_scratch(make):
    made = drawn(make)
    run = made.run
    assert len(made.steps) == len(made.marks) == len(run) > 0
    assert_steps_add_up(made, run)


def assert_steps_add_up(made, run):
    """Each step leads to what all cells show after it, when all of them are looked at."""
    plan = made.plan
    looks = {id_: tuple(look) for id_, *look in made.first}
    for i, step in enumerate(made.steps):
        assert all(looks[id_] != tuple(look) for id_, *look in step)
        looks |= {id_: tuple(look) for id_, *look in step}
        seen = plan.parts(run[i].state, i + 1)
        assert looks == {id_: plan.look(id_, plan.now(id_, seen)) for id_ in plan.cells}


@settings(max_examples=25)
@given(
    npages=st.integers(1, 5),
    interest=st.booleans(),
    answers=st.lists(st.sampled_from(["OK", "ERROR", "PEND", "AGAIN"]), max_size=3),
    free=st.booleans(),
    sync=st.booleans(),
    meanwhile=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 4), st.sampled_from(["WANTED", "RELEASED"])),
        max_size=3,
    ),
    slips=st.sampled_from([Slip.NONE, Slip.ALL]),
    show=st.sets(st.sampled_from(list(KINDS)), min_size=1),
)
def test_whatever_is_put_the_steps_add_up(
    npages, interest, answers, free, sync, meanwhile, slips, show
):
    names = [f"p{i}" for i in range(npages)]
    run = (
        W.disk(*answers)
        .machine(slips=slips)
        .pager_put(
            names,
            pg="p0" if interest else None,
            flags=" ".join(["PDFREECLUST"] * free + ["SYNCIO"] * sync),
            meanwhile=[(io, f"p{p}", flag) for io, p, flag in meanwhile],
        )
    )
    assert_steps_add_up(drawing(run, show=show), run)


@every_run
def test_a_cell_is_linked_with_few_others_that_are_drawn(make):
    made = drawn(make)
    for cell in (cell for cells in (made.first, *made.steps) for cell in cells):
        id_, _, _, links = cell
        assert set(links) <= made.titles.keys() - {id_}
        assert len(links) == len(set(links)) <= 3


def after(made, i):
    """Return the links of all cells after step i."""
    links = linked(made.first)
    for step in made.steps[: i + 1]:
        links |= linked(step)
    return links


def test_who_names_whom_is_linked_both_ways():
    made = drawn(failing)
    links = linked(made.first)
    assert (links["anon-a1"], links["slot-2"]) == (["slot-2"], ["anon-a1"])
    assert (links["place-o0-0"], links["place-o0-1"]) == (["page-p3", "slot-4"], ["slot-5"])
    assert (links["page-p3"], links["page-p4"]) == (["place-o0-0"], [])
    assert links["array-2"] == ["page-p2"]
    assert links["lock-0"] == ["thread-the_20_caller"]
    assert [links[id_] for id_ in ("anons", "slots-6-16", "queue-inactive", "obj-o0")] == [[]] * 4


def test_links_come_and_go_with_what_they_say():
    made = drawn(failing)
    steps = made.run.steps
    lost = next(i for i, step in enumerate(steps) if step.line == 636)
    assert (after(made, lost - 1)["anon-a0"], after(made, lost)["anon-a0"]) == (["slot-1"], [])
    assert (after(made, lost - 1)["slot-1"], after(made, lost)["slot-1"]) == (["anon-a0"], [])
    mapped = next(i for i, step in enumerate(steps) if step.line == 190)
    assert (after(made, mapped - 1)["arena-0"], after(made, mapped)["arena-0"]) == ([], ["page-p0"])
    assert after(made, len(steps) - 1)["page-p3"] == []


def test_an_edge_is_drawn_where_ownership_holds_all_through_the_run_and_no_link_says_the_same():
    made = drawn(failing)
    edges = {edge.id: (edge.tail, edge.head) for edge in made.edges}
    assert edges == {
        **{f"edge-anon-a{i}": (f"anon-a{i}", f"page-p{i}") for i in range(3)},
        "edge-obj-o0": ("obj-o0", "page-p3"),
        "edge-place-o0-1": ("place-o0-1", "page-p4"),
    }
    for i in range(len(made.steps)):
        links = after(made, i)
        assert not [id_ for id_, to in edges.values() if to in links[id_] or id_ in links[to]]


@pytest.mark.parametrize("dot", DOTS)
@every_run
def test_an_edge_is_a_straight_arrow_from_the_border_of_one_cell_to_that_of_another(
    make, dot, monkeypatch
):
    monkeypatch.setenv("UVMLAB_DOT", dot)
    made = drawing(make())
    groups = {group.get("id"): group for group in tree(made.svg).iterfind(".//s:g[@id]", NS)}
    for edge in made.edges:
        (x1, y1), (x2, y2) = (
            map(float, point.split(","))
            for point in groups[edge.id].find("s:path", NS).get("d")[1:].split("L")
        )
        tip = groups[edge.id].find("s:polygon", NS).get("points").split()[0]
        tip_x, tip_y = map(float, tip.split(","))
        assert x1 == x2 == tip_x
        assert 9 < abs(y1 - tip_y) < 11
        assert min(y1, tip_y) < y2 < max(y1, tip_y)
        for id_, y in ((edge.tail, y1), (edge.head, tip_y)):
            left, top, width, height = (
                float(groups[id_].find("s:rect", NS).get(key))
                for key in ("x", "y", "width", "height")
            )
            assert left < x1 < left + width
            assert min(abs(y - top), abs(y - top - height)) < 0.2


def test_a_hole_is_a_cell_of_its_own_and_a_longer_run_of_them_is_folded():
    w = world().vnode("v0", pages=[0, 1, 3, 6]).vnode("big", pages=[100, 102, 110], size=500)
    made = drawing(w.machine().mk_pcluster("p1"), show="objects")
    shown = as_dict(made.first)
    assert [id_ for id_ in shown if not id_.startswith("page")] == [
        *("obj-v0", "place-v0-0", "place-v0-1", "hole-v0-2", "place-v0-3", "hole-v0-4"),
        *("hole-v0-5", "place-v0-6", "holes-v0-7-15"),
        *("obj-big", "place-big-100", "hole-big-101", "place-big-102", "holes-big-103-109"),
        "place-big-110",
    ]
    assert shown["hole-v0-2"] == ("cell hole", ["[2]", "."])
    assert shown["holes-v0-7-15"] == ("cell hole", ["[7]", "to [15]", "."])
    assert "\n  [2]: not in memory\n" in made.text(0)
    assert "\n  [103] to [109]: not in memory, 7 pages\n" in made.text(0)
    assert made.titles["holes-v0-7-15"] == "page indexes [7] to [15] of v0"


def test_a_sleeper_is_linked_with_what_it_sleeps_on():
    assert after(drawn(asleep), len(asleep()) - 1)["thread-pagermapin"] == ["arena"]
    assert linked(drawn(asleep).first)["thread-pagermapin"] == []


def test_what_is_folded_is_linked_by_its_fold_and_what_is_not_drawn_not_at_all():
    made = drawn(cut)
    links = linked(made.first)
    assert any(link.startswith("more-") for each in links.values() for link in each)
    only = linked(drawing(failing(), show="anons").first)
    assert only["anon-a1"] == []


def test_what_a_step_changed_is_marked():
    made = drawn(failing)
    run = made.run
    lines = {step.line: i for i, step in reversed(list(enumerate(run.steps)))}
    assert made.marks[lines[498]] == ["locks", "lock-0"]
    assert made.marks[lines[636]] == ["anon-a0", "slot-1"]
    assert made.marks[lines[678]] == ["page-p0"]
    assert made.marks[lines[712]] == ["array", "array-1", "array-2", "array-3", "array-4"]
    assert made.marks[lines[506]] == []


@every_run
def test_all_of_a_step_that_is_drawn_is_marked_and_nothing_else(make):
    made = drawn(make)
    run = made.run
    folded = {leaf: part.id for part in made.plan.cells.values() for leaf in part.of}
    for changes, marks in zip(run.changes, made.marks, strict=True):
        for change in changes:
            if change.field in ("pages", "anons"):
                id_ = part_id(change.field[:-1], change.key)
                assert folded.get(id_, id_) in marks
        if not changes:
            assert marks == []


def test_a_change_that_no_cell_shows_is_marked_all_the_same():
    made = drawn(failing)
    run = made.run
    owned = next(i for i, step in enumerate(run.steps) if step.kind == "page_own")
    assert (made.marks[owned], made.steps[owned]) == (["page-p0"], [])


def test_that_another_thread_runs_or_time_goes_by_is_no_mark():
    made = drawn(failing)
    assert "thread-pager_put" in as_dict(made.steps[0])
    assert not [id_ for marks in made.marks for id_ in marks if id_.startswith("thread")]


@every_run
def test_the_text_has_a_line_for_every_cell_and_a_star_where_the_picture_has_a_mark(make):
    made = drawn(make)
    run = made.run
    for i in (0, len(run) // 2, len(run) - 1):
        head, _, *lines = made.text(i).splitlines()
        assert f"step {i} of 0 to {len(run) - 1}: {str(run.steps[i]).strip()}" in head
        strips = made._marked(*made._at(i))
        assert len(lines) == sum(1 + len(strip.columns) for strip in strips)
        starred = {n for n, line in enumerate(lines) if line.startswith(" *") or line[-2:] == " *"}
        looks = cells(made.still(i))
        number, marked = 0, set()
        for strip in strips:
            for parts in ([strip.head], *(column.parts for column in strip.columns)):
                marked |= {number} & {number for p in parts if "changed" in looks[p.id][0].split()}
                number += 1
        assert starred == marked


def test_the_text_of_a_step_reads():
    run = failing()
    line = next(i for i, step in enumerate(run.steps) if step.line == 636)
    assert drawing(run, show="locks anons swap").text(line) == (
        f"""Run of pager_put(p0 p1 p2 p3 p4), step {line} of 0 to {len(run) - 1}: 636 store a0.an_swslot = 0

locks held: 1
  anon:a0: by pager_put
  no lock
anons: 3
 *a0: no slot; p0: dirty, inactive, busy, write-protected, owner tag caller
  a1: slot 2; p1: dirty, inactive, busy, write-protected, owner tag caller
  a2: slot 3; p2: dirty, inactive, busy, write-protected, owner tag caller
swap slots: 16
 *1: allocated, named by nobody
  2: free, yet named by a1
  3: free, yet named by a2
  4: free, yet named by o0[0]
  5: free, yet named by o0[1]
  6 to 16: free, 11 slots"""
    )


def test_before_the_first_step_nothing_is_marked():
    made = drawn(failing)
    assert "before the first step" in made.text(None)
    assert "*" not in made.text(None)
    assert cells(made.still(None)) == as_dict(made.first)


def test_the_last_step_can_be_counted_from_the_end():
    made = drawn(failing)
    run = made.run
    assert made.text(-1) == made.text(len(run) - 1)
    with pytest.raises(IndexError, match=r"there is no step 999; the run has steps 0 to"):
        made.text(999)
    with pytest.raises(IndexError, match=r"there is no step 999"):
        made.still(999)


@every_run
def test_a_still_shows_what_the_steps_lead_to_with_the_marks_as_changed(make):
    made = drawn(make)
    looks = as_dict(made.first)
    for step in made.steps:
        looks |= as_dict(step)
    still = cells(made.still(-1))
    for id_, (classes, texts) in looks.items():
        if id_ in made.marks[-1]:
            assert still[id_][0].split() == [*classes.split(), "changed"]
        else:
            assert still[id_] == (classes, texts)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_still_stands_alone(theme):
    made = drawn(failing)
    root = tree(made.still(3, theme))
    assert root.get("role") == "img"
    assert root.findtext("s:desc", namespaces=NS) == made.text(3)
    sheet = root.findtext("s:style", namespaces=NS)
    assert "var(" not in sheet
    assert ".held>rect{" in sheet
    assert (".ground{fill:#ffffff}" in sheet) == (theme == "light")


def test_a_still_takes_the_drawing_s_theme_and_refuses_an_unknown_one():
    made = drawing(failing(), theme="dark")
    assert ".ground{fill:#1e1e1e}" in made.still(0)
    with pytest.raises(ValueError, match="no theme 'blue'; legal: light, dark"):
        made.still(0, "blue")
    with pytest.raises(ValueError, match="no theme 'blue'; legal: light, dark"):
        drawing(failing(), theme="blue")


def test_the_live_picture_is_a_group_whose_rules_touch_nothing_else_in_the_page():
    root = tree(drawn(failing).svg)
    assert (root.get("role"), root.get("class")) == ("group", "uvmlab-drawing")
    sheet = root.findtext("s:style", namespaces=NS)
    selectors = re.findall(r"([^{}]+)\{", sheet)
    assert all(".uvmlab-drawing" in selector for selector in selectors)


def test_nothing_moves_between_the_live_picture_and_the_stills():
    made = drawn(failing)
    boxes = [
        {g.get("id"): g[-1].attrib for g in tree(svg).iterfind(".//s:g[@id]", NS)}
        for svg in (made.svg, made.still(0), made.still(-1, "dark"))
    ]
    assert boxes[0] == boxes[1] == boxes[2]


@pytest.mark.parametrize("dot", DOTS)
@every_run
def test_no_cell_lies_on_another_and_the_columns_stand_straight(make, dot, monkeypatch):
    monkeypatch.setenv("UVMLAB_DOT", dot)
    boxes = [
        [float(g.find("s:rect", NS).get(key)) for key in ("x", "y", "width", "height")]
        for g in tree(drawing(make()).svg).iterfind(".//s:g[@id]", NS)
        if not g.get("id").startswith(("legend", "edge"))
    ]
    rows = {}
    for x, y, width, _ in sorted(boxes):
        assert rows.get(y, -1e9) <= x
        rows[y] = x + width
    assert len({x for x, _, width, _ in boxes if width < 60}) <= 16


def test_titles_say_what_a_cell_is_whatever_it_shows():
    titles = drawn(failing).titles
    assert [titles[id_] for id_ in ("page-p0", "anon-a1", "obj-o0", "place-o0-1", "slot-2")] == [
        *("page p0", "anon a1", "object o0", "page index [1] of o0", "swap slot 2"),
    ]
    assert titles["lock-0"] == "a lock that is held"
    assert titles["slots-6-16"] == "swap slots 6 to 16"
    assert titles["array-0"] == "entry 0 of the cluster array"
    assert titles["arenas-5-1023"] == "pages 5 to 1023 of the pager map"
    assert drawn(crowded).titles["more-page-p18"] == "542 more in anons"


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_can_be_switched_off_and_shown_alone(kind):
    run = asynchronous()
    everything = {id_ for id_, *_ in drawing(run).first}
    alone = {id_ for id_, *_ in drawing(run, show=kind).first}
    rest = {id_ for id_, *_ in drawing(run, show=set(KINDS) - {kind}).first}
    assert alone
    assert alone | rest == everything
    assert not alone & rest


def test_an_unknown_kind_is_refused_with_the_legal_ones():
    with pytest.raises(ValueError, match="no kind of element 'slots'; legal: threads, locks, .*io"):
        drawing(failing(), show="anons slots")


def test_the_legend_explains_every_letter_that_occurs():
    for make in RUNS:
        made = drawn(make)
        keys = {id_.removeprefix("legend-") for id_ in shown(made.svg) if id_.startswith("legend")}
        states = {
            state
            for cells in (made.first, *made.steps)
            for _, classes, *_ in cells
            for state in classes.split()[1:]
        }
        assert {state for state in states if made.legend[state][0]} <= keys


def test_more_than_512_columns_are_folded_and_said_but_not_what_changes():
    made = drawn(crowded)
    ids = list(made.titles)
    assert "page-p1" in ids
    assert "page-p17" in ids
    assert "page-p18" not in ids
    assert as_dict(made.first)["more-page-p18"][1] == ["542 more", "to p559", "D I"]
    assert "  542 more: to a559; 542 more: to p559, dirty, inactive" in made.text(0)


def test_a_fold_that_changes_says_what_it_holds_now():
    made = drawn(cut)
    folds = [id_ for id_ in made.titles if id_.startswith("more-")]
    assert any(id_ in folds for step in made.steps for id_, *_ in step)
    assert any(id_ in folds for marks in made.marks for id_ in marks)


def test_a_drawing_says_what_it_is():
    assert repr(drawing(failing(), show="locks")) == (
        f"<drawing of a run of pager_put(p0 p1 p2 p3 p4): 3 cells, {len(failing())} steps>"
    )


def test_a_long_call_is_cut_in_the_title():
    run = world(swap=99).anons(40, slot=1).machine().pager_put([f"p{i}" for i in range(40)])
    assert len(drawing(run).title) <= 100
    assert drawing(run).title.endswith("…")
