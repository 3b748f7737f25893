"""`python -m uvmlab kill-matrix`: the table, the page, and what is not as it should be."""

import sys
from types import SimpleNamespace

import pytest

from tests.kill_matrix import matrix, table
from uvmlab.check.problem import Correct, Incorrect
from uvmlab.commands import killmatrix


@pytest.fixture
def small(monkeypatch):
    """A matrix of one question."""
    shown = SimpleNamespace(PROBLEMS=["06-account"], row=matrix.row)
    monkeypatch.setattr(killmatrix, "catalogue", lambda root: (shown, table))
    return shown


def test_it_prints_the_table(small, capsys):
    assert killmatrix.main([]) == 0
    out = capsys.readouterr().out
    assert out.startswith("| question ")
    n = len(matrix.wrong_answers(matrix.PROBLEMS["06-account"]))
    assert f"| 06-account | {n} of {n} " in out


def test_it_writes_the_page(small, tmp_path, capsys):
    assert killmatrix.main(["--out", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text() == table.page([matrix.row("06-account")])
    assert capsys.readouterr().out == ""


def test_a_wrong_answer_that_passes_is_named_and_fails(small, monkeypatch, capsys):
    monkeypatch.setattr(table, "complaints", lambda rows: ["06-account: passes"])
    assert killmatrix.main([]) == 1
    assert "06-account: passes\n" in capsys.readouterr().err


def test_the_catalogue_is_that_of_the_checkout(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [*sys.path])
    assert killmatrix.catalogue(tmp_path) == (matrix, table)
    assert sys.path[0] == str(tmp_path)
    assert killmatrix.catalogue(tmp_path) == (matrix, table)
    assert sys.path.count(str(tmp_path)) == 1


def test_the_bench_is_told_how_many_equivalent_mutants_agree(small, tmp_path):
    small.WORLDS = 1000
    small.agreeing = lambda: [("q", "the solution", Correct(1000)), ("q", "a -> b", Incorrect(()))]
    assert list(killmatrix.agreements(tmp_path)) == [
        "equivalent mutants and their solutions, 1,000 worlds each: 1 of 2 do as the engine does",
        "  q does not: a -> b",
    ]


def test_outside_of_a_checkout_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        killmatrix.main([])
    assert stopped.value.code == 2
    assert "is no checkout of uvmlab" in capsys.readouterr().err
