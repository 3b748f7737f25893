"""`python -m uvmlab doctor`: what works, and what to do about the rest."""

import stat
import sys

import pytest

from uvmlab.commands import doctor
from uvmlab.draw.render import pure_dot

WHAT = ["Python", "renderer", "kernel", "widgets", "work"]


@pytest.fixture
def clean(tmp_path, monkeypatch):
    """A folder to work in, and no settings of this machine's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("UVMLAB_DOT")
    monkeypatch.delenv("UVMLAB_WORK")
    return tmp_path


def test_all_is_well_here(clean, capsys):
    assert doctor.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"ok       {name}" for name in WHAT]


def test_a_thing_that_is_missing_makes_the_exit_code_1(clean, capsys, monkeypatch):
    def absent():
        raise doctor.Missing("it is gone: bring it back")

    monkeypatch.setattr(doctor, "CHECKS", {"Python": doctor.python, "thing": absent})
    assert doctor.main([]) == 1
    assert capsys.readouterr().out.endswith("\nmissing  thing: it is gone: bring it back\n")


def test_python_is_named_with_its_place():
    assert doctor.python().endswith(f", {sys.executable}")


def test_the_renderer_is_named_after_it_has_drawn(clean, monkeypatch):
    monkeypatch.setenv("UVMLAB_DOT", pure_dot())
    assert doctor.renderer() == pure_dot()


def test_a_renderer_that_is_not_there_says_what_to_do(clean, monkeypatch):
    monkeypatch.setenv("UVMLAB_DOT", "/nowhere/dot")
    with pytest.raises(doctor.Missing, match="^UVMLAB_DOT names /nowhere/dot.*: unset it"):
        doctor.renderer()


def test_a_renderer_that_draws_nothing_is_missing(clean, monkeypatch):
    mute = clean / "dot"
    mute.write_text("#!/bin/sh\nexit 3\n")
    mute.chmod(stat.S_IRWXU)
    monkeypatch.setenv("UVMLAB_DOT", str(mute))
    with pytest.raises(doctor.Missing, match=str(mute)):
        doctor.renderer()


def test_a_kernel_that_does_not_start_says_what_to_do(monkeypatch):
    from jupyter_client import manager

    def fail(**_):
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr(manager, "start_new_kernel", fail)
    with pytest.raises(doctor.Missing, match=r"no kernel starts \(Kernel died.*: delete .venv"):
        doctor.kernel()


def test_a_kernel_that_does_not_answer_says_what_to_do(monkeypatch):
    from jupyter_client import manager

    class Mute:
        stopped = 0

        def execute_interactive(self, *_, **__):
            raise TimeoutError("Timeout waiting for output")

        def stop_channels(self):
            self.stopped += 1

        def shutdown_kernel(self, *, now):
            self.stopped += now

    mute = Mute()
    monkeypatch.setattr(manager, "start_new_kernel", lambda **_: (mute, mute))
    with pytest.raises(doctor.Missing, match="the kernel does not answer .*Timeout"):
        doctor.kernel()
    assert mute.stopped == 2, "a mute kernel is not left running"


def test_a_widget_package_that_does_not_import_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(doctor.Missing, match="^anywidget does not import"):
        doctor.widgets()


def test_a_widget_that_jupyterlab_does_not_know_is_named(monkeypatch):
    from jupyter_core import paths

    monkeypatch.setattr(paths, "jupyter_path", lambda *_: ["/nowhere"])
    with pytest.raises(doctor.Missing, match="no extension @jupyter-widgets/jupyterlab-manager"):
        doctor.widgets()


def test_work_is_the_folder_that_the_lab_named(clean, monkeypatch):
    monkeypatch.setenv("UVMLAB_WORK", str(clean))
    assert doctor.work() == f"{clean} can be written"


def test_a_work_folder_that_cannot_be_written_says_what_to_do(clean):
    (clean / "work").touch()  # a file: not even root can write into it
    with pytest.raises(doctor.Missing, match="work cannot be written .*: use a folder of your own"):
        doctor.work()


def test_nothing_is_left_in_the_work_folder(clean):
    (clean / "work").mkdir()
    doctor.work()
    assert list((clean / "work").iterdir()) == []
