"""The cluster lab in the notebook: its handlers call the model and show."""

import re

import pytest

from uvmlab.widgets import ClusterLab
from uvmlab.widgets import lab as lab_module
from uvmlab.widgets.clusterlab import StripForm
from uvmlab.widgets.form import HERE, Form
from uvmlab.widgets.strip import ACTIVES, CLUSTERS, CODES, KINDS, RANGES


def press(lab, **typed):
    values = lab.model.plan.written() | typed
    lab.form._handle_custom_msg({"event": "Build", "values": values}, [])


@pytest.fixture
def lab(monkeypatch):
    """A lab with somebody there."""
    monkeypatch.setattr(lab_module, "anybody_there", lambda: True)
    return ClusterLab(pages="DDCDDDA.", center=4)


def test_nothing_is_built_before_build_is_pressed(lab):
    assert lab.model.outcome is None
    assert "Before" in lab.form.report
    assert "After" not in lab.form.report
    assert lab._repr_mimebundle_()["text/plain"].endswith("not built yet")


def test_build_shows_what_came_of_it(lab):
    press(lab)
    assert lab.form.taken == [3, 4, 5]
    assert lab.form.said == lab.model.outcome.sentence()
    assert lab.children[1].run is lab.model.outcome.run
    assert "<td>ends the cluster</td>" in lab.form.report
    assert lab._repr_mimebundle_()["text/plain"] == lab.model.text() == repr(lab)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ({"pages": "DDDD", "center": "0"}, [0, 1, 2, 3]),
        ({"center": "0"}, [0, 1]),
        ({"window": "4"}, [4, 5]),
        ({"cluster": CLUSTERS["forward"]}, [4, 5]),
        ({"range": RANGES[False], "lo": "4"}, [4, 5]),
        ({"range": RANGES[False], "hi": "5"}, [3, 4]),
        ({"active": ACTIVES[True]}, [3, 4, 5, 6]),
        ({"npages": "7"}, [4]),
        ({"code": CODES["written"]}, [4]),
    ],
)
def test_every_field_has_its_say(lab, typed, taken):
    press(lab, **typed)
    assert lab.form.taken == taken
    assert {name: lab.form.values[name] for name in typed} == typed


def test_wrong_input_is_said_and_the_last_cluster_stays(lab):
    press(lab)
    report, text = lab.form.report, lab.model.text()
    press(lab, pages="DDX")
    assert lab.form.said.startswith("Pages of the file: no state “X”")
    assert (lab.form.wrong, lab.form.tone) == ("pages", "wrong")
    assert (lab.form.report, lab.model.text(), lab.form.taken) == (report, text, [3, 4, 5])
    assert (lab.form.answered, lab.form.made) == (2, 1)


@pytest.mark.parametrize("args", [(), ("limit",), ("active", 7), ("odd", "p0"), (None, None, None)])
def test_notes_of_one_s_own_never_end_in_a_traceback(monkeypatch, args):
    def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):
        k.note(*args) if args else k.plug(cluster, 0, center)
        return cluster

    monkeypatch.setattr(lab_module, "anybody_there", lambda: True)
    lab = ClusterLab(mk_pcluster=mk_pcluster)
    press(lab)
    assert not lab.form.said.startswith("This should not have happened")
    assert lab.form.tone == ""


def test_with_nobody_there_it_has_built():
    lab = ClusterLab(pages="DDCDDDA.", center=4)
    data = lab._repr_mimebundle_()
    assert "The cluster is p3, p4 and p5, 3 pages" in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert lab.children[1].run is lab.model.outcome.run


def test_with_nobody_there_a_function_that_fails_is_a_sentence():
    def mk_pcluster(k, uobj, cluster, center, flags, mlo, mhi):
        raise LookupError("nothing here")

    lab = ClusterLab(mk_pcluster=mk_pcluster)
    assert (
        lab._repr_mimebundle_()["text/plain"]
        .splitlines()[-1]
        .startswith("Your mk_pcluster raised LookupError: nothing here, at line ")
    )


def test_every_field_has_a_label_of_its_own(lab):
    labels = [field["label"] for field in lab.form.fields]
    assert len({*labels}) == len(labels) == 10
    assert all(labels)


def test_the_strip_knows_every_state(lab):
    assert [kind[0] for kind in lab.form.kinds] == [*KINDS]
    assert all(len(kind) == 3 for kind in lab.form.kinds)
    css = (HERE / "strip.css").read_text()
    assert {*re.findall('data-kind="(.*?)"', css)} == {kind.word for kind in KINDS.values()} | {
        "unknown"
    }


def test_the_strip_and_the_form_are_one_module():
    module = StripForm._esm if isinstance(StripForm._esm, str) else str(StripForm._esm)
    assert module.count("export default") == 1
    assert module.rstrip().endswith("export default { render: renderStrip };")
    assert Form._esm != StripForm._esm


def test_an_impossible_lab_is_refused_where_it_is_made():
    with pytest.raises(ValueError, match="a whole number from 1 to 32, not “40”"):
        ClusterLab(pages=40)
    with pytest.raises(TypeError, match="unexpected keyword argument 'page'"):
        ClusterLab(page=3)
