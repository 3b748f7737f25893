"""The machine that a learner plays with: calls by name, each a run; what is wrong is said."""

import pytest

from uvmlab.kernel import Cluster, PagerResult, Slip
from uvmlab.run import LabMachine, Run, World, world


@pytest.fixture
def w():
    return world(swap=64).anons(3, slot=1).aobj("o0", pages=2, slot=4)


def slots(run):
    return {anon.name: anon.swslot for anon in run.after.state.anons.values()}


def test_a_world_boots_a_machine_that_says_what_it_is(w):
    machine = w.machine(slips=Slip.STRIDE)
    assert isinstance(machine, LabMachine)
    assert repr(machine) == (
        "<machine at 0 µs: <world: 5 pages, 3 anons, 1 object, 5 of 64 slots allocated>, slips STRIDE>"
    )


def test_a_failed_swap_put_gives_the_first_slot_to_the_page_of_interest(w):
    run = w.disk("ERROR", "OK").machine().pager_put("p0 p1 p2 p3 p4", pg="p1", flags="SYNCIO")
    assert run.result is PagerResult.OK
    assert slots(run) == {"a0": 0, "a1": 1, "a2": 0}
    assert run.cluster == ("p1",)
    assert run.before.state.swap_allocated == (1, 2, 3, 4, 5)
    assert run.after.state.swap_allocated == (1,)


def test_names_may_be_given_one_by_one(w):
    assert w.machine().pager_put(["p0", "p1"], flags="SYNCIO").call == "pager_put(p0 p1)"


def test_the_caller_makes_its_pages_busy_before_the_run_begins(w):
    run = w.machine().pager_put("p0 p1", flags="SYNCIO PDFREECLUST")
    assert run.before.state.pages["p0"].flags == ("BUSY",)
    assert run.before.state.pages["p0"].owner_tag == "caller"
    assert run.after.state.pages["p0"].flags == ("CLEAN",)


def test_a_page_that_is_busy_already_keeps_its_owner_tag(w):
    run = w.page("p0", flags="BUSY").machine().pager_put("p0", flags="SYNCIO")
    assert run.before.state.pages["p0"].owner_tag is None


def test_a_page_of_an_object_goes_with_its_neighbours():
    w = world().vnode("f0", pages=[2, 3, 4, 8], size=16, window=8)
    run = w.machine().pager_put(pg="p1", flags="ALLPAGES SYNCIO")
    assert run.cluster == ("p0", "p1", "p2")
    assert run.after.state.locks_held == ()


def test_start_and_stop_limit_a_put_of_an_object():
    w = world().vnode("f0", pages=4, size=16)
    run = w.machine().pager_put(pg="p1", flags="SYNCIO", start=4096, stop=3 * 4096)
    assert run.cluster == ("p1", "p2")


def test_what_others_set_meanwhile_is_seen_when_the_put_comes_back(w):
    meanwhile = [(0, "p0 p2", "WANTED"), (0, ["p2"], "RELEASED")]
    run = w.machine().pager_put("p0 p1 p2", flags="SYNCIO PDFREECLUST", meanwhile=meanwhile)
    assert [step.args for step in run.at(646)] == [("p0",), ("p2",)]
    assert run.after.state.anons["a2"].dead


def test_meanwhile_belongs_to_its_own_io(w):
    w = w.disk("ERROR", "OK")
    run = w.machine().pager_put("p0 p1", pg="p1", flags="SYNCIO", meanwhile=[(1, "p1", "WANTED")])
    assert run.after.state.pages["p1"].flags == ("BUSY", "WANTED")
    assert run.at(646) == ()


def test_a_cluster_can_be_dropped_by_itself(w):
    run = w.machine().dropcluster("p0 p1 p2", pg="p1")
    assert slots(run) == {"a0": 0, "a1": 1, "a2": 0}
    assert run.result is None


def test_the_first_slot_of_a_cluster_can_be_said():
    run = world(swap=8).anons(2, slot=3).machine().dropcluster("p1 p0", swblk=3)
    assert str(run.events[0]) == " 612 swap_free slot 3, n 2"


def test_a_cluster_of_an_object_is_dropped_under_its_lock():
    run = (
        world().vnode("f0", pages=2).machine().dropcluster("p0 p1", uobj="f0", flags="PDFREECLUST")
    )
    assert run.after.state.locks_held == ("obj:f0",)
    assert run.after.state.pages["p1"].flags == ("CLEAN",)


def test_a_cluster_can_be_built_by_itself():
    run = world().vnode("f0", pages=4).machine().mk_pcluster("p2")
    assert isinstance(run.result, Cluster)
    assert run.cluster == ("p0", "p1", "p2", "p3")


def test_pages_are_mapped_and_unmapped():
    machine = world().vnode("f0", pages=3).arena(8, used=[0]).machine()
    run = machine.pagermapin("p0 p1 p2", aio=True)
    assert run.result == 4096
    assert run.after.state.aio_live == ("aio0",)
    assert run.after.state.pager_map_used == (0, 1, 2, 3)
    assert machine.pagermapout(4096, 3).after.state.pager_map_used == (0,)


def test_a_full_pager_map_is_waited_for_in_vain_and_that_is_told():
    machine = world().vnode("f0", pages=1).arena(1, used=[0]).machine()
    run = machine.pagermapin("p0")
    assert run.result == "deadlock"
    assert "pagermapin has slept on pager_map since 0 µs" in run.said
    with pytest.raises(ValueError, match="ended in a deadlock: boot a new one"):
        machine.pagermapin("p0")


def test_a_full_pager_map_is_not_waited_for_without_wait():
    run = world().vnode("f0", pages=1).arena(1, used=[0]).machine().pagermapin("p0", wait=False)
    assert run.result is None


def test_protection_is_lowered_in_a_range():
    run = world().vnode("f0", pages=3).machine().shareprot("f0", "READ", start=4096, end=8192)
    assert [page.prot for page in run.after.state.pages.values()] == ["ALL", "READ", "ALL"]


def test_a_panic_is_a_result_with_its_text_and_its_line():
    w = world().vnode("f0", pages=1).page("p0", flags="BUSY RELEASED")
    run = w.machine(slips=Slip.WRONG_PAGE).dropcluster("p0", uobj="f0")
    assert run.result == "panic"
    assert run.said == "null dereference"
    assert str(run.events[-1]) == " 667 panic null dereference"
    assert repr(run) == "<run of dropcluster(p0): panic: null dereference; 2 events, 0 µs>"


def test_an_asynchronous_put_is_finished_later(w):
    machine = w.disk("ERROR").machine()
    run = machine.pager_put("p0 p1", flags="PDFREECLUST")
    assert run.result is PagerResult.PEND
    assert run.took == 0
    assert (run.after.state.aio_inflight, run.after.state.aio_done) == (("aio0",), ())
    end = machine.finish()
    assert slots(end) == {"a0": 0, "a1": 0, "a2": 3}
    assert machine.kernel.check() == []


@pytest.mark.parametrize("sync", [True, False])
def test_the_page_daemon_frees_what_it_has_cleaned(w, sync):
    run = w.machine().pagedaemon(5, sync=sync)
    assert run.result == 5
    assert [page.freed for page in run.after.state.pages.values()] == [True] * 5
    assert all(slots(run).values())


def test_a_machine_without_a_trace_has_no_steps(w):
    run = w.machine(trace=False).pager_put("p0", flags="SYNCIO")
    assert [step.kind for step in run.steps] == ["return"]
    assert run.result is PagerResult.OK


def test_what_the_kernel_prints_is_kept():
    machine = world().vnode("f0", pages=4).machine(diagnostic=True)
    run = machine.mk_pcluster("p1", npages=1)
    assert run.console == ("uvm_mk_pcluster: provided page array too small (fixed)",)
    assert run.cluster == ("p1",)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda m: m.pager_put("p9"), KeyError, "no page 'p9'; legal: p0, p1, p2, p3, p4"),
        (lambda m: m.pager_put("p0 p0"), ValueError, "a page is named twice: p0 p0"),
        (lambda m: m.pager_put("p0", pg="p1"), ValueError, "p1, is not among p0"),
        (lambda m: m.pager_put("p1 p0"), ValueError, "p1 has 2, p0 has 1"),
        (lambda m: m.pager_put(), ValueError, "or as pg a page of an object"),
        (lambda m: m.pager_put(pg="p0"), ValueError, "or as pg a page of an object"),
        (
            lambda m: m.pager_put("p0", flags="SYNC"),
            ValueError,
            "'SYNC' is no PGO word; legal: SYNCIO",
        ),
        (
            lambda m: m.pager_put(pg="p3", npages=0),
            ValueError,
            "npages is a whole number from 1 to 1048576, not 0",
        ),
        (
            lambda m: m.pager_put("p0", meanwhile=[(0, "p0", "BUZY")]),
            ValueError,
            "'BUZY' is no PG word",
        ),
        (lambda m: m.pagermapin(" "), ValueError, "name at least one page"),
        (lambda m: m.mk_pcluster("p0"), ValueError, "p0 belongs to no object"),
        (lambda m: m.dropcluster("p0", uobj="o9"), KeyError, "no object 'o9'; legal: o0"),
        (
            lambda m: m.shareprot("o0", "WRITE"),
            ValueError,
            "'WRITE' is no Prot word; legal: NONE, READ, ALL",
        ),
        (
            lambda m: m.pagermapout(True, 1),
            ValueError,
            "kva is a whole number from 0 to 4194303, not True",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_happens(w, call, error, text):
    machine = w.machine()
    before = World.of(machine.kernel)
    with pytest.raises(error, match=text):
        call(machine)
    assert World.of(machine.kernel) == before


def test_a_free_page_cannot_be_written():
    with pytest.raises(ValueError, match="page p0 is free"):
        world(swap=4).free(1).machine().pager_put("p0")


def test_an_empty_world_says_that_it_has_no_page():
    with pytest.raises(KeyError, match="no page 'p0'; legal: there is none"):
        world().machine().pager_put("p0")


def test_the_steps_about_one_thing_can_be_picked_out(w):
    run = w.machine().pager_put("p0 p1", flags="SYNCIO PDFREECLUST")
    assert [step.line for step in run.about("p1")] == [506, 140, 190, 512, 678, 679, 688, 689, 690]


def test_a_run_prints_one_step_a_line_and_slices_too(w):
    run = w.machine().pager_put("p0", flags="SYNCIO")
    assert isinstance(run, Run)
    assert repr(run.events[:2]) == " 498 unlock pageq\n 156 uvm_map n 1: at 0"
    assert {step.is_event for step in run.notes} == {False}
    assert len(run.events) + len(run.notes) + 1 == len(run.steps)  # the return


def test_a_range_without_its_center_is_refused_before_anything_happens():
    machine = world().vnode("f0", [0, 1, 2, 9], size=3).machine()
    before = World.of(machine.kernel)
    for call, said in (
        (
            lambda: machine.mk_pcluster("p0", flags="", lo=4096),
            "from byte 4096 up to byte 4294967295",
        ),
        (
            lambda: machine.pager_put(pg="p1", start=0, stop=4096),
            "byte 0 up to byte 4096 .* byte 4096. The",
        ),
        (
            lambda: machine.mk_pcluster("p3"),
            "from byte 0 up to byte 12288 does not hold the center, byte 36864",
        ),
    ):
        with pytest.raises(ValueError, match=said):
            call()
    assert World.of(machine.kernel) == before
    assert machine.mk_pcluster("p0", flags="ALLPAGES", lo=4096).cluster == ("p0", "p1", "p2")


def test_a_device_builds_no_cluster_so_any_range_will_do():
    run = world().device("d0", pages=2).machine().pager_put(pg="p1", start=0, stop=0)
    assert run.result is PagerResult.BAD


def test_an_address_begins_a_page():
    with pytest.raises(ValueError, match="^kva is a multiple of 4096, not 5$"):
        world().machine().pagermapout(5, 1)


def test_who_has_a_lock_from_an_earlier_call_goes_on_with_it():
    machine = world().vnode("f0", pages=2).machine()
    first = machine.pager_put(pg="p0", flags="SYNCIO PDFREECLUST")
    assert first.after.state.locks_held == ("obj:f0",)
    assert machine.pager_put(pg="p1", flags="SYNCIO").result is PagerResult.OK


def test_a_learner_s_own_error_leaves_nobody_listening():
    def mine(k, uobj, cluster, center, flags, mlo, mhi):
        raise ZeroDivisionError

    machine = world().vnode("f0", pages=2).machine(mk_pcluster=mine)
    with pytest.raises(ZeroDivisionError):
        machine.mk_pcluster("p0")
    trace = machine.kernel.trace
    assert (trace.listeners, trace.before, machine.calls) == ([], [], [])
    assert "answer" not in vars(machine.kernel.disk)


def test_what_others_do_meanwhile_is_of_this_call_alone():
    machine = world(swap=4).anons(2, slot=1).machine()
    machine.pager_put("p0", flags="SYNCIO", meanwhile=[(1, "p1", "WANTED")])
    assert not machine.pager_put("p1", flags="SYNCIO").at(646)
    assert "WANTED" not in machine.pager_put("p1", flags="SYNCIO").after.state.pages["p1"].flags


def test_a_put_beyond_the_last_slot_is_refused():
    machine = world(swap=64).anons(2, slot=1).machine()
    assert machine.pager_put("p0 p1", start=63, flags="SYNCIO").result.name == "OK"
    with pytest.raises(ValueError, match="start is a whole number from 1 to 63, not 64"):
        world(swap=64).anons(2, slot=1).machine().pager_put("p0 p1", start=64)
