"""The cluster lab without its form: what may be chosen, and what comes of it."""

from contextlib import suppress

import pytest

from uvmlab.draw.styles import STYLES
from uvmlab.kernel import Slip
from uvmlab.widgets import Clustering
from uvmlab.widgets.cluster import LABELS
from uvmlab.widgets.daemon import KINDS as DAEMONS
from uvmlab.widgets.form import Wrong
from uvmlab.widgets.strip import ABSENT, ACTIVES, CLUSTERS, CODES, KINDS, RANGES, YOURS

ACTIVE = "taken too (DOACTCLUST)"
ONLY = RANGES[False]


def wrong(lab=None, **typed):
    """Type something into a lab that has built; return what is said, and check that nothing changed."""
    lab = lab or Clustering()
    lab.run()
    call, outcome, text = lab.plan, lab.outcome, lab.text()
    with pytest.raises(Wrong) as said:
        lab.run(call.written() | typed)
    assert (lab.plan, lab.outcome, lab.text()) == (call, outcome, text)
    assert said.value.field in typed
    return str(said.value)


def built(pages, center, **more):
    return Clustering(pages=pages, center=center, **more).run()


@pytest.mark.parametrize("letter", [*KINDS])
def test_a_page_of_each_state_is_what_its_words_say(letter):
    kind = KINDS[letter]
    state = Clustering(pages=f"D{letter}", center=0).plan.world().state
    assert ("p1" in state.pages) is (letter != ABSENT) is (kind.means != "not in memory")
    if letter != ABSENT:
        page = state.pages["p1"]
        assert (page.flags, page.pqflags, page.modified) == (
            kind.flags,
            (kind.queue,),
            kind.modified,
        )
        assert kind.queue.lower() in kind.means.split(", ")
        assert ("BUSY" in page.flags) is ("busy" in kind.means)
        assert page.dirty is ("dirty" in kind.means)


def test_states_have_letters_and_words_of_their_own():
    assert all(len(letter) == 1 and letter == letter.upper() for letter in KINDS)
    assert len({kind.word for kind in KINDS.values()}) == len(KINDS)
    assert len({kind[2:] for kind in KINDS.values()}) == len(KINDS) - 1  # absent has no flags


def test_a_letter_means_the_same_in_both_labs_and_in_the_pictures():
    drawn = {style.letter: style.words for style in STYLES.values() if style.letter}
    meant = {letter: kind.word for letter, kind in KINDS.items()}
    assert {letter: meant[letter] for letter in meant.keys() & drawn.keys() - {ABSENT}} == {
        letter: drawn[letter] for letter in "DCABM"
    }
    assert drawn[ABSENT] == KINDS[ABSENT].means
    assert {letter: kind.word for letter, kind in DAEMONS.items() if letter in meant} == {
        letter: meant[letter] for letter in "DCAB"
    }
    assert not (DAEMONS.keys() - meant.keys()) & drawn.keys()


@pytest.mark.parametrize(
    ("letter", "active", "taken", "said"),
    [
        ("D", False, True, "the object ends there"),
        ("C", False, False, "clean, so there is nothing to write (345)"),
        ("B", False, False, "somebody else has it (345)"),
        (".", False, False, "not in memory, so there is nothing to write (329)"),
        ("A", False, False, "does not want active pages (no DOACTCLUST) (334)"),
        ("A", True, True, "the object ends there"),
        ("M", True, True, "the object ends there"),
        ("Q", True, False, "the pmap was asked, and says that it was not written (345)"),
        ("K", True, False, "the pmap was not asked again (336) (345)"),
        ("L", True, False, "here it is stale (345)"),
    ],
)
def test_a_neighbour_of_each_state_goes_along_or_ends_the_cluster(letter, active, taken, said):
    outcome = built(f"D{letter}", 0, flags="ALLPAGES DOACTCLUST" if active else "ALLPAGES")
    assert ("p1" in outcome.pages) is taken
    assert said in outcome.stopped.splitlines()[1]


@pytest.mark.parametrize("typed", ["", " ", "D" * 33])
def test_a_strip_has_1_to_32_pages(typed):
    assert wrong(pages=typed).startswith("Pages of the file: 1 to 32 letters, not ")


@pytest.mark.parametrize("typed", ["DX", "1", "D-D", "<b>", "ß", "ſ", "²", "D" * 9 + "é" * 5000])
def test_only_states_that_there_are_can_be_typed(typed):
    said = wrong(pages=typed)
    assert said.startswith("Pages of the file: no state “")
    assert said.endswith("K checked, L late.")


def test_a_strip_is_read_small_or_capital_with_or_without_spaces():
    assert Clustering(pages=" ddca .b", center="0").plan.pages == "DDCA.B"
    assert Clustering(pages=3, center=0).plan.pages == "DDD"
    for pages in (0, 33):
        with pytest.raises(ValueError, match="Pages of the file: a whole number from 1 to 32"):
            Clustering(pages=pages, center=0)


@pytest.mark.parametrize(
    ("field", "legal"),
    [
        ("center", "0 to 15"),
        ("window", "1 to 64"),
        ("lo", "0 to 64"),
        ("hi", "0 to 64"),
        ("npages", "1 to 64"),
    ],
)
@pytest.mark.parametrize("typed", ["", "abc", "-1", "65", "1.5", "1e1", "9" * 5000, "²", "5 5"])
def test_a_number_is_whole_and_within_its_limits(field, legal, typed):
    assert wrong(**{field: typed}).startswith(
        f"{LABELS[field]}: a whole number from {legal}, not “"
    )


@pytest.mark.parametrize("field", ["cluster", "range", "active", "code"])
def test_what_is_selected_is_one_of_those_offered(field):
    assert wrong(**{field: "?"}).startswith(f"{LABELS[field]}: ")
    assert wrong(**{field: ""}).endswith(", not “”.")


def test_the_center_is_a_page_that_the_caller_can_have():
    assert wrong(center="10") == "Center: page 10 is not in memory, so it cannot be written."
    assert wrong(pages="DB", center="1").startswith("Center: page 1 is busy with somebody else")


@pytest.mark.parametrize(
    ("lo", "hi", "field"), [(6, 9, "lo"), (0, 5, "hi"), (5, 5, "hi"), (7, 3, "lo")]
)
def test_a_range_without_the_center_is_refused_before_it_runs(lo, hi, field):
    lab = Clustering()
    with pytest.raises(
        Wrong, match=f"^The range from page {lo} up to page {hi} does not hold the center, page 5"
    ) as said:
        lab.run(lab.plan.written() | {"range": ONLY, "lo": str(lo), "hi": str(hi)})
    assert said.value.field == field
    assert lab.outcome is None


def test_a_range_that_does_not_count_may_be_anything():
    lab = Clustering(flags="ALLPAGES", lo=9, hi=2)
    assert lab.plan.all_pages
    assert lab.run().pages == ("p3", "p4", "p5", "p6")


def test_a_range_that_is_given_counts():
    lab = Clustering(pages="DDDDDD", center=3, lo=2, hi=5)
    assert lab.run().pages == ("p2", "p3", "p4")
    assert "range: only from lo up to hi: page 2 up to page 5, which is not in it" in lab.text()


def test_flags_are_those_that_mk_pcluster_looks_at():
    with pytest.raises(ValueError, match="ALLPAGES and DOACTCLUST are those"):
        Clustering(flags="SYNCIO")
    with pytest.raises(ValueError, match="'FAST' is no PGO word"):
        Clustering(flags="FAST")
    assert not Clustering(flags="").plan.all_pages


def test_an_array_that_is_too_small_takes_the_center_alone():
    outcome = built(12, 4, npages=8)
    assert outcome.pages == ("p4",)
    assert "The range has 12 pages, and the caller's array has room for 8" in outcome.stopped
    assert {fate.why for fate in outcome.fates} == {"is in the cluster", "was never looked at"}


def test_the_window_is_the_pager_s():
    assert built(8, 5, window=4).pages == ("p4", "p5", "p6", "p7")
    assert built(8, 5, window=2, cluster="forward").pages == ("p5", "p6")


def test_as_written_no_neighbour_is_ever_found():
    outcome = built(8, 5, slips=Slip.STRIDE)
    assert outcome.pages == ("p5",)
    assert outcome.stopped.count("the answer is 1 or -1") == 1


def test_what_is_written_reads_as_the_same():
    lab = Clustering(
        pages="DM.L", center=1, window=3, cluster="forward", lo=0, hi=2, flags="DOACTCLUST"
    )
    assert lab.read(lab.plan.written()) == lab.plan
    assert {field["name"] for field in lab.fields()} == lab.plan.written().keys() == {*LABELS}
    for field, options in (
        ("cluster", CLUSTERS),
        ("range", RANGES),
        ("active", ACTIVES),
        ("code", CODES),
    ):
        found = next(each for each in lab.fields() if each["name"] == field)
        assert found["options"] == [*options.values()]


def test_each_page_is_told_before_and_after():
    fates = built("CM.", 1, flags="ALLPAGES DOACTCLUST").fates
    assert fates[0] == ("p0", "ends the cluster", "clean, inactive", "the same")
    assert fates[1][:2] == ("p1", "is in the cluster")
    assert fates[2] == ("p2", "is not in memory", "absent", "the same")
    taken = built("DM", 0, flags="ALLPAGES DOACTCLUST").fates[1]
    assert taken[2:] == (
        "clean, active, modified",
        "dirty, active, BUSY, CLEANCHK, modified, protection READ",
    )


def test_the_text_is_the_same_each_time():
    texts = set()
    for _ in range(2):
        lab = Clustering()
        lab.run()
        texts.add(lab.text())
    assert len(texts) == 1
    assert lab.outcome.sentence() in texts.pop()


# A learner's own function


def mine(body):
    """Make a function that runs `body` in the place of the file's."""

    def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):
        return body(k, uobj, cluster, center)

    return mk_pcluster


def own(body):
    return Clustering(pages="DDDD", center=1, mk_pcluster=mine(body))


def test_a_function_of_one_s_own_is_built_with_and_the_file_s_can_be_chosen():
    def center_alone(k, uobj, cluster, center):
        k.pgo_cluster(uobj, center.offset)
        k.plug(cluster, 0, center)
        k.store(cluster, "npages", 1)
        return cluster

    lab = own(center_alone)
    assert lab.run().pages == ("p1",)
    assert lab.text().splitlines()[3] == "mk_pcluster: yours"
    assert len(lab.run(lab.plan.written() | {"code": CODES["intended"]}).pages) == 4
    assert lab.run(lab.plan.written() | {"code": YOURS}).pages == ("p1",)


def test_without_one_there_is_no_yours_to_choose():
    assert wrong(code=YOURS).startswith("mk_pcluster: as intended or as written in 1998")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            lambda *_: 1 // 0,
            "raised ZeroDivisionError: integer division or modulo by zero, at line ",
        ),
        (lambda k, *_: k.lookup(), "raised AttributeError: "),
        (lambda k, u, cluster, c: setattr(cluster, "npages", "many"), "raised TypeError: "),
    ],
)
def test_whatever_it_raises_is_a_sentence_with_its_type(body, said):
    lab = own(body)
    with pytest.raises(Wrong, match=r"^Your mk_pcluster ") as wrongly:
        lab.run()
    assert said in str(wrongly.value)
    assert wrongly.value.field == "code"
    assert lab.outcome is None


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_one_that_is_interrupted_is_said_to_be(end):
    def ends(*_):
        raise end

    with pytest.raises(Wrong, match="The build was interrupted, so there is no cluster"):
        own(ends).run()


def test_one_that_goes_on_for_ever_is_ended_even_if_it_catches_everything():
    def for_ever(k, uobj, cluster, center):
        while True:
            with suppress(Exception):
                k.pagelookup(uobj, 0)

    with pytest.raises(Wrong, match="made 2000 steps and went on: does its loop end?"):
        own(for_ever).run()


def test_one_that_returns_nothing_is_told_what_to_return():
    said = "Your mk_pcluster raised TypeError: mk_pcluster returns the cluster that it was given, not None"
    with pytest.raises(Wrong, match=said):
        own(lambda k, uobj, cluster, center: k.plug(cluster, 0, center)).run()


class Unspeakable:
    def __repr__(self):
        raise RuntimeError("no words")


def test_one_that_returns_what_cannot_be_said_is_a_sentence():
    with pytest.raises(Wrong, match="Your mk_pcluster raised RuntimeError: no words"):
        own(lambda *_: Unspeakable()).run()


@pytest.mark.parametrize("first", [-3, 10**9])
def test_a_cluster_left_outside_its_array_is_shown_as_it_is(first):
    def astray(k, uobj, cluster, center):
        k.store(cluster, "first", first)
        return cluster

    assert repr(own(astray).run()) == "<cluster of no page>"


def test_a_panic_of_its_own_is_shown():
    outcome = own(lambda k, *_: k.panic("no more")).run()
    assert outcome.sentence().startswith("There is no cluster: no more.")
    assert repr(outcome) == "<cluster of no page>"


@pytest.mark.parametrize("function", [7, lambda: None, len])
def test_what_cannot_take_its_place_is_a_sentence(function):
    with pytest.raises(Wrong, match="Your function does not fit: mk_pcluster ") as said:
        Clustering(mk_pcluster=function).run()
    assert said.value.field == "code"


def test_an_error_of_ours_is_not_said_to_be_theirs(monkeypatch):
    lab = Clustering()
    monkeypatch.setattr("uvmlab.widgets.built.Built.of", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError, match="division"):
        lab.run()


def test_a_lab_tells_of_itself():
    lab = Clustering()
    assert lab.text().endswith("not built yet")
    assert repr(lab) == "<Clustering: not built yet>"
    lab.run()
    assert repr(lab) == "<Clustering: <cluster p3 p4 p5 p6>>"
