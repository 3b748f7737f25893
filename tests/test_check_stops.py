"""Why a walk ended, on which side, and at which line."""

from uvmlab.check.stops import asked_of, because, stops, too_small
from uvmlab.kernel import PAGE_SIZE
from uvmlab.run import world


def build(mk_pcluster=None):
    """Build around p3 of six pages, of which p1 is clean; with a function of one's own, if there is one."""
    w = world().vnode("f0", pages=6, size=8, window=8).page("p1", flags="CLEAN")
    options = {"mk_pcluster": mk_pcluster} if mk_pcluster else {}
    return w.machine(**options).mk_pcluster("p3")


def noting(*reason):
    def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):
        k.note(*reason)
        return cluster

    return build(mk_pcluster)


def test_each_end_has_its_reason_its_place_and_its_line():
    found = stops(build())
    assert {way: (stop.reason, stop.what, stop.step.line) for way, stop in found.items()} == {
        "backward": ("clean", "p1", 345),
        "forward": ("no page", 6 * PAGE_SIZE, 329),
    }


def test_what_the_pager_was_asked_is_told_in_bytes():
    run = build()
    assert asked_of(run) == ("f0", 3 * PAGE_SIZE, 0, 8 * PAGE_SIZE)
    ends = [because(run, asked_of(run), way, stop) for way, stop in stops(run).items()]
    assert ends == [
        "at p1: that page is clean, so there is nothing to write (345).",
        "at page 6: that page is not in memory, so there is nothing to write (329).",
    ]


def test_a_note_before_the_pager_was_asked_is_told_by_its_order():
    run = noting("limit", 0)
    assert asked_of(run) is None
    assert [*stops(run)] == ["backward"]


def test_a_line_is_told_only_where_there_is_one():
    assert too_small(noting("array too small")) == "The array is too small for the range."
    assert too_small(build()) == ""
