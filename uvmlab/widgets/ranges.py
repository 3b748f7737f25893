"""Numbers as people write them: `1-3 5 6`."""

from collections.abc import Iterable


def ranges(numbers: Iterable[int]) -> str:
    """Write numbers in their order, three or more in a row as `5-32`; `none` if there are none.

    >>> ranges([1, 2, 3, 5, 6, 9])
    '1-3 5 6 9'
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    words = (f"{run[0]}-{run[-1]}" if len(run) > 2 else " ".join(map(str, run)) for run in found)
    return " ".join(words) or "none"
