"""Somebody is there when the running request allows stdin, or comes from a widget."""

from types import SimpleNamespace

import pytest

from uvmlab.widgets import audience


def running(message):
    kernel = SimpleNamespace(get_parent=lambda channel: {"shell": message}[channel])
    return lambda: SimpleNamespace(kernel=kernel)


def execute(**content):
    return {"header": {"msg_type": "execute_request"}, "content": content}


@pytest.mark.parametrize(
    ("message", "there"),
    [
        (execute(allow_stdin=True), True),
        (execute(allow_stdin=False), False),
        (execute(), False),
        ({}, False),
        ({"header": {"msg_type": "comm_msg"}, "content": {"data": {}}}, True),
    ],
)
def test_the_running_request_decides(monkeypatch, message, there):
    monkeypatch.setattr(audience, "get_ipython", running(message))
    assert audience.anybody_there() is there


@pytest.mark.parametrize("shell", [None, SimpleNamespace()])
def test_outside_of_a_notebook_nobody_is_there(monkeypatch, shell):
    monkeypatch.setattr(audience, "get_ipython", lambda: shell)
    assert audience.request() == {}
    assert not audience.anybody_there()
