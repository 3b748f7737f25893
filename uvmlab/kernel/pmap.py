"""The pmap layer: what the hardware knows of a page, and the wired mappings of the pager map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uvmlab.kernel.flags import PAGE_SIZE

if TYPE_CHECKING:
    from uvmlab.kernel.page import Page

ELSEWHERE: Final = "elsewhere"  # what maps an address that the world came with


def pmap_is_modified(page: Page) -> bool:
    """Ask whether the page was written since its modify bit was cleared."""
    return page.modified


def pmap_clear_modify(page: Page) -> None:
    """Clear the page's modify bit."""
    page.modified = False


def pmap_clear_reference(page: Page) -> None:
    """Clear the page's reference bit."""
    page.referenced = False


def pmap_page_protect(page: Page, prot: int) -> None:
    """Lower the protection of all mappings of the page to `prot`; it never raises one."""
    page.prot &= prot


class KernelPmap:
    """The wired mappings of the pager map: for each of its pages what is mapped there, or None."""

    def __init__(self) -> None:
        self.wired: list[Page | str | None] = []

    def pmap_enter(self, kva: int, page: Page) -> None:
        """Map `page` at the address `kva` (bytes)."""
        self.wired[kva // PAGE_SIZE] = page

    def pmap_kenter_pgs(self, kva: int, pages: tuple[Page, ...]) -> None:
        """Map `pages` one after the other from `kva` (bytes) on."""
        first = kva // PAGE_SIZE
        self.wired[first : first + len(pages)] = pages
