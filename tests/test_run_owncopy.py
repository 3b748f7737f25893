"""A learner's own `uvm_pager.c`: taken in every form in which it may come, and no other file."""

import pytest

from uvmlab.run import owncopy
from uvmlab.run.owncopy import OwnCopy, c_text, fingerprint, own_copy

ID = "/*\t$Id: uvm_pager.c,v 1.1.1.1 1998/02/05 06:25:09 mrg Exp $\t*/"
# No C of 1998 is in this project, so these tests know a file of their own.
C = (ID, "", *(f"\tline({n});\t/* {n} */" for n in range(3, 731)), "")
RAW = "\n".join(C[:-1]) + "\n"
LISTING = "Home | History\nuvm_pager.c revision 1.1.1.1\n" + "".join(
    f"{n:>7} {line}\n".replace(" ", "\u00a0", 8) for n, line in enumerate(C, 1)
)


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(owncopy, "FINGERPRINT", fingerprint(list(C)))


def put(folder, content):
    path = folder / "uvm_pager.c"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return own_copy(folder)


def test_a_raw_file_is_taken(tmp_path):
    assert put(tmp_path, RAW) == OwnCopy(C, "")


@pytest.mark.parametrize(
    "content",
    [
        RAW.replace("\n", "\r\n"),
        RAW + "\n\n",
        RAW.encode("utf-8-sig"),
        LISTING,
        LISTING.replace("\u00a0", " "),
        LISTING.replace("\u00a0", " ").replace(" /*\t$Id", "\t/*\t$Id"),
        LISTING.encode("latin-1"),
        RAW.replace(ID, "/*\t$Id$\t*/"),
        RAW.replace("\t", "        "),
    ],
    ids=["dos", "longer", "bom", "listing", "spaces", "tab", "latin-1", "no revision", "no tabs"],
)
def test_so_is_the_same_in_other_clothes(tmp_path, content):
    lines, said = put(tmp_path, content)
    assert said == ""
    assert [line.split() for line in lines[1:]] == [line.split() for line in C[1:]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (RAW.replace("1.1.1.1", "1.5"), "is revision 1.5"),
        (LISTING.replace("1.1.1.1", "1.5"), "is revision 1.5"),
        (
            RAW.replace("$Id: uvm_pager.c,v 1.1.1.1", "$NetBSD: uvm_pager.c,v 1.129"),
            "revision 1.129",
        ),
        (RAW.replace("line(500)", "line(501)"), "is not the file as it was, or not all of it"),
        (RAW.replace("\tline(500);\t/* 500 */\n", ""), "is not the file as it was, or not all of"),
        (RAW[:5000], "is not the file as it was, or not all of it"),
        ("", "is not the file as it was, or not all of it"),
        ("<html>", "is not the file as it was, or not all of it"),
        (b"\x00\xff\xfe" * 999, "is not the file as it was, or not all of it"),
    ],
)
def test_another_file_is_refused_with_a_sentence(tmp_path, content, why):
    lines, said = put(tmp_path, content)
    assert lines == ()
    assert said.startswith(str(tmp_path / "uvm_pager.c"))
    assert why in said
    assert said.endswith(" Only revision 1.1.1.1 goes with uvmlab, so no C is shown.")


def test_one_that_cannot_be_read_says_so(tmp_path):
    (tmp_path / "uvm_pager.c").mkdir()
    assert own_copy(tmp_path).said == f"{tmp_path / 'uvm_pager.c'} cannot be read: Is a directory."


def test_none_is_none(tmp_path, monkeypatch):
    assert own_copy(tmp_path) == own_copy(tmp_path / "missing") == OwnCopy()
    monkeypatch.setattr(owncopy, "work_folder", lambda: None)
    assert own_copy() == OwnCopy()


def test_it_is_looked_for_in_the_learner_s_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("UVMLAB_WORK", str(tmp_path))
    put(tmp_path, RAW)
    assert own_copy().lines == C


def test_a_line_of_c_may_begin_with_a_number():
    assert c_text("1 + 2;\nb();\n")[:3] == ["1 + 2;", "b();", ""]
