from uvmlab.draw.graphs import begin, caption
from uvmlab.draw.scene import Scene, scene
from uvmlab.worlds import world


def test_a_graph_says_what_world_it_shows_and_no_address():
    made = begin(scene(world().anons(2)), "light", "", graph={}, node={})
    assert repr(made) == "<graph of a world: 2 pages, 2 anons>"
    assert made.source.startswith("// world: 2 pages, 2 anons")


def test_a_graph_begins_in_the_colours_of_its_theme():
    made = begin(Scene("world"), "dark", "", graph={"ranksep": "2"}, node={"shape": "box"})
    assert (made.graph_attr["bgcolor"], made.graph_attr["ranksep"]) == ("#1e1e1e", "2")
    assert (made.node_attr["fontcolor"], made.node_attr["shape"]) == ("#f2f2f2", "box")


def test_the_caption_explains_a_comparison_only():
    assert caption(Scene("world: 1 page", notes=["a & b"]), "key") == (
        '<world: 1 page<BR ALIGN="LEFT"/>a &amp; b<BR ALIGN="LEFT"/>>'
    )
    assert 'key<BR ALIGN="LEFT"/>>' in caption(Scene("world", compared=True), "key")
