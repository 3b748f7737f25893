"""Why a cluster came out so: sentences that follow from the steps of its run."""

import pytest

from uvmlab.check import clusters
from uvmlab.kernel import PAGE_SIZE, SEVEN, Slip
from uvmlab.run import world

ACTIVE = {"queue": "ACTIVE"}


def build(center="p3", *, pages=6, options=None, world_of=None, **call):
    """Build a cluster around a page of f0; `world_of` changes the world first."""
    w = world().vnode("f0", pages=pages, window=8)
    w = world_of(w) if world_of else w
    return w.machine(**options or {}).mk_pcluster(center, **call)


def unruly(lo, hi):
    """Build around p3 with limits that a lab refuses, so they are set behind its back."""

    def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):
        return SEVEN["mk_pcluster"](k, uobj, cluster, center, 0, lo, hi)

    return build(options={"mk_pcluster": mk_pcluster})


def page(name="p4", **changes):
    """Build around p3 with one page changed."""
    call = {key: changes.pop(key) for key in [*changes] if key == "flags_of_call"}
    return build(
        world_of=lambda w: w.page(name, **changes), flags=call.get("flags_of_call", "ALLPAGES")
    )


def forward(run):
    return clusters.stopped(run).splitlines()[1]


def backward(run):
    return clusters.stopped(run).splitlines()[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"flags": "CLEAN"}, "that page is clean, so there is nothing to write (345)."),
        ({"flags": "BUSY"}, "that page is busy, somebody else has it (345)."),
        (ACTIVE, "and the caller does not want active pages (no DOACTCLUST) (334)."),
        ({"queue": ""}, "and the caller does not want active pages (no DOACTCLUST) (334)."),
    ],
)
def test_a_page_that_ends_the_cluster_is_told_with_its_line(changes, said):
    run = page(**changes)
    assert forward(run).startswith("Forward it stopped at p4: that page is ")
    assert forward(run).endswith(said)
    assert clusters.why_not(run, "p4").startswith("p4 ends the cluster: forward it stopped at p4")
    assert clusters.why_not(run, "p5").startswith("p5 was never looked at: forward it stopped")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"flags": "CLEAN"}, "the pmap was asked, and says that it was not written (345)."),
        ({"flags": "CLEAN CLEANCHK"}, "the pmap was not asked again (336) (345)."),
        (
            {"flags": "CLEAN CLEANCHK", "modified": True},
            "CLEANCHK is only a hint, and here it is stale (345).",
        ),
    ],
)
def test_of_an_active_page_that_is_clean_it_is_told_who_said_so(changes, said):
    run = page(**changes, **ACTIVE, flags_of_call="ALLPAGES DOACTCLUST")
    assert forward(run).endswith(said)


def test_an_active_page_that_was_written_is_taken_and_its_bits_are_told():
    run = page(flags="CLEAN", modified=True, **ACTIVE, flags_of_call="ALLPAGES DOACTCLUST")
    said = clusters.built(run)
    assert (
        "the cluster is p0, p1, p2, p3, p4 and p5, 6 pages: the center p3, 3 before" in said.lower()
    )
    assert "p4 had been written without anybody saying so" in said
    assert "CLEAN was taken away (339)." in said
    assert said.endswith("p4 got CLEANCHK (340): whoever comes next need not ask the pmap.")


def test_what_is_done_to_the_neighbours_is_told_with_its_lines():
    said = clusters.built(build(pages=[2, 3], center="p1"))
    assert said == (
        "The cluster is p0 and p1, 2 pages: the center p1, 1 before it and 0 after it. "
        "p0 became busy (347). p0 may only be read now (350): nobody is to write to a page that is on "
        "its way to the disk."
    )


def test_a_page_that_is_not_in_memory_ends_the_cluster():
    run = build()
    assert forward(run) == (
        "Forward it stopped at page 6: that page is not in memory, so there is nothing to write (329)."
    )


@pytest.mark.parametrize(
    ("pages", "center", "call", "said"),
    [
        (16, "p9", {}, "Backward it stopped before page 8: the pager's window of 8 pages begins"),
        (16, "p3", {}, "Forward it stopped after page 7: the pager's window of 8 pages ends there"),
        (16, "p9", {}, "Forward it stopped after page 15: the object ends there (324)."),
        (16, "p5", {"lo": 4, "hi": 6}, "before page 4: the caller's range begins there (324)."),
        (16, "p5", {"lo": 4, "hi": 6}, "after page 5: the caller's range ends there (324)."),
    ],
)
def test_a_limit_is_told_by_whose_it_is(pages, center, call, said):
    limits = {name: number * PAGE_SIZE for name, number in call.items()}
    run = build(center, pages=pages, flags="" if call else "ALLPAGES", **limits)
    assert said in clusters.stopped(run)


def test_a_window_that_goes_forward_takes_nothing_before_the_center():
    run = world().vnode("f0", pages=6, cluster="forward").machine().mk_pcluster("p3")
    assert "this pager's window goes forward from the center" in backward(run)
    assert clusters.why_not(run, "p2").startswith("p2 was never looked at: backward")


def test_one_page_before_offset_0_is_a_large_number_and_no_limit():
    run = build("p0")
    assert backward(run).startswith(
        "Backward it stopped before page 0: one page less than offset 0 is"
    )
    assert "4294963200, because an offset has no sign" in backward(run)
    assert backward(run).endswith("but no page lies there (329).")


def test_the_slip_of_the_stride_is_named_once_for_both_ends():
    run = build(options={"slips": Slip.STRIDE})
    assert "Backward it stopped at offset 1: no page begins there" in backward(run)
    assert forward(run).endswith("multiples of 4096 (329).")
    assert clusters.stopped(run).count("the slip of lines 323 and 325") == 1
    assert clusters.stopped(run).endswith("the answer is 1 or -1.")
    assert clusters.why_not(run, "p2").endswith("the answer is 1 or -1.")
    assert clusters.built(run) == "The cluster is p3 alone."


def test_the_slip_may_end_at_a_limit_too():
    call = {"flags": "", "lo": 2 * PAGE_SIZE}
    run = build(options={"slips": Slip.STRIDE}, **call)
    assert "at offset 1, which is not within the range; no page begins there" in backward(run)
    assert backward(run).endswith("multiples of 4096 (324).")
    assert clusters.stopped(run).endswith("the answer is 1 or -1.")


def test_an_array_that_is_too_small_takes_the_center_alone():
    run = build(npages=2)
    said = clusters.stopped(run)
    assert said.startswith(
        "The range has 8 pages, and the caller's array has room for 2: the cluster"
    )
    assert said.endswith("(292).")
    assert clusters.why_not(run, "p4") == f"p4 was never looked at. {said}"
    assert clusters.built(run) == "The cluster is p3 alone."


def test_a_range_upside_down_is_too_large_for_any_array():
    run = unruly(5 * PAGE_SIZE, 4 * PAGE_SIZE)
    assert "(hi is below lo, and the difference has no sign)" in clusters.stopped(run)


def test_a_panic_is_told():
    run = unruly(4 * PAGE_SIZE, 6 * PAGE_SIZE)
    assert clusters.stopped(run) == "It ended in a panic: mk_pcluster: center outside the cluster."
    assert clusters.built(run) == "There is no cluster: mk_pcluster: center outside the cluster."
    assert clusters.why_not(run, "p4") == "p4 is in no cluster: there is none."


def test_a_page_of_the_cluster_is_said_to_be_in_it():
    assert clusters.why_not(build(), "p3") == "p3 is in the cluster."


def test_a_page_of_another_owner_is_never_in_the_cluster():
    run = build(world_of=lambda w: w.anons(1))
    assert clusters.why_not(run, "p6").startswith("p6 is no page of f0")


def test_a_page_that_is_not_there_gets_the_legal_ones():
    with pytest.raises(KeyError, match="no page 'p9'; legal: p0, p1"):
        clusters.why_not(build(), "p9")
    with pytest.raises(KeyError, match="legal: there is none"):
        clusters.why_not(world().machine().finish(), "p0")


@pytest.mark.parametrize("answer", ["OK", "ERROR"])
def test_of_a_put_it_is_the_cluster_before_the_first_io(answer):
    w = world().vnode("f0", pages=4).disk(answer)
    run = w.machine().pager_put(pg="p1", flags="SYNCIO PDFREECLUST")
    assert clusters.cluster(run) == ["p0", "p1", "p2", "p3"]
    assert "p0, p2 and p3 became busy (347)." in clusters.built(run)
    assert "at page 4: that page is not in memory" in clusters.stopped(run)


def test_a_put_that_asks_no_pager_has_no_walk():
    run = world(swap=8).anons(2, slot=1).machine().pager_put("p0 p1", flags="SYNCIO")
    assert clusters.stopped(run) == "The pager was never asked for a range (285), so no walk began."
    assert clusters.why_not(run, "p0") == "p0 is in the cluster."
    assert clusters.built(run).startswith("The cluster is p0 and p1, 2 pages.")


def mine(body):
    """Make a learner's function that asks the pager, and then does `body(k, uobj, cluster, center)`."""

    def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):
        k.pgo_cluster(uobj, center.offset)
        k.plug(cluster, 0, center)
        k.store(cluster, "npages", 1)
        body(k, uobj, cluster, center)
        return cluster

    return {"mk_pcluster": mk_pcluster}


def test_a_function_that_notes_nothing_is_said_to():
    run = build(options=mine(lambda *_: None))
    assert clusters.stopped(run).splitlines() == [
        f"{way}: no note of the run says why it stopped." for way in ("Backward", "Forward")
    ]
    assert (
        clusters.why_not(run, "p4") == "p4 is not in the cluster, and no note of the run says why."
    )


def test_one_note_is_told_on_the_side_where_it_was_made():
    run = build(options=mine(lambda k, uobj, *_: k.note("busy", uobj.memq[4 * PAGE_SIZE])))
    assert backward(run) == "Backward: no note of the run says why it stopped."
    assert forward(run) == "Forward it stopped at p4: that page is busy, somebody else has it."


@pytest.mark.parametrize("args", [(), ("p9",), (None,), (7.5,)])
@pytest.mark.parametrize("reason", ["limit", "no page", "active"])
def test_a_note_that_tells_no_place_is_quoted(reason, args):
    run = build(options=mine(lambda k, *_: k.note(reason, *args)))
    assert backward(run) == f"Backward it stopped with the note “{reason}”."


def test_an_offset_between_pages_is_no_slip_of_the_file_where_that_is_mended():
    run = build(options=mine(lambda k, *_: k.note("no page", 7)))
    assert backward(run) == (
        "Backward it stopped at offset 7: no page begins there, for pages begin at multiples of 4096."
    )


def test_without_a_question_to_the_pager_there_is_no_cluster():
    def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):
        return cluster

    assert clusters.built(build(options={"mk_pcluster": mk_pcluster})) == "There is no cluster."


def test_an_array_said_to_be_small_without_numbers_is_taken_at_its_word():
    run = build(options=mine(lambda k, *_: k.note("array too small")))
    assert clusters.stopped(run) == "The array is too small for the range."


def test_a_run_from_a_file_says_the_same(tmp_path):
    run = page(flags="CLEAN")
    run.save(tmp_path / "run.json")
    again = type(run).load(tmp_path / "run.json")
    assert clusters.stopped(again) == clusters.stopped(run)
    assert clusters.built(again) == clusters.built(run)
