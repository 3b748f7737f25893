"""What the bench says where there is no browser to measure in; tests/browser/test_bench.py has one."""

import pytest

from uvmlab.commands.bench import browser


@pytest.mark.parametrize(
    ("name", "said"),
    [("find_spec", "Playwright (a test tool)"), ("find_chromium", "Chromium")],
)
def test_without_a_browser_a_line_says_what_is_missing(monkeypatch, name, said):
    monkeypatch.setattr(browser, "find_chromium", lambda: "/bin/true")
    monkeypatch.setattr(browser, name, lambda *_: None)
    (line,) = browser.browser_rows(2, [])
    assert line == f"steps and clicks in a browser are not measured: {said} is missing"
