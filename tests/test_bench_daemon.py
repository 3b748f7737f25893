"""The page daemon that the bench measures."""

import pytest

from uvmlab.commands.bench.daemon import Daemon
from uvmlab.kernel.flags import PG_CLEAN


def test_the_daemon_cleans_and_frees_all_pages_and_they_are_made_dirty_again():
    daemon = Daemon(40)
    assert daemon() > 0
    assert daemon.m.disk.pages_written == 40
    assert len(daemon.m.queues.inactive) == 40
    assert not any(page.flags & PG_CLEAN for page in daemon.m.pages)
    daemon()
    assert daemon.m.disk.pages_written == 80


def test_a_daemon_that_leaves_pages_is_no_measurement():
    daemon = Daemon(10)
    daemon.m.pages[0].referenced = True
    with pytest.raises(RuntimeError, match="left dirty pages"):
        daemon()
