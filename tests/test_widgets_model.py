"""The model of a lab: plan, outcome, and that nothing is lost on wrong input."""

import re
from importlib import import_module
from itertools import product
from typing import NamedTuple

import pytest

from uvmlab.run import world
from uvmlab.widgets.cluster import Clustering
from uvmlab.widgets.daemon import Daemon
from uvmlab.widgets.fault import Fault
from uvmlab.widgets.form import Wrong
from uvmlab.widgets.model import Model
from uvmlab.widgets.pagermap import Waiting


class Count(NamedTuple):
    pages: str

    def world(self):
        return world().anons(int(self.pages))

    def written(self):
        return self._asdict()

    def __str__(self):
        return f"{self.pages} pages"


class Mapped(NamedTuple):
    run: object

    def sentence(self):
        return f"mapped at {self.run.result}"

    text = sentence


class Mapping(Model[Count, Mapped]):
    def read(self, typed):
        if not typed["pages"].isdecimal():
            raise Wrong("pages: a number.", "pages")
        return Count(typed["pages"])

    def carry_out(self, plan):
        if plan.pages == "9":
            raise Wrong("too many.")
        return Mapped(plan.world().machine().pagermapin("p0"))


@pytest.fixture
def model():
    return Mapping({"pages": "1"})


def test_nothing_runs_before_it_is_asked_for(model):
    assert model.outcome is None
    assert model.text() == "1 pages\nnot run yet"
    assert repr(model) == "<Mapping: not run yet>"


def test_it_runs_its_plan_or_what_is_typed(model):
    assert model.run() is model.outcome
    assert model.text() == "1 pages\nmapped at 0"
    model.run({"pages": "2"})
    assert model.plan == Count("2")


@pytest.mark.parametrize("typed", ["x", "9"])
def test_wrong_input_changes_nothing(model, typed):
    outcome = model.run()
    with pytest.raises(Wrong, match="a number|too many"):
        model.run({"pages": typed})
    assert (model.plan, model.outcome) == (Count("1"), outcome)


def test_a_lab_that_cannot_be_is_refused_where_it_is_made():
    with pytest.raises(ValueError, match="pages: a number"):
        Mapping({"pages": "x"})


NO_TEXTS = (None, ["p1"], 3, b"OK")
NO_COUNTS = (None, ["D"], 3.5, -1, True, b"4")
NO_CHOICES = ("maybe", None, [], 7)
NO_SLIPS = ("x", None, 64, 1.0)
WRONG = [
    *product([Fault], ["aobj", "answers", "wanted", "released"], NO_TEXTS),
    *product([Fault], ["pg"], NO_TEXTS[1:]),  # None: no page
    *product([Fault], ["pages", "during", "slot"], NO_COUNTS),
    *product([Fault], ["kind", "sync", "free"], NO_CHOICES),
    *product([Clustering], ["pages", "center", "window", "npages"], NO_COUNTS),
    *product([Clustering], ["lo", "hi"], NO_COUNTS[1:]),  # None: the whole file
    *product([Clustering], ["cluster"], NO_CHOICES),
    *product([Clustering], ["flags"], ("FAST", 3, [None])),
    *product([Daemon], ["anons", "aobj", "file", "swap", "arena", "rate", "seed"], NO_COUNTS),
    *product([Daemon], ["free"], NO_COUNTS[1:]),  # None: as many as there are
    *product([Daemon], ["answers"], NO_TEXTS),
    *product([Daemon], ["sync"], NO_CHOICES),
    *product([Waiting], ["arena"], NO_COUNTS),
    *product([Waiting], ["a", "b", "c", "order"], NO_TEXTS),
    *product([Waiting], ["cpus"], NO_CHOICES),
    *product([Fault, Clustering, Daemon, Waiting], ["slips"], NO_SLIPS),
]
CALLED = {"order": "turns", "a": "A", "b": "B", "c": "C"}  # in the form


@pytest.mark.parametrize(("lab", "name", "value"), WRONG)
def test_what_is_given_wrong_is_told_by_its_name_and_with_what_is_legal(lab, name, value):
    with pytest.raises((TypeError, ValueError), match=r"legal: |not “|there are") as said:
        lab(**{name: value})
    label = import_module(lab.__module__).LABELS.get(CALLED.get(name, name), name)
    assert re.search(rf"\b{name}\b|{re.escape(label)}", str(said.value))


def test_a_choice_may_be_given_in_the_words_of_the_form():
    assert Fault(sync="asynchronous").plan == Fault(sync=False).plan
