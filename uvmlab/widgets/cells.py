"""Which widgets a cell has shown: when it runs again they are closed, for nobody sees them any more."""

from typing import Any, Final

from ipywidgets import DOMWidget

from uvmlab.widgets.audience import request

_shown: Final[dict[str, tuple[str, list[DOMWidget]]]] = {}  # by cell: the run, and what it showed


def shown(widget: DOMWidget) -> None:
    """Remember that the running cell shows `widget`, and close what its last run has shown."""
    asked = request()
    cell = asked.get("metadata", {}).get("cellId")
    if cell is None:
        return
    run = asked["header"]["msg_id"]
    last, widgets = _shown.get(cell, (run, []))
    if last != run:
        for old in widgets:
            retire(old)
        widgets = []
    _shown[cell] = run, [*widgets, widget]


def retire(widget: Any) -> None:
    """Close a widget with all that is in it."""
    for child in getattr(widget, "children", ()):
        retire(child)
    widget.layout.close()
    widget.close()
