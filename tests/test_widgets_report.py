"""What came of a put as HTML: well-formed, with a name for every box, and no text unescaped."""

import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest

from uvmlab.draw import RenderError
from uvmlab.widgets import Fault, report


@pytest.fixture(scope="module")
def outcome():
    return Fault(pages=3, aobj="p2", wanted="p0").run()


def parsed(html):
    """Parse a report as XML, which refuses whatever is not well-formed."""
    return ElementTree.fromstring(f"<div>{html}</div>")


def test_every_box_can_be_reached_and_has_a_name(outcome):
    boxes = [
        box for box in parsed(report.report(outcome)).iter("div") if box.get("role") == "region"
    ]
    assert [box.get("aria-label") for box in boxes] == [
        "Before",
        "After, what changed is marked",
        "The I/Os",
        "The slots",
        "What moved",
        "Who names a slot",
        "Events and notes, each with its line of uvm_pager.c",
    ]
    assert {box.get("tabindex") for box in boxes} == {"0"}


def test_each_event_is_a_row_with_its_line(outcome):
    rows = [
        [cell.text for cell in row]
        for row in parsed(report.listed(outcome.steps)).iter("tr")
        if row[0].tag == "td"
    ]
    assert len(rows) == len(outcome.steps)
    assert rows[0] == ["1", "498", "unlock", "pageq"]
    assert [row[1] for row in rows] == [str(event.line) for event in outcome.steps]


def test_a_picture_is_an_image_for_each_theme_that_stands_alone(outcome):
    images = [*parsed(report.begun(outcome.before)).iter("img")]
    assert [image.get("class") for image in images] == ["uvmlab-light", "uvmlab-dark"]
    drawn = [b64decode(image.get("src").split(",")[1]).decode() for image in images]
    assert all(svg.startswith("<svg") for svg in drawn)
    assert drawn[0] != drawn[1]


def test_without_a_renderer_the_words_are_shown_and_why(outcome, monkeypatch):
    def refuse(*_, **__):
        raise RenderError("nothing draws <here>")

    monkeypatch.setattr(report, "svg", refuse)
    said = report.picture("Before", outcome.before)
    assert "There is no picture: nothing draws &lt;here&gt;." in said
    assert "<img" not in said
    assert "p0" in said


def test_the_words_say_all_of_it(outcome):
    words = [pre.text for pre in parsed(report.report(outcome)).iter("pre")]
    assert outcome.text() in words


def test_text_is_escaped():
    html = report.table("T", ("<a>",), [("<script>", "&")]) + report.fold("<b>", "<i>")
    assert "&lt;script&gt;" in html
    assert not re.search("<(script|a|b|i)>", html)
