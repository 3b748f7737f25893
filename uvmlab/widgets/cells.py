"""Which widgets a cell has shown: when it runs again they are closed, for nobody sees them any more."""

from typing import Any, Final

from ipywidgets import DOMWidget

from uvmlab.widgets.audience import request

_shown: Final[dict[str, tuple[str, list[DOMWidget]]]] = {}  # by cell: the run, and what it showed


def shown(widget: DOMWidget) -> list[DOMWidget]:
    """Remember that the running cell shows `widget`, and close what its last run has shown; return what that was."""
    asked = request()
    cell = asked.get("metadata", {}).get("cellId")
    if cell is None:
        return []
    run = asked["header"]["msg_id"]
    last, widgets = _shown.get(cell, (run, []))
    old = widgets if last != run else []
    for each in old:
        retire(each)
    _shown[cell] = run, [*([] if old else widgets), widget]
    return old


def retire(widget: Any) -> None:
    """Close a widget with all that is in it."""
    for child in getattr(widget, "children", ()):
        retire(child)
    widget.layout.close()
    widget.close()
