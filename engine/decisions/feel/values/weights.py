"""How large a value is, for paying for work on it."""

from typing import Any

LETTERS_PER_STEP = 32
LONG = 4_096


def weight(value: Any) -> int:
    """About how many steps looking at the whole value takes: one for each part, one for 32 letters."""
    total = 0
    waiting = [value]
    while waiting:
        part = waiting.pop()
        total += 1
        if part.__class__ is list:
            waiting.extend(part)
        elif part.__class__ is dict:
            waiting.extend(part.values())
        elif part.__class__ is str:
            total += len(part) // LETTERS_PER_STEP
    return total
