"""The two commands: `python3 kit.py lab` and `python3 kit.py test`.

Both prepare `.venv` beside this file and hand over to it. Only the standard library is used, in a
grammar that old Pythons can parse, so that one of them still gets to say that it is too old.
"""

import csv
import errno
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

if os.name == "nt":
    import msvcrt
else:
    import fcntl

USAGE = """usage: python3 kit.py lab [...]   open the lessons in the browser
       python3 kit.py test        lint, types, tests, coverage, notebooks

`lab` passes what follows on: see `python3 kit.py lab --help`."""

OLDEST, NEWEST = (3, 11), (3, 14)  # the newest for which all locked packages have builds
LEARNERS_LOCK, TEST_LOCK = "requirements.lock", "requirements-test.lock"

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "uvmlab-stamp.json"  # what was installed; written last, so half a .venv has none
BIN, EXE = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
PYTHON = VENV / BIN / ("python" + EXE)
LOCK = ROOT / ".venv.lock"  # locked by the one that changes .venv; the file itself says nothing

FULL_DISK = "The disk is full: free about 1 GB, then run the same again."
SPARE = 50_000_000  # bytes: with less than that left, whatever failed failed for want of room
NO_NETWORK = (
    "No package index answers: connect to the network (or tell pip of your proxy or mirror), "
    "then run the same again."
)
NOT_ALLOWED = f"You may not write into {ROOT}: use a clone of your own."
SUPPORTED = "Python {}.{} to {}.{}".format(*OLDEST, *NEWEST)
NO_VENV = (
    "This Python has no `venv` module: install it (Debian, Ubuntu: `apt install python3-venv`), "
    "then run the same again."
)
NO_BUILD = (
    "The package index has no build of a locked package for this machine: "
    f"use another of {SUPPORTED}, or conda (see README.md)."
)
NO_TRUST = (
    "pip does not trust the certificate that the network shows: name it with "
    "`pip config set global.cert FILE`, then run the same again."
)
WRONG_HASH = (
    "A download is not the file that the lock names: empty pip's cache with "
    f"`{PYTHON} -m pip cache purge`, then run the same again."
)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)
CAUSES = [  # what pip or venv says when it fails, and what to do then
    ("[WinError 112]", FULL_DISK),
    *[(f"[Errno {number}]", FULL_DISK) for number in NO_ROOM],
    *[(f"[Errno {number}]", NOT_ALLOWED) for number in NO_RIGHT],
    ("SSLError", NO_TRUST),
    ("NewConnectionError", NO_NETWORK),
    ("NameResolutionError", NO_NETWORK),
    ("Timeout", NO_NETWORK),
    ("ProxyError", NO_NETWORK),
    ("Connection ", NO_NETWORK),  # refused, reset, aborted, timed out
    ("DO NOT MATCH THE HASHES", WRONG_HASH),
    ("(from versions: none)", NO_NETWORK),  # an index that knows the package names some
    ("No matching distribution", NO_BUILD),
]


class Stop(Exception):
    """One sentence for the user, and the exit code."""

    def __init__(self, sentence, code=1):
        super().__init__(sentence)
        self.code = code


# --- May this Python do it? ---------------------------------------------------------------------


def check_python(version, has_module):
    """Stop when this Python cannot make the `.venv`; `has_module(name)` says what it brings."""
    advice = f"install one of {SUPPORTED} and use it: `python3.13 kit.py lab`, say."
    mine = "Python {}.{}".format(*version[:2])
    if tuple(version[:2]) < OLDEST:
        raise Stop(f"{mine} is too old: {advice}")
    if tuple(version[:2]) > NEWEST:
        raise Stop(f"{mine} is too new for the locked packages: {advice}")
    if not (has_module("venv") and has_module("ensurepip")):
        raise Stop(NO_VENV)


def has_module(name):
    """Whether this Python has a module of that name (an empty folder is none)."""
    spec = importlib.util.find_spec(name)
    return spec is not None and spec.origin is not None


# --- What must be in .venv ----------------------------------------------------------------------


def digest(locks):
    """One hash over the package, its metadata and these locks: what an installation depends on."""
    package = sorted(
        path for path in (ROOT / "uvmlab").rglob("*") if path.is_file() and path.suffix != ".pyc"
    )
    total = hashlib.sha256()
    for path in [*package, *[ROOT / name for name in ("pyproject.toml", *locks)]]:
        content = path.read_bytes()
        total.update(f"{path.relative_to(ROOT).as_posix()} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def wanted(word):
    """What the stamp must say before `word` may run. The test lock holds the learners' packages too."""
    want = {"lab": digest([LEARNERS_LOCK])}
    if word == "test":
        want["test"] = digest([LEARNERS_LOCK, TEST_LOCK])
    return want


def site_packages():
    """Where this Python's packages stand in `.venv`."""
    if os.name == "nt":
        return VENV / "Lib" / "site-packages"
    return VENV / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages"


def whole(record):
    """Whether each file of a package has the size that pip noted (of compiled Python it noted none)."""
    folder = os.path.dirname(os.path.dirname(record))
    try:
        with open(record, newline="", encoding="utf-8") as rows:
            return all(
                os.path.getsize(os.path.join(folder, name)) == int(size)
                for name, _, size in csv.reader(rows)
                if size
            )
    except (OSError, ValueError):
        return False


def packages():
    """The packages in `.venv` that are whole, each with the size of its list of files."""
    records = map(str, site_packages().glob("*.dist-info/RECORD"))
    return {record: os.path.getsize(record) for record in records if whole(record)}


def read_stamp():
    """What is installed; empty when `.venv` is absent, half made, damaged, moved or another Python's."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        intact = (
            os.access(str(PYTHON), os.X_OK)
            and os.path.getsize(str(VENV / "pyvenv.cfg"))
            and dict(stamp["holds"]).items() <= packages().items()
        )
        return stamp if intact else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_stamp(stamp):
    """Write the stamp at one stroke."""
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    os.replace(str(new), str(STAMP))


# --- Getting it there ---------------------------------------------------------------------------


@contextmanager
def alone():
    """Wait until nobody else changes `.venv`, and keep others waiting; a lock ends with its process."""
    with open(str(LOCK), "a") as file:
        os.set_inheritable(file.fileno(), True)  # a pip whose kit.py was killed still has it
        if not locked(file):
            say("Another kit.py is preparing .venv: waiting for it ...")
            while not locked(file):
                time.sleep(0.2)
        yield


def locked(file):
    """Whether the lock is ours now (or the file system knows no locks)."""
    try:
        if os.name == "nt":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES)
    return True


def prepare(word):
    """Bring `.venv` up to date for `lab` or `test`; what is there already stays."""
    want = wanted(word)
    if not want.items() <= read_stamp().items():
        with alone():
            renew(word, want)


def renew(word, want):
    """Make `.venv` if there is none that is whole, and install; the stamp then says what it must."""
    stamp = read_stamp()
    if want.items() <= stamp.items():  # done while we waited
        return
    if not stamp:
        say("Making .venv ...")
        command([sys.executable, "-m", "venv", "--clear", str(VENV)])
    else:
        STAMP.unlink()
    say(f"Installing what `{word}` needs (about a minute the first time) ...")
    try:
        install(TEST_LOCK if word == "test" else LEARNERS_LOCK)
    except Stop as stop:
        if stamp and str(stop) in (NO_NETWORK, NO_BUILD):  # pip had changed nothing yet
            write_stamp(stamp)
        raise
    write_stamp(dict(stamp, holds=packages(), **want))


def install(lock):
    """The locked packages, then this project itself, in place: an edit counts without more ado."""
    pip = [str(PYTHON), "-I", "-m", "pip", "install", "-q", "--no-input", "--no-deps"]
    pip.append("--disable-pip-version-check")
    command([*pip, "--require-hashes", "-r", str(ROOT / lock)])
    command([*pip, "--no-build-isolation", "-e", str(ROOT)])


def command(words):
    """Run it quietly; when it fails, stop with what to do about it."""
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(words, check=False, close_fds=False, **output)  # with the lock
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace")
        for sign, sentence in CAUSES:
            if sign in said:
                raise Stop(sentence)
        if shutil.disk_usage(str(ROOT)).free < SPARE:
            raise Stop(FULL_DISK)
        sys.stderr.write(said)
        raise Stop(f"This failed, for the reason above: {' '.join(words)}")


# --- The two words ------------------------------------------------------------------------------


def lab(arguments):
    """Hand over to `python -m uvmlab lab`."""
    prepare("lab")
    os.chdir(str(ROOT))
    words = [str(PYTHON), "-m", "uvmlab", "lab", *arguments]
    if os.name == "nt":  # there, exec gives the prompt back at once
        return subprocess.call(words)
    return os.execv(words[0], words)  # signals then reach the lab itself


def steps(scratch):
    """Each part of `test`: its heading and its command. pytest leaves a report under the heading."""
    kernel = "uvmlab/kernel/*"
    folders = [name for name in ("notebooks", "solutions") if list((ROOT / name).glob("*.ipynb"))]
    nbval = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", *folders]
    parts = [
        ("lint", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
        ("types", ["mypy"]),
        ("tests", ["pytest", "--cov", "--cov-report=", report(scratch, "tests")]),
        ("coverage: kernel", ["coverage", "report", "--include", kernel, "--fail-under=100"]),
        ("coverage: the rest", ["coverage", "report", "--omit", kernel, "--fail-under=95"]),
        ("notebooks", ["pytest", report(scratch, "notebooks"), *nbval]),
    ]
    return [(heading, [str(PYTHON), "-m", *words]) for heading, words in parts]


def report(scratch, heading):
    """The option that makes pytest write what `count` reads."""
    return f"--junitxml={scratch / heading}.xml"


def renderer():
    """The one renderer that the pictures in the tracked notebooks come from."""
    ask = "from uvmlab.draw.render import pure_dot; print(pure_dot())"
    done = subprocess.run(
        [str(PYTHON), "-c", ask], cwd=str(ROOT), stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode().strip()


def count(found, passed):
    """How many passed, failed and were skipped: as pytest's report says, or one for a plain step."""
    if not found.exists():
        return int(passed), int(not passed), 0
    suite = ElementTree.parse(str(found)).getroot().find("testsuite")
    bad = int(suite.get("failures")) + int(suite.get("errors"))
    skipped = int(suite.get("skipped"))
    # pytest can fail without a failed test: none found, say
    return int(suite.get("tests")) - bad - skipped, bad or int(not passed), skipped


def test():
    """Run every step, also after one that failed; return 1 if any did."""
    prepare("test")
    failed, totals = [], [0, 0, 0]
    with tempfile.TemporaryDirectory() as name:
        scratch, work = Path(name), Path(name, "work")
        work.mkdir()  # an empty store: no answer of a learner's reaches a test
        environment = dict(os.environ, UVMLAB_WORK=str(work), UVMLAB_DOT=renderer())
        for heading, words in steps(scratch):
            say(f"\n--- {heading} ---")
            passed = subprocess.call(words, cwd=str(ROOT), env=environment) == 0
            if not passed:
                failed.append(heading)
            counts = count(scratch / (heading + ".xml"), passed)
            totals = [sum(pair) for pair in zip(totals, counts, strict=True)]
    say("\nFailed: {}".format(", ".join(failed)) if failed else "\nNothing failed.")
    say("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if failed else 0


def say(sentence):
    """Print it at once, also into a pipe."""
    print(sentence, flush=True)


def run(arguments):
    """Do what the words say and return the exit code."""
    word, rest = (arguments[:1] or [""])[0], arguments[1:]
    if word in ("-h", "--help"):
        say(USAGE)
        return 0
    if word not in ("lab", "test") or (word == "test" and rest):
        raise Stop(USAGE, code=2)
    if not (ROOT / LEARNERS_LOCK).exists():
        raise Stop(f"There is no checkout of uvmlab around {__file__}: clone it whole.", code=2)
    check_python(sys.version_info, has_module)
    return lab(rest) if word == "lab" else test()


def main(arguments):
    """Run; whatever goes wrong becomes one sentence on stderr."""
    try:
        return run(arguments)
    except Stop as stop:
        code, sentence = stop.code, str(stop)
    except KeyboardInterrupt:
        code, sentence = 130, "\nStopped; run the same again to go on."
    except OSError as error:
        full, denied = error.errno in NO_ROOM, error.errno in NO_RIGHT
        reason = f"It stopped with: {error}."
        code, sentence = 1, FULL_DISK if full else NOT_ALLOWED if denied else reason
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
