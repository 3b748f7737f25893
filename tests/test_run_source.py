"""Every line of the C is answered, in the words of one table, by the events and notes of pager.py."""

import ast
import json
from pathlib import Path

import pytest

from uvmlab import source
from uvmlab.kernel import SEVEN, lines, pager
from uvmlab.kernel.trace import EVENTS
from uvmlab.run import owncopy
from uvmlab.run.source import shown, strings, table

CODE = Path(pager.__file__).read_text()
GOLDEN = (Path(__file__).parent / "golden" / "vectors.jsonl").read_text().splitlines()
NO_STATEMENT = ("comment: ", "blank line", "declares ", "ends ", "opens ")


def numbered():
    """Yield (function, C line) for each statement of pager.py that names one."""
    numbers = lines.c_lines(CODE)
    for function in ast.parse(CODE).body:
        if isinstance(function, ast.FunctionDef):
            for line in range(function.lineno, function.end_lineno + 1):
                if line in numbers:
                    yield function.name, numbers[line]


def golden():
    """Yield (event, C line) of all golden vectors."""
    for vector in map(json.loads, GOLDEN):
        for event, line in zip(vector["events"], vector["lines"], strict=True):
            yield event[0], line


# The table


def test_all_731_lines_are_answered():
    assert sorted(table()) == list(range(1, 732))
    assert all(line in row.lines and row.words for line, row in table().items())


def test_no_line_is_in_two_rows():
    rows = {row.lines: row for row in table().values()}
    assert sum(map(len, rows)) == 731


def test_the_seven_functions_come_in_their_order():
    assert list(dict.fromkeys(row.function for _, row in sorted(table().items()))) == [None, *SEVEN]
    heads = {
        row.words.split()[1].strip(",:"): n
        for n, row in table().items()
        if row.words.startswith("begins ")
    }
    assert heads == dict(zip(SEVEN, (86, 123, 207, 260, 378, 446, 587), strict=True))


def test_each_number_of_pager_py_is_a_statement_of_the_same_function():
    found = set(numbered())
    assert len(found) > 150
    for function, line in found:
        assert table()[line].function == function
        assert not table()[line].words.startswith(NO_STATEMENT), line


def test_what_ends_a_block_names_where_it_begins():
    for line, row in table().items():
        if row.words.startswith(("ends the ", "ends what ")):
            begins = int(row.words.split()[-1 if "of" in row.words else 2])
            assert begins < line
            assert table()[begins].function == row.function
            assert not table()[begins].words.startswith(NO_STATEMENT)


def test_a_row_is_short_and_plain():
    for row in table().values():
        assert row.words == row.words.strip()
        assert len(row.words) <= 130, row
        assert not set(row.words) & set("{}&*="), "no C is in it"


# What shows a line


def test_each_event_of_the_golden_vectors_shows_its_line():
    missing = {(event, line) for event, line in golden() if event not in source(line).events}
    assert {event for event, _ in missing} <= {"panic"}  # a lock, say, that is held already
    assert {line for _, line in missing} <= set(table())


def test_each_event_that_a_line_can_show_is_in_the_golden_vectors_or_a_panic():
    seen = set(golden())
    unseen = {(made, n) for n, all_made in shown().items() for made in all_made if made in EVENTS}
    assert {event for event, _ in unseen - seen} <= {"panic"}


@pytest.mark.parametrize(
    ("line", "events", "notes"),
    [
        (167, ("unlock", "sleep", "resume", "deadlock"), ()),
        (338, ("pmap_is_modified",), ()),
        (345, (), ("note busy", "note clean")),
        (347, (), ("set PG_BUSY",)),
        (160, ("free",), ("store aio",)),
        (540, (), ("note return",)),
        (678, (), ("clear PG_BUSY | PG_WANTED",)),
        (325, (), ("note limit",)),
        (667, ("releasepg", "panic"), ()),
        (2, (), ()),
        (553, (), ("note retry",)),
    ],
)
def test_a_line_says_its_events_and_notes(line, events, notes):
    found = source(line)
    assert found.events == events
    assert found.notes == notes


def test_both_texts_of_a_choice_are_found():
    assert strings(ast.parse("'a' if x else 'b'", mode="eval").body) == ["a", "b"]


# What it says


def test_a_statement_says_its_lines_function_words_and_what_shows_it():
    assert repr(source(338)) == (
        "uvm_pager.c 1.1.1.1, line 338 (of 337 to 338), in mk_pcluster:\n"
        "  asks the pmap layer whether the page was written to, if it says clean and is not busy\n"
        "  event: pmap_is_modified"
    )
    assert repr(source(345)).endswith("\n  notes: busy, clean")


def test_lines_outside_of_all_functions_are_answered_too():
    assert repr(source(76)) == (
        "uvm_pager.c 1.1.1.1, line 76:\n  defines the size of the pager map: 4 MiB, or 1024 pages"
    )
    assert source(731).function is None


@pytest.mark.parametrize("line", [0, 732, -1])
def test_what_is_no_line_is_refused_with_what_is_legal(line):
    with pytest.raises(ValueError, match=f"^uvm_pager.c has lines 1 to 731, not {line}$"):
        source(line)


@pytest.mark.parametrize("line", ["338", 338.0, None, True])
def test_what_is_no_number_is_refused_with_what_is_legal(line):
    with pytest.raises(TypeError, match=f"a whole number from 1 to 731, not {line!r}"):
        source(line)


def test_a_learner_s_own_copy_is_shown_beside_it(monkeypatch, tmp_path):
    mine = [f"\tc{n}();" for n in range(1, 732)]
    monkeypatch.setenv("UVMLAB_WORK", str(tmp_path))
    monkeypatch.setattr(owncopy, "FINGERPRINT", owncopy.fingerprint(mine))
    (tmp_path / "uvm_pager.c").write_text("\n".join(mine))
    assert source(338).c == ("\tc337();", "\tc338();")
    assert repr(source(338)).endswith("\n  337 \tc337();\n  338 \tc338();")
    assert repr(source(2)).endswith("blank line\n    2 \tc2();")


def test_a_refused_copy_is_said_and_ours_stands(monkeypatch, tmp_path):
    monkeypatch.setenv("UVMLAB_WORK", str(tmp_path))
    (tmp_path / "uvm_pager.c").write_text("another file")
    found = source(347)
    assert found.c == ()
    assert "is not the file as it was" in found.said
    assert repr(found).endswith(f"\n  note: set PG_BUSY\n  {found.said}")
