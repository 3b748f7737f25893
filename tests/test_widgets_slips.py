"""The choice between the six mistakes."""

import pytest

from uvmlab.kernel import Slip
from uvmlab.widgets.slips import MEANS, SLIPS, explained, offered


def test_none_all_and_each_alone_can_be_chosen():
    assert [*SLIPS] == [Slip.NONE, Slip.ALL, *Slip]
    assert len({*SLIPS.values()}) == 8
    assert offered(Slip.NONE) == offered(int(Slip.STRIDE)) == SLIPS


def test_another_choice_is_offered_where_it_was_made():
    made = offered(Slip.STRIDE | Slip.WRONG_PAGE | Slip.AIO_LEAK)
    assert [*made.values()][8:] == ["with STRIDE and WRONG_PAGE and AIO_LEAK"]


def test_each_choice_of_a_form_has_a_plain_sentence_and_no_other_field_has():
    made = offered(Slip.AIO_LEAK | Slip.STRIDE)
    plain, chosen = explained([{"name": "pages"}, {"name": "slips"}], made)
    assert plain == {"name": "pages"}
    assert len(chosen["means"]) == len({*chosen["means"]}) == len(made) == 9
    assert all(sentence.endswith(".") for sentence in chosen["means"])
    assert chosen["means"][-1] == f"{MEANS[Slip.STRIDE]} {MEANS[Slip.AIO_LEAK]}"


@pytest.mark.parametrize("slips", [64, -1, "STRIDE", True, None, 1.0])
def test_what_is_no_slip_is_refused(slips):
    with pytest.raises(ValueError, match="no slips .*; legal: STRIDE, WRONG_PAGE, HELD_ANON_LOCK"):
        offered(slips)
