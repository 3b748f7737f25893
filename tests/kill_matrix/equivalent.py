"""Mutants that do as the solution does, each with its reason: no check can tell them apart."""

from typing import Final

STEP: Final = "`step` is one page back or one page ahead, and so is never 0 or -1"

EQUIVALENT: Final[dict[str, dict[str, str]]] = {
    "04-mk_pcluster": {
        "if step < 0: -> if step <= 0:": STEP,
        "if step < 0: -> if step < 1:": STEP,
        "if step < 0: -> if step < -1:": STEP,
    },
}
