"""A row of the bench's table."""

import re

from uvmlab.commands.bench.row import Row


def test_a_row_has_its_median_and_quartiles():
    row = str(Row("what", [1.0, 2.0, 3.0, 4.0, 5.0], "at most 4"))
    assert re.fullmatch(r"what +3\.00 × +\(1\.50 to 4\.50\) +at most 4", row)
    assert re.fullmatch(r"memory +7\.00 bytes +", str(Row("memory", [7.0], unit="bytes")))
