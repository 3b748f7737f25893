"""Simple locks: short, never slept on, and a panic for whoever misuses one.

On one processor a thread loses it only by sleeping, and sleeping with a simple lock held is a panic;
so whoever finds a lock taken has taken it itself.
"""

from typing import Any

from simpy import Environment, Process

from uvmlab.kernel.panic import Panic


class SimpleLock:
    """A lock of a kernel structure.  Its name says whose: `obj:o0`, `anon:a1`, `pageq`."""

    __slots__ = ("kind", "owner")

    def __init__(self, kind: str, owner: Any = None) -> None:
        self.kind = kind
        self.owner = owner

    @property
    def name(self) -> str:
        """Say whose lock it is, as events do."""
        return self.kind if self.owner is None else f"{self.kind}:{self.owner.name}"

    def __repr__(self) -> str:
        return f"<lock {self.name}>"


class SimpleLocks:
    """All simple locks that are held, and by which thread.

    `held` maps a lock to the thread that holds it while another one runs; None stands for the thread that
    runs now, for it alone can have locks, unless another processor got in between (`left`).
    """

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.held: dict[SimpleLock, Process | None] = {}

    def lock_init(self, lock: SimpleLock) -> None:
        """Make `lock` free, whatever it was."""
        self.held.pop(lock, None)

    def lock(self, lock: SimpleLock) -> None:
        """Take `lock`.

        Raises: Panic if this thread has it already, or another processor's thread has it (the
            engine runs one thread at a time and cannot spin).
        """
        held = self.held
        if lock in held:
            mine = held[lock] in (None, self.env.active_process)
            raise Panic("locking against myself" if mine else f"spinning for ever on {lock.name}")
        held[lock] = None

    def unlock(self, lock: SimpleLock) -> None:
        """Let go of `lock`.

        Raises: Panic if nobody holds it.
        """
        try:
            del self.held[lock]
        except KeyError:
            raise Panic("unlocking a lock not held") from None

    def left(self) -> None:
        """Say that another processor's thread may run now, so that what is held is marked as this one's."""
        for lock, holder in self.held.items():
            self.held[lock] = holder or self.env.active_process

    def sleeping(self) -> None:
        """Say that the running thread is about to sleep.

        Raises: Panic if it holds a simple lock.
        """
        if self.held:
            me = self.env.active_process
            mine = [lock.name for lock, who in self.held.items() if who in (None, me)]
            if mine:
                raise Panic(f"sleeping with a simple lock held: {', '.join(mine)}")
