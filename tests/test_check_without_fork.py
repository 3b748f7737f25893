"""Where there is no fork (Windows): the checks of all exercises, and the one that asks a submission."""

import os
import signal
import subprocess
import sys

import pytest

from tests.kill_matrix.matrix import PROBLEMS, made, names_there, stub_of, wrong_answers
from uvmlab.check.exercises import NAMES
from uvmlab.check.grading import judged
from uvmlab.check.kinds import Inside
from uvmlab.check.problem import Correct, Incorrect, NotAttempted
from uvmlab.check.solutions import FOLDER, solution
from uvmlab.check.submission import NO_SEED
from uvmlab.kernel import pager
from uvmlab.run import world

OF_UNIX = ("fork", "setsid", "killpg", "getuid", "sysconf")
WINDOWS = f"""
import os, signal, sys
from uvmlab.check.supervisor import main
for name in {OF_UNIX}:
    delattr(os, name)
del signal.SIGKILL, signal.SIGSTOP
sys.modules["resource"] = None
sys.platform = "win32"
sys.exit(main(["grader", "3"]))
"""


@pytest.fixture
def windows(monkeypatch):
    """What a check finds there."""
    for name in OF_UNIX:
        monkeypatch.delattr(os, name)
    for name in ("SIGKILL", "SIGSTOP"):
        monkeypatch.delattr(signal, name)
    monkeypatch.setitem(sys.modules, "resource", None)


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("name", PROBLEMS)
def test_each_question_is_checked_there_too_and_the_engine_is_as_it_was(name):
    problem = PROBLEMS[name]

    def check(source):
        answer = made(source, problem.wants, names_there(problem))
        return problem.check({problem.wants: answer}, NO_SEED)

    wrong = next(iter(wrong_answers(problem, NO_SEED).values()))
    assert isinstance(check(solution(problem)), Correct)
    assert isinstance(check(stub_of(solution(problem))), NotAttempted)
    found = problem.check({problem.wants: wrong}, NO_SEED)
    assert isinstance(found, Incorrect)
    if isinstance(problem, Inside):
        mine, right, _ = problem.walks(wrong, found.case)
        assert mine.call == right.call
        assert len(mine) > 1
    assert pager.mk_pcluster.__code__.co_name == "mk_pcluster"
    assert world().vnode("f0", pages=2).machine().mk_pcluster("p0").said is None


@pytest.mark.parametrize("number", NAMES)
def test_a_submission_is_asked_there_too_and_gets_its_points(number):
    content = (FOLDER / f"{NAMES[number]}.ipynb").read_bytes()
    asked = subprocess.run(
        [sys.executable, "-c", WINDOWS], input=content, capture_output=True, check=True
    )
    told = list(judged(asked.stdout, "grader"))
    points = {each["name"]: each["points"] for each in told if "name" in each}
    assert points == {
        each.name: each.points for each in PROBLEMS.values() if each.name[:2] == number
    }
