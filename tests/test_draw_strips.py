from uvmlab.draw.scene import Part, scene
from uvmlab.draw.strips import MOST, STRIPS, Fold, Strip, strips
from uvmlab.worlds import world


def columns_of(w, before=None):
    return {strip.head.id: strip.columns for strip in strips(scene(w, before))}


def names(columns):
    return [tuple(part.name for part in column.parts) for column in columns]


def test_each_owner_is_a_strip_and_a_page_stands_above_its_place():
    found = columns_of(world(swap=4).anons(1, slot=2).vnode("v0", pages=[0, 3]).free(1))
    assert names(found["anons"]) == [("p0", "a0")]
    assert names(found["obj-v0"]) == [
        *(("p1", "[0]"), ("[1]",), ("[2]",), ("p2", "[3]"), ("[4] to [15]",)),
    ]
    assert names(found["loose"]) == [("p3",)]
    assert names(found["slots"]) == [("1",), ("2",), ("3",), ("4",)]


def test_what_is_not_there_has_no_strip():
    assert columns_of(world()) == {}
    assert columns_of(world().vnode("v0", size=65)) == {"obj-v0": []}


def test_a_place_without_a_page_has_nothing_above_it():
    w = world(swap=4).anons(1, slot=2)
    w.state.pages.clear()
    (column,) = columns_of(w)["anons"]
    assert column.top is None


def test_up_to_512_columns_are_shown_one_by_one():
    found = columns_of(world().anons(MOST))
    assert len(found["anons"]) == MOST


def test_beyond_that_a_row_of_like_columns_is_kept_and_the_rest_folded():
    found = columns_of(world(swap=2000).anons(600, slot=1, flags="BUSY"))
    *kept, fold = found["anons"]
    assert len(kept) == 16
    assert (fold.top.id, fold.top.name, fold.top.n) == ("more-page-p16", "584 more", 584)
    assert fold.top.words == ("to p599", "dirty", "inactive", "busy")
    assert fold.bottom.words == ("to a599",)
    assert [part.name for column in found["slots"][15:] for part in column.parts] == [
        *("16", "584 more", "601 to 2000"),
    ]
    assert found["slots"][16].top.words == ("to 600", "allocated")


def test_one_column_more_than_a_row_is_not_worth_folding():
    found = columns_of(world().anons(600).vnode("v0", pages=17))
    assert names(found["obj-v0"])[-1] == ("p616", "[16]")


def test_what_changed_is_never_folded():
    before = world().anons(600)
    found = columns_of(before.page("p300", flags="BUSY"), before)
    assert [column.top.name for column in found["anons"]] == [
        *(f"p{i}" for i in range(16)),
        *("284 more", "p300"),
        *(f"p{i}" for i in range(301, 317)),
        "283 more",
    ]


def test_when_no_two_neighbours_are_alike_the_end_is_cut_and_counted():
    w = world().anons(900)
    for i in range(0, 900, 2):
        w.state.pages[f"p{i}"].flags = ("CLEAN",)
    w.state.pages["p899"].prot = "READ"
    columns = columns_of(w)["anons"]
    assert len(columns) == MOST
    assert columns[-1].top.name == "389 more"
    assert columns[-1].top.words == (
        "to p899",
        "inactive",
        "194 clean",
        "195 dirty",
        "1 write-protected",
    )
    assert columns[-1].top.states == ("folded", "inactive")


def test_a_short_strip_is_not_cut_for_a_long_one():
    w = world().anons(900).vnode("v0", pages=10, size=10)
    for i in range(0, 900, 2):
        w.state.pages[f"p{i}"].flags = ("CLEAN",)
    found = columns_of(w)
    assert len(found["obj-v0"]) == 10
    assert len(found["anons"]) <= MOST


def test_a_fold_over_places_without_pages_has_nothing_above():
    w = world(swap=1000).anons(600, slot=1)
    w.state.pages.clear()
    fold = columns_of(w)["anons"][-1]
    assert fold.top is None
    assert fold.bottom.words == ("to a599", "no page")


def test_a_fold_with_holes_in_it_counts_them():
    w = world().vnode("v0", pages=[*range(0, 1200, 2), 1299], size=2000)
    fold = columns_of(w)["obj-v0"][-1]
    assert fold.top.words == ("to p600", "dirty", "inactive")
    assert fold.bottom.words == ("to [1299]", "444 not in memory")


def test_a_fold_follows_when_one_of_its_parts_changes():
    parts = [column.top for column in columns_of(world().anons(3))["anons"]]
    busy = columns_of(world().anons(3).page("p1", flags="BUSY"))["anons"][1].top
    fold = Fold(parts)
    fold.change(parts[1], busy)
    assert fold.part == Fold([parts[0], busy, parts[2]]).part
    assert fold.part.words == ("to p2", "dirty", "inactive", "1 busy")
    fold.change(busy, parts[1])
    assert fold.part == Fold(parts).part


def many_objects(n, pages):
    w = world()
    for i in range(n):
        w = w.vnode(f"v{i}", pages=pages)
    return w


def test_objects_beyond_the_64th_share_a_strip():
    *kept, last = strips(scene(many_objects(STRIPS + 3, 1)))
    assert len(kept) == STRIPS
    assert (last.head.name, last.head.words) == ("3 more objects", ("v64 to v66",))
    assert last.columns[0].top.name == "3 more"


def test_objects_beyond_the_64th_may_have_no_pages_at_all():
    w = many_objects(STRIPS + 1, 0)
    for uobj in w.state.objects.values():
        uobj.size = 65
    assert strips(scene(w))[-1] == Strip(
        Part("objects", "1 more object", ("object",), ("v64 to v64",)), []
    )


def test_a_fold_may_end_in_a_fold_and_in_a_run_of_free_slots():
    w = world(swap=2000).anons(900, slot=1)
    w.state.swap_allocated = tuple(range(1, 1800, 2))
    w.state.pages.clear()
    found = columns_of(w)
    last = found["slots"][-1].top
    assert last.words[0] == "to 2000"
    assert last.n == 2000 - (len(found["slots"]) - 1)
    w = world().anons(1200)
    for i in range(0, 900, 2):
        w.state.pages[f"p{i}"].flags = ("CLEAN",)
    assert columns_of(w)["anons"][-1].top.words == (
        "to p1199",
        "inactive",
        "194 clean",
        "495 dirty",
    )
