"""How large a value is, for paying for work on it."""

from typing import Any

from engine.decisions.feel.budget import MAX_STEPS

LETTERS_PER_STEP = 32
LONG = 4_096


def weight(value: Any) -> int:
    """About how many steps looking at the whole value takes: one for each part, one for 32 letters.

    Counting ends beyond the budget: a list that holds one list many times can be larger than the memory.
    """
    total = 0
    waiting = [value]
    while waiting and total + len(waiting) <= MAX_STEPS:
        part = waiting.pop()
        total += 1
        if part.__class__ is list:
            waiting.extend(part)
        elif part.__class__ is dict:
            waiting.extend(part.values())
        elif part.__class__ is str:
            total += len(part) // LETTERS_PER_STEP
    return total + len(waiting)
