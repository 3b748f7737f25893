"""A run in a file: it comes back as it was, and what is no run is refused with a reason."""

import json

import pytest

from uvmlab.kernel import PagerResult, Slip
from uvmlab.run import Run, world

W = world(swap=16).anons(3, slot=1).aobj("o0", pages=2, slot=4)


def runs():
    yield W.disk("ERROR").machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO PDFREECLUST")
    yield W.machine(slips=Slip.ALL, diagnostic=True).pager_put(
        "p0 p1", flags="PDFREECLUST", meanwhile=[(0, "p0", "RELEASED")]
    )
    yield world().vnode("f0", pages=4).machine().mk_pcluster("p1")
    yield world().vnode("f0", pages=1).arena(1, used=[0]).machine().pagermapin("p0")
    yield world().vnode("f0", pages=2).arena(4, used=[0]).machine().pagermapin("p0 p1", aio=True)
    yield W.machine().pagedaemon(5)


@pytest.mark.parametrize("run", list(runs()), ids=lambda run: run.call)
def test_a_run_comes_back_as_it_was(run, tmp_path):
    run.save(tmp_path / "run.json")
    back = Run.load(tmp_path / "run.json")
    assert (back.steps, back.changes, back.base) == (run.steps, run.changes, run.base)
    assert [back[i].state for i in range(len(back))] == [run[i].state for i in range(len(run))]
    assert (back.said, back.cluster, back.console) == (run.said, run.cluster, run.console)
    assert (back.threads, back.times, back.options) == (run.threads, run.times, run.options)


def test_a_result_comes_back_as_what_it_was(tmp_path):
    first, _, cluster, deadlock, address, _ = runs()
    back = []
    for run in (first, cluster, deadlock, address):
        run.save(tmp_path / "run.json")
        back.append(Run.load(tmp_path / "run.json").result)
    assert back == [PagerResult.OK, ("p0", "p1", "p2", "p3"), "deadlock", 4096]


def test_a_function_of_one_s_own_is_not_kept_but_what_it_did_is(tmp_path):
    def mine(k, uobj, cluster, center, flags, mlo, mhi):
        k.plug(cluster, 0, center)  # 307
        k.store(cluster, "npages", 1)  # 309
        k.note("done", 0)  # 900
        return cluster

    run = world().vnode("f0", pages=4).machine(mk_pcluster=mine).mk_pcluster("p1")
    run.save(tmp_path / "run.json")
    back = Run.load(tmp_path / "run.json")
    assert [step.line for step in back.steps] == [307, 309, None, None]  # the file ends before 900
    assert back.options == {}


def test_a_cluster_with_a_hole_in_it_is_kept_too(tmp_path):
    def leaves_its_room_in_the_count(k, uobj, cluster, center, flags, mlo, mhi):
        k.plug(cluster, 0, center)
        return cluster

    machine = world().vnode("f0", pages=4).machine(mk_pcluster=leaves_its_room_in_the_count)
    machine.mk_pcluster("p1", npages=2).save(tmp_path / "run.json")
    assert Run.load(tmp_path / "run.json").result == ("p1", None)


@pytest.fixture
def saved(tmp_path):
    """Return a run as plain data, and a function that loads it once it has been changed."""
    path = tmp_path / "run.json"
    next(runs()).save(path)
    data = json.loads(path.read_text())

    def load():
        path.write_text(json.dumps(data))
        return Run.load(path)

    return data, load


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.update(uvmlab="world"), "this is no run of uvmlab"),
        (lambda d: d.update(version=2), "this is a run of version 2; legal: 1"),
        (lambda d: d.pop("steps"), "run: there is no 'steps'"),
        (lambda d: d.update(steps=[]), "a run has one step at least"),
        (lambda d: d.update(extra=1), "run: no field 'extra'"),
        (
            lambda d: d["steps"][0].update(line="498"),
            r"steps\[0\].line: \"498\" is not a whole number",
        ),
        (
            lambda d: d["steps"][0].update(kind="nonsense"),
            r"steps\[0\].kind: \"nonsense\" is not one of anfree, .*, wakeup$",
        ),
        (
            lambda d: d["steps"][0].update(line=9999),
            r"steps\[0\].line: 9999 is not a line of uvm_pager.c; legal: 1 to 731",
        ),
        (
            lambda d: d["steps"][0].update(line=0),
            r"steps\[0\].line: 0 is not a line of uvm_pager.c",
        ),
        (
            lambda d: d["steps"][30].update(time=0),
            r"steps\[30\]: pager_put runs at 0 µs, but after its changes it is pager_put at \d+ µs",
        ),
        (
            lambda d: d["steps"][0].update(thread="the king"),
            r"steps\[0\]: the king runs at 0 µs, but after its changes it is pager_put at 0 µs",
        ),
        (lambda d: d["steps"][0].update(args=[{}]), r"steps\[0\].args\[0\]: {} is not a list"),
        (lambda d: d["steps"][0].update(changes=[[1]]), r"is not \[field, key, old, new\]"),
        (
            lambda d: d["steps"][0]["changes"][0].__setitem__(0, "colour"),
            "is not a field of a moment",
        ),
        (lambda d: d["steps"][0]["changes"][0].__setitem__(0, []), r"\[\] is not a text"),
        (
            lambda d: d["steps"][0].update(kind="pmap_enter", args=[]),
            r"steps\[0\]: \[\] is not what a step 'pmap_enter' has",
        ),
        (lambda d: d["base"].update(now=-1), "base.now: -1 is not 0 or more"),
        (lambda d: d["base"].pop("array"), "run.base: there is no 'array'"),
        (lambda d: d["base"].update(arena=[]), "is not an object from arena page to name"),
        (lambda d: d["base"].update(asleep=[["t"]]), r"is not \[thread, on what, since when\]"),
        (lambda d: d.update(base=[]), "run.base: .* is not an object"),
        (lambda d: d.update(result={"cluster": 1}), "run.result.cluster: 1 is not a list"),
        (
            lambda d: d.update(result={"PagerResult": []}),
            r"run.result.PagerResult: \[\] is not one of OK",
        ),
        (lambda d: d["options"].update(cpus="two"), 'options.cpus: "two" is not a whole number'),
    ],
)
def test_a_damaged_run_is_refused_with_its_place_and_reason(saved, change, says):
    data, load = saved
    change(data)
    with pytest.raises(ValueError, match=says):
        load()


@pytest.mark.parametrize(
    "change", [["arena", 7, "p0", None], ["arena", 7, None, None], ["now", None, 77, 78]]
)
def test_a_step_that_changes_what_was_not_so_is_refused(saved, change):
    data, load = saved
    data["steps"][0]["changes"] = [change]
    with pytest.raises(ValueError, match=r"run.steps\[0\]: (arena 7|now) is not as it was before"):
        load()


def changed(data, field):
    """Return the first change of a field in a run that is plain data."""
    return next(c for step in data["steps"] for c in step["changes"] if c[0] == field)


def put(data):
    """Return the arguments of the first write in a run that is plain data."""
    return next(step["args"] for step in data["steps"] if step["kind"] == "swap_put")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda d: d["base"]["pages"][0].update(owner="a9"),
            "run.base: p0 is a page of 'a9', which is not there",
        ),
        (
            lambda d: changed(d, "pages")[3].update(owner="nobody"),
            r"run.steps\[\d+\]: p\d is a page of 'nobody', which is not there",
        ),
        (lambda d: changed(d, "pages")[3].update(name="p9"), r'new.name: "p9" is not \'p\d\''),
        (
            lambda d: changed(d, "anons").__setitem__(3, None),
            "new: null is not an object with name",
        ),
        (
            lambda d: put(d)[1].append("p9"),
            r"run.steps\[\d+\]: there is no page 'p9' to be written",
        ),
        (lambda d: put(d)[1].append(["p0"]), r"there is no page \['p0'\] to be written"),
        (lambda d: put(d).append(1), r"args: .* is not \[where to, pages, flags, answer\]"),
        (
            lambda d: put(d).__setitem__(1, "p0"),
            r"args: .* is not \[where to, pages, flags, answer\]",
        ),
    ],
)
def test_a_run_of_things_that_are_not_there_is_refused(saved, change, says):
    data, load = saved
    change(data)
    with pytest.raises(ValueError, match=says):
        load()


def test_time_that_goes_back_is_refused(saved):
    data, load = saved
    step = data["steps"][-1]
    step["changes"].append(["now", None, step["time"], 1])
    step["time"] = 1
    with pytest.raises(ValueError, match=r"run.steps\[\d+\]: time goes back, from \d+ to 1 µs"):
        load()


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "this is no JSON"), (b"\x80", "this is no JSON"), (b"[1]", "this is no run of uvmlab")],
)
def test_what_is_no_run_is_refused(tmp_path, content, says):
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"run.json: {says}"):
        Run.load(path)
