"""The lab of lesson 04 without its form: a strip of pages, and the cluster that is built around one of them.

>>> lab = Clustering(pages="DDCDDDA.", center=4)
>>> lab.run()
<cluster p3 p4 p5>
>>> print(lab.outcome.stopped)
Backward it stopped at p2: that page is clean, so there is nothing to write (345).
Forward it stopped at p6: that page is active, and the caller does not want active pages (no DOACTCLUST) (334).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from traceback import walk_tb
from typing import Any, Final

from uvmlab.kernel import PGO, Slip
from uvmlab.kernel.flags import value
from uvmlab.run.caller import needs_center
from uvmlab.widgets.built import Built
from uvmlab.widgets.form import Options, Values, Wrong, described, listed
from uvmlab.widgets.model import Model
from uvmlab.widgets.slips import offered
from uvmlab.widgets.strip import (
    ABSENT,
    ACTIVES,
    CLUSTERS,
    CODES,
    INTENDED,
    MOST_PAGES,
    MOST_STEPS,
    RANGES,
    WRITTEN,
    YOURS,
    Call,
    TooLong,
    strip_of,
)
from uvmlab.widgets.typed import one, option, whole

MOST: Final = 64  # pages of a range, a window or an array: more than there can be


class Clustering(Model[Call, Built]):
    """The lab of `mk_pcluster`: a strip of pages, a page to begin with, and what stands around it.

    `pages`: a letter for each page, or how many dirty ones; `flags`: ALLPAGES, DOACTCLUST; `lo`, `hi`: the range in
    pages, `hi` not in it, for a call without ALLPAGES; `npages`: room in the array, in pages; `slips`: those of
    the machine, of which STRIDE counts; `mk_pcluster`: a function of your own.
    Raises: ValueError naming what is legal.
    """

    said = "not built yet"

    def __init__(
        self,
        *,
        pages: str | int = "DDCDDDDADD.DDDDD",
        center: int | str = 5,
        window: int | str = 16,
        cluster: str = "aligned",
        lo: int | str | None = None,
        hi: int | str | None = None,
        flags: str | None = None,
        npages: int | str = 16,
        slips: int = Slip.NONE,
        mk_pcluster: Callable[..., Any] | None = None,
    ) -> None:
        self.mine = mk_pcluster
        strip = (
            pages
            if isinstance(pages, str)
            else "D" * whole(LABELS, "pages", str(pages), 1, MOST_PAGES)
        )
        whole_file = lo is None and hi is None
        words = value(PGO, ("ALLPAGES" if whole_file else "") if flags is None else flags)
        if words & ~(PGO.ALLPAGES | PGO.DOACTCLUST):
            raise ValueError("flags: ALLPAGES and DOACTCLUST are those that mk_pcluster looks at")
        offered(slips)  # it says which there are
        self.codes = CODES | ({YOURS: YOURS} if mk_pcluster is not None else {})
        code = YOURS if mk_pcluster is not None else WRITTEN if slips & Slip.STRIDE else INTENDED
        super().__init__(
            {
                "pages": strip,
                "center": str(center),
                "window": str(window),
                "cluster": option("cluster", cluster, CLUSTERS),
                "range": RANGES[bool(words & PGO.ALLPAGES)],
                "lo": str(0 if lo is None else lo),
                "hi": str(len("".join(strip.split())) if hi is None else hi),
                "active": ACTIVES[bool(words & PGO.DOACTCLUST)],
                "npages": str(npages),
                "code": self.codes[code],
            }
        )

    def read(self, typed: Values) -> Call:
        """Read what was typed.

        Raises: Wrong naming the field and what is legal there.
        """
        pages = strip_of(typed["pages"])
        call = Call(
            pages=pages,
            center=whole(LABELS, "center", typed["center"], 0, len(pages) - 1),
            window=whole(LABELS, "window", typed["window"], 1, MOST),
            cluster=one(LABELS, "cluster", typed["cluster"], CLUSTERS),
            all_pages=one(LABELS, "range", typed["range"], RANGES),
            lo=whole(LABELS, "lo", typed["lo"], 0, MOST),
            hi=whole(LABELS, "hi", typed["hi"], 0, MOST),
            active=one(LABELS, "active", typed["active"], ACTIVES),
            npages=whole(LABELS, "npages", typed["npages"], 1, MOST),
            code=one(LABELS, "code", typed["code"], self.codes),
        )
        check(call)
        return call

    def carry_out(self, call: Call) -> Built:
        """Build the cluster.

        Raises: Wrong, also for whatever goes wrong in a learner's function.
        """
        try:
            return Built.of(call.run(self.mine), len(call.pages))
        except (KeyboardInterrupt, SystemExit):
            raise Wrong("The build was interrupted, so there is no cluster.") from None
        except TooLong:
            raise Wrong(
                f"Your mk_pcluster made {MOST_STEPS} steps and went on: does its loop end?", "code"
            ) from None
        except Exception as error:  # whatever a learner's code does
            if isinstance(error, Wrong) or call.code != YOURS:
                raise
            where = _where(error, self.mine)
            raise Wrong(f"Your mk_pcluster raised {described(error)}{where}.", "code") from None

    def fields(self) -> list[dict[str, Any]]:
        """List the fields of the lab's form."""
        options: Options = {
            "cluster": CLUSTERS,
            "range": RANGES,
            "active": ACTIVES,
            "code": self.codes,
        }
        wide = {"pages": 40}
        return [
            field | {"size": wide.get(field["name"], 24)}
            for field in listed(LABELS, HINTS, options)
        ]


LABELS: Final = {
    "pages": "Pages of the file",
    "center": "Center",
    "window": "The pager's window",
    "cluster": "The window lies",
    "range": "The range",
    "lo": "lo",
    "hi": "hi",
    "active": "Active pages",
    "npages": "Room in the array",
    "code": "mk_pcluster",
}
HINTS: Final = {
    "pages": f"a letter for each, 1 to {MOST_PAGES}: what they mean stands above",
    "center": "the page that is to be written, from 0",
    "window": "in pages",
    "lo": "the first page of the caller's range",
    "hi": "the page after its last",
    "npages": "in pages",
}


def check(call: Call) -> None:
    """Refuse a call that breaks the caller's rules.

    Raises: Wrong.
    """
    center, letter = call.center, call.pages[call.center]
    if letter == ABSENT:
        raise Wrong(f"Center: page {center} is not in memory, so it cannot be written.", "center")
    if letter == "B":
        raise Wrong(
            f"Center: page {center} is busy with somebody else; the caller waits.", "center"
        )
    try:
        if not call.all_pages:
            needs_center(center, call.lo, call.hi, "page")
    except ValueError as error:
        said = str(error)
        raise Wrong(said[0].upper() + said[1:], "hi" if call.lo <= center else "lo") from None


def _where(error: Exception, mine: Any) -> str:
    code = getattr(inspect.unwrap(mine), "__code__", None)
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code is code]
    return f", at line {lines[-1]} of your code" if lines else ""
