"""Exercise 06: when the disk says no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from types import FunctionType
from typing import Any, Final

from uvmlab.check.drops import drop_cases, owners
from uvmlab.check.inside import Function
from uvmlab.check.kinds import Build, Foresee, Inside, Write
from uvmlab.kernel import pager
from uvmlab.kernel.flags import PGO_REALLOCSWAP
from uvmlab.run import World

SLOTS: Final = "a list of slots, such as [4, 5]"
FLAGS: Final = "SYNCIO PDFREECLUST"
ACCOUNTS: Final = 60  # calls of `account`
FIVE: Final = 5


def strangers(seed: str) -> World:
    """Swap-backed pages of several owners; the disk says ERROR.

    Behind the first, whose slot is kept, stand both an anon's and an aobj's: no kind of owner is alone in what is freed.
    """
    rng = Random(f"{seed} 06 strangers")
    kinds = ["a", rng.choice("oq"), *rng.choices("aaoq", k=rng.randint(1, 4))]
    rng.shuffle(kinds)
    return World(owners(rng.choice("aaoq") + "".join(kinds), rng.randint(2, 12))).disk("ERROR")


def freed(world: World) -> list[int]:
    """Put all pages, of interest the last of them; return the slots that were allocated before and are not after."""
    pages = [*world.state.pages]
    run = world.machine().pager_put(pages, pg=pages[-1], flags=FLAGS)
    return sorted({*run.before.state.allocated} - {*run.after.state.allocated})


def _given_up_by() -> Callable[[Function], Function]:
    """Return what makes a `dropcluster` whose swap side is the learner's, and whose rest is the engine's.

    Of that a copy, made while nobody refuses to run it, and without a name by which an answer could call it.
    """
    rest = FunctionType(pager.dropcluster.__code__, pager.__dict__, "dropcluster")

    def whole(mine: Function) -> Function:
        def dropcluster(k: Any, uobj: Any, pg: Any, cluster: Any, flags: int, swblk: int) -> None:
            if uobj is None and flags & PGO_REALLOCSWAP:
                mine(k, pg, cluster, swblk)
                flags &= ~PGO_REALLOCSWAP
            rest(k, uobj, pg, cluster, flags, swblk)

        return dropcluster

    return whole


def not_five(world: World) -> Iterator[str]:
    """Say why a put of all pages, `p0` the page of interest, does not free exactly five slots because it failed."""
    state = world.state
    pages = [*state.pages]
    free = {*range(1, state.swap_slots + 1)} - {*state.allocated} - {*state.bad_slots}
    if "p0" not in pages:
        yield "There is no page p0, which is to be the page of interest."
        return
    if free:
        yield f"Before the put slot {min(free)} is free."
        return
    try:
        run = world.machine().pager_put(pages, pg="p0", flags=FLAGS)
    except (ValueError, KeyError) as error:
        yield f"The put cannot be made: {error}."
        return
    answers = [step.args[-1] for step in run.at(512)]
    gone = {*run.before.state.allocated} - {*run.after.state.allocated}
    if run.said:
        yield f"The run ends in a {run.result}: {run.said}."
    elif not answers or answers[0] in ("OK", "PEND"):
        yield "The first I/O does not fail."
    elif len(gone) != FIVE:
        yield f"It frees {len(gone)} slots."


def account_of(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[int]]:
    """What `account` is to return."""
    was, now = set(before["allocated"]), set(after["allocated"])
    named = {slot for slot, _ in after["named"]}
    found = {"freed": was - now, "kept": was & now, "new": now - was, "lost": now - named}
    return {what: sorted(slots) for what, slots in found.items()}


def account_cases(seed: str, n: int = ACCOUNTS) -> Iterator[tuple[Any, ...]]:
    """Draw the slots before and after: which are allocated, and (slot, who) for each that is named."""
    none: dict[str, Any] = {"allocated": [], "named": []}
    yield none, none
    yield {"allocated": [4], "named": [[4, "a0"]]}, none
    yield none, {"allocated": [4], "named": [[4, "a0"]]}
    yield {"allocated": [4], "named": [[4, "a0"]]}, {"allocated": [4], "named": []}
    for i in range(n):
        rng = Random(f"{seed} account {i}")
        yield _slots(rng, 1 + i // 6), _slots(rng, 1 + i // 6)


FREE: Final = 24  # a slot that is free, and may be named all the same


def _slots(rng: Random, n: int) -> dict[str, Any]:
    allocated = sorted(rng.sample(range(1, 24), n))
    rng.shuffle(allocated)
    return {
        "allocated": allocated,
        "named": [
            [slot, f"a{i}"] for i, slot in enumerate([*allocated, FREE]) if rng.random() < 0.8
        ],
    }


PROBLEMS: Final = (
    Foresee(
        "06-freed", "Which slots does the put free?", "freed_slots", 1,
        world=strangers, right=freed, legal=SLOTS,
    ),
    Inside(
        "06-swap-side", "The swap side", "give_up", 3, draw=drop_cases, function="dropcluster",
        whole=_given_up_by(), events=frozenset(["swap_free", "uao_set_swslot"]),
    ),
    Inside("06-dropcluster", "All of it", "dropcluster", 4, draw=drop_cases, function="dropcluster"),
    Build("06-five", "Exactly five slots", "five", 1, missing=not_five),
    Write("06-account", "The account", "account", 2, draw=account_cases, right=account_of),
)  # fmt: skip
