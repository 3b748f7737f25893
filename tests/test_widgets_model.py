"""The model of a lab: plan, outcome, and that nothing is lost on wrong input."""

from typing import NamedTuple

import pytest

from uvmlab.run import world
from uvmlab.widgets.form import Wrong
from uvmlab.widgets.model import Model


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
