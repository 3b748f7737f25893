import os
import stat
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from uvmlab.draw import render as module
from uvmlab.draw.render import RenderError, pure_dot, render, renderer

DOT = 'digraph { a [id="a"] }'


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Make a program of this Python text the renderer."""

    def make(text):
        path = tmp_path / "dot"
        path.write_text(f"#!{sys.executable}\n{text}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("UVMLAB_DOT", str(path))
        return str(path)

    return make


@pytest.fixture
def no_pure(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(module, "distribution", missing)


def test_dot_text_becomes_an_svg():
    assert '<g id="a" class="node">' in render(DOT)


def test_uvmlab_dot_comes_first(program):
    path = program("print('<svg/>')")
    assert renderer() == path
    assert render(DOT) == "<svg/>\n"


def test_uvmlab_dot_may_be_a_name_on_the_path(program, monkeypatch):
    path = program("")
    monkeypatch.setenv("UVMLAB_DOT", "dot")
    monkeypatch.setenv("PATH", str(Path(path).parent))
    assert renderer() == path


def test_a_uvmlab_dot_that_is_no_program_is_named(monkeypatch):
    monkeypatch.setenv("UVMLAB_DOT", "/nowhere/dot")
    with pytest.raises(
        RenderError, match="UVMLAB_DOT names /nowhere/dot, which is no program: unset it"
    ):
        renderer()


def test_then_comes_the_dot_of_the_machine(program, monkeypatch):
    path = program("")
    monkeypatch.delenv("UVMLAB_DOT")
    monkeypatch.setenv("PATH", str(Path(path).parent))
    assert renderer() == path


def test_then_graphviz_pure_wherever_the_path_leads(monkeypatch):
    monkeypatch.delenv("UVMLAB_DOT")
    monkeypatch.setenv("PATH", "")
    assert renderer() == pure_dot()
    assert os.access(pure_dot(), os.X_OK)


@pytest.mark.usefixtures("no_pure")
def test_with_no_renderer_at_all_it_says_what_to_install(monkeypatch):
    monkeypatch.delenv("UVMLAB_DOT")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(
        RenderError, match="no graphviz renderer is installed.*pip install graphviz-pure"
    ):
        render(DOT)


@pytest.mark.parametrize("files", [None, [Path("graphviz-pure")], [Path("README.md")]])
def test_a_graphviz_pure_without_its_program_counts_as_none(monkeypatch, tmp_path, files):
    for file in files or ():
        monkeypatch.setattr(type(file), "locate", lambda self: tmp_path / self, raising=False)
    monkeypatch.setattr(module, "distribution", lambda name: SimpleNamespace(files=files))
    with pytest.raises(RenderError, match="no graphviz renderer is installed"):
        pure_dot()


def test_a_renderer_that_fails_is_quoted():
    with pytest.raises(RenderError, match=r"graphviz-pure failed: .*syntax error"):
        render("digraph {")


def test_a_renderer_that_fails_without_a_word_gives_its_exit_code(program):
    program("raise SystemExit(3)")
    with pytest.raises(RenderError, match="dot failed: exit code 3"):
        render(DOT)


def test_a_renderer_that_draws_nothing_has_failed(program):
    program("")
    with pytest.raises(RenderError, match="dot failed: exit code 0"):
        render(DOT)


LONG = DOT + f"// {' ' * 2_000_000}"  # no pipe holds so much


def test_a_text_that_finds_no_room_in_the_pipe_is_told_all_the_same():
    assert '<g id="a" class="node">' in render(LONG)


def test_a_pipe_that_cannot_be_widened_will_do(monkeypatch):
    monkeypatch.delattr(module.fcntl, "F_SETPIPE_SZ", raising=False)
    assert '<g id="a" class="node">' in render(DOT + f"// {' ' * 100_000}")


def test_what_the_pipe_holds_is_told_at_once(program):
    program("import sys, time; n = len(sys.stdin.read()); time.sleep(0.5); print(n)")
    with module.Rendering() as begun:
        begun.draw(DOT)
        assert begun._rest == b""
        assert begun.svg() == f"{len(DOT)}\n"


def test_a_renderer_that_reads_nothing_says_itself_why(program):
    program("raise SystemExit('not today')")
    with module.Rendering() as begun:
        begun._child.wait()
        begun.draw(LONG)
        with pytest.raises(RenderError, match="dot failed: not today"):
            begun.svg()


def test_a_renderer_that_hangs_is_stopped(program):
    program("import time; time.sleep(60)")
    with pytest.raises(RenderError, match=r"took longer than 0.2 s: draw a smaller world"):
        render(DOT, seconds=0.2)


def test_a_renderer_that_cannot_be_run_is_named(program):
    path = program("")
    Path(path).write_bytes(b"\x7fELF is all there is of it")
    with pytest.raises(RenderError, match=r"dot cannot be run \(.*\): install one"):
        render(DOT)


def test_a_bare_digraph_is_drawn_by_our_renderer(program):
    path = program("")
    asked = "from graphviz.backend import dot_command; import uvmlab.draw; print(dot_command.DOT_BINARY)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == path


def test_the_room_can_be_imported_with_no_renderer(monkeypatch):
    monkeypatch.setenv("UVMLAB_DOT", "/nowhere/dot")
    told = subprocess.run(
        [sys.executable, "-c", "import uvmlab.draw"], capture_output=True, check=True
    )
    assert told.stderr == b""
