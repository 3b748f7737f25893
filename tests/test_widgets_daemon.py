"""The daemon lab without its form: what may be chosen, and the state that it makes."""

import pytest

from uvmlab.kernel import Slip
from uvmlab.widgets import Daemon
from uvmlab.widgets.daemon import KINDS, LABELS, MEANT, MOST, letters
from uvmlab.widgets.form import Wrong
from uvmlab.widgets.put import WAYS


def wrong(**typed):
    """Type something into a lab that has run; return what is said, and check that nothing changed."""
    lab = Daemon()
    lab.run()
    plan, outcome, text = lab.plan, lab.outcome, lab.text()
    with pytest.raises(Wrong) as said:
        lab.run(plan.written() | typed)
    assert (lab.plan, lab.outcome, lab.text()) == (plan, outcome, text)
    assert said.value.field == next(iter(typed))
    return str(said.value)


@pytest.mark.parametrize(
    ("field", "limits"),
    [
        ("free", "1 to 18"),
        ("swap", "0 to 64"),
        ("arena", "1 to 64"),
        ("rate", "0 to 100"),
        ("seed", "0 to 999999"),
    ],
)
@pytest.mark.parametrize("typed", ["", "abc", "-1", "1.5", "1e1", "9" * 5000, "²", "5 5", "none"])
def test_a_number_is_a_whole_one_within_its_limits(field, limits, typed):
    said = wrong(**{field: typed})
    assert said.startswith(f"{LABELS[field]}: a whole number from {limits}, not “")


@pytest.mark.parametrize("field", ["anons", "aobj", "file"])
@pytest.mark.parametrize("typed", ["X", "D?", "D.C", "<b>", "-1", "1.5", "é", "ß", "D D Q", "²"])
def test_a_page_is_in_a_state_that_there_is(field, typed):
    said = wrong(**{field: typed})
    assert said.startswith(f"{LABELS[field]}: no state “")
    assert said.endswith(f"”; legal: {MEANT}.")


@pytest.mark.parametrize("field", ["anons", "aobj", "file"])
@pytest.mark.parametrize("typed", ["33", "D" * 33, "16D17C", "9" * 5000, f"{'9' * 5000}D"])
def test_there_are_32_pages_of_a_kind_at_most(field, typed):
    assert wrong(**{field: typed}) == f"{LABELS[field]}: {MOST} pages at most."


def test_there_is_a_page_at_least():
    typed = {"anons": "none", "aobj": "", "file": "0"}
    assert wrong(**typed).startswith("There are no pages: ")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("none", ""),
        ("None", ""),
        ("", ""),
        (" ", ""),
        ("0", ""),
        ("0D", ""),
        ("3", "DDD"),
        ("32", "D" * 32),
        ("dctab", "DCTAB"),
        ("2d 3C t", "DDCCCT"),
        ("2 D1", "DDD"),
        ("007", "D" * 7),
    ],
)
def test_a_number_repeats_the_letter_after_it(typed, read):
    assert letters("anons", typed) == read


def test_clean_pages_of_swap_need_a_slot_each():
    assert wrong(swap="0") == (
        "Swap slots: 1 at least, for anon or aobj pages are clean only if their contents are in a slot."
    )
    state = Daemon(anons="CDC", aobj="DC", file="C", swap=3).plan.world().state
    assert [anon.swslot for anon in state.anons.values()] == [1, 0, 2]
    assert state.objects["o0"].swslots == {1: 3}
    assert state.allocated == (1, 2, 3)


def test_a_choice_is_one_of_those_that_there_are():
    assert wrong(sync="often") == f"{LABELS['sync']}: {' or '.join(WAYS.values())}, not “often”."
    assert wrong(slips="all of them").startswith("uvm_pager.c is: as intended or ")
    assert wrong(answers="OK MAYBE").startswith("The disk answers: no answer “MAYBE”")
    with pytest.raises(ValueError, match="no slips 64; legal: STRIDE, "):
        Daemon(slips=64)


@pytest.mark.parametrize("letter", [*KINDS])
def test_a_page_of_each_state_is_what_its_word_says(letter):
    state = Daemon(free=1, anons=letter, aobj="none", file="none").plan.world().state
    page, kind = state.pages["p0"], KINDS[letter]
    assert (page.flags, page.pqflags, page.referenced) == (
        kind.flags,
        (kind.queue, "ANON"),
        kind.referenced,
    )
    assert page.dirty is (kind.word != "clean")


def test_pages_belong_to_anons_an_aobj_and_a_file():
    state = Daemon(free=1, anons="2", aobj="2", file="2").plan.world().state
    assert [page.owner for page in state.pages.values()] == ["a0", "a1", "o0", "o0", "f0", "f0"]
    assert [page.index for page in state.pages.values()] == [0, 0, 0, 1, 0, 1]
    assert {name: each.pager for name, each in state.objects.items()} == {
        "o0": "aobj",
        "f0": "vnode",
    }
    assert Daemon(free=1, aobj="none", file="none").plan.world().state.objects == {}


def test_what_is_written_is_read_as_the_same():
    lab = Daemon(answers="again, ok", rate=5, seed=7, slips=Slip.STRIDE | Slip.AIO_LEAK, sync=True)
    assert lab.read(lab.plan.written()) == lab.plan
    assert lab.plan.answers == ("AGAIN", "OK")
    assert [*lab.plan.written()] == [field["name"] for field in lab.fields()]


def test_the_text_says_all_that_was_chosen():
    lab = Daemon(rate=5, seed=7, arena=20)
    assert str(lab.plan) in lab.text()
    for said in ("12 pages are to be free", "DDDDDTDDDDC", "20 pages in the pager map", "16 swap"):
        assert said in str(lab.plan)
    assert "then of 100 I/Os 5 fail; number that says which: 7" in str(lab.plan)
    assert lab.text().endswith("not run yet")


def test_the_same_seed_fails_the_same_ios():
    def answers(seed):
        lab = Daemon(free=1, file="AD" * 8, sync=True, answers="", rate=50, seed=seed)
        return [write.answer for write in lab.run(lab.plan.written() | {"free": "8"}).writes]

    assert answers(1) == answers(1)
    assert len({tuple(answers(seed)) for seed in range(4)}) > 1


def test_twelve_pages_are_to_be_free_or_all_if_there_are_fewer():
    assert Daemon().plan.free == 12
    assert Daemon(anons=2, aobj="none", file="C").plan.free == 3
