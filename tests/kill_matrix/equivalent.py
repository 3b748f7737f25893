"""Mutants that do as the solution does, each with its reason: no check can tell them apart."""

from typing import Final

STEP: Final = "`step` is one page back or one page ahead, and so is never 0 or -1"
NAME: Final = "another right world: a file may have any name"
ROOM: Final = "another right world: there is room for the six slots"

EQUIVALENT: Final[dict[str, dict[str, str]]] = {
    "04-mk_pcluster": {
        "if step < 0: -> if step <= 0:": STEP,
        "if step < 0: -> if step < 1:": STEP,
        "if step < 0: -> if step < -1:": STEP,
    },
    "04-smallest": {
        "smallest = world().vnode('f0', pages=2) -> smallest = world().vnode('f0x', pages=2)": NAME,
    },
    "06-five": {
        f"five = world(swap=16).anons(6, slot=4).disk('ERROR') -> five = {other}.disk('ERROR')": ROOM
        for other in (
            "world(swap=17).anons(6, slot=4)",
            "world(swap=15).anons(6, slot=4)",
            "world(swap=16).anons(6, slot=5)",
            "world(swap=16).anons(6, slot=3)",
        )
    },
}
