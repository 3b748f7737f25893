"""What the browser tests of the labs with a run below their form share."""

import pytest
from playwright.sync_api import expect

from tests.browser import lesson

HEARD = "print('heard', repr(lab.model.outcome), lab.view.selected)"
CUT = """node => [...node.querySelectorAll('select, input')].filter(field => {
  const [has, style] = [field.offsetWidth, field.style.cssText];
  if (field.tagName === 'INPUT') return field.scrollWidth > field.clientWidth;
  field.style.cssText = 'width: max-content; max-width: none; align-self: start';
  const needs = field.offsetWidth;
  field.style.cssText = style;
  return has < needs;
}).map(field => field.dataset.field)"""
WIDE = """node => [...node.querySelectorAll('*')].filter(n => n.scrollWidth > n.clientWidth + 1
  && getComputedStyle(n).overflowX === 'visible' && n.clientWidth).map(n => n.outerHTML)"""


def opened(cell):
    """A fixture: a notebook with the lab of `cell` in it, and for a test of Python a cell that asks it."""

    @pytest.fixture
    def opened(lab, lab_page, request):
        cells = [cell, HEARD] if "python" in request.node.name else [cell]
        opened = lab_page(lesson.write(lab, f"{request.node.name}.ipynb", *cells))
        assert opened.run_all() == (len(cells) == 1)  # there is no view yet to ask
        expect(opened.page.get_by_role("button", name="Run", exact=True)).to_be_visible()
        yield opened
        lesson.assert_quiet(opened)

    return opened


def form(name, opened):
    """The form of the lab of this name."""
    return opened.page.locator(f".uvmlab-{name}")


def button(name, opened):
    """Its button."""
    return form(name, opened).get_by_role("button", name="Run", exact=True)


def said(name, opened):
    """What it says."""
    return form(name, opened).locator(".uvmlab-said")


def walk(name, opened):
    """The run below the form."""
    return opened.page.locator(f".uvmlab-{name}-lab .uvmlab-run")


def assert_fits_in_800_pixels(name, opened, folder):
    """In a narrow window the form overflows nowhere and no field cuts what is in it; keep a screenshot."""
    page = opened.page
    page.set_viewport_size({"width": 800, "height": 1000})
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.wait_for_function(
        f"() => document.querySelector('.uvmlab-{name}').getBoundingClientRect().right <= 800"
    )
    for faults in (WIDE, CUT):
        found = form(name, opened).evaluate(faults)
        assert not found, found
    page.locator(f".uvmlab-{name}-lab").screenshot(path=folder / "narrow.png")
    page.set_viewport_size({"width": 1280, "height": 1000})
