"""What is on the disk once a put is over: told from its writes, and from what its pages say then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from uvmlab.kernel import Step
from uvmlab.kernel.trace import SLEEPS
from uvmlab.run.changed import names
from uvmlab.run.moment import Moment


def on_disk(steps: Iterable[Step], after: Moment) -> str:
    """Say which of the pages that `steps` were to write are on the disk, and which are not.

    `after`: the state after the steps.
    Returns: sentences; "" if nothing was to be written.
    """
    answers: dict[str, str] = {}  # by page: what was answered when it was written last
    for step in steps:
        if step.kind in SLEEPS:
            _, pages, _, answer = step.args
            answers |= {page: answer for page in pages if page}
    freed = [page for page in answers if after.pages[page].freed]
    there = [page for page in answers if answers[page] == "OK" and page not in freed]
    missing = [page for page in answers if page not in (*freed, *there)]
    marked = not any(after.pages[page].dirty for page in there)
    said = (
        _said(there, " on the disk" + "; to mark that is left to the caller" * (not marked)),
        _said(missing, " not: memory alone has what is new, and the pages are dirty still"),
        _said(freed, " gone: freed, for the owner had given it up"),
    )
    return " ".join(filter(None, said))


def _said(pages: Sequence[str], what: str) -> str:
    be = "are" if len(pages) > 1 else "is"
    return f"{names(pages)} {be}{what}." if pages else ""
