"""How much one evaluation may use; the figures are chosen so that nothing takes a second (ADR feel-budgets)."""

from datetime import datetime
from typing import Any

from engine.decisions.feel.errors import FeelBudgetExceeded, FeelError

MAX_TEXT = 20_000
MAX_NESTING = 60
MAX_STEPS = 500_000
MAX_CALLS_DEEP = 60
MAX_LIST = 100_000
MAX_RESULT = 100_000  # parts of a result, as `weights.weight` counts them
MAX_STRING = 1_000_000
MAX_DEPTH_OF_VALUES = 100
MAX_PATTERN_SECONDS = 0.4  # of all regular expressions together
MAX_INTEGER_BITS = 20_600  # a decimal of 6,200 digits; the largest number of FEEL has 6,145


class Run:
    """What one evaluation carries along: steps left, depth of calls, the moment, host functions, what happened."""

    __slots__ = ("depth", "fired", "functions", "now", "pattern_seconds", "problems", "steps")

    def __init__(self, now: datetime | None = None, functions: Any = None) -> None:
        self.steps = MAX_STEPS
        self.depth = 0
        self.now = now
        self.pattern_seconds = MAX_PATTERN_SECONDS
        self.functions = functions or {}
        self.fired: list[Any] = []  # rules of decision tables, for their caller
        self.problems: list[FeelError] = []  # texts that could not be used, for their caller

    def spend(self, steps: int) -> None:
        """Raises FeelBudgetExceeded when `steps` more than are left."""
        self.steps -= steps
        if self.steps < 0:
            raise exceeded("steps", MAX_STEPS)


def exceeded(what: str, limit: int) -> FeelBudgetExceeded:
    """The error for the budget `what` (steps, depth, list, string, integer, pattern, nesting)."""
    return FeelBudgetExceeded(
        f"feel.budget.{what}",
        f"the expression needs more than {limit} ({what}): make it smaller or split the work",
        budget=what,
        limit=limit,
    )


def checked_list(values: list[Any]) -> list[Any]:
    """The list, when it is not too long."""
    if len(values) > MAX_LIST:
        raise exceeded("list", MAX_LIST)
    return values


def checked_string(text: str) -> str:
    """The text, when it is not too long."""
    if len(text) > MAX_STRING:
        raise exceeded("string", MAX_STRING)
    return text
