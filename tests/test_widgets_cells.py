"""A cell that runs again closes what it showed before, and nothing else."""

import pytest
from ipywidgets import Button, VBox

from uvmlab.widgets import cells


@pytest.fixture
def show(monkeypatch):
    """Show a widget as a cell's run does."""
    monkeypatch.setattr(cells, "_shown", {})

    def show(widget, cell, run):
        message = {"metadata": {"cellId": cell} if cell else {}, "header": {"msg_id": run}}
        monkeypatch.setattr(cells, "request", lambda: message)
        show.closed = cells.shown(widget)
        return widget

    return show


def closed(widget):
    return widget.comm is None


def test_the_next_run_closes_all_that_the_last_one_showed(show):
    first, second = show(Button(), "a", "run 1"), show(VBox([Button()]), "a", "run 1")
    assert not closed(first)
    again = show(Button(), "a", "run 2")
    parts = (first, second, *second.children, first.layout, second.layout)
    assert all(map(closed, parts))
    assert not closed(again)
    assert show.closed == [first, second]


def test_another_cell_closes_nothing(show):
    first = show(Button(), "a", "run 1")
    show(Button(), "b", "run 2")
    assert not closed(first)
    assert show.closed == []


def test_outside_of_a_cell_nothing_is_remembered(show):
    show(Button(), None, "run 1")
    assert cells._shown == {}
