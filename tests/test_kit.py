"""kit.py: the two commands, with pip and venv played by a stand-in that needs no network."""

import ast
import errno
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

import kit

SOURCE = Path(kit.__file__)
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
NO_MATCH = "ERROR: Could not find a version that satisfies the requirement pyzmq==27.3.0"
NO_DISTRIBUTION = "ERROR: No matching distribution found for pyzmq==27.3.0"
OFFLINE = "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError(...)'"


def package(site, name):
    """Install as pip does: a module and its list of files, whose sizes count; one name has a comma."""
    files = {
        f"{name}/deep/in/it.js": "var it;",
        f'"{name}/a,b.txt"': "text",
        "../../../bin/it": "#!",
    }
    for file, content in files.items():
        path = site / file.strip('"')
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    rows = [f"{file},sha256=x,{len(content)}" for file, content in files.items()]
    record = site / f"{name}-1.dist-info/RECORD"
    record.parent.mkdir(exist_ok=True)
    compiled = f"{name}/__pycache__/it.pyc"  # never there: Python writes those
    record.write_text("\n".join([*rows, f"{compiled},,", f"{name}-1.dist-info/RECORD,,\n"]))


class Machine:
    """Plays `python -m venv` and pip: notes what is asked, does it in a folder, fails on demand."""

    def __init__(self, checkout):
        self.site = checkout / ".venv/lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
        self.asked, self.failing, self.says = [], None, ""

    def run(self, words, **_):
        what = "venv" if "venv" in words else Path(words[-1]).name
        self.asked.append(what)
        if what == self.failing:
            return SimpleNamespace(returncode=1, stdout=self.says.encode())
        if what == "venv":
            shutil.rmtree(kit.VENV, ignore_errors=True)
            kit.PYTHON.parent.mkdir(parents=True)
            kit.PYTHON.touch(mode=0o755)
            kit.VENV.joinpath("pyvenv.cfg").write_text("home = /usr/bin")
        else:
            package(self.site / "site-packages", what)
        return SimpleNamespace(returncode=0, stdout=b"")

    def fails(self, what, says):
        self.failing, self.says = what, says

    def works(self):
        self.failing = None
        self.asked.clear()


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout as small as can be, which kit.py takes for its own."""
    root = tmp_path / "uvmlab-checkout"
    (root / "uvmlab").mkdir(parents=True)
    for name in ("uvmlab/page.py", "pyproject.toml", kit.LEARNERS_LOCK, kit.TEST_LOCK):
        (root / name).write_text(name)
    monkeypatch.setattr(kit, "ROOT", root)
    monkeypatch.setattr(kit, "VENV", root / ".venv")
    monkeypatch.setattr(kit, "LOCK", root / ".venv.lock")
    monkeypatch.setattr(kit, "STAMP", root / ".venv" / kit.STAMP.name)
    monkeypatch.setattr(kit, "PYTHON", root / ".venv" / kit.BIN / kit.PYTHON.name)
    return root


@pytest.fixture
def machine(checkout, monkeypatch):
    """The stand-in, in the place of `subprocess.run`."""
    machine = Machine(checkout)
    monkeypatch.setattr(kit.subprocess, "run", machine.run)
    return machine


MADE = ["venv", "requirements.lock", "uvmlab-checkout"]
RENEWED = MADE[1:]


# --- What .venv holds ---------------------------------------------------------------------------


def test_the_first_start_makes_venv_and_installs_the_lock_and_then_the_project(machine):
    kit.prepare("lab")
    assert machine.asked == MADE


def test_a_second_start_installs_nothing(machine):
    kit.prepare("lab")
    machine.works()
    kit.prepare("lab")
    assert machine.asked == []


@pytest.mark.parametrize(
    "name", ["uvmlab/page.py", "uvmlab/new.py", "pyproject.toml", "requirements.lock"]
)
def test_a_change_of_the_code_or_the_lock_installs_again_into_the_same_venv(
    checkout, machine, name
):
    kit.prepare("lab")
    machine.works()
    (checkout / name).write_text("changed")
    kit.prepare("lab")
    assert machine.asked == RENEWED


def test_compiled_python_files_are_no_change(checkout, machine):
    kit.prepare("lab")
    machine.works()
    (checkout / "uvmlab/page.pyc").touch()
    kit.prepare("lab")
    assert machine.asked == []


def test_a_renamed_module_is_a_change(checkout):
    before = kit.digest([])
    (checkout / "uvmlab/page.py").rename(checkout / "uvmlab/pages.py")
    assert kit.digest([]) != before


def test_test_installs_the_test_lock_and_leaves_nothing_for_lab_to_do(machine):
    kit.prepare("test")
    assert machine.asked == ["venv", "requirements-test.lock", "uvmlab-checkout"]
    machine.works()
    kit.prepare("lab")
    assert machine.asked == []


def test_test_after_lab_installs_into_the_same_venv(machine):
    kit.prepare("lab")
    machine.works()
    kit.prepare("test")
    assert machine.asked == ["requirements-test.lock", "uvmlab-checkout"]


def damaged(root):
    kit.STAMP.write_text("{")


def without_stamp(root):
    kit.STAMP.unlink()


def without_python(root):
    kit.PYTHON.unlink()


def without_its_settings(root):
    (root / ".venv/pyvenv.cfg").unlink()


def without_packages(root):
    shutil.rmtree(kit.site_packages())


def without_a_package(root):
    for path in kit.site_packages().glob("requirements.lock*"):
        shutil.rmtree(path)


def without_one_file(root):
    (kit.site_packages() / "requirements.lock/deep/in/it.js").unlink()


def with_a_file_cut(root):
    os.truncate(kit.site_packages() / "requirements.lock/a,b.txt", 2)


def without_a_script(root):
    (root / ".venv/bin/it").unlink()


def with_a_list_of_files_cut(size):
    def cut(root):
        os.truncate(kit.site_packages() / "requirements.lock-1.dist-info/RECORD", size)

    return cut


def of_a_checkout_that_was_moved(root):
    stamp = kit.read_stamp()
    holds = {name.replace(str(root), "/elsewhere"): size for name, size in stamp["holds"].items()}
    kit.write_stamp({**stamp, "holds": holds})


@pytest.mark.parametrize(
    "harm",
    [
        damaged,
        without_stamp,
        without_python,
        without_its_settings,
        without_packages,
        without_a_package,
        without_one_file,
        with_a_file_cut,
        without_a_script,
        with_a_list_of_files_cut(0),
        with_a_list_of_files_cut(10),
        of_a_checkout_that_was_moved,
    ],
)
def test_half_a_venv_is_made_again(checkout, machine, harm):
    kit.prepare("lab")
    machine.works()
    harm(checkout)
    kit.prepare("lab")
    assert machine.asked == MADE


def test_a_package_of_the_user_s_own_is_no_harm_even_in_pieces(machine):
    kit.prepare("lab")
    machine.works()
    package(kit.site_packages(), "theirs")
    (kit.site_packages() / "theirs/a,b.txt").unlink()
    kit.prepare("lab")
    assert machine.asked == []


# --- Two at once --------------------------------------------------------------------------------

HOLD = """
import os, pathlib, sys
sys.path.insert(0, sys.argv[1])
import kit
kit.LOCK = pathlib.Path(sys.argv[2])
os.dup2(1, 9)  # kit.command keeps what its commands print
with kit.alone():
    kit.command([sys.executable, "-c", "import os; os.write(9, b'held'); os.read(0, 1)"])
"""


@pytest.fixture
def holder(checkout):
    """Another kit.py, in the middle of an installation which ends when its stdin is closed."""
    command = [sys.executable, "-c", HOLD, str(SOURCE.parent), str(kit.LOCK)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout.read(4) == b"held"
        yield process
        process.kill()


def test_the_second_of_two_first_starts_says_that_it_waits_and_installs_nothing(
    holder, machine, monkeypatch, capsys
):
    def first_one_ends(_):
        if not holder.stdin.closed:
            kit.renew("lab", kit.wanted("lab"))  # what the first one did
            machine.works()
            holder.stdin.close()

    monkeypatch.setattr(kit.time, "sleep", first_one_ends)
    kit.prepare("lab")
    said = capsys.readouterr().out
    assert said.count("Another kit.py is preparing .venv: waiting for it ...\n") == 1
    assert machine.asked == []


def test_after_a_crash_of_the_first_the_second_waits_for_its_pip_and_installs(
    holder, machine, monkeypatch
):
    slept = []

    def crash(seconds):
        slept.append(seconds)
        if len(slept) == 1:
            holder.kill()  # no tidying up
            holder.wait()
        elif len(slept) == 2:  # its pip still runs
            holder.stdin.close()

    monkeypatch.setattr(kit.time, "sleep", crash)
    kit.prepare("lab")
    assert len(slept) >= 2
    assert machine.asked == MADE


def test_a_second_start_waits_for_nobody(machine, holder, monkeypatch):
    kit.renew("lab", kit.wanted("lab"))
    kit.prepare("lab")
    assert holder.poll() is None


@pytest.mark.parametrize("free", [True, False])
def test_windows_is_asked_in_its_own_way(checkout, monkeypatch, free):
    def locking(number, how, length):
        assert (number, how, length) == (file.fileno(), "at once", 1)
        if not free:
            raise PermissionError(errno.EACCES, "Permission denied")

    stand_in = SimpleNamespace(LK_NBLCK="at once", locking=locking)
    with kit.LOCK.open("a") as file, monkeypatch.context() as patch:
        patch.setattr(kit.os, "name", "nt")
        patch.setattr(kit, "msvcrt", stand_in, raising=False)
        assert kit.locked(file) == free


def test_a_file_system_without_locks_is_no_obstacle(machine, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(kit.fcntl, "flock", refuse)
    kit.prepare("lab")
    assert machine.asked == MADE


# --- When it fails ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        (FULL, "^The disk is full: free"),
        (f"OSError: [Errno {errno.EDQUOT}] Disk quota exceeded", "^The disk is full: free"),
        ("OSError: [Errno 28] Kein Speicherplatz mehr verfügbar", "^The disk is full: free"),
        (OFFLINE, "^No package index answers: connect to the network"),
        ("ReadTimeoutError: HTTPSConnectionPool: Read timed out.", "^No package index answers"),
        ("ProtocolError('Connection aborted.', ...)", "^No package index answers"),
        ("ProxyError('Cannot connect to proxy.')", "^No package index answers"),
        ("SSLError(SSLCertVerificationError(1, 'certificate verify failed'))", "certificate"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "^You may not write"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "cache purge",
        ),
        (
            f"{NO_MATCH} (from versions: 27.1.0, 27.2.0)\n{NO_DISTRIBUTION}",
            "has no build of a locked",
        ),
        (f"{NO_MATCH} (from versions: none)\n{NO_DISTRIBUTION}", "^No package index answers"),
    ],
)
@pytest.mark.parametrize("what", MADE)
def test_each_failure_has_a_sentence_that_says_what_to_do(machine, says, sentence, what):
    machine.fails(what, says)
    with pytest.raises(kit.Stop, match=sentence):
        kit.prepare("lab")


def test_a_failure_without_a_sentence_shows_what_was_said(machine, capsys):
    machine.fails("requirements.lock", "ERROR: something else")
    with pytest.raises(kit.Stop, match=r"^This failed, for the reason above: .*-m pip install"):
        kit.prepare("lab")
    assert "something else" in capsys.readouterr().err


def test_whatever_fails_on_a_disk_with_no_room_failed_for_want_of_it(machine, monkeypatch):
    machine.fails("venv", "Error: Command '['python', '-m', 'ensurepip']' returned non-zero")
    left = SimpleNamespace(free=kit.SPARE - 1)
    monkeypatch.setattr(kit.shutil, "disk_usage", lambda _: left)
    with pytest.raises(kit.Stop, match="^The disk is full"):
        kit.prepare("lab")


@pytest.mark.parametrize("what", MADE)
def test_a_second_try_goes_through(machine, what):
    machine.fails(what, FULL)
    with pytest.raises(kit.Stop, match="full"):
        kit.prepare("lab")
    machine.works()
    kit.prepare("lab")
    assert machine.asked == MADE
    assert kit.read_stamp()


def test_an_interrupted_installation_is_made_again(checkout, machine, monkeypatch):
    kit.prepare("lab")
    (checkout / "pyproject.toml").write_text("changed")

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(kit.subprocess, "run", interrupt)
        with pytest.raises(KeyboardInterrupt):
            kit.prepare("lab")
    machine.works()
    kit.prepare("lab")
    assert machine.asked == MADE


@pytest.mark.parametrize(
    ("says", "sentence"),
    [(OFFLINE, "No package index answers"), (NO_DISTRIBUTION, "The package index has no build")],
)
def test_where_nothing_can_be_had_an_earlier_venv_stays(checkout, machine, says, sentence):
    kit.prepare("lab")
    (checkout / "requirements.lock").write_text("changed")
    machine.fails("requirements.lock", says)
    with pytest.raises(kit.Stop, match=sentence):
        kit.prepare("lab")
    machine.works()
    kit.prepare("lab")
    assert machine.asked == RENEWED


# --- Which Python -------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 10, 14)])
def test_too_old_a_python_is_told_which_to_use(version):
    with pytest.raises(
        kit.Stop, match=r"^Python 3\.\d+ is too old: install one of Python 3\.11 to"
    ):
        kit.check_python(version, kit.has_module)


def test_too_new_a_python_is_told_which_to_use():
    with pytest.raises(kit.Stop, match=r"too new for the locked packages: install one of Python"):
        kit.check_python((kit.NEWEST[0], kit.NEWEST[1] + 1, 0), kit.has_module)


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_named_with_its_package(absent):
    with pytest.raises(kit.Stop, match="`apt install python3-venv`"):
        kit.check_python(kit.OLDEST, lambda name: name != absent)


def test_a_module_is_there_when_it_is_more_than_a_folder_left_behind(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "left_behind").mkdir()
    assert [kit.has_module(name) for name in ("venv", "left_behind", "nowhere")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("version", [kit.OLDEST, kit.NEWEST])
def test_the_oldest_and_the_newest_supported_python_will_do(version):
    assert kit.check_python(version, kit.has_module) is None


def test_an_old_python_can_parse_the_file_far_enough_to_say_so():
    assert ast.parse(SOURCE.read_text(), feature_version=(3, 6))


def test_the_oldest_python_is_the_one_of_the_project():
    project = tomllib.loads((SOURCE.parent / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">={}.{}".format(*kit.OLDEST)


# --- The words ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["lba"], ["test", "more"]])
def test_an_unknown_word_shows_the_usage_and_exits_with_2(words, capsys):
    assert kit.main(words) == 2
    assert capsys.readouterr() == ("", kit.USAGE + "\n")


def test_help_is_no_failure(capsys):
    assert kit.main(["--help"]) == 0
    assert capsys.readouterr() == (kit.USAGE + "\n", "")


def test_outside_a_checkout_it_says_so(tmp_path):
    alone = shutil.copy(SOURCE, tmp_path)
    done = subprocess.run(
        [sys.executable, alone, "lab"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no checkout of uvmlab around ")


def test_lab_hands_over_from_the_checkout_with_the_words_that_follow(
    checkout, machine, monkeypatch
):
    started = []
    monkeypatch.setattr(kit.os, "execv", lambda *call: started.append((Path.cwd(), *call)))
    monkeypatch.chdir(checkout.parent)
    kit.main(["lab", "--fresh", "06"])
    python = str(kit.PYTHON)
    assert started == [(checkout, python, [python, "-m", "uvmlab", "lab", "--fresh", "06"])]


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (KeyboardInterrupt(), 130, "Stopped; run the same again to go on."),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "The disk is full"),
        (OSError(errno.EACCES, "Permission denied"), 1, "You may not write into"),
        (
            OSError(errno.EIO, "Input/output error"),
            1,
            "It stopped with: [Errno 5] Input/output error.",
        ),
    ],
)
def test_whatever_goes_wrong_is_one_sentence(monkeypatch, capsys, error, code, sentence):
    def fail(_):
        raise error

    monkeypatch.setattr(kit, "run", fail)
    assert kit.main(["lab"]) == code
    assert sentence in capsys.readouterr().err


# --- `test` -------------------------------------------------------------------------------------

REPORT = '<testsuites><testsuite tests="9" failures="{}" errors="{}" skipped="2"/></testsuites>'


def heading_of(words):
    """Return the heading of the step with these words, wherever its report goes."""

    def known(words):
        return [word for word in words if not word.startswith("--junitxml=")]

    return next(name for name, those in kit.steps(Path("x")) if known(those) == known(words))


@pytest.fixture
def steps(checkout, monkeypatch):
    """`kit.test` with its steps played: each notes its heading; those in `failing` fail."""
    played, failing = [], set()

    def call(words, env, **_):
        heading = heading_of(words)
        played.append(heading)
        for word in words:
            if word.startswith("--junitxml="):
                Path(word.partition("=")[2]).write_text(REPORT.format(int(heading in failing), 0))
        assert env["UVMLAB_DOT"] == "/pinned/dot"
        assert list(Path(env["UVMLAB_WORK"]).iterdir()) == []
        return int(heading in failing)

    monkeypatch.setattr(kit, "prepare", lambda _: None)
    monkeypatch.setattr(kit, "renderer", lambda: "/pinned/dot")
    monkeypatch.setattr(kit.subprocess, "call", call)
    return SimpleNamespace(played=played, failing=failing)


HEADINGS = [
    "lint",
    "format",
    "types",
    "tests",
    "coverage: kernel",
    "coverage: the rest",
    "notebooks",
]


def test_test_runs_every_step_and_counts_all_their_tests(steps, capsys):
    assert kit.main(["test"]) == 0
    assert steps.played == HEADINGS
    assert capsys.readouterr().out.endswith("\nNothing failed.\n19 passed, 0 failed, 4 skipped\n")


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_step_that_fails_stops_no_other_and_fails_the_whole(steps, capsys, heading):
    steps.failing.add(heading)
    assert kit.main(["test"]) == 1
    assert steps.played == HEADINGS
    assert capsys.readouterr().out.endswith(
        f"\nFailed: {heading}\n18 passed, 1 failed, 4 skipped\n"
    )


def test_pytest_failing_with_no_failed_test_counts_as_one(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text('<a><testsuite tests="0" failures="0" errors="0" skipped="0"/></a>')
    assert kit.count(report, passed=False) == (0, 1, 0)


def test_errors_count_as_failures(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(1, 3))
    assert kit.count(report, passed=False) == (3, 4, 2)


def test_solutions_are_compared_as_soon_as_there_are_any(checkout):
    for folder in ("notebooks", "solutions"):
        (checkout / folder).mkdir()
        (checkout / folder / "01.ipynb").touch()
    assert kit.steps(Path("x"))[-1][1][-2:] == ["notebooks", "solutions"]
