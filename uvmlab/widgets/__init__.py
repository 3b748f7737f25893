"""The labs: forms in a notebook over plain classes that do the work."""

from uvmlab.widgets.cluster import Clustering
from uvmlab.widgets.clusterlab import ClusterLab
from uvmlab.widgets.daemon import Daemon
from uvmlab.widgets.daemonlab import DaemonLab
from uvmlab.widgets.fault import Fault
from uvmlab.widgets.faultlab import FaultLab
from uvmlab.widgets.kinds import choose, number, numbers, order
from uvmlab.widgets.pagermap import Waiting
from uvmlab.widgets.pagermaplab import PagerMapLab
from uvmlab.widgets.prediction import Prediction, predict
from uvmlab.widgets.question import NotSolved, Question, exercise, progress
from uvmlab.widgets.reader import afterwards
from uvmlab.widgets.runview import RunView

__all__ = [
    "ClusterLab",
    "Clustering",
    "Daemon",
    "DaemonLab",
    "Fault",
    "FaultLab",
    "NotSolved",
    "PagerMapLab",
    "Prediction",
    "Question",
    "RunView",
    "Waiting",
    "afterwards",
    "choose",
    "exercise",
    "number",
    "numbers",
    "order",
    "predict",
    "progress",
]
