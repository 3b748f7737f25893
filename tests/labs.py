"""A lab in a notebook with somebody there, and what presses its button."""

from uvmlab.widgets import lab as lab_module


def press(lab, **typed):
    """Press Run as the browser does, with these fields typed."""
    values = lab.model.plan.written() | typed
    lab.form._handle_custom_msg({"event": "Run", "values": values}, [])


def watched(monkeypatch, lab, **chosen):
    """Make a lab with somebody there."""
    monkeypatch.setattr(lab_module, "anybody_there", lambda: True)
    return lab(**chosen)
