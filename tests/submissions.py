"""Notebooks as learners hand them in, made small, by JSON."""

import inspect
import json

from uvmlab.kernel import pager

SETUP = (
    "from uvmlab import exercise, show, world\n"
    "from uvmlab.kernel.flags import *\n"
    "q1, q2, q3, q4, q5 = exercise('04')"
)
FEW = (
    "built = [q1.world.machine().mk_pcluster(page, flags='ALLPAGES') for page in ('p5', 'p11')]\n"
    "few_pages = [int(n[1:]) for run in built for n in run.cluster]"
)
ACTIVE = (
    "flags = 'ALLPAGES DOACTCLUST'\n"
    "active_pages = [int(n[1:]) for n in q2.world.machine().mk_pcluster('p5', flags=flags).cluster]"
)
BOUNDS = """def bounds(takes, center, lo, hi):
    first, stop = center, center + 1
    while first > lo and takes[first - 1]:
        first -= 1
    while stop < hi and takes[stop]:
        stop += 1
    return first, stop"""
WHOLE = (
    "from __future__ import annotations\nfrom uvmlab.kernel.pager import *\n"
    + inspect.getsource(pager.mk_pcluster).replace(
        'k.note("called", uobj, center)', "pass"
    )  # no copy
)
SMALLEST = "smallest = world().vnode('f0', pages=2)"
RIGHT = {
    "04-foresee": FEW,
    "04-active": ACTIVE,
    "04-bounds": BOUNDS,
    "04-mk_pcluster": WHOLE,
    "04-smallest": SMALLEST,
}
POINTS = {
    "04-foresee": 1,
    "04-active": 1,
    "04-bounds": 2,
    "04-mk_pcluster": 4,
    "04-smallest": 2,
}


def cell(source, name=None, kind="code"):
    """A cell; `name` is its grade_id."""
    metadata = {"nbgrader": {"grade_id": name}} if name else {}
    return {"cell_type": kind, "metadata": metadata, "source": source}


def notebook(*cells, **metadata):
    """A notebook of these cells."""
    return json.dumps({"cells": cells, "metadata": metadata}).encode()


def solved(seed="anna", setup=SETUP, check="q{}.check()", last="", **instead):
    """Exercise 04 with right answers; `instead` replaces them: `bounds="..."`, or None for no cell."""
    cells = [cell("# Clusters", kind="markdown"), cell(setup)]
    for i, (name, right) in enumerate(RIGHT.items(), 1):
        answer = instead.get(name.partition("-")[2], right)
        if answer is not None:
            cells.append(cell(answer, name))
        if check:
            cells.append(cell(check.format(i), f"check-{name}"))
    return notebook(*cells, cell(last), uvmlab={"seed": seed})
