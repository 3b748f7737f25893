"""What threads are to do with the pager map, read and done."""

import pytest

from uvmlab.kernel import Slip
from uvmlab.run import world
from uvmlab.run.programs import MOST_COMMANDS, pages_of, program, read, written


def machine(**options):
    return world().vnode("f", 8).arena(4).machine(**options)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("pagermapin p0 p1", "pagermapin p0 p1"),
        (" PagerMapIn p0  aio nowait ;; write 1;pagermapout;", "pagermapin p0 NOWAIT AIO; write 1; pagermapout"),
        ("pagermapin p0; pagermapin p1; pagermapout; pagermapout", None),
        ("pagermapin p0; write 1000000", None),
        ("", ""),
    ],
)  # fmt: skip
def test_a_program_reads_as_it_is_written(text, read_as):
    assert written(program(text)) == (text if read_as is None else read_as)
    assert program(written(program(text))) == program(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("map p0", "no command 'map'; legal: pagermapin with pages, NOWAIT, AIO; write with µs"),
        ("x" * 999, f"no command {'x' * 40!r}; legal"),
        ("pagermapin", "pagermapin: name the pages to map in"),
        ("pagermapin nowait", "pagermapin: name the pages to map in"),
        ("pagermapin p0 p1 p0", "pagermapin: a page is named twice: p0 p1 p0"),
        ("write 1", "write: there is nothing mapped in by then"),
        ("pagermapin p0; pagermapout; pagermapout", "pagermapout: there is nothing mapped in"),
        ("pagermapin p0; pagermapout 0", "pagermapout stands alone"),
        ("pagermapin p0;" * (MOST_COMMANDS + 1), "20 commands are enough, and these are 21"),
        *(
            (f"pagermapin p0; write {us}", "write: 1 to 1000000 µs, not ")
            for us in ("", "0", "-1", "1.5", "²", "1 2", "1000001", "9" * 5000)
        ),
    ],
)
def test_a_program_that_is_none_is_refused_with_what_is_legal(text, said):
    with pytest.raises(ValueError, match=f"^{said}"):
        program(text)


def test_programs_are_texts_and_the_thread_is_named():
    with pytest.raises(TypeError, match="^B: a program is a text, not None; legal: pagermapin"):
        read({"A": "", "B": None})
    with pytest.raises(ValueError, match="^B: no command 'map'"):
        read({"A": "", "B": "map"})
    with pytest.raises(ValueError, match="^name a thread at least"):
        read({})


def test_a_page_is_busy_for_one_thread():
    assert pages_of(read({"A": "pagermapin p1 p0; pagermapin p1", "B": "pagermapin p2"})) == [
        "p1",
        "p0",
        "p2",
    ]
    with pytest.raises(ValueError, match="^p0 is busy for A, so B cannot have it, too$"):
        read({"A": "pagermapin p0", "B": "pagermapin p1 p0"})


def test_what_was_mapped_in_last_is_mapped_out_first():
    run = machine().together(A="pagermapin p0; pagermapin p1 p2; pagermapout; pagermapout")
    assert [step.args for step in run.events if step.kind == "unmap_remove"] == [(1, 2), (0, 1)]
    assert run.after.state.pager_map_used == ()


def test_a_write_takes_its_time_and_needs_no_simple_lock():
    run = machine().together(A="pagermapin p0; write 400; pagermapout")
    assert run.took == 400


def test_who_gets_no_room_and_may_not_sleep_gives_up_there():
    m = machine()
    run = m.together(A="pagermapin p0 p1 p2 p3; write 9", B="pagermapin p4 NOWAIT; pagermapout")
    assert [step.kind for step, thread in zip(run.steps, run.threads, strict=True) if thread == "B"] == [
        "note",
        "uvm_map",
        "note",
    ]  # fmt: skip
    assert m.kernel.check() == []


@pytest.mark.parametrize(("slips", "left"), [(Slip.NONE, []), (Slip.AIO_LEAK, ["aio0"])])
def test_a_descriptor_is_freed_when_its_pages_are_mapped_out(slips, left):
    m = machine(slips=slips)
    m.together(
        "B A",
        A="pagermapin p0 AIO; pagermapout",
        B="pagermapin p4 p5 p6 p7; write 400; pagermapout",
    )
    assert [aio.name for aio in m.kernel.aio.live] == left
    assert m.kernel.aio.pointers == {}
    assert [broken.rule for broken in m.kernel.check()] == [
        "no live descriptor without a request"
    ] * len(left)


def test_a_function_of_one_s_own_that_returns_no_address_maps_nothing_in():
    def pagermapin(k, pps, aiop, waitf):
        yield from ()
        return "here"

    m = machine(pagermapin=pagermapin)
    run = m.together(A="pagermapin p0; pagermapout")
    assert run.events == ()
    assert m.kernel.pager_map.live == {}
