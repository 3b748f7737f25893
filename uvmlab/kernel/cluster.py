"""The put cluster: an array of page pointers, where in it the cluster begins, and how long it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from uvmlab.kernel.flags import OFFSET_MASK, PAGE_SIZE
from uvmlab.kernel.page import Page
from uvmlab.kernel.panic import Panic

MOST: Final = (OFFSET_MASK + 1) // PAGE_SIZE  # no object has more pages: more room is never used


class Cluster:
    """C's two in/out pointers `ppsp` and `npages` in one: pages `pps[first : first + npages]`.

    Handed to `mk_pcluster`, `npages` is the room in the array; when it returns, the pages in it.
    """

    __slots__ = ("first", "npages", "pps")

    name = "cluster"

    def __init__(self, pages: Iterable[Page] = (), room: int = 0) -> None:
        self.pps: list[Page | None] = [*pages] or [None]  # C writes the first, room or not
        self.npages = len(self.pps) if self.pps[0] else 0
        self.first = 0
        if room > self.npages:
            self.pps += [None] * (min(room, MOST) - len(self.pps))
            self.npages = room

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages of the cluster, in order."""
        return tuple(self.pps[self.first : self.first + self.npages])  # type: ignore[arg-type]

    def __repr__(self) -> str:
        names = (page.name if page else "-" for page in self.pages)
        return f"<cluster: {' '.join(names) or 'empty'}>"


def plug(cluster: Cluster, index: int, page: Page | None) -> None:
    """Let array element `index` point to `page`, which may be null.

    Raises: Panic outside the array, where C would write over something else.
    """
    if not 0 <= index < len(cluster.pps):
        raise Panic("written outside the cluster array")
    cluster.pps[index] = page


def returns_its_own(mk_pcluster: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a learner's `mk_pcluster`, so that one which returns anything but the cluster it was given is told so.

    The caller's `npages` is in that one: whatever is built elsewhere is lost.
    """

    def checked(uobj: Any, cluster: Cluster, *args: Any) -> Any:
        made = mk_pcluster(uobj, cluster, *args)
        if made is not cluster:
            what = f"another one, {made!r}" if isinstance(made, Cluster) else f"{made!r:.60}"
            raise TypeError(f"mk_pcluster returns the cluster that it was given, not {what}")
        return cluster

    return checked
