"""How a real kernel writes memory to disk: `uvm_pager.c` to run, watch, predict, break and repair.

The names that a learner types are here, each loaded when it is first used: importing one room of
the package, `uvmlab.kernel` say, loads no other.
"""

from importlib import import_module
from typing import Any, Final

__version__ = "0.1.0"

_ROOMS: Final = {
    "ClusterLab": "uvmlab.widgets",
    "DaemonLab": "uvmlab.widgets",
    "FaultLab": "uvmlab.widgets",
    "PagerMapLab": "uvmlab.widgets",
    "RunView": "uvmlab.widgets",
    "Slip": "uvmlab.kernel",
    "afterwards": "uvmlab.widgets",
    "choose": "uvmlab.widgets",
    "clusters": "uvmlab.check",
    "exercise": "uvmlab.widgets",
    "graph": "uvmlab.draw",
    "learner": "uvmlab.check",
    "number": "uvmlab.widgets",
    "numbers": "uvmlab.widgets",
    "order": "uvmlab.widgets",
    "predict": "uvmlab.widgets",
    "progress": "uvmlab.widgets",
    "show": "uvmlab.draw",
    "source": "uvmlab.run",
    "why": "uvmlab.check",
    "world": "uvmlab.run",
}

__all__ = sorted(_ROOMS)  # noqa: PLE0605 -- what `from uvmlab import *` brings is one table


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        legal = ", ".join(_ROOMS)
        raise AttributeError(f"uvmlab has no {name!r}; it has {legal}")
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_ROOMS])
