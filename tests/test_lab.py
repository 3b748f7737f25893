"""`python -m uvmlab lab`: the learner's copies, and the server."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from importlib import import_module
from types import SimpleNamespace

import pytest

from uvmlab.commands import lab

TOUR = "notebooks/00_tour.ipynb"
RAN = {"execution": {"iopub.status.busy": "12:00"}}


def notebook(source, **cell):
    """Return a notebook of one executed cell, as bytes."""
    output = {"name": "stdout", "output_type": "stream", "text": ["42\n"]}
    code = {"cell_type": "code", "execution_count": 3, "id": "c0", "metadata": dict(RAN)}
    code |= {"outputs": [output], "source": [source]} | cell
    text = {"cell_type": "markdown", "id": "t0", "metadata": {}, "source": ["# Tour"]}
    return json.dumps(
        {"cells": [text, code], "metadata": {"widgets": {}}, "nbformat": 4, "nbformat_minor": 5}
    ).encode()


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with the tour, a lesson 06 with its exercise, and the current directory in it."""
    for name in (TOUR, "notebooks/06_no.ipynb", "exercises/06_no.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(notebook("6*7"))
    (tmp_path / "exercises/README.md").write_text("read me")
    (tmp_path / "kit.py").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def prepare(*words):
    assert lab.main(["--prepare", *words]) == 0


def names(work):
    return sorted(path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file())


COPIES = ["exercises/06_no.ipynb", "exercises/README.md", TOUR, "notebooks/06_no.ipynb"]


# --- The copies ---------------------------------------------------------------------------------


def test_work_mirrors_notebooks_and_exercises(checkout, capsys):
    prepare()
    assert names(checkout / "work") == [".uvmlab.json", *COPIES]
    assert capsys.readouterr().out == ""


def test_a_copy_has_no_outputs_and_keeps_everything_else(checkout):
    prepare()
    copy = json.loads((checkout / "work" / TOUR).read_text())
    stripped = notebook("6*7", outputs=[], execution_count=None, metadata={})
    assert copy == json.loads(stripped) | {"metadata": {}}


def seed_of(path):
    return json.loads(path.read_text())["metadata"].get("uvmlab", {}).get("seed")


def test_a_learner_s_exercises_have_one_seed_and_nothing_else_has(checkout):
    (checkout / "exercises/04_yes.ipynb").write_bytes(notebook("1"))
    prepare()
    prepare("--fresh", "06")
    work = checkout / "work"
    seeds = {seed_of(path) for path in work.glob("exercises/*.ipynb")}
    assert len([*work.glob("exercises/*.ipynb")]) == 3
    assert len(seeds) == 1
    assert re.fullmatch("[0-9a-f]{8}", seeds.pop())
    assert {seed_of(path) for path in work.glob("notebooks/*.ipynb")} == {None}
    assert seed_of(checkout / "exercises/06_no.ipynb") is None


def test_another_learner_has_another_seed(checkout):
    prepare()
    mine = seed_of(checkout / "work/exercises/06_no.ipynb")
    (checkout / "work").rename(checkout / "mine")
    prepare()
    assert seed_of(checkout / "work/exercises/06_no.ipynb") != mine


def test_a_seed_that_an_exercise_brings_stays(checkout):
    original = json.loads(notebook("1")) | {"metadata": {"uvmlab": {"seed": "given"}}}
    (checkout / "exercises/06_no.ipynb").write_text(json.dumps(original))
    prepare()
    assert seed_of(checkout / "work/exercises/06_no.ipynb") == "given"


def test_what_is_no_notebook_is_copied_as_it_is(checkout):
    prepare()
    assert (checkout / "work/exercises/README.md").read_text() == "read me"


def test_files_that_tools_leave_behind_are_not_copied(checkout):
    for name in (".ipynb_checkpoints/a.ipynb", "__pycache__/a.pyc", ".hidden"):
        (checkout / "notebooks" / name).parent.mkdir(exist_ok=True)
        (checkout / "notebooks" / name).touch()
    prepare()
    assert names(checkout / "work") == [".uvmlab.json", *COPIES]


def test_a_copy_that_is_there_is_never_overwritten(checkout, capsys):
    prepare()
    mine = checkout / "work" / TOUR
    mine.write_text("mine")
    prepare()
    assert mine.read_text() == "mine"
    assert capsys.readouterr().out == ""


def test_a_copy_that_was_deleted_comes_back(checkout):
    prepare()
    (checkout / "work" / TOUR).unlink()
    prepare()
    assert (checkout / "work" / TOUR).exists()


def test_a_newer_original_is_named_and_the_copy_stays(checkout, capsys):
    prepare()
    before = (checkout / "work" / TOUR).read_bytes()
    (checkout / TOUR).write_bytes(notebook("6*8"))
    prepare()
    assert capsys.readouterr().out == (
        f"work/{TOUR}: there is a newer original; your copy is as you left it "
        "(`lab --fresh 00` adds the new one beside it).\n"
    )
    assert (checkout / "work" / TOUR).read_bytes() == before


def test_an_original_that_was_only_executed_again_is_not_newer(checkout, capsys):
    prepare()
    (checkout / TOUR).write_bytes(notebook("6*7", execution_count=9, outputs=[]))
    prepare()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("manifest", [b"", b"[]", None])
def test_with_the_list_of_copies_lost_no_copy_is(checkout, capsys, manifest):
    prepare()
    (checkout / "work" / TOUR).write_text("mine")
    list_of_copies = checkout / "work" / lab.MANIFEST
    list_of_copies.write_bytes(manifest) if manifest is not None else list_of_copies.unlink()
    prepare()
    assert f"work/{TOUR}: there is a newer original" in capsys.readouterr().out
    assert (checkout / "work" / TOUR).read_text() == "mine"


def test_an_untouched_copy_that_is_not_in_the_list_is_noted_and_not_called_old(checkout, capsys):
    prepare()
    before = (checkout / "work" / lab.MANIFEST).read_bytes()
    (checkout / "work" / lab.MANIFEST).unlink()
    prepare()
    assert capsys.readouterr().out == ""
    assert (checkout / "work" / lab.MANIFEST).read_bytes() == before


def test_two_labs_that_copy_at_once_leave_whole_copies_and_a_whole_list(checkout, capfd):
    command = [sys.executable, "-m", "uvmlab", "lab", "--prepare"]
    labs = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(timeout=60) for process in labs] == [0, 0, 0]
    prepare()
    assert capfd.readouterr() == ("", "")
    assert names(checkout / "work") == [".uvmlab.json", *COPIES]
    assert set(json.loads((checkout / "work" / lab.MANIFEST).read_text())) == set(COPIES)


def test_fresh_adds_the_new_lesson_and_its_exercise_beside_the_old(checkout, capsys):
    prepare()
    (checkout / "work/notebooks/06_no.ipynb").write_text("mine")
    (checkout / "notebooks/06_no.ipynb").write_bytes(notebook("6*9"))
    prepare("--fresh", "06")
    assert capsys.readouterr().out == (
        "work/notebooks/06_no-2.ipynb: a new copy.\nwork/exercises/06_no-2.ipynb: a new copy.\n"
    )
    assert (checkout / "work/notebooks/06_no.ipynb").read_text() == "mine"
    assert "6*9" in (checkout / "work/notebooks/06_no-2.ipynb").read_text()
    prepare()
    assert capsys.readouterr().out == "", "what was copied fresh is newer no longer"


def test_fresh_counts_on(checkout):
    for _ in range(3):
        prepare("--fresh", "00")
    assert [name for name in names(checkout / "work") if "00" in name] == [
        "notebooks/00_tour-2.ipynb",
        "notebooks/00_tour-3.ipynb",
        TOUR,
    ]


def refused(capsys, *words):
    """Return the one line with which the command refuses."""
    with pytest.raises(SystemExit) as stopped:
        lab.main(list(words))
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_fresh_of_a_notebook_that_is_none_names_those_there_are(checkout, capsys):
    refused(capsys, "--fresh", "")
    refused(capsys, "--fresh", "0")
    said = refused(capsys, "--fresh", "77")
    assert "no notebook is '77'; there are notebooks/00_tour.ipynb, " in said
    assert "README" not in said


@pytest.mark.parametrize("word", ["80x", "-1", "65536"])
def test_a_port_that_is_none_is_said(checkout, capsys, word):
    assert f"'{word}' is not a port: 0 to 65535 are" in refused(capsys, f"--port={word}")


def test_outside_a_checkout_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert f"{tmp_path} is no checkout of uvmlab, nor in one" in refused(capsys)


def test_anywhere_inside_the_checkout_will_do(checkout, monkeypatch):
    monkeypatch.chdir(checkout / "notebooks")
    prepare()
    assert (checkout / "work" / TOUR).exists()


@pytest.mark.parametrize("content", ["{", "[]", '{"cells": [{}], "metadata": {}}'])
def test_a_broken_original_is_named(checkout, capsys, content):
    (checkout / TOUR).write_text(content)
    assert f"{checkout / TOUR} is not a notebook: " in refused(capsys)


def test_a_work_folder_that_cannot_be_is_said(checkout, capsys):
    (checkout / "work").touch()
    assert f"your copies go into {checkout / 'work'}, which must be writable" in refused(capsys)


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "a"
    lab.write(path, b"old")
    with pytest.raises(TypeError, match="bytes-like"):
        lab.write(path, None)
    assert path.read_bytes() == b"old"


# --- The server ---------------------------------------------------------------------------------


class App:
    """Stands for JupyterLab: notes its options and the work folder, and does what it is told."""

    port, base_url = 8890, "/"

    def __init__(self):
        self.io_loop, self.stopped = self, []

    def initialize_server(self, argv):
        self.argv = argv
        return self

    def add_callback(self, function, *arguments, **named):
        function(*arguments, **named)

    def start(self):
        self.seen = dict(os.environ)
        signal.raise_signal(signal.SIGINT)

    def stop(self, *, from_signal):
        self.stopped.append(from_signal)


@pytest.fixture
def app(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UVMLAB_WORK", "")  # so that what `serve` sets is undone
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setitem(sys.modules, lab.IRIS, None)  # so that it is as before in the end, and ...
    monkeypatch.delitem(sys.modules, lab.IRIS)
    app = App()
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", SimpleNamespace(LabApp=app))
    before = signal.getsignal(signal.SIGINT)
    yield app
    signal.signal(signal.SIGINT, before)


def test_the_tour_is_opened_and_the_address_printed_with_its_token(checkout, app, capsys):
    assert lab.main([]) == 0
    token = re.search(r"--IdentityProvider.token=(\w{48})", " ".join(app.argv))[1]
    address = f"http://127.0.0.1:8890/lab/tree/{TOUR}?token={token}"
    assert capsys.readouterr().out == f"\nThe lab: {address}\nCtrl-C here ends it.\n"
    assert f"--LabApp.default_url=/lab/tree/{TOUR}" in app.argv


def test_a_jupyterlab_that_does_not_load_is_a_sentence(checkout, app, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    with pytest.raises(SystemExit) as stopped:
        lab.main([])
    assert stopped.value.code == 2
    assert "delete .venv and start again" in capsys.readouterr().err


def test_the_kernels_are_told_where_answers_go_and_which_code_to_run(checkout, app):
    lab.main([])
    assert app.seen["UVMLAB_WORK"] == str(checkout / "work")
    assert app.seen["PYTHONPATH"] == str(checkout)
    assert f"--ServerApp.root_dir={checkout / 'work'}" in app.argv


def test_what_takes_a_second_to_load_and_is_not_needed_is_not_loaded(checkout, app):
    lab.main([])
    with pytest.raises(ImportError, match=lab.IRIS):
        import_module(lab.IRIS)


def test_a_fresh_copy_is_what_opens(checkout, app):
    prepare()
    lab.main(["--fresh", "06"])
    assert "--LabApp.default_url=/lab/tree/notebooks/06_no-2.ipynb" in app.argv


def test_the_first_port_to_try_can_be_named(checkout, app):
    lab.main(["--port", "65535"])
    assert "--ServerApp.port=65535" in app.argv


def test_one_ctrl_c_stops_the_server(checkout, app):
    lab.main([])
    assert app.stopped == [True]


def test_the_user_s_own_jupyter_defaults_stay(checkout, app, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "theirs")
    lab.main([])
    ours, theirs = app.seen["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "theirs"
    assert "fetchNews" in next(lab.Path(ours).rglob("*.json")).read_text()


@pytest.mark.parametrize(
    ("words", "variable", "opens"),
    [
        ([], "DISPLAY", True),
        ([], "BROWSER", True),
        (["--no-browser"], "DISPLAY", False),
        ([], "NOTHING_OF_THE_KIND", False),
    ],
)
def test_a_browser_opens_where_there_can_be_one(checkout, app, monkeypatch, words, variable, opens):
    monkeypatch.setattr(lab.sys, "platform", "linux")
    monkeypatch.setenv(variable, ":0")
    lab.main(words)
    assert f"--ServerApp.open_browser={opens}" in app.argv


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed_when_it_is_root(checkout, app, monkeypatch, user, allowed):
    monkeypatch.setattr(lab.os, "geteuid", lambda: user, raising=False)
    lab.main([])
    assert f"--ServerApp.allow_root={allowed}" in app.argv


@pytest.fixture
def start(checkout, monkeypatch):
    """A function that starts a real lab and returns it with the address that it prints."""
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        monkeypatch.setenv(f"JUPYTER_{name}", str(checkout / "jupyter"))
    started = []

    def start(*words):
        command = [sys.executable, "-m", "uvmlab", "lab", "--no-browser", *words]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(server)
        lines = iter(server.stdout.readline, "")
        return server, next(filter(None, (re.search(r"http://\S+", line) for line in lines)))[0]

    yield start
    for server in started:
        server.kill()
        server.communicate()


def test_two_labs_answer_side_by_side_and_ctrl_c_ends_each(start, checkout):
    first, address = start("--port", "18888")
    port = int(re.search(r":(\d+)/", address)[1])
    second, other = start("--port", str(port))
    assert int(re.search(r":(\d+)/", other)[1]) > port
    for server, url in ((first, address), (second, other)):
        status = url.replace(f"lab/tree/{TOUR}", "api/contents/" + TOUR)
        with urllib.request.urlopen(status, timeout=60) as answer:  # noqa: S310 -- our own http
            assert json.load(answer)["path"] == TOUR
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=60) == 0
