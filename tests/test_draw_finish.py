from xml.etree import ElementTree as ET

import pytest

from uvmlab.draw import graph, svg
from uvmlab.draw.finish import finish
from uvmlab.draw.render import render
from uvmlab.worlds import world

NS = {"s": "http://www.w3.org/2000/svg"}
WORLD = world(swap=8).anons(2, slot=1, flags="BUSY").aobj("o0", pages=1, slot=3)
IDS = {
    *("page-p0", "page-p1", "page-p2", "anon-a0", "anon-a1", "obj-o0", "place-o0-0"),
    *("slot-1", "slot-2", "slot-3", "slots-4-8"),
}


def tree(text):
    return ET.fromstring(text)


def plain(element):
    return element.tag.partition("}")[2]


def by_id(root):
    return {group.get("id"): group for group in root.iterfind(".//s:g[@id]", NS)}


@pytest.fixture(scope="module", params=[False, True], ids=["graph", "strips"])
def root(request):
    return tree(svg(WORLD, strips=request.param))


def test_each_cell_is_a_group_with_its_id_and_the_classes_of_its_state(root):
    cells = by_id(root)
    assert cells.keys() >= IDS
    assert cells["page-p0"].get("class") == "cell dirty inactive busy"
    assert cells["slots-4-8"].get("class") == "cell free"


def test_a_cell_holds_a_title_a_box_and_centred_lines_and_no_link(root):
    assert root.findall(".//s:a", NS) == []
    for id_ in IDS:
        title, box, *lines = by_id(root)[id_]
        assert [plain(title), plain(box), *map(plain, lines)] == ["title", "rect"] + ["text"] * len(
            lines
        )
        assert lines[0].get("class") == "name"
        x, y, width, height = (float(box.get(key)) for key in ("x", "y", "width", "height"))
        middles = [float(line.get("x")) for line in lines]
        assert middles == [pytest.approx(x + width / 2, abs=0.11)] * len(lines)
        assert all(y < float(line.get("y")) < y + height for line in lines)


def test_the_title_of_a_cell_says_it_in_words(root):
    assert by_id(root)["page-p0"][0].text == "p0: dirty, inactive, busy"
    assert by_id(root)["anon-a1"][0].text == "a1: slot 2"


def test_no_id_is_there_twice(root):
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_colours_come_from_the_style_alone(root):
    assert not [e.tag for e in root.iter() if e.get("fill") or e.get("stroke") or e.get("style")]
    assert ".dirty>rect{fill:#fbe3b0" in root.findtext("s:style", namespaces=NS)


def test_the_picture_says_what_it_is(root):
    assert root.findtext("s:title", namespaces=NS) == (
        "world: 3 pages, 2 anons, 1 object, 3 of 8 slots allocated"
    )
    assert "a0: slot 1; p0: dirty, inactive, busy" in root.findtext("s:desc", namespaces=NS)


def test_the_ground_is_opaque_and_covers_all_of_it(root):
    ground = root.find("s:rect[@class='ground']", NS)
    box = [float(number) for number in root.get("viewBox").split()]
    assert [float(ground.get(key)) for key in ("x", "y", "width", "height")] == box
    assert int(root.get("width")) == round(box[2] * 4 / 3)
    assert int(root.get("height")) == round(box[3] * 4 / 3)


def test_arrows_are_kept_as_lines_and_heads():
    arrows = tree(svg(WORLD)).findall(".//s:g[@class='edge']", NS)
    assert len(arrows) == 6
    assert [list(map(plain, arrow)) for arrow in arrows] == [["path", "polygon"]] * 6


def test_text_cannot_break_out():
    drawn = render(graph(world().vnode("<v & 0>", pages=1)).source)
    made = finish(drawn, title="a < b", desc="c & d")
    root = tree(made)
    assert root.findtext("s:title", namespaces=NS) == "a < b"
    assert root.findtext("s:desc", namespaces=NS) == "c & d"
    assert "<v & 0>" in [text.text for text in root.iterfind(".//s:text", NS)]


def test_a_theme_lays_its_ground():
    made = finish(render(graph(WORLD).source), title="", desc="", theme="dark")
    assert ".ground{fill:#1e1e1e}" in made


@pytest.mark.parametrize("name", ["o:0", 'o"0', "o\\N", "ö", "a b", "<o>", "o&0", "--", "'"])
@pytest.mark.parametrize("strips", [False, True])
def test_any_name_can_be_drawn(name, strips):
    root = tree(svg(world(swap=2).aobj(name, pages=1, slot=1), strips=strips))
    said = by_id(root)["slot-1"][0].text
    assert said == f"1: {name}[0]"
    assert len([g for g in by_id(root) if g.startswith("place-")]) == 1
