"""Whose turn it is, of threads that could all go on: so an interleaving can be chosen, and had again.

A turn of a thread ends where another one can get in between: where it sleeps or writes, and with two
processors also before it takes a lock again (164, 535, 550, 563) and between two calls.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from simpy import Environment, Event
from simpy.events import EventPriority

from uvmlab.kernel import Machine, Page
from uvmlab.run.programs import Body, Commands, body

LAST: Final = EventPriority(2)  # after SimPy's own priorities, 0 and 1


def order_of(text: str, threads: Iterable[str]) -> tuple[str, ...]:
    """Read an order of turns: `A B A`.

    Raises: TypeError or ValueError, naming the threads that there are.
    """
    there = [*threads]
    if not isinstance(text, str):
        raise TypeError(f"an order is a text such as {' '.join(there)!r}, not {text!r}")
    names = tuple(text.replace(",", " ").split())
    for name in names:
        if name not in there:
            raise ValueError(f"no thread {name[:40]!r} to go on; legal: {', '.join(there)}")
    return names


class Turn(Event):
    """An event that comes when nothing else is to happen at this time any more."""

    def __init__(self, env: Environment, call: Callable[[Event], None]) -> None:
        super().__init__(env)
        self.callbacks.append(call)
        self._ok, self._value = True, None
        env.schedule(self, priority=LAST)


class Turnstile:
    """Lets one thread through at a time: in `order`, a turn each, and then whoever has waited longest.

    A thread whose turn it is and that writes is waited for; one that sleeps or has ended is passed over.
    """

    def __init__(self, m: Machine, order: Iterable[str]) -> None:
        self.m, self.order = m, deque(order)
        self.waiting: dict[str, Event] = {}
        self.under_way: dict[str, Any] = {}  # the process of each thread that has not ended
        self._due = False

    def add(self, name: str, does: Body) -> None:
        """Make a thread that goes through here before each of its turns."""
        thread = self.m.thread(name, self._turns(name, does))
        thread.body = does  # a sleeper is looked for in there, not at the turnstile around it
        self.under_way[name] = thread.process

    def _turns(self, name: str, does: Body) -> Body:
        yield self._arrives(name)
        for event in does:
            yield event
            yield self._arrives(name)
        del self.under_way[name]

    def _arrives(self, name: str) -> Event:
        self.waiting[name] = event = self.m.env.event()
        self._call_turn()
        return event

    def _call_turn(self) -> None:
        if self.waiting and not self._due:
            self._due = True
            Turn(self.m.env, self._choose)

    def _choose(self, _: Event) -> None:
        self._due = False
        while self.order and self.order[0] not in self.waiting:
            if self._will_come(self.order[0]):
                return
            self.order.popleft()
        name = self.order.popleft() if self.order else next(iter(self.waiting))
        self.waiting.pop(name).succeed()
        self._call_turn()

    def _will_come(self, name: str) -> bool:
        asleep = {who for sleepers in self.m.sleep.asleep.values() for _, who, _ in sleepers}
        return name in self.under_way and self.under_way[name] not in asleep


def take_turns(
    m: Machine, threads: Mapping[str, Commands], pages: Mapping[str, Page], turns: Iterable[str]
) -> str:
    """Run threads at the pager map, each with its program, until all have ended.

    Needs: the pages busy.
    Raises: Panic; Deadlock, if one sleeps for ever.
    """
    gate = Turnstile(m, turns)
    for name, commands in threads.items():
        gate.add(name, body(m, commands, pages))
    m.run()
    return "all threads ended"
