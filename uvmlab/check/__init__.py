"""Questions and answers as data: the learner's own numbers, and where answers are kept."""

from uvmlab.check import clusters, why
from uvmlab.check.answers import Answers
from uvmlab.check.learner import Learner, learner

__all__ = ["Answers", "Learner", "clusters", "learner", "why"]
