"""The kernel's words and their values of 1998."""

import pytest

from uvmlab.kernel import PG, PGO, PQ, PagerResult, Panic, Prot, Slip
from uvmlab.kernel.flags import member, value, words
from uvmlab.kernel.panic import deref, null
from uvmlab.kernel.slips import neighbour

VALUES = {
    PG: "CLEAN 8 BUSY 0x10 WANTED 0x20 TABLED 0x40 FAKE 0x200 RELEASED 0x1000 CLEANCHK 0x4000",
    PQ: "FREE 1 INACTIVE 2 ACTIVE 4 ANON 0x10 AOBJ 0x20",
    PGO: "SYNCIO 2 ALLPAGES 0x10 DOACTCLUST 0x20 PDFREECLUST 0x80 REALLOCSWAP 0x100",
    PagerResult: "OK 0 BAD 1 FAIL 2 PEND 3 ERROR 4 AGAIN 5",
    Prot: "NONE 0 READ 1 ALL 7",
}


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_the_words_have_the_values_of_1998(kind):
    said = VALUES[kind].split()
    wanted = dict(zip(said[::2], (int(number, 0) for number in said[1::2]), strict=True))
    assert {name: each.value for name, each in kind.__members__.items()} == wanted


def test_words_and_value_go_from_one_to_the_other():
    assert words(PG, 0x1018) == ["CLEAN", "BUSY", "RELEASED"]
    assert words(PG, 0) == []
    for names in ("BUSY CLEAN", "BUSY|CLEAN", "BUSY, CLEAN", ["BUSY", "CLEAN"], ("CLEAN", "BUSY")):
        assert value(PG, names) == 0x18
        assert type(value(PG, names)) is int
    assert value(PG, "") == 0


@pytest.mark.parametrize(
    ("kind", "name", "legal"),
    [
        (PG, "RED", "CLEAN, BUSY, WANTED, TABLED, FAKE, RELEASED, CLEANCHK"),
        (Prot, "read", "NONE, READ, ALL"),
    ],
)
def test_an_unknown_word_gets_the_legal_ones(kind, name, legal):
    with pytest.raises(ValueError, match=f"^'{name}' is no {kind.__name__} word; legal: {legal}$"):
        member(kind, name)


def test_there_are_six_slips():
    assert words(Slip, Slip.ALL) == [
        "STRIDE",
        "WRONG_PAGE",
        "HELD_ANON_LOCK",
        "USE_AFTER_RELEASE",
        "AIO_LEAK",
        "AIO_DANGLING",
    ]
    assert Slip.NONE == 0


@pytest.mark.parametrize(
    ("slips", "offset", "forward", "found"),
    [
        (0, 8192, 0, 4096),
        (0, 8192, 1, 12288),
        (0, 0, 0, 4294963200),
        (Slip.STRIDE, 8192, 0, 1),
        (Slip.STRIDE, 8192, 1, 1),
        (Slip.STRIDE, 0, 1, 1),
        (Slip.STRIDE, 0, 0, 4294967295),
    ],
)
def test_the_neighbour_is_a_page_on_or_what_the_slip_makes_of_it(slips, offset, forward, found):
    assert neighbour(slips, offset, forward) == found


def test_an_answer_is_printed_by_its_name():
    assert [str(answer) for answer in PagerResult] == [
        "OK",
        "BAD",
        "FAIL",
        "PEND",
        "ERROR",
        "AGAIN",
    ]
    assert f"{PagerResult.PEND:d}" == "3"


def test_following_a_null_pointer_panics():
    assert deref(0) == 0
    with pytest.raises(Panic, match="^null dereference$"):
        deref(None)
    with pytest.raises(Panic, match="^null dereference$"):
        null()
