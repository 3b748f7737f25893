"""`python -m uvmlab notebooks`: executed in place, the same bytes each time."""

import json

import pytest

from uvmlab.commands import notebooks

WIDGET = "import ipywidgets\nipywidgets.IntSlider(3)"


def notebook(*sources, **metadata):
    """Return a notebook that was never run, as text."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"c{number}",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A function that puts a notebook into a checkout and returns its path."""
    (tmp_path / "kit.py").touch()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)

    def write(*sources, name="notebooks/01_pages.ipynb", **metadata):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(notebook(*sources, **metadata))
        return path

    return write


def outputs(path):
    return [cell["outputs"] for cell in json.loads(path.read_text())["cells"]]


def test_a_notebook_is_executed_in_place(lesson, capsys):
    path = lesson("print(6 * 7)", "6 * 7")
    assert notebooks.main([str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: executed\n"
    assert [output[0].get("text", output[0].get("data")) for output in outputs(path)] == [
        ["42\n"],
        {"text/plain": ["42"]},
    ]


def test_the_same_bytes_come_out_when_nothing_changed(lesson, capsys):
    path = lesson(WIDGET, "print(1, flush=True); print(2)", widgets={"old": 1})
    notebooks.main([str(path)])
    once, modified = path.read_bytes(), path.stat().st_mtime_ns
    notebooks.main([str(path)])
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (once, modified)
    assert capsys.readouterr().out.endswith(f"{path}: the same\n")


def test_nothing_that_differs_from_run_to_run_stays(lesson):
    path = lesson(WIDGET)
    notebooks.main([str(path)])
    said = json.loads(path.read_text())
    assert said["cells"][0]["metadata"] == {}
    assert set(said["metadata"]) == {"language_info"}
    assert "version" not in said["metadata"]["language_info"]
    assert "model_id" not in path.read_text()


def test_an_output_that_only_a_live_kernel_could_show_goes(lesson):
    path = lesson(
        "from IPython.display import display\n"
        f"display({{{notebooks.WIDGET_VIEW!r}: {{'model_id': 'x'}}}}, raw=True)\n"
        "display({'text/plain': 'stays'}, raw=True)"
    )
    notebooks.main([str(path)])
    assert [output["data"] for output in outputs(path)[0]] == [{"text/plain": ["stays"]}]


def test_what_is_printed_in_pieces_is_one_output(lesson):
    path = lesson("import time\nfor i in range(3):\n    print(i, flush=True); time.sleep(0.1)")
    notebooks.main([str(path)])
    assert [output["text"] for output in outputs(path)[0]] == [["0\n", "1\n", "2\n"]]


def test_a_text_cell_stays_as_it_is(lesson):
    path = lesson("1")
    old = json.loads(path.read_text())
    old["cells"].insert(0, {"cell_type": "markdown", "id": "t", "metadata": {}, "source": ["# T"]})
    path.write_text(json.dumps(old))
    notebooks.main([str(path)])
    assert json.loads(path.read_text())["cells"][0] == old["cells"][0]


def test_cell_ids_are_kept_and_missing_ones_counted(lesson):
    path = lesson("1")
    old = json.loads(path.read_text())
    old["nbformat_minor"] = 4
    del old["cells"][0]["id"]
    path.write_text(json.dumps(old))
    notebooks.main([str(path)])
    assert [cell["id"] for cell in json.loads(path.read_text())["cells"]] == ["cell-00"]


def test_the_store_is_empty_and_nobody_is_there_to_answer(lesson):
    path = lesson(
        "import os\nprint(os.listdir(os.environ['UVMLAB_WORK']))",
        "open(os.environ['UVMLAB_WORK'] + '/answer', 'w').close()",
        "print(get_ipython().kernel.get_parent('shell')['content']['allow_stdin'])",
    )
    for _ in range(2):
        notebooks.main([str(path)])
        first, _, last = outputs(path)
        assert (first[0]["text"], last[0]["text"]) == (["[]\n"], ["False\n"])


def test_pictures_come_from_the_pinned_renderer(lesson, monkeypatch):
    monkeypatch.setenv("UVMLAB_DOT", "/some/other/dot")
    path = lesson("import os\nprint(os.environ['UVMLAB_DOT'])")
    notebooks.main([str(path)])
    assert outputs(path)[0][0]["text"] == [f"{notebooks.pure_dot()}\n"]


def test_check_writes_nothing_and_names_what_would_change(lesson, capsys):
    path = lesson("1")
    before = path.read_bytes()
    assert notebooks.main([str(path), "--check"]) == 1
    assert path.read_bytes() == before
    assert capsys.readouterr().out == f"{path}: would change\n"
    notebooks.main([str(path)])
    assert notebooks.main([str(path), "--check"]) == 0


def test_without_files_it_takes_all_lessons_and_solutions(lesson, capsys):
    paths = [lesson("1"), lesson("2", name="solutions/01_pages.ipynb")]
    assert notebooks.main([]) == 0
    assert capsys.readouterr().out == "".join(f"{path}: executed\n" for path in paths)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("raise ValueError('first line\\nsecond')", "cell 2 (c1): ValueError: first line\n"),
        ("1 / 0", "cell 2 (c1): ZeroDivisionError: division by zero"),
        ("import os; os._exit(1)", "cell 2 (c1): Kernel died"),
        ("input()", "cell 2 (c1): StdinNotImplementedError: "),
    ],
)
def test_a_failing_cell_is_one_line_and_the_file_stays(lesson, capsys, source, says):
    path = lesson("1", source, "3")
    before = path.read_bytes()
    assert notebooks.main([str(path)]) == 1
    assert path.read_bytes() == before
    out = capsys.readouterr().out
    assert out.startswith(f"{path}: {says}")
    assert out.count("\n") == 1


def test_a_cell_that_hangs_is_named(lesson, capsys, monkeypatch):
    monkeypatch.setattr(notebooks, "CELL_SECONDS", 1)
    path = lesson("1", "while True: pass")
    assert notebooks.main([str(path)]) == 1
    assert f"{path}: cell 2 (c1): A cell timed out" in capsys.readouterr().out


def test_one_that_fails_keeps_no_other_from_being_executed(lesson, capsys):
    bad, good = lesson("1 / 0"), lesson("1", name="notebooks/02_objects.ipynb")
    assert notebooks.main([str(bad), str(good)]) == 1
    assert f"{good}: executed\n" in capsys.readouterr().out


def test_more_than_300_kb_are_refused(lesson, capsys):
    path = lesson("print('x\\n' * 150_000)")
    before = path.read_bytes()
    assert notebooks.main([str(path)]) == 1
    assert path.read_bytes() == before
    assert "bytes with its outputs; at most 300,000 are allowed" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["{", "[]", '{"cells": 3, "nbformat": 4}'])
def test_what_is_no_notebook_is_named(lesson, capsys, content):
    path = lesson("1")
    path.write_text(content)
    assert notebooks.main([str(path)]) == 1
    assert capsys.readouterr().out.startswith(f"{path}: not a notebook: ")


def test_a_missing_file_is_one_line_on_stderr_and_exit_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        notebooks.main(["nowhere.ipynb"])
    assert stopped.value.code == 2
    assert capsys.readouterr().err == "python -m uvmlab notebooks: there is no file nowhere.ipynb\n"
