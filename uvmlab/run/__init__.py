"""What happened: a machine's calls, each with its result, its states and its steps."""

from uvmlab.run.lab import LabMachine, World, world
from uvmlab.run.run import Run, Steps

__all__ = ["LabMachine", "Run", "Steps", "World", "world"]
