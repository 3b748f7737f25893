"""The plan of a drawing: which cells there are, and how each shows a part."""

from uvmlab.draw.kinds import KINDS, groups
from uvmlab.draw.plan import Plan
from uvmlab.draw.scene import Part
from uvmlab.draw.strips import fit
from uvmlab.run import world


def plan(w, show=KINDS):
    return Plan(w.machine().pager_put("p0 p1", flags="SYNCIO"), groups(frozenset(show)))


SMALL = world(swap=9).anons(2, slot=1)


def test_a_cell_has_the_same_number_of_lines_whatever_it_shows():
    made = plan(SMALL)
    for words, lines in ((("does not run",), ["x", "does not run"]), ((), ["x", ""])):
        part = Part("thread-x", "x", ("resting",), words)
        assert made.look("thread-pager_put", part)[1] == lines
    assert [len(made.look(id_, part)[1]) for id_, part in made.base.items() if part.n > 1] == [3, 3]


def test_a_head_is_one_line_as_long_as_the_picture_is_wide():
    made = plan(SMALL)
    _, (text,), _ = made.look("locks", Part("locks", "locks held", ("list",), ("x" * 999,)))
    assert len(text) == 12 * 8
    assert text.endswith("x …")


def test_a_part_is_in_the_cell_that_shows_it_or_in_none():
    made = plan(MANY, ["anons"])
    assert made.ids(["page-p1", "page-p1", "page-p500", "anon-a501", "slot-1"]) == [
        *("page-p1", "more-page-p18", "more-anon-a18"),
    ]


MANY = world(swap=900).anons(600, slot=1)


def test_a_plan_has_the_cells_that_all_parts_painted_would_have():
    for w in (SMALL, MANY, MANY.page("p300", flags="BUSY").vnode("v0", pages=40).free(30)):
        made = plan(w)
        strips = [strip for group in made.groups for strip in group.strips(made._first)]
        painted = [part.id for strip in fit(strips, made.ever.touched) for part in strip.parts]
        assert list(made.cells) == painted
        assert {part.id for strip in strips for part in strip.parts} == made.base.keys()


def test_what_need_not_be_folded_is_painted_as_late_as_it_is_shown():
    made = plan(SMALL)
    assert "base" not in vars(made)
    assert made.cells["page-p0"].words == ()
    assert made.base["page-p0"].words[0] == "dirty"


def test_what_an_edge_says_no_link_says_again():
    made = plan(SMALL)
    assert [edge.id for edge in made.edges] == ["edge-anon-a0", "edge-anon-a1"]
    assert made.look("anon-a0", made.base["anon-a0"])[2] == ["slot-1"]
    assert made.look("page-p0", made.base["page-p0"])[2] == []


def test_objects_beyond_the_64th_are_one_cell_that_is_still_known():
    w = world(swap=4).anons(2, slot=1)
    for i in range(66):
        w = w.vnode(f"v{i}", pages=1, size=1)
    made = plan(w)
    assert made.cells["objects"].name == "2 more objects"
    assert made.now("objects", made.base).name == "2 more objects"
    assert made.now("more-place-v64-0", made.base).name == "2 more"
    assert made.ids(["obj-v65", "place-v65-0"]) == ["more-place-v64-0"]
