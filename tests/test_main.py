"""`python -m uvmlab`: words to modules, and what a wrong word gets."""

import runpy
import sys
from types import SimpleNamespace

import pytest

import uvmlab
from uvmlab import __main__


def test_help_names_every_command_and_what_it_does(capsys):
    assert __main__.main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(
        f"  {word}" in said and what in said for word, (_, what) in __main__.COMMANDS.items()
    )


def test_the_version_is_the_package_s(capsys):
    assert __main__.main(["--version"]) == 0
    assert capsys.readouterr().out == f"uvmlab {uvmlab.__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"), [(["lba"], "there is no command 'lba'"), ([], "a command is missing")]
)
def test_an_unknown_word_is_one_line_on_stderr_and_exit_2(capsys, words, said):
    assert __main__.main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert (
        err
        == f"uvmlab: {said}; there are lab, replay, notebooks, exercises, grade, kill-matrix, bench, doctor (and --help)\n"
    )


def test_a_word_loads_its_module_and_hands_the_rest_over(monkeypatch):
    heard = []
    lab = SimpleNamespace(main=lambda argv: heard.append(argv) or 7)
    monkeypatch.setitem(sys.modules, "uvmlab.commands.lab", lab)
    assert __main__.main(["lab", "--fresh", "06"]) == 7
    assert heard == [["--fresh", "06"]]


def as_a_program(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["uvmlab", *words])
    monkeypatch.delitem(sys.modules, "uvmlab.__main__")
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("uvmlab", run_name="__main__")
    return stopped.value.code


def test_the_exit_code_is_the_program_s(monkeypatch, capsys):
    assert as_a_program(monkeypatch, "lba") == 2
    assert "'lba'" in capsys.readouterr().err


def test_ctrl_c_ends_a_command_without_a_traceback(monkeypatch, capsys):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "uvmlab.commands.lab", SimpleNamespace(main=interrupt))
    assert as_a_program(monkeypatch, "lab") == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("word", __main__.COMMANDS)
def test_each_command_says_what_it_is_for(capsys, word):
    with pytest.raises(SystemExit) as stopped:
        __main__.main([word, "--help"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m uvmlab {word}")


@pytest.mark.parametrize("word", __main__.COMMANDS)
def test_an_option_that_is_none_is_named_on_stderr_with_exit_2(capsys, word):
    with pytest.raises(SystemExit) as stopped:
        __main__.main([word, "--no-such-option"])
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "--no-such-option" in err.splitlines()[-1]
