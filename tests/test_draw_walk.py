"""A walk through a run: for each step the cells that differ and those it marks."""

from uvmlab.draw.kinds import KINDS, groups
from uvmlab.draw.plan import Plan
from uvmlab.draw.walk import Walk
from uvmlab.run import world

W = world(swap=900).anons(600, slot=1).disk("ERROR", "OK")


def walked(pages, show=KINDS):
    run = W.machine().pager_put(pages, pg="p1", flags="SYNCIO")
    return run, list(Walk(run, Plan(run, groups(frozenset(show)))))


def test_a_step_that_changes_nothing_has_no_cells():
    run, steps = walked("p0 p1")
    assert len(steps) == len(run)
    still = [step for step, changes in zip(steps, run.changes, strict=True) if not changes]
    assert still
    assert all(step == ([], []) for step in still)


def test_a_cell_that_looks_as_before_is_left_out_and_marked_all_the_same():
    run, steps = walked("p0 p1", ["anons"])
    owned = next(i for i, step in enumerate(run.steps) if step.kind == "page_own")
    assert steps[owned] == ([], ["page-p0"])


def test_a_fold_looks_different_when_what_all_in_it_share_does():
    run, steps = walked([f"p{i}" for i in range(600)], ["anons"])
    looks = [
        (str(step).split()[:3], cell[2][2], cell[0] in marks)
        for step, (cells, marks) in zip(run.steps, steps, strict=True)
        for cell in cells
        if cell[0].startswith("more-page")
    ]
    assert looks == [(["678", "clear", "p511"], "D I P", True)]


def test_two_walks_through_one_plan_are_alike():
    run = W.machine().pager_put("p0 p1", pg="p1", flags="SYNCIO")
    plan = Plan(run, groups(frozenset(KINDS)))
    assert list(Walk(run, plan)) == list(Walk(run, plan))
