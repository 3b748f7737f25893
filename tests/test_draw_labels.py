import re

import pytest

from uvmlab.draw.labels import cell, label, lines, sentence, table
from uvmlab.draw.scene import Part

PAGE = Part("page-p1", "p1", ("dirty", "busy"), ("dirty", "inactive", "busy"))


def test_a_node_says_its_name_and_what_is_true_of_it():
    assert label(PAGE) == "<<B>p1</B><BR/>dirty, inactive, busy>"


def test_many_words_take_several_lines():
    part = PAGE._replace(words=("dirty", "inactive", "busy", "write-protected", "owner tag caller"))
    assert lines(part) == ["p1", "dirty, inactive, busy", "write-protected", "owner tag caller"]


def test_what_was_stands_below():
    assert lines(PAGE._replace(was=("clean", "active")))[-1] == "was clean, active"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (PAGE, "p1: dirty, inactive, busy"),
        (PAGE._replace(words=()), "p1"),
        (PAGE._replace(was=("clean",), new=("dirty",)), "p1: dirty, inactive, busy (was clean)"),
        (PAGE._replace(new=("busy",)), "p1: dirty, inactive, busy (new: busy)"),
    ],
)
def test_a_part_is_said_in_one_sentence(part, said):
    assert sentence(part) == said


def test_a_cell_carries_its_id_its_classes_and_its_words():
    made = cell(PAGE, ["p1", "D B"], "light", WIDTH=54)
    assert dict(re.findall(r'(\w+)="(.*?)"', made)) == {
        "ID": "page-p1",
        "HREF": "#cell.dirty.busy",
        "TOOLTIP": "p1: dirty, inactive, busy",
        "BGCOLOR": "#fbe3b0",
        "COLOR": "#a33c00",
        "BORDER": "2",
        "WIDTH": "54",
    }
    assert made.endswith("><B>p1</B><BR/>D B</TD>")


def test_a_cell_of_a_dashed_state_is_dashed():
    assert 'STYLE="dashed"' in cell(PAGE._replace(states=("free",)), ["p1"], "light")


def test_names_cannot_break_a_label():
    part = PAGE._replace(name='<a & "b">')
    assert label(part).startswith("<<B>&lt;a &amp; &quot;b&quot;&gt;</B>")
    assert 'TOOLTIP="&lt;a &amp; &quot;b&quot;&gt;: ' in cell(part, [part.name], "light")


def test_cells_stand_apart():
    made = table(["<TR/>"], BGCOLOR="#ffffff")
    assert re.fullmatch(r'<<TABLE .*CELLSPACING="[1-9]".* BGCOLOR="#ffffff"><TR/></TABLE>>', made)
