"""Where the learner's folder is looked for."""

from pathlib import Path

import pytest

from uvmlab.run.work import work_folder


def test_the_folder_that_the_lab_names_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("UVMLAB_WORK", str(tmp_path / "mine"))
    assert work_folder() == tmp_path / "mine"


@pytest.mark.parametrize(
    "at", ["work", "work/notebooks", "work/a/b", "notebooks", "notebooks/deep"]
)
def test_else_the_nearest_work_folder_above_the_notebook(tmp_path, monkeypatch, at):
    monkeypatch.delenv("UVMLAB_WORK")
    (tmp_path / "work").mkdir()
    (tmp_path / at).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / at)
    assert work_folder() == tmp_path / "work"


def test_else_there_is_none(monkeypatch):
    monkeypatch.delenv("UVMLAB_WORK")
    assert work_folder(Path("/")) in (None, Path("/work"))  # a machine may have one there
    monkeypatch.setattr(Path, "is_dir", lambda _: False)
    assert work_folder(Path("/somewhere")) is None
