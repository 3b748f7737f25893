"""Numbers are written as people write them."""

import pytest

from uvmlab.widgets.ranges import ranges


@pytest.mark.parametrize(
    ("numbers", "written"),
    [([], "none"), ([7], "7"), ([1, 2], "1 2"), ([1, 2, 3], "1-3"), ([9, 4, 5, 6], "9 4-6")],
)
def test_three_in_a_row_are_a_range(numbers, written):
    assert ranges(iter(numbers)) == written
