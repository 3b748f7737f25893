"""What is read after the predictions: texts by name."""

import pytest

from uvmlab.check.reading import FOLDER, reading


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.md")))
def test_each_text_has_a_heading_a_lesson_and_something_to_say(name):
    text = reading(name)
    assert text.title
    assert not text.title.startswith("#")
    assert all(each[:3] == name[:3] for each in text.after)
    assert len(text.text) > 100
    assert repr(text) == f"{text.title}\n\n{text.text}"
    assert text._repr_markdown_() == text.text


def test_an_unknown_text_gets_the_legal_names():
    with pytest.raises(KeyError, match=r"no text '07'; there are 00-lessons-learned, 04-"):
        reading("07")
