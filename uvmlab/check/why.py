"""Why a run came out as it did, in sentences made from its own steps.

The lessons show these once a learner has committed to an answer; in the lessons themselves they would
give it away.  Each function takes a `Run`.
"""

from __future__ import annotations

from typing import Final

from uvmlab.kernel import Broken, Step
from uvmlab.kernel.trace import NOTES
from uvmlab.run import Run

Found = list[tuple[int, Broken]]

STATES: Final = (
    "free: gone from its owner",
    "in memory, clean and not busy",
    "in memory, dirty and not busy",
    "in memory and still busy",
)


def state(run: Run, page: str) -> str:
    """Say in which of the `STATES` a page is after the run."""
    found = run.after.state.pages[page]
    if found.freed:
        return STATES[0]
    return STATES[3] if "BUSY" in found.flags else STATES[2 if found.dirty else 1]


def pages(run: Run) -> str:
    """Say what a successful put does to the pages that it lets go (678-690)."""
    let_go = [step.args[0] for step in run.at(690)]
    if not let_go:
        return "No page was let go clean: line 690 was never reached."
    return (
        f"The disk said OK, so dropcluster let go of {listed(let_go)}. "
        "Line 678 takes BUSY away, 679 the name of who had it, and 690 sets CLEAN: what is in memory "
        "is now on the disk too. The name PDFREECLUST says free, but it only lets go."
    )


def pagedaemon(run: Run) -> str:
    """Say what the page daemon did to pages and slots."""
    state = run.after.state
    gone = [page.name for page in state.pages.values() if page.freed]
    kept = [f"{anon.name} names slot {anon.swslot}" for anon in state.anons.values() if anon.swslot]
    return (
        f"It has freed {listed(gone)}: their contents are on the disk, so nothing is lost. "
        f"But {listed(kept)}. Those slots hold the only copy now, so nobody may give them away. "
        "A free page has no owner, and no program can reach it (no access). When the program touches its data "
        "again, the kernel reads the page in from its slot."
    )


def ios(run: Run) -> str:
    """Say how often the disk was asked, and why not once more (505-553)."""
    said = [
        f"I/O {number}: {listed(pages)}, answer {answer}."
        for number, (_, pages, _, answer) in enumerate(step.args for step in run.at(512))
    ]
    if run.at(553):
        end = "After an error a cluster is dropped (551), and the page of interest is tried alone (553)."
    elif run.at(612):
        end = "The cluster was dropped (551), and with no page of interest there is nothing to try again (552)."
    else:
        end = "There was no error, so line 540 returns at once."
    if len(said) > 1 and run.result.name != "OK":
        end += (
            " A second error ends it: the cluster is one page now, so line 548 goes on to 564. "
            "The page of interest keeps the slot that it was given, and the caller may try again some "
            "other time."
        )
    return " ".join([*said, end])


NEXT: Final = ("nothing: it hears no more of this", "the same pages again", "one page alone")


def next_write(run: Run) -> str:
    """Say in words of `NEXT` what the disk gets after the first write."""
    first, *others = [step.args[1] for step in run.at(512)]
    return NEXT[0] if not others else NEXT[1] if others[0] == first else NEXT[2]


def freed_slots(run: Run) -> list[int]:
    """List the slots that are allocated before the run and not after it."""
    return sorted({*run.before.state.allocated} - {*run.after.state.allocated})


def slots(run: Run) -> str:
    """Say which slots were freed, and by which line (610, 612)."""
    frees = [step for step in run.at(610, 612) if step.kind == "swap_free"]
    if not frees:
        return "Neither line 610 nor line 612 was reached, so no slot was freed there."
    slot, n = frees[0].args
    many = f"slots {slot} to {slot + n - 1}" if n > 1 else f"slot {slot}" if n else "no slot"
    if frees[0].line == 612:
        return (
            f"There is no page of interest, so line 612 frees them all: {many}. "
            "Then each owner forgets its slot (636 for an anon, 640 for an aobj)."
        )
    return (
        f"One slot is kept for the page of interest, and it is always the first: line 610 frees {many}, "
        f"and slot {slot - 1} stays allocated, whoever had it before."
    )


def done(run: Run) -> str:
    """Say what the end of an asynchronous put did to its pages."""
    return (
        pages(run)
        if run.at(690)
        else slots(run) + " The pages stay dirty: no line made them clean."
    )


def slot(run: Run) -> str:
    """Say which slot the page of interest has afterwards (610-724)."""
    given = [step for step in run.at(720, 724) if step.kind in ("store", "uao_set_swslot")]
    if not given:
        return (
            "Lines 720 and 724 were not reached: the page of interest keeps the slot that it had."
        )
    step = given[0]
    owner, slot = step.args[0], step.args[-1]
    return (
        f"Line {step.line} gives {owner} slot {slot}, the first of the cluster, whoever had it before. "
        "The second try starts where the first one started, so that is where it writes."
    )


def recorded(run: Run) -> list[Step]:
    """List the steps that the machine's own trace has: events and notes."""
    return [step for step in run.steps if step.is_event or step.kind in NOTES]


def window_ends(run: Run, found: Found) -> int | None:
    """Return the line of the step after which no owner names a free slot any more.

    `found`: what `Machine.watch` has found, (number of the step, what is broken).
    """
    last = max((number for number, _ in found), default=-1)
    steps = recorded(run)
    return steps[last + 1].line if 0 <= last < len(steps) - 1 else None


def named_last(run: Run) -> list[int]:
    """List the free slots that owners name when they do so for the last time."""
    for number in reversed(range(len(run))):
        state = run[number].state
        named = {*state.owned_slots()} - {*state.allocated}
        if named:
            return sorted(named)
    return []


def moment(run: Run, found: Found) -> str:
    """Say when an owner named a free slot, and who was the last to do so."""
    if not found:
        return "No owner ever named a free slot."
    _, broken = found[-1]
    return (
        f"From line {recorded(run)[found[0][0]].line} on owners name slots that are free. "
        f"The last: {broken.text}, until line {window_ends(run, found)} is done."
    )


def meanwhile(run: Run) -> str:
    """Say what became of pages that were wanted or released during the I/O (645-656)."""
    said = [
        f"Line 646 wakes whoever waits for {listed(step.args[0] for step in run.at(646))}."
    ] * bool(run.at(646))
    for step in run.at(655, 667):
        if step.kind == "anfree":
            said.append(
                f"Line 655 frees {step.args[0]}: its owner had given it up, and only the put kept it alive. "
                "Line 656 goes on to the next page, for this one is not there any more."
            )
        if step.kind == "releasepg":
            said.append(f"Line 667 has the pager release {step.args[0]}.")
    return " ".join(said) or "Nobody wanted or released a page."


def locks(run: Run) -> str:
    """Say which locks the run left held (634, 655)."""
    held = [lock for lock in run.after.state.locks_held if lock.startswith("anon:")]
    if not held:
        return "Line 655 unlocks the anon before it frees it, so nothing is left held."
    return (
        f"Line 634 took {listed(held)}. Line 655 frees an anon with its lock still held, and line 656 "
        "goes on to the next page: no line will ever let go of it. Nothing fails yet. But "
        "the anon's memory will be given to a new anon, lock and all, and the first who wants to lock "
        "that one waits for ever. The repair: unlock it just before 655."
    )


def pending(run: Run) -> str:
    """Say why an asynchronous put leaves everything as it is (529-540)."""
    return (
        f"The put answered {run.result.name}. For PEND line 540 returns without a dropcluster: the I/O is "
        "still under way, so its pages must stay busy and its slots must stay theirs. Whoever finishes "
        "the I/O has to clean up (525-526)."
    )


def listed(names: object) -> str:
    """Write names as a sentence does: `p0, p1 and p2`."""
    words = [str(name) for name in names]  # type: ignore[attr-defined]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
