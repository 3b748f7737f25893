"""What was handed in: whose each notebook is, and what is not read."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from uvmlab.check import handed
from uvmlab.check.handed import Handed, handed_in
from uvmlab.check.submission import Unreadable


def test_learners_are_told_by_folder_or_by_the_name_of_the_file(tmp_path):
    for name in (
        "anna.ipynb",
        "ben_04_clusters.ipynb",
        "04_clusters-cleo.ipynb",
        "06_when_the_disk_says_no.ipynb",
        "dora/04_clusters.ipynb",
        "dora/.ipynb_checkpoints/04_clusters-checkpoint.ipynb",
        ".trash/emil.ipynb",
        "fred/06_when_the_disk_says_no/06_when_the_disk_says_no.ipynb",
        "gina/notes.txt",
        ".git/config",
        "README.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = {each.file: (each.learner, each.exercise) for each in handed_in(tmp_path)}
    assert found == {
        "anna.ipynb": ("anna", ""),
        "ben_04_clusters.ipynb": ("ben", "04"),
        "04_clusters-cleo.ipynb": ("cleo", "04"),
        "06_when_the_disk_says_no.ipynb": ("06_when_the_disk_says_no", "06"),
        "dora/04_clusters.ipynb": ("dora", "04"),
        "fred/06_when_the_disk_says_no/06_when_the_disk_says_no.ipynb": ("fred", "06"),
        "gina/": ("gina", ""),
    }


def test_a_folder_that_is_called_like_a_notebook_is_a_learner_s_folder(tmp_path):
    (tmp_path / "anna.ipynb").mkdir()
    (tmp_path / "ben.ipynb").mkdir()
    (tmp_path / "ben.ipynb" / "04_clusters.ipynb").touch()
    (tmp_path / "cleo" / "04.ipynb").mkdir(parents=True)
    (tmp_path / "dora.ipynb").symlink_to(tmp_path / "cleo")
    assert [each[:2] for each in handed_in(tmp_path)] == [
        ("ben.ipynb", "ben.ipynb/04_clusters.ipynb"),
        ("dora", "dora.ipynb"),
        ("anna.ipynb", "anna.ipynb/"),
        ("cleo", "cleo/"),
    ]


@pytest.fixture
def of_nobody():
    """A folder that somebody without rights may look into, and that person."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        me = os.geteuid()
        os.seteuid(65534) if not me else None
        yield folder
        os.seteuid(me)
        for path in folder.rglob("*"):
            path.chmod(0o755)


def test_what_cannot_be_read_is_not_told_to_be_empty(of_nobody):
    me = os.geteuid()
    for name in ("anna/04_clusters.ipynb", "ben/deep/04_clusters.ipynb", "cleo/04_clusters.ipynb"):
        os.seteuid(os.getuid())
        path = of_nobody / name
        path.parent.mkdir(parents=True)
        path.touch()
    (of_nobody / "anna").chmod(0o311)
    (of_nobody / "ben" / "deep").chmod(0o000)
    (of_nobody / "cleo").chmod(0o644)
    os.seteuid(me)
    found = {}
    for each in handed_in(of_nobody):
        with pytest.raises(Unreadable) as refused:
            each.content()
        found[each[:2]] = str(refused.value)
    refused = "it cannot be read: Permission denied"
    assert found == {
        ("anna", "anna"): refused,
        ("ben", "ben/deep"): refused,
        ("cleo", "cleo/04_clusters.ipynb"): refused,
    }


def test_a_notebook_is_read_as_it_is(tmp_path):
    path = tmp_path / "anna.ipynb"
    path.write_bytes(b"anything\xff")
    (found,) = handed_in(tmp_path)
    assert found == ("anna", "anna.ipynb", path)
    assert found.content() == b"anything\xff"


def test_what_is_no_file_of_a_usual_size_is_not_read(tmp_path, monkeypatch):
    def why(name):
        with pytest.raises(Unreadable) as refused:
            Handed("anna", name, tmp_path / name).content()
        return str(refused.value)

    (tmp_path / "large").write_bytes(bytes(3_000_000))
    (tmp_path / "link").symlink_to(tmp_path / "large")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr(handed, "MOST", 2_000_000)
    assert why("large") == "it is 3 MB large, and at most 2 MB are read"
    assert why("link") == "it is a link to another file"
    assert why("pipe") == why("nothing") == "it is no file"
    assert why("folder") == "there is no notebook in the folder"


def test_what_may_not_be_read_gets_the_system_s_words(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "anna.ipynb"
    path.touch()
    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(Unreadable, match="^it cannot be read: Permission denied$"):
        Handed("anna", "anna.ipynb", path).content()
