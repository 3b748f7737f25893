"""Sleeping on a channel and waking whoever sleeps there."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simpy import Environment, Event, Process

from uvmlab.kernel.flags import PG_BUSY, PG_WANTED
from uvmlab.kernel.lock import SimpleLock, SimpleLocks
from uvmlab.kernel.page import Page


class SleepQueues:
    """Who sleeps on which channel (any kernel object), and since when (µs)."""

    def __init__(self, env: Environment, locks: SimpleLocks) -> None:
        self.env = env
        self.locks = locks
        self.asleep: dict[Any, list[tuple[Event, Process | None, int]]] = {}

    def unlock_and_wait(self, channel: Any, lock: SimpleLock) -> Generator[Event, Any, None]:
        """Let go of `lock` and sleep on `channel` until `wakeup(channel)`.

        Raises: Panic if the thread holds another simple lock.
        """
        self.locks.unlock(lock)
        yield from self.wait(channel)

    def wait(self, channel: Any) -> Generator[Event, Any, None]:
        """Sleep on `channel` until `wakeup(channel)`.

        Raises: Panic if the thread holds a simple lock.
        """
        yield self.lie_down(channel)

    def lie_down(self, channel: Any) -> Event:
        """Put the running thread among those asleep on `channel`; it is to yield what this returns.

        Raises: Panic if the thread holds a simple lock.
        """
        self.locks.sleeping()
        event = self.env.event()
        self.asleep.setdefault(channel, []).append(
            (event, self.env.active_process, int(self.env.now))
        )
        return event

    def other_cpu(self) -> Event:
        """Make the event to yield where another processor's thread may get in between."""
        self.locks.left()
        return self.env.timeout(0)

    def wakeup(self, channel: Any) -> None:
        """Wake all that sleep on `channel`, in the order in which they lay down."""
        for event, _, _ in self.asleep.pop(channel, ()):
            event.succeed()

    def wake_one(self, channel: Any, sleeper: tuple[Event, Process | None, int]) -> None:
        """Wake one of those asleep on `channel`: an entry of `asleep`."""
        sleepers = self.asleep[channel]
        sleepers.remove(sleeper)
        if not sleepers:
            del self.asleep[channel]
        sleeper[0].succeed()

    def wait_for_page(self, page: Page, lock: SimpleLock) -> Generator[Event, Any, bool]:
        """Wait, as a fault would, until `page` is not busy; `lock` is its owner's and held.

        Returns: True with the lock held and the page idle; False with no lock, when the page was freed.
        """
        while page.flags & PG_BUSY:
            page.flags |= PG_WANTED
            yield from self.unlock_and_wait(page, lock)
            if page.owner is None:
                return False
            self.locks.lock(lock)
        return True
