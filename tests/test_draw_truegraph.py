import re

import pytest

from uvmlab.draw.scene import scene
from uvmlab.draw.truegraph import draw
from uvmlab.worlds import world

THREE = world(swap=8).anons(2, slot=1, flags="BUSY").aobj("o0", pages=1, slot=3, size=1)
SOURCE = """\
// world: 3 pages, 2 anons, 1 object, 3 of 8 slots allocated
digraph world {
	graph [bgcolor="#ffffff" fontcolor="#1a1a1a" fontname=Arial fontsize=11 \
label=<world: 3 pages, 2 anons, 1 object, 3 of 8 slots allocated<BR ALIGN="LEFT"/>> \
labeljust=l labelloc=t nodesep=0.11 rankdir=LR ranksep=0.8]
	node [fontcolor="#1a1a1a" fontname=Arial fontsize=10 height=0.3 margin="0.1,0.06" shape=box width=1.1]
	"head-pages" [label=pages shape=plain]
	"head-owners" [label=owners shape=plain]
	"head-slots" [label="swap slots" shape=plain]
	"obj-o0" [label=<<TABLE BORDER="0" CELLSPACING="4" CELLPADDING="3"><TR>\
<TD ID="obj-o0" HREF="#cell.object" TOOLTIP="o0: aobj of 1 page" BGCOLOR="#eeeeee" COLOR="#595959" \
BORDER="2" PORT="obj-o0"><B>o0</B><BR/>aobj of 1 page</TD></TR><TR>\
<TD ID="place-o0-0" HREF="#cell.place" TOOLTIP="[0]: slot 3" BGCOLOR="#f7f7f7" COLOR="#737373" \
BORDER="1" PORT="place-o0-0"><B>[0]</B><BR/>slot 3</TD></TR></TABLE>> id="table-obj-o0" shape=plain]
	node [class="cell dirty inactive busy" color="#a33c00" fillcolor="#fbe3b0" penwidth=2.5 style=filled]
	"page-p0" [id="page-p0" label=<<B>p0</B><BR/>dirty, inactive, busy>]
	"page-p1" [id="page-p1" label=<<B>p1</B><BR/>dirty, inactive, busy>]
	node [class="cell dirty inactive" color="#8a5a00" fillcolor="#fbe3b0" penwidth=1 style=filled]
	"page-p2" [id="page-p2" label=<<B>p2</B><BR/>dirty, inactive>]
	node [class="cell anon" color="#595959" fillcolor="#eeeeee" penwidth=1 style=filled]
	"anon-a0" [id="anon-a0" label=<<B>a0</B><BR/>slot 1>]
	"anon-a1" [id="anon-a1" label=<<B>a1</B><BR/>slot 2>]
	node [class="cell allocated" color="#00664b" fillcolor="#cfeee2" penwidth=1 style=filled]
	"slot-1" [id="slot-1" label=<<B>1</B><BR/>a0>]
	"slot-2" [id="slot-2" label=<<B>2</B><BR/>a1>]
	"slot-3" [id="slot-3" label=<<B>3</B><BR/>o0[0]>]
	node [class="cell free" color="#666666" fillcolor="#ffffff" penwidth=1 style="filled,dashed"]
	"slots-4-8" [id="slots-4-8" label=<<B>4 to 8</B><BR/>free, 5 slots>]
	{
		graph [rank=same]
		edge [style=invis]
		"head-pages" -> "page-p0" -> "page-p1" -> "page-p2"
	}
	{
		graph [rank=same]
		edge [style=invis]
		"head-owners" -> "anon-a0" -> "anon-a1" -> "obj-o0"
	}
	{
		graph [rank=same]
		edge [style=invis]
		"head-slots" -> "slot-1" -> "slot-2" -> "slot-3" -> "slots-4-8"
	}
	"head-pages" -> "head-owners" [style=invis]
	"head-owners" -> "head-slots" [style=invis]
	edge [arrowsize=0.6 class="" color="#4d4d4d" constraint=true dir=back headport=w penwidth=1 style=solid tailport=e]
	"page-p0" -> "anon-a0"
	"page-p1" -> "anon-a1"
	"page-p2" -> "obj-o0":"place-o0-0":w
	edge [arrowsize=0.6 class="" color="#4d4d4d" constraint=true dir=forward headport=w penwidth=1 style=solid tailport=e]
	"anon-a0" -> "slot-1"
	"anon-a1" -> "slot-2"
	"obj-o0":"place-o0-0":e -> "slot-3"
}
"""


def source(w, before=None, theme="light"):
    return draw(scene(w, before), theme).source


def test_owners_pages_and_slots_are_nodes_and_ownership_is_edges():
    assert re.sub(r"\n\t+", "\n", source(THREE)) == re.sub(r"\n\t+", "\n", SOURCE)


def test_the_same_world_gives_the_same_text():
    assert source(THREE) == source(
        world(swap=8).anons(2, slot=1, flags="BUSY").aobj("o0", pages=1, slot=3, size=1)
    )


def test_a_hole_is_a_row_of_its_object_without_an_arrow():
    text = source(world().vnode("v0", pages=[0, 2], size=3))
    assert "<B>[1]</B><BR/>not in memory</TD>" in text
    assert re.findall(r'-> "obj-v0":"([\w-]+)"', text) == ["place-v0-0", "place-v0-2"]


def test_an_empty_world_is_three_empty_columns():
    assert [head in source(world()) for head in ("pages", "owners", "swap slots")] == [True] * 3


def test_pages_stand_in_the_order_of_their_owners():
    w = world().vnode("v0", pages=1).anons(1).free(1)
    assert '"head-pages" -> "page-p1" -> "page-p0" -> "page-p2"' in source(w)


def edges(text, change):
    """The edges that follow the defaults of this change."""
    blocks = text.split("\tedge [")[1:]
    return [
        line.strip()
        for block in blocks
        if block.startswith(f"arrowsize=0.6 class={change} ")
        for line in block.splitlines()[1:]
        if "->" in line
    ]


def test_arrows_that_are_no_more_are_dashed_and_new_ones_thick():
    after = THREE.anons(0)
    after.state.anons["a1"].swslot = 5
    text = source(after, THREE)
    assert edges(text, "was") == ['"anon-a1" -> "slot-2"']
    assert edges(text, "new") == ['"anon-a1" -> "slot-5"']
    assert len(edges(text, '""')) == 5
    was, new = (
        next(b for b in text.split("\tedge [") if f"class={c} " in b) for c in ("was", "new")
    )
    assert "style=dashed" in was.splitlines()[0]
    assert "penwidth=2.5" in new.splitlines()[0]
    assert "thick border: changed" in text


@pytest.mark.parametrize(("theme", "ground"), [("light", "#ffffff"), ("dark", "#1e1e1e")])
def test_a_theme_colours_all_of_it(theme, ground):
    text = source(THREE, theme=theme)
    assert f'bgcolor="{ground}"' in text
    assert ("#fbe3b0" in text) == (theme == "light")
