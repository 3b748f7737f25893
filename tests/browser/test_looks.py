"""How a view looks where looks are at risk: beside one that is hidden, in forced colours, dark and narrow."""

import base64

import pytest
from playwright.sync_api import expect

from uvmlab import RunView, world

pytestmark = pytest.mark.browser

# Two views of one model, with no notebook around them.
TWO = """async (state) => {
  const style = document.createElement("style");
  style.textContent = state._css;
  document.head.append(style);
  const url = URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  const model = { get: (name) => state[name], set() {}, save_changes() {}, send() {}, on() {}, off() {} };
  window.close = [1, 2].map(() => {
    const el = document.body.appendChild(document.createElement("div"));
    return widget.render({ model, el });
  });
}"""
STATE = ("_esm", "_css", "data", "other", "start", "selected", "said")
BORDERS = """node => [...node.querySelectorAll('[data-cell] > rect')].map(rect => {
  const { fill, stroke, strokeDasharray, strokeWidth } = getComputedStyle(rect);
  return [fill, stroke, strokeDasharray, strokeWidth].join(' ');
})"""
COLOURS = """async (png) => { // of more than a hundred pixels
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const found = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const colour = data.slice(i, i + 3).join();
    found.set(colour, (found.get(colour) ?? 0) + 1);
  }
  return [...found].filter(([, pixels]) => pixels > 100).map(([colour]) => colour).sort();
}"""


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.set_content("<body></body>")
    yield page
    page.close()


def test_a_view_is_drawn_in_full_with_the_other_one_of_its_model_hidden_or_gone(page):
    w = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK")
    run = w.machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO")
    page.evaluate(TWO, RunView(run, step=30).get_state(STATE))
    views = page.locator(".uvmlab-run")
    picture = views.last.locator(".uvmlab-run-picture")

    def drawn():
        png = base64.b64encode(picture.screenshot()).decode()
        return picture.evaluate(BORDERS), page.evaluate(COLOURS, png)

    was = borders, colours = drawn()
    assert len({*borders}) >= 8
    assert len(colours) >= 8
    views.first.evaluate("node => { node.style.display = 'none'; }")
    assert drawn() == was
    page.evaluate("() => window.close[0]()")
    expect(views).to_have_count(1)
    assert drawn() == was
