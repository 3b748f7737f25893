"""The smallest case that an answer fails in, as a learner reads it: in words, as code to copy, and to walk through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any, Final

from IPython import get_ipython
from IPython.display import display

from uvmlab.check.cases import Case
from uvmlab.check.kinds import Inside
from uvmlab.draw import text
from uvmlab.draw.describe import count
from uvmlab.kernel import PAGE_SIZE
from uvmlab.widgets.audience import request
from uvmlab.widgets.form import described
from uvmlab.widgets.report import fold
from uvmlab.widgets.runview import RunView
from uvmlab.worlds import State


def below(show: Callable[[], None]) -> None:
    """Show something below what the running cell ends with, its error too; where no cell runs, at once."""
    if request().get("header", {}).get("msg_type") != "execute_request":
        show()
        return
    events = get_ipython().events

    def once(_: Any) -> None:
        events.unregister("post_run_cell", once)
        show()

    events.register("post_run_cell", once)


def show(problem: Inside, value: Any, case: Case, world: str) -> None:
    """Show a case, and the run of the learner's `value` from the step on at which it and the engine's part.

    `world`: the code that gives the case's world.
    """
    tell(problem, case, world)
    try:
        if walks := problem.walks(value, case):
            run, _, (step, why) = walks
            if why:
                print(f"At step {step} the two runs part. {why}")
            display(RunView(run, step=step))
    except Exception as error:  # the sentence stands without the picture
        print(f"It cannot be walked through: {described(error)}.")


def tell(problem: Inside, case: Case, world: str) -> None:
    """Show a case in words, and as code; `world` as above."""
    made = code(problem, case, world)
    said = ["The smallest case that was found:", *sentences(case)]
    words = fold("The world in words", text(case.world()))
    html = f"<p>{escape(' '.join(said))}</p><pre>{escape(made)}</pre>{words}"
    display({"text/plain": "\n".join([*said, made]), "text/html": html}, raw=True)


def code(problem: Inside, case: Case, world: str) -> str:
    """Write the code that makes the calls of a case, with the learner's function where that is a whole one."""
    args = {name: each for name, each in case.args.items() if each not in (None, ())}
    mine = [] if problem.whole else [f"{problem.function}={problem.wants}"]
    whose = f"  # the engine's own {problem.function}" if problem.whole else ""
    lines = [
        f"m = {world}.machine({', '.join([*named(case.options), *mine])}){whose}",
        f"run = m.{case.call}({', '.join(named(args))})",
        *["rest = m.finish()"] * case.finish,
    ]
    return "\n".join(lines)


def named(values: dict[str, Any]) -> list[str]:
    """Write arguments with their names."""
    return [f"{name}={each!r}" for name, each in values.items()]


# In words

Words = Callable[[Any], str]
OF_ARGS: Final[dict[str, Words]] = {
    "center": "The center is {}.".format,
    "pages": lambda pages: f"Its pages: {pages}." if pages else "",
    "uobj": lambda uobj: f"They are pages of {uobj}." if uobj else "The cluster is swap-backed.",
    "pg": lambda pg: f"The page of interest is {pg}." if pg else "There is no page of interest.",
    "flags": lambda flags: f"Flags: {flags}." if flags else "No flag is set.",
    "npages": "The array has room for {} pages.".format,
    "lo": lambda lo: f"The caller's limits begin with page {lo // PAGE_SIZE}.",
    "hi": lambda hi: f"They end before page {hi // PAGE_SIZE}.",
    "meanwhile": lambda happens: " ".join(
        f"While I/O {number} is under way, {page} gets {flags}." for number, page, flags in happens
    ),
}


def sentences(case: Case) -> Iterator[str]:
    """Say a case: its world, the call, what the disk answers."""
    yield f"{case.call} is called."
    for name, each in case.args.items():
        said = OF_ARGS.get(name, f"{name} is {{}}.".format)(each)
        if said:
            yield said
    yield from around(case.state)
    if case.options.get("diagnostic"):
        yield "The kernel is compiled with DIAGNOSTIC."


def around(state: State) -> Iterator[str]:
    """Say what no picture of a world shows: what the pager offers, what dies, what the disk answers."""
    for uobj in state.objects.values():
        if uobj.pager == "vnode":
            first = "the center" if uobj.cluster == "forward" else "page 0"
            yield f"The pager's window has {count(uobj.window, 'page')}, counted from {first} on."
        if uobj.kill:
            yield f"{uobj.name} dies when its last page is released."
    if state.plan.answers:
        yield f"The disk answers {' and then '.join(state.plan.answers)}."
