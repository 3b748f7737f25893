"""The put that the bench measures."""

from uvmlab.commands.bench import put
from uvmlab.kernel import FaultPlan


def test_the_put_that_is_measured_fails_is_dropped_and_tried_again(monkeypatch):
    monkeypatch.setattr(put, "PUTS", 4)
    plan = FaultPlan(answers=("ERROR", "OK") * 4)
    m = put.anon_machine(16, slots=64, plan=plan, trace=True)
    kinds = []
    m.trace.listeners.append(lambda: kinds.append(m.trace.raw[-1][0]))
    m.thread("bench", put.put_loop(m))
    m.run()
    assert m.disk.ios == 2 * 4
    assert kinds.count("swap_put") == 2 * 4
    assert kinds.count("swap_free") == 4
    assert kinds.count("pmap_enter") == 4 * (16 + 1)
    assert len(m.swap.allocated) == 4  # the page of interest's, one a put
