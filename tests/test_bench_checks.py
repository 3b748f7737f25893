"""What the bench says of grading and of the kill matrix."""

from uvmlab.commands.bench import checks


def test_each_solution_is_handed_in_and_graded_and_the_listed_mutants_are_tried(monkeypatch):
    monkeypatch.setattr(checks, "agreements", lambda root: iter([f"tried in {root.name}"]))
    graded, tried = checks.check_rows(learners=1)
    solutions = len(list((checks.ROOT / "solutions").glob("*.ipynb")))
    assert graded.name == f"{solutions} notebooks graded, {solutions} of them with all points"
    assert graded.asked == "at most 120"
    assert graded.figures[0] > 0
    assert tried == f"tried in {checks.ROOT.name}"


def test_without_a_checkout_a_line_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    assert [*checks.check_rows()] == [checks.WITHOUT]
