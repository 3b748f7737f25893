"""What came of a put as HTML: well-formed, with a name for every box, and no text unescaped."""

import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest

from uvmlab.draw import RenderError
from uvmlab.widgets import Fault, faultlab, report


@pytest.fixture(scope="module")
def outcome():
    return Fault(pages=3, aobj="p2", wanted="p0").run()


def parsed(html):
    """Parse a report as XML, which refuses whatever is not well-formed."""
    return ElementTree.fromstring(f"<div>{html}</div>")


def test_every_box_can_be_reached_and_has_a_name(outcome):
    boxes = [
        box for box in parsed(faultlab.report(outcome)).iter("div") if box.get("role") == "region"
    ]
    assert [box.get("aria-label") for box in boxes] == [
        "The I/Os",
        "The slots",
        "What moved",
        "Who names a slot",
    ]
    assert {box.get("tabindex") for box in boxes} == {"0"}


def test_a_put_of_a_file_has_no_slots_to_account_for():
    html = faultlab.report(Fault(kind="file", pages=2).run())
    titles = [title.text for title in parsed(html).iter("h4")]
    assert titles == ["The I/Os", "What became of the pages"]
    assert "<td>page 0 of f0 on</td>" in html


def test_the_account_has_a_line_for_what_is_lost_also_when_nothing_is(outcome):
    assert "<td>named by nobody (lost)</td><td>none</td>" in faultlab.report(outcome)


def test_a_picture_is_an_image_for_each_theme_that_stands_alone(outcome):
    images = [*parsed(report.begun(report.Beginning.of(outcome.before))).iter("img")]
    assert [image.get("class") for image in images] == ["uvmlab-light", "uvmlab-dark"]
    drawn = [b64decode(image.get("src").split(",")[1]).decode() for image in images]
    assert all(svg.startswith("<svg") for svg in drawn)
    assert drawn[0] != drawn[1]


def test_without_a_renderer_the_words_are_shown_and_why(outcome, monkeypatch):
    def refuse(*_, **__):
        raise RenderError("nothing draws <here>")

    monkeypatch.setattr(report, "svg", refuse)
    said = report.begun(report.Beginning.of(outcome.before))
    assert "There is no picture: nothing draws &lt;here&gt;." in said
    assert "<img" not in said
    assert "p0" in said


def test_the_words_say_all_of_it(outcome):
    words = [pre.text for pre in parsed(faultlab.report(outcome)).iter("pre")]
    assert outcome.text() in words


def test_text_is_escaped():
    html = report.table("T", ("<a>",), [("<script>", "&")]) + report.fold("<b>", "<i>")
    assert "&lt;script&gt;" in html
    assert not re.search("<(script|a|b|i)>", html)
