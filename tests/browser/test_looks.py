"""How a view looks where looks are at risk: beside one that is hidden, in forced colours, dark and narrow."""

import base64

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser import labs, lesson
from tests.browser.test_accessibility import SCAN, TALL
from uvmlab import RunView, world
from uvmlab.commands.bench.walking import STATE, WIDGET

pytestmark = pytest.mark.browser

# Two views of one model, with no notebook around them.
TWO = (
    WIDGET
    + """  window.close = [1, 2].map(() => {
    const el = document.body.appendChild(document.createElement("div"));
    return widget.render({ model, el });
  });
}"""
)
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


@pytest.fixture
def run():
    w = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK")
    return w.machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO")


def test_a_view_is_drawn_in_full_with_the_other_one_of_its_model_hidden_or_gone(page, run):
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


TWICE = """nodes => nodes.map((node) => node.getAttribute("aria-label")).filter((name) => {
  const [title, ...words] = name.split(/: |, /);
  return new Set(words).size < words.length || words.some((word) => word === "." || title.includes(word));
})"""


def test_the_name_of_a_cell_says_nothing_twice(page, run):
    page.evaluate(TWO, RunView(run, step=30).get_state(STATE))
    cells = page.locator("[data-cell]")
    assert cells.evaluate_all(TWICE) == []
    name = "page indexes [2] to [15] of o0: not in memory"
    expect(page.get_by_role("button", name=name, exact=True)).to_have_count(2)
    name = "thread pager_put: runs"
    expect(page.get_by_role("button", name=name, exact=True)).to_have_count(2)


# --- Forced colours: a few colours of the system's are all there are -----------------------------

VIEW = """
from uvmlab import RunView, world
w = world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4).disk("ERROR", "OK")
RunView(w.machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO"), step=20)
"""
LAB = """
from uvmlab import {0}
lab = {0}()
lab._pressed("", lab.model.plan.written())
lab
"""
CONTRAST = """
const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((each) => each / 255).map(
  (each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)).reduce(
  (sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);
const over = (colour, under) => {
  const [r, g, b, a = 1] = numbers(colour);
  return [r, g, b].map((each, i) => each * a + under[i] * (1 - a));
};
const contrast = (one, other) => {
  const [less, more] = [light(one), light(other)].sort((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
};
const canvas = (() => {
  const node = document.body.appendChild(document.createElement("i"));
  node.style.background = "Canvas";
  const colour = over(getComputedStyle(node).backgroundColor, [255, 255, 255]);
  node.remove();
  return colour;
})();
const ground = (node) => (node ? over(getComputedStyle(node).backgroundColor, ground(node.parentElement)) : canvas);
"""
BACK = "node => getComputedStyle(node).backgroundColor"
RING = f"""() => {{ {CONTRAST} // [what has the focus, the contrast of its ring]
  const node = document.activeElement;
  const {{ cell, step, do: button, field }} = node.dataset;
  const ring = cell && node.closest(".uvmlab-run").querySelector(".uvmlab-run-focused rect");
  const style = getComputedStyle(ring || node);
  const drawn = ring || style.outlineStyle !== "none";
  const colour = ring ? style.stroke : style.outlineColor;
  const under = ring ? canvas : ground(node);
  return [cell ?? step ?? button ?? field ?? node.className, drawn ? contrast(over(colour, under), under) : 0];
}}"""
PALE = f"""root => {{ {CONTRAST} // what of the picture cannot be seen, or not be told from another
  const pale = (nodes, name) => [...nodes].filter(
    (node) => contrast(over(getComputedStyle(node)[name], canvas), canvas) < 4.5);
  const picture = root.querySelector(".uvmlab-run-picture");
  const found = [...pale(picture.querySelectorAll("text"), "fill"),
    ...pale(picture.querySelectorAll(".cell > rect, .uvmlab-run-selected rect"), "stroke"),
    ...[...picture.querySelectorAll(".cell > rect")].filter(
      (node) => contrast(over(getComputedStyle(node).fill, canvas), canvas) > 1)].map((node) => node.outerHTML);
  const looks = new Map();
  for (const node of picture.querySelectorAll("[data-cell]")) {{
    const {{ strokeDasharray, strokeWidth }} = getComputedStyle(node.querySelector("rect"));
    const words = [...node.querySelectorAll("text")].map((text, i) => (
      i ? text.textContent.replace(/[a-z]*\\d+/g, "") : (text.textContent.match(/ [A-Z.]\\b/g) ?? [""])[0])).join();
    const look = [node.dataset.cell.split("-")[0], strokeDasharray, strokeWidth, words].join(" ");
    const states = node.getAttribute("class");
    if ((looks.get(look) ?? states) !== states) found.push(`${{look}}: ${{looks.get(look)}}, ${{states}}`);
    looks.set(look, states);
  }}
  return found;
}}"""


def rings(page):
    """Press Tab until the focus leaves a lab or a view; list what had it, and the contrast of its ring."""
    found = []
    while page.evaluate("() => !!document.activeElement.closest('.uvmlab-form')"):
        found.append(tuple(page.evaluate(RING)))
        page.keyboard.press("Tab")
    return found


def test_in_forced_colours_focus_selection_change_and_states_can_be_told(lab, lab_page, tmp_path):
    opened = lab_page(lesson.write(lab, "forced.ipynb", VIEW, LAB.format("ClusterLab")))
    assert opened.run_all()
    page, view = opened.page, opened.page.locator(".uvmlab-run").first
    steps = view.locator("[role=option]")
    view.locator("[data-cell=page-p3]").focus()
    page.keyboard.press("Enter")
    for scheme in ("light", "dark"):
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        view.screenshot(path=tmp_path / f"forced-{scheme}.png")
        for first in ("[data-do=first]", ".uvmlab-strip > button"):
            page.locator(first).first.focus()
            seen = rings(page)
            assert len(seen) >= 10
            assert [each for each in seen if each[1] < 3] == []
        assert view.locator(".uvmlab-run-selected rect").count() == 1
        view.get_by_role("slider").fill("20")
        for _ in range(20, 62):
            page.keyboard.press("ArrowRight")
            assert view.evaluate(PALE) == []
        assert steps.first.evaluate(BACK) != steps.last.evaluate(BACK)
    lesson.assert_quiet(opened)


# --- Dark and narrow -----------------------------------------------------------------------------

LABS = ("FaultLab", "ClusterLab", "PagerMapLab", "DaemonLab")
OUTSIDE = """node => [...node.querySelectorAll('button, input, select, output, .uvmlab-box, .uvmlab-run-body > *')].filter(
  (each) => each.getBoundingClientRect().right > node.getBoundingClientRect().right + 1).map((each) => each.outerHTML)"""


def test_dark_and_850_pixels_wide_nothing_is_cut_and_nothing_is_pale(lab, lab_page, tmp_path):
    name = lesson.write(lab, "dark.ipynb", VIEW, *(LAB.format(name) for name in LABS))
    opened = lab_page(name)
    assert opened.run_all()
    page = opened.page
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.set_viewport_size({"width": 850, "height": 12_000})  # what is out of sight is not there
    page.add_style_tag(content=TALL)
    page.evaluate(AXE_SCRIPT)
    assert next(lesson.themes(page)) == "dark"
    shown = page.locator(".jp-OutputArea-output:has(.uvmlab-run)")
    expect(shown).to_have_count(1 + len(LABS))
    page.wait_for_function(
        "() => document.querySelector('.uvmlab-run').getBoundingClientRect().right <= 850"
    )
    for number, each in enumerate(shown.all()):
        each.get_by_role("slider").fill("20")
        each.screenshot(path=tmp_path / f"dark-{number}.png")
        for faults in (labs.WIDE, labs.CUT, OUTSIDE):
            found = [fault for fault in each.evaluate(faults) if not fault.startswith("<text")]
            assert found == []
    serious, judged = shown.first.evaluate(SCAN)  # the labs' colours do not depend on the width
    assert judged, "axe has judged the contrast of nothing"
    assert serious == []
    page.evaluate(lesson.THEME, "JupyterLab Light")
    page.set_viewport_size({"width": 1280, "height": 1000})
    lesson.assert_quiet(opened)
