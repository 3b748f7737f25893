"""What became of threads at the pager map, in words."""

import pytest

from tests.test_run_turns import A, B, C
from uvmlab.kernel import Slip
from uvmlab.run import world
from uvmlab.run.fates import Fates

AIO = "pagermapin p0 p1 p2 AIO; write 400; pagermapout"
ALL = "pagermapin p3 p4 p5 p6; write 700; pagermapout"


def fates(order="", slips=Slip.NONE, cpus=2, **programs):
    w = world().vnode("f", 9).arena(4)
    return Fates(w.machine(cpus=cpus, slips=slips).together(order, **programs))


def told(found, thread):
    return [deed.what for deed in found.of(thread)]


def test_who_maps_in_and_out_is_told_where():
    found = fates(A=A)
    assert [str(deed) for deed in found.deeds] == [
        "0 µs, A asks for room for p0, p1 and p2, and may sleep",
        "0 µs, A has p0, p1 and p2 mapped in, at pager map pages 0 to 2",
        "400 µs, A gives back pager map pages 0 to 2",
    ]
    assert [found.run.steps[deed.step].line for deed in found.deeds] == [140, 196, 217]
    assert [*found.ends()] == []


def test_who_sleeps_is_told_until_when_and_woken_by_whom():
    found = fates("B A A B", A=A, B=ALL)
    assert told(found, "A")[1:4] == [
        "finds no room for 3 pages in a row",
        "goes to sleep on pager_map",
        "goes on after 700 µs: B woke it",
    ]
    assert "wakes A" in told(found, "B")


def test_all_that_sleep_are_woken_and_the_slower_finds_no_room_again():
    found = fates("B A A C C B A", A=A, B=ALL, C=C.replace("p6", "p8"))
    assert "wakes A and C" in told(found, "B")
    assert told(found, "C").count("finds no room for 2 pages in a row") == 2
    assert [*found.ends()] == []


def test_a_wake_up_for_nobody_is_told_so():
    state = world().vnode("f", 9).arena(4).state
    state.pager_map_wanted = True
    found = Fates(type(world()).in_state(state).machine().together(A=A))
    assert told(found, "A")[-1] == "wakes none"


@pytest.mark.parametrize("waits", ["", " NOWAIT"])
def test_who_may_not_sleep_gives_up(waits):
    found = fates("B A", A=f"pagermapin p0{waits}; pagermapout", B=ALL)
    assert ("gives up: nothing is mapped in" in told(found, "A")) == bool(waits)
    assert ("may not sleep" in told(found, "A")[0]) == bool(waits)


def test_a_lost_wake_up_is_told_with_who_came_in_between():
    (end,) = fates("B A B A", A=A, B=B).ends()
    assert end == (
        "A sleeps for ever, since 400 µs. Its wake-up is lost: it looked and found no room (156); then B "
        "gave room back, saw nobody waiting (226), and woke nobody; only then did A say that it waits (165), "
        "and lie down."
    )


def test_two_that_hold_and_wait_have_no_room():
    found = fates(
        cpus=1,
        A="pagermapin p0 p1; write 9; pagermapin p2",
        B="pagermapin p3 p4; write 9; pagermapin p5",
    )
    assert [*found.ends()] == [
        f"{name} sleeps for ever, since 9 µs. There is no room for 1 page in a row, and nobody is left who "
        "makes any."
        for name in "AB"
    ]


def test_a_sleeper_for_whom_there_is_room_and_that_nobody_wakes_is_told_so():
    def pagermapout(k, kva, npages):
        k.unmap_remove(kva, npages)  # 224

    w = world().vnode("f", 9).arena(4)
    found = Fates(w.machine(pagermapout=pagermapout).together("B A", A=A, B=B))
    (end,) = found.ends()
    assert end.startswith("A sleeps for ever, since 0 µs. There is room for it by now, but nobody")


def test_as_written_a_descriptor_leaks_at_every_sleep():
    found = fates("B A A B", slips=Slip.AIO_LEAK, A=AIO, B=ALL)
    assert "gets another descriptor, aio1: nothing leads to aio0 now" in told(found, "A")
    (end,) = found.ends()
    assert end == (
        "aio0 is leaked: after a sleep the thread got another descriptor, and nothing leads to the old one "
        "any more (143-148)."
    )
    assert [*fates("B A A B", A=AIO, B=ALL).ends()] == []


def test_as_written_who_gives_up_keeps_a_pointer_to_a_freed_descriptor():
    program = "pagermapin p0 AIO NOWAIT"
    (end,) = fates("B A", slips=Slip.AIO_DANGLING, A=program, B=ALL).ends()
    assert end.startswith("A still has a pointer to aio0, which was freed at 160: ")
    assert [*fates("B A", A=program, B=ALL).ends()] == []


def test_the_threads_are_listed_in_the_order_in_which_they_ran():
    assert fates("B A B A", A=A, B=B).ran == ("B", "A", "B", "A")
