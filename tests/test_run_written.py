"""What is on the disk once a put is over is told from the run, page by page."""

import pytest

from uvmlab import world
from uvmlab.run.written import on_disk

CLUSTER = world(swap=24).anons(4, slot=6).disk("ERROR")


def told(w, **more):
    """What a put of all pages tells at its return."""
    more = {"flags": "SYNCIO PDFREECLUST"} | more
    return w.machine().pager_put(w.state.pages, **more).explain(-1)


def test_after_a_retry_only_the_page_of_interest_is_said_to_be_on_the_disk():
    said = told(CLUSTER, pg="p1")
    assert "all of it" not in said
    assert said.endswith(
        "p1 is on the disk; to mark that is left to the caller. "
        "p0, p2 and p3 are not: memory alone has what is new, and the pages are dirty still."
    )


def test_a_page_that_was_given_up_meanwhile_is_said_to_be_gone():
    said = told(CLUSTER, pg="p1", meanwhile=[(0, "p2", "RELEASED")])
    assert said.endswith("p2 is gone: freed, for the owner had given it up.")
    assert "p0 and p3 are not:" in said


def test_after_a_success_all_pages_are_said_to_be_on_the_disk():
    w = CLUSTER.disk("OK")
    assert told(w).endswith("p0, p1, p2 and p3 are on the disk.")
    assert told(w, flags="SYNCIO").endswith("to mark that is left to the caller.")


@pytest.mark.parametrize(("answers", "pg"), [(("ERROR",), None), (("ERROR", "ERROR"), "p1")])
def test_an_error_says_nothing_of_it(answers, pg):
    run = CLUSTER.disk(*answers).machine().pager_put("p0 p1 p2 p3", pg=pg, flags="SYNCIO")
    assert "is over; it returns ERROR: the disk has failed." in run.explain(-1)
    assert "on the disk" not in run.explain(-1)


def test_where_nothing_was_written_nothing_is_said():
    w = world().vnode("f0", pages=4)
    run = w.machine().mk_pcluster("p1")
    assert on_disk(run.steps, run.after.state) == ""
