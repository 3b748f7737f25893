"""The engine: `uvm_pager.c` 1.1.1.1 and as much kernel around it as it needs to run.

It imports SimPy and the standard library, nothing else.
"""

from uvmlab.kernel.aio import AioPointer
from uvmlab.kernel.anon import Anon
from uvmlab.kernel.cluster import Cluster
from uvmlab.kernel.disk import FaultPlan
from uvmlab.kernel.flags import PAGE_SIZE, PG, PGO, PQ, PagerResult, Prot
from uvmlab.kernel.invariants import Broken
from uvmlab.kernel.machine import SEVEN, Machine, Thread
from uvmlab.kernel.page import Page
from uvmlab.kernel.pagerops import MapEntry
from uvmlab.kernel.panic import Deadlock, Panic, Sleeper
from uvmlab.kernel.slips import Slip
from uvmlab.kernel.trace import Step, Trace
from uvmlab.kernel.uobject import UvmObject

__all__ = [
    "PAGE_SIZE",
    "PG",
    "PGO",
    "PQ",
    "SEVEN",
    "AioPointer",
    "Anon",
    "Broken",
    "Cluster",
    "Deadlock",
    "FaultPlan",
    "Machine",
    "MapEntry",
    "Page",
    "PagerResult",
    "Panic",
    "Prot",
    "Sleeper",
    "Slip",
    "Step",
    "Thread",
    "Trace",
    "UvmObject",
]
