"""The machine: booting, threads, calls, and how a run ends."""

from functools import partial

import pytest

from tests.kernel_scenes import boot, named
from uvmlab.kernel import SEVEN, AioPointer, Cluster, Deadlock, Machine, MapEntry, Panic, Slip
from uvmlab.kernel import kernel as table
from uvmlab.kernel.flags import M_NOWAIT
from uvmlab.worlds import world


def test_a_machine_boots_with_a_pager_map_of_4_mib_and_is_sound():
    m = Machine()
    assert (m.pager_map.npages, m.pager_map.wanted) == (1024, False)
    assert m.check() == []


def test_the_hardware_is_as_it_was_asked_for():
    m = Machine(
        swap_slots=8,
        bad_slots=(2,),
        pager_map_pages=5,
        pager_map_used=(1,),
        seek_us=7,
        transfer_us=3,
    )
    assert (m.swap.nslots, m.swap.bad, m.pager_map.mapped) == (8, [2], [1])
    assert (m.disk.write(4, 2), m.pager_map.npages) == (13, 5)


@pytest.mark.parametrize(
    ("name", "legal"),
    [("swap_slots", "from 0 to 16777216"), ("seek_us", ", 0 or more"), ("transfer_us", ", 0 or")],
)
@pytest.mark.parametrize("number", [-1, 1.5, "3", None, True])
def test_a_figure_of_the_hardware_that_is_none_is_refused(name, legal, number):
    with pytest.raises(ValueError, match=f"^{name} is a whole number.*{legal}.* not {number!r}$"):
        Machine(**{name: number})


def test_pages_of_the_pager_map_are_in_use_in_a_map_of_the_usual_size_too():
    assert Machine(pager_map_used=[1023]).pager_map.mapped == [1023]


@pytest.mark.parametrize("cpus", [0, 3, "2", None, True])
def test_a_machine_has_one_processor_or_two(cpus):
    with pytest.raises(ValueError, match=f"^cpus is a whole number from 1 to 2, not {cpus!r}$"):
        Machine(cpus=cpus)


@pytest.mark.parametrize("slips", [64, -1, "stride", 1.0, True, None])
def test_an_unknown_slip_is_refused_with_the_six(slips):
    with pytest.raises(
        ValueError, match=f"no slip {slips!r}; legal: Slip.NONE, Slip.STRIDE, Slip.W"
    ):
        Machine(slips=slips)
    assert Machine(slips=Slip.ALL).slips == 63


def test_the_seven_are_the_file_s_in_its_order():
    assert list(SEVEN) == [
        "pager_init",
        "pagermapin",
        "pagermapout",
        "mk_pcluster",
        "shareprot",
        "pager_put",
        "dropcluster",
    ]


def test_calling_anything_else_is_refused_with_the_seven():
    for other in ("uvm_map", [], None):
        with pytest.raises(
            KeyError, match="no function of the seven .*; legal: pager_init, pagermapin"
        ):
            Machine().call(other, 3)


def test_a_call_with_too_few_or_too_many_arguments_says_which_it_needs():
    for args in ((), (0,), (0, 4, 5)):
        with pytest.raises(
            TypeError, match=r"^it is called as pagermapout\(kva, npages\), not with"
        ):
            Machine().call("pagermapout", *args)


def test_a_thread_without_a_generator_is_refused():
    with pytest.raises(TypeError, match="a thread's body is a generator, not 3"):
        Machine().thread("t", 3)


def test_a_call_returns_what_the_function_returns():
    m = boot(world().vnode("f", 2, flags="BUSY"))
    assert m.call("pagermapin", tuple(m.pages), None, 0) == 0
    assert m.call("pagermapin", tuple(m.pages), None, 0) == 8192
    assert m.call("pagermapout", 0, 4) is None


def body(m, us, result):
    yield m.env.timeout(us)
    return result


def test_a_thread_runs_to_its_end_and_keeps_its_result():
    m = Machine()
    thread = m.thread("t", body(m, 5, "done"))
    assert (thread.ended, thread.result, repr(thread)) == (False, None, "<thread t: not ended>")
    m.run()
    assert (thread.ended, thread.result, repr(thread)) == (True, "done", "<thread t: ended>")
    assert m.env.now == 5


def test_a_thread_has_its_name_and_whoever_is_none_is_the_caller():
    m = Machine()
    thread = m.thread("t", body(m, 5, None))
    assert (m.thread_name(thread.process), m.thread_name(None)) == ("t", "the caller")


def test_only_a_traced_machine_can_be_watched():
    with pytest.raises(ValueError, match="^only a machine with trace=True can be watched$"):
        Machine().watch()


def panics(m):
    yield m.env.timeout(1)
    m.k.panic("on fire")


@pytest.mark.parametrize("trace", [True, False])
def test_a_panic_ends_the_run_and_is_an_event_of_the_seven_only(trace):
    m = world().machine(trace=trace)
    m.thread("t", panics(m))
    with pytest.raises(Panic, match="^on fire$"):
        m.run()
    assert not trace or m.trace.events == []


def test_a_panic_without_a_trace_has_its_text():
    m = world(swap=8).anons(1, slot=1).machine()
    m.thread("t", m.k.pager_put(None, None, Cluster(m.pages), 0, 1, 0))
    with pytest.raises(Panic, match="^unlocking a lock not held$"):
        m.run()


@pytest.mark.parametrize("trace", [True, False])
def test_a_deadlock_outside_of_the_seven_is_no_event(trace):
    m = world().machine(trace=trace)
    m.thread("t", m.sleep.wait(m.aio))
    with pytest.raises(Deadlock, match="t has slept on aio_done"):
        m.run()
    assert not trace or m.trace.events == []


def test_a_deadlock_in_a_put_is_an_event_of_the_innermost_of_the_seven():
    m = boot(world(swap=8).anons(1, slot=1, flags="BUSY").arena(0))
    m.locks.lock(m.queues.lock)
    with pytest.raises(
        Deadlock, match="pager_put has slept on pager_map since 0 µs; nobody that is left"
    ):
        m.call("pager_put", None, None, Cluster(m.pages), 2, 1, 0)
    assert [(event.kind, event.line) for event in m.trace.events[-2:]] == [
        ("sleep", 167),
        ("deadlock", 167),
    ]


def test_the_one_who_holds_the_arena_could_have_woken_the_sleeper():
    m = boot(world().vnode("f", 2, flags="BUSY").arena(1))
    m.thread("keeper", m.k.pagermapin((named(m)["p0"],), None, 0))
    m.thread("waiter", m.k.pagermapin((named(m)["p1"],), None, 0))
    with pytest.raises(
        Deadlock, match="waiter has .*; keeper, by unmapping its pages, could have woken it$"
    ):
        m.run()


def test_who_is_stuck_may_be_helped_until_help_is_over():
    m, helped = boot(world().vnode("f", 1, flags="BUSY").arena(1, used=(0,))), []

    def help_in_vain():
        helped.append(1)
        if len(helped) < 3:
            m.k.pagermapout(0, 0)
        return len(helped) < 3

    with pytest.raises(Deadlock, match="elsewhere, by unmapping"):
        m.call("pagermapin", tuple(m.pages), None, 0, stuck=help_in_vain)
    assert len(helped) == 3


def test_a_page_s_waker_is_whoever_made_it_busy():
    m = boot(world().vnode("f", 2, flags="BUSY").page("p0", flags="BUSY"))
    m.pages[0].owner_tag = "writer"
    for page in m.pages:
        m.thread(f"t{page.name}", m.sleep.wait(page))
    with pytest.raises(Deadlock) as ended:
        m.run()
    assert [sleeper.wakers for sleeper in ended.value.sleepers] == [
        ("whoever made p0 busy (writer)",),
        ("whoever made p1 busy",),
    ]


def test_the_table_names_every_call_once_and_the_seven():
    m = Machine()
    named_there = set(table.calls(m)) | set(SEVEN)
    announced = set(table.Kernel.__annotations__)
    words = {
        "slips",
        "diagnostic",
        "pmap_new",
        "cpus",
        "pager_map",
        "pager_map_wanted_lock",
        "pageq",
        "uvmpagerops",
    }
    assert named_there == announced - words
    assert all(hasattr(m.k, name) for name in announced)


def test_a_printf_is_on_the_console():
    m = boot(world())
    m.k.printf("hello")
    assert m.console == ["hello"]


def test_a_slip_is_a_switch_of_the_table():
    assert (Machine(slips=Slip.STRIDE).k.slips, Machine().k.slips) == (1, 0)


class Dropper:
    """A callable object in the place of a function."""

    def __call__(self, k, uobj, pg, cluster, flags, swblk):
        k.panic("mine")  # 612


def test_a_callable_object_and_a_partial_keep_their_lines_in_a_panic():
    def dropper(extra, k, uobj, pg, cluster, flags, swblk):
        k.panic(extra)  # 612

    for mine in (Dropper(), partial(dropper, "mine")):
        m = boot(world(swap=4).anons(1, slot=1, flags="BUSY"), dropcluster=mine)
        with pytest.raises(Panic, match="^mine$"):
            m.call("dropcluster", None, None, Cluster(m.pages), 0, 1)
        assert str(m.trace.events[-1]) == " 612 panic mine"


def test_a_call_returns_before_the_i_o_that_it_began_ends():
    m = boot(world(swap=4).anons(1, slot=1, flags="BUSY"))
    m.locks.lock(m.queues.lock)
    assert m.call("pager_put", None, None, Cluster(m.pages), 0, 1, 0).name == "PEND"
    assert (m.env.now, len(m.aio.inflight), len(m.aio.done)) == (0, 1, 0)
    m.run()
    assert (len(m.aio.inflight), len(m.aio.done)) == (0, 1)


def test_a_caller_s_descriptor_pointer_is_watched():
    w = world().vnode("f", 1, flags="BUSY").arena(1, used=(0,))
    m = boot(w, slips=Slip.AIO_DANGLING)
    found = m.watch()
    assert m.call("pagermapin", tuple(m.pages), AioPointer(), M_NOWAIT) is None
    assert {broken.rule for _, broken in found} == {"no pointer names a freed descriptor"}


def test_a_function_without_code_of_its_own_has_no_lines_and_does_no_harm():
    m = boot(world().vnode("f", 1), pagermapout=print)
    with pytest.raises(Panic, match="^uvm_shareprot: non-object attached$"):
        m.call("shareprot", MapEntry(0, 4096, 0, None, submap=True), 1)
    assert str(m.trace.events[-1]) == " 390 panic uvm_shareprot: non-object attached"
