"""Simple locks: short, never slept on, and a panic for whoever misuses one.

On one processor a thread loses it only by sleeping, and sleeping with a simple lock held is a panic;
so whoever finds a lock taken has taken it itself.
"""

from typing import Any

from simpy import Environment

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
    """All simple locks that are held, and by which thread (`None`: no thread runs)."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.held: dict[SimpleLock, Any] = {}

    def lock_init(self, lock: SimpleLock) -> None:
        """Make `lock` free, whatever it was."""
        self.held.pop(lock, None)

    def lock(self, lock: SimpleLock) -> None:
        """Take `lock`.

        Raises: Panic if this thread has it already, or another processor's thread has it (the
            engine runs one thread at a time and cannot spin).
        """
        if lock in self.held:
            raise Panic(
                "locking against myself"
                if self.held[lock] is self.env.active_process
                else f"spinning for ever on {lock.name}"
            )
        self.held[lock] = self.env.active_process

    def unlock(self, lock: SimpleLock) -> None:
        """Let go of `lock`.

        Raises: Panic if nobody holds it.
        """
        if lock not in self.held:
            raise Panic("unlocking a lock not held")
        del self.held[lock]

    def sleeping(self) -> None:
        """Say that the running thread is about to sleep.

        Raises: Panic if it holds a simple lock.
        """
        mine = [lock.name for lock, who in self.held.items() if who is self.env.active_process]
        if mine:
            raise Panic(f"sleeping with a simple lock held: {', '.join(mine)}")
