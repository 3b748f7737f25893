"""Answers outlive the kernel, damage, a full disk and each other."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from uvmlab.check import Answers, answers

QUESTION = "Which slots are free?"


@pytest.fixture
def store(tmp_path):
    return Answers(tmp_path)


@pytest.fixture(autouse=True)
def empty_memory(monkeypatch):
    monkeypatch.setattr(Answers, "_memory", {})


def file_of(store):
    return store.folder / answers.file_name("q1", QUESTION)


def test_an_answer_is_there_for_the_next_kernel(store, tmp_path):
    store.put("q1", QUESTION, [5, 6])
    assert Answers(tmp_path).get("q1", QUESTION) == [5, 6]
    assert json.loads(file_of(store).read_text())["question"] == QUESTION


def test_no_answer_is_none_and_nothing_is_said(store):
    assert store.get("q1", QUESTION) is None
    assert store.said == ""
    assert not store.folder.exists()


def test_a_new_answer_takes_the_place_of_the_old_one(store):
    store.put("q1", QUESTION, "a")
    store.put("q1", QUESTION, "b")
    assert store.get("q1", QUESTION) == "b"
    assert [path.name for path in store.folder.iterdir()] == [file_of(store).name]


def test_the_same_name_with_another_question_is_another_answer(store):
    store.put("q1", QUESTION, 1)
    assert store.get("q1", "Which are not?") is None


def test_names_that_no_file_can_have_are_fine(store):
    for name in ("../../etc/passwd", "a/b", "", "ü" * 300, "nul\0"):
        store.put(name, QUESTION, name)
        assert store.get(name, QUESTION) == name
    assert len([*store.folder.iterdir()]) == 5


def test_a_forgotten_answer_is_gone_for_the_next_kernel_too(store, tmp_path):
    store.put("q1", QUESTION, 1)
    store.forget("q1", QUESTION)
    store.forget("q1", QUESTION)
    assert Answers(tmp_path).get("q1", QUESTION) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"7", b'{"name": "q1"}', b"\xff\xfe", b"[" * 100_000, b'"text"']
)
def test_a_damaged_file_is_kept_aside_and_said_so(store, content):
    store.put("q1", QUESTION, 1)
    file_of(store).write_bytes(content)
    assert store.get("q1", QUESTION) is None
    aside = file_of(store).with_suffix(".damaged1")
    assert aside.read_bytes() == content
    assert str(aside) in store.said
    store.put("q1", QUESTION, 2)
    assert store.get("q1", QUESTION) == 2


def test_a_second_damaged_file_does_not_take_the_place_of_the_first(store):
    for number in (1, 2):
        store.put("q1", QUESTION, number)
        file_of(store).write_text(f"broken {number}")
        assert store.get("q1", QUESTION) is None
    kept = sorted(store.folder.glob("*.damaged*"))
    assert [path.read_text() for path in kept] == ["broken 1", "broken 2"]


def test_a_damaged_file_that_cannot_be_renamed_stays_and_is_said(store, monkeypatch):
    store.put("q1", QUESTION, 1)
    file_of(store).write_text("broken")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    assert store.get("q1", QUESTION) is None
    assert str(file_of(store)) in store.said


def test_a_disk_that_is_full_leaves_the_answer_in_memory_and_no_half_file(store, monkeypatch):
    store.put("q1", QUESTION, "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    store.put("q1", QUESTION, "new")
    assert store.said == "Your answer is kept in memory only: No space left on device."
    assert store.get("q1", QUESTION) == "new"
    assert [path.name for path in store.folder.iterdir()] == [file_of(store).name]
    assert json.loads(file_of(store).read_text())["answer"] == "old"


def test_a_half_file_that_cannot_be_removed_hides_nothing(store, monkeypatch):
    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    store.put("q1", QUESTION, "new")
    assert "Read-only file system" in store.said
    store.said = ""
    store.forget("q1", QUESTION)
    assert store.said == "Your answer cannot be removed: Read-only file system."


def test_an_answer_written_after_one_kept_in_memory_is_the_one_that_counts(store, tmp_path):
    (tmp_path / "answers").write_text("a file where the folder should be")
    store.put("q1", QUESTION, "memory")
    assert "kept in memory only" in store.said
    (tmp_path / "answers").unlink()
    store.put("q1", QUESTION, "file")
    assert Answers(tmp_path).get("q1", QUESTION) == "file"


def test_a_file_that_cannot_be_read_is_said_and_left_alone(store):
    file_of(store).mkdir(parents=True)
    assert store.get("q1", QUESTION) is None
    assert store.said.startswith("Your answer cannot be read: ")
    assert file_of(store).is_dir()


def test_without_a_folder_answers_are_kept_in_memory_and_that_is_said():
    store = Answers(None)
    store.put("q1", QUESTION, (1, 2))
    assert Answers(None).get("q1", QUESTION) == [1, 2]
    assert "in memory, until this kernel ends" in store.where
    store.forget("q1", QUESTION)
    assert store.get("q1", QUESTION) is None


def test_an_answer_that_json_cannot_hold_is_refused_and_the_old_one_stays(store):
    store.put("q1", QUESTION, 1)
    with pytest.raises(TypeError, match="not JSON serializable"):
        store.put("q1", QUESTION, {1})
    assert store.get("q1", QUESTION) == 1


def test_the_folder_that_the_lab_names_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("UVMLAB_WORK", str(tmp_path / "mine"))
    store = Answers.here()
    store.put("q1", QUESTION, 1)
    assert store.where == f"Answers are kept in {tmp_path / 'mine' / 'answers'}."
    assert (tmp_path / "mine" / "answers").is_dir()
    assert repr(store) == f"<answers: {store.where}>"


def test_two_notebooks_that_write_at_once_lose_no_answer(tmp_path):
    code = (
        "import sys\nfrom pathlib import Path\nfrom uvmlab.check import Answers\n"
        "store = Answers(Path(sys.argv[1]))\n"
        "for i in range(100):\n"
        "    store.put(f'{sys.argv[2]}-{i}', 'own', i)\n"
        "    store.put(f'shared-{i}', 'shared', sys.argv[2])\n"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), who], env=dict(os.environ))
        for who in ("one", "two")
    ]
    assert [process.wait() for process in both] == [0, 0]
    store = Answers(tmp_path)
    for i in range(100):
        assert store.get(f"one-{i}", "own") == store.get(f"two-{i}", "own") == i
        assert store.get(f"shared-{i}", "shared") in ("one", "two")
    assert store.said == ""
    assert len([*store.folder.iterdir()]) == 300
