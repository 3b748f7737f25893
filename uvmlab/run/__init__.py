"""What happened: a machine's calls, each with its result, its states and its steps."""

from uvmlab.run.lab import LabMachine, World, world
from uvmlab.run.run import Run, Steps
from uvmlab.run.source import Source, source

__all__ = ["LabMachine", "Run", "Source", "Steps", "World", "source", "world"]
