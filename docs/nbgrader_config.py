"""The settings under which nbgrader makes and grades the exercises: copy this file into your course's folder."""

c = get_config()  # noqa: F821  nbgrader brings it

# What a learner reads in the place of a solution.  nbgrader's own raises, in a cell that is no check.
c.ClearSolutions.code_stub = {"python": "..."}

# A check cell that was deleted comes back, and is failed or passed as any other.
c.OverwriteCells.add_missing_cells = True
