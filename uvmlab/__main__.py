"""`python -m uvmlab WORD ...`: one module a word, loaded when its word is said."""

import sys
from importlib import import_module
from typing import Final

import uvmlab

COMMANDS: Final = {
    "lab": ("uvmlab.commands.lab", "open the lessons in JupyterLab, in copies of your own"),
    "replay": ("uvmlab.commands.replay", "run golden vectors through the engine and compare"),
    "notebooks": ("uvmlab.commands.notebooks", "execute the tracked notebooks in place"),
    "exercises": ("uvmlab.commands.exercises", "make the exercises from the solutions"),
    "grade": ("uvmlab.commands.grade", "check the exercises that learners have handed in"),
    "kill-matrix": ("uvmlab.commands.killmatrix", "show each check wrong answers and mutants"),
    "bench": ("uvmlab.commands.bench", "measure the engine's speed on this machine"),
    "doctor": ("uvmlab.commands.doctor", "say what works here, and what to do about the rest"),
}


def overview() -> str:
    """Return the help: what there is, a line a word."""
    words = "\n".join(f"  {word:<11} {what}" for word, (_, what) in COMMANDS.items())
    return (
        "usage: python -m uvmlab WORD [...]\n\n"
        "How a real kernel writes memory to disk: NetBSD's uvm_pager.c, to run and to watch.\n\n"
        f"{words}\n\n"
        "`python -m uvmlab WORD --help` tells more about one of them."
    )


def main(argv: list[str]) -> int:
    """Run one command and return its exit code; 2 means that what was asked for is not there."""
    word, rest = (argv[0], argv[1:]) if argv else ("", [])
    if word in {"-h", "--help"}:
        print(overview())
    elif word == "--version":
        print(f"uvmlab {uvmlab.__version__}")
    elif word in COMMANDS:
        return import_module(COMMANDS[word][0]).main(rest)
    else:
        said = f"there is no command {word!r}" if word else "a command is missing"
        print(f"uvmlab: {said}; there are {', '.join(COMMANDS)} (and --help)", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
