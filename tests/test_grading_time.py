"""The bench grades a course in which all is right."""

from tests.submissions import solved
from uvmlab.commands.grading_time import time_to_grade


def test_each_learner_has_a_seed_and_all_points(tmp_path):
    (tmp_path / "04_clusters.ipynb").write_bytes(solved())
    found = time_to_grade([tmp_path / "04_clusters.ipynb"], learners=2)
    assert (found.notebooks, found.full) == (2, 2)
    assert found.seconds > 0
