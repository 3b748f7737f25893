"""What the commands have in common: how they refuse, and where the checkout is."""

import argparse
from pathlib import Path
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line on stderr; it exits with 2."""

    def error(self, message: str) -> NoReturn:
        """Print the complaint and exit with 2."""
        self.exit(2, f"{self.prog}: {message}\n")

    def checkout(self) -> Path:
        """Return the root of the checkout around the current directory, or refuse."""
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / "kit.py").is_file() and (folder / "notebooks").is_dir():
                return folder
        return self.error(f"{here} is no checkout of uvmlab, nor in one: clone it, then `cd` there")
