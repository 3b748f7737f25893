from uvmlab.draw import text
from uvmlab.worlds import world


def five():
    return (
        world(swap=8)
        .anons(2, slot=1, flags="BUSY")
        .aobj("o0", pages=1, slot=3)
        .vnode("v0", pages=[3])
        .free(1)
    )


def test_a_world_is_said_line_by_line():
    assert text(five()) == (
        "World: 5 pages, 2 anons, 2 objects, 3 of 8 slots allocated.\n"
        "\n"
        "anons: 2\n"
        "  a0: slot 1; p0: dirty, inactive, busy\n"
        "  a1: slot 2; p1: dirty, inactive, busy\n"
        "o0: aobj of 16 pages\n"
        "  [0]: slot 3; p2: dirty, inactive\n"
        "  [1] to [15]: not in memory, 15 pages\n"
        "v0: vnode of 16 pages\n"
        "  [0] to [2]: not in memory, 3 pages\n"
        "  [3]; p3: dirty, inactive\n"
        "  [4] to [15]: not in memory, 12 pages\n"
        "no owner: 1 page\n"
        "  p4: free\n"
        "swap slots: 8\n"
        "  1: a0\n"
        "  2: a1\n"
        "  3: o0[0]\n"
        "  4 to 8: free, 5 slots"
    )


def test_what_changed_is_marked_and_says_what_it_was():
    after = five().page("p0", flags="CLEAN")
    after.state.anons["a0"].swslot = 5
    after.state.locks_held = ("pageq",)
    said = text(after, five()).splitlines()
    assert said[1:3] == ["A line with a * has changed.", "locks held: pageq (new)"]
    assert [line for line in said if line.startswith(" *")] == [
        " *a0: slot 5 (was slot 1); p0: clean, inactive (was dirty, busy)",
        " *1: free (was a0)",
        " *5: a0 (was free)",
    ]


def test_an_empty_world_has_words_too():
    assert text(world()).startswith("World: 0 pages.")


def test_a_large_world_is_folded_in_words_as_in_its_picture():
    said = text(world(swap=1000).anons(1000, slot=1))
    assert "  984 more: to a999; 984 more: to p999, dirty, inactive" in said.splitlines()
    assert len(said.splitlines()) < 50
