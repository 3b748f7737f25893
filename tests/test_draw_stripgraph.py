import re

import pytest

from uvmlab.draw.scene import Part, scene
from uvmlab.draw.stripgraph import draw, edges, short, wide
from uvmlab.draw.strips import Column, Strip
from uvmlab.worlds import world


def source(w, before=None, theme="light"):
    return draw(scene(w, before), theme).source


def cells(text):
    return re.findall(r'<TD ID="([\w-]+)"', text)


def test_each_owner_is_one_table_with_a_cell_for_each_page():
    text = source(world(swap=2).anons(2, slot=1).vnode("v0", pages=1))
    assert re.findall(r' id="?([\w-]+)', text) == [
        *("strip-anons", "strip-obj-v0", "strip-slots", "legend"),
    ]
    assert cells(text) == [
        *("anons", "page-p0", "page-p1", "anon-a0", "anon-a1"),
        *("obj-v0", "page-p2", "place-v0-0", "holes-v0-1-15", "slots", "slot-1", "slot-2"),
        *("legend-dirty", "legend-hole", "legend-inactive"),
    ]


def rows(text, strip):
    return re.search(f'"strip-{strip}" \\[label=(.*)', text)[1].split("</TR>")[:-1]


def test_sixteen_pages_stand_side_by_side_above_their_places():
    text = source(world().anons(40))
    assert [len(cells(row)) for row in rows(text, "anons")] == [1, 16, 0, 16, 16, 0, 16, 8, 0, 8]


def test_strips_are_as_wide_as_the_widest():
    text = source(world().anons(12).vnode("v0", pages=1))
    assert [row.count("<TD") for row in rows(text, "obj-v0")] == [1, 1, 12, 1, 12]
    assert 'COLSPAN="12"' in rows(text, "obj-v0")[0]


def test_there_is_room_for_an_edge_where_one_is_drawn_and_nowhere_else():
    w = world(swap=4).anons(2, slot=1).vnode("v0", pages=1).free(1)
    text, gap = source(w), 'HEIGHT="2" FIXEDSIZE="TRUE" BORDER="0"></TD>'
    assert [gap in row for row in rows(text, "anons")] == [False, False, True, False]
    assert [gap in row for row in rows(text, "obj-v0")] == [False, True, False, True, False]
    assert [gap in row for name in ("loose", "slots") for row in rows(text, name)] == [False] * 4
    assert edges(scene(w)) == [
        ("edge-anon-a0", "anon-a0", "page-p0"),
        ("edge-anon-a1", "anon-a1", "page-p1"),
        ("edge-obj-v0", "obj-v0", "page-p2"),
        ("edge-place-v0-0", "place-v0-0", "page-p2"),
    ]


def test_an_object_in_which_nothing_is_shown_has_no_edge():
    assert edges(scene(world().vnode("v0", size=65))) == []


def test_a_place_without_a_page_has_a_gap_above_it():
    w = world().anons(3)
    del w.state.pages["p1"]
    above = rows(source(w), "anons")[1]
    assert re.findall(r"page-p\d|BORDER=\"0\"></TD>", above)[:3] == [
        *("page-p0", 'BORDER="0"></TD>', "page-p2"),
    ]


def test_pages_without_an_owner_have_no_places_below():
    assert [len(cells(row)) for row in rows(source(world().free(3)), "loose")] == [1, 3]


def test_strips_stand_below_each_other():
    text = source(world(swap=2).anons(1))
    assert re.findall(r'"?([\w-]+)"? -> "?([\w-]+)"? \[style=invis\]', text) == [
        ("strip-anons", "strip-slots"),
        ("strip-slots", "legend"),
    ]


def test_an_empty_world_has_an_empty_legend():
    assert cells(source(world())) == []


def test_a_comparison_has_a_key():
    assert "*: changed" in source(world().anons(1), world().anons(1))


@pytest.mark.parametrize(
    ("states", "words", "was", "said"),
    [
        (("dirty", "inactive", "busy"), ("dirty",), (), ["x", "D I B"]),
        (("dirty", "inactive", "modified", "wanted", "busy", "changed"), (), (), ["x", "DIMWB*"]),
        (("clean", "changed"), ("clean",), ("dirty", "busy", "of a1"), ["x", "C *", "was D B"]),
        (("clean", "changed"), (), ("tabled", "fake"), ["x", "C *", "was tabled"]),
        (("anon",), ("slot 9",), (), ["x", "slot 9"]),
        (
            ("anon", "dead", "changed"),
            ("dead", "no slot"),
            ("slot 2",),
            ["x X *", "no slot", "was 2"],
        ),
        (("place",), (), (), ["x"]),
        (("allocated",), ("a1",), (), ["x", "a1"]),
        (("free", "changed"), ("free",), ("o0[3]",), ["x", "F *", "was o0[3]"]),
        (("unnamed",), ("allocated, named by nobody",), (), ["x", "U"]),
        (("folded", "dirty"), ("to p9", "dirty"), (), ["x", "to p9", "D"]),
    ],
)
def test_a_cell_says_the_most_in_threeshort_lines(states, words, was, said):
    assert short(Part("x", "x", states, words, was)) == said


def test_a_run_of_free_slots_says_from_which_to_which():
    assert short(Part("x", "601 to 1208", ("free",), ("free",))) == ["601", "to 1208", "F"]


def test_a_run_of_pages_mapped_elsewhere_says_so():
    part = Part("x", "0 to 4", ("elsewhere",), ("elsewhere", "5 pages"), n=5)
    assert short(part)[:3] == ["0", "to 4", "elsewhere"]


def test_lists_take_the_width_that_there_is():
    head = Part("head", "head", ("list",), ())
    cell = Strip(head, [Column(Part("x", "x", ("list",), ()))])
    assert wide([cell._replace(columns=cell.columns * 12), cell._replace(span=16)]) == 12
    assert wide([cell._replace(columns=cell.columns * 3, span=4)]) == 12
    assert wide([cell._replace(columns=cell.columns * 9, span=4)]) == 16
    assert wide([]) == 8


def test_a_long_name_is_cut_in_its_cell_and_whole_in_its_tooltip():
    text = source(world(swap=1).aobj("a_rather_long_name", pages=1, slot=1))
    assert "<BR/>a_rather_lon<" not in text.partition("TOOLTIP")[0]
    assert "<B>1</B><BR/>a_rather_lon</TD>" in text
    assert 'TOOLTIP="1: a_rather_long_name[0]"' in text
