"""What FEEL raises: mistakes in the text, and budgets that ran out."""

from typing import Any

from engine.kernel.errors import BadDefinition


class FeelError(BadDefinition):
    """The text cannot be used; `fields` hold `position` (from 0), `line`, `column`, `expected`, `found`, `nearest`."""


class FeelBudgetExceeded(FeelError):
    """The evaluation was stopped at a budget (steps, sizes, digits, depth, patterns); `fields` tell which one."""


def mistake(code: str, message: str, text: str, position: int, **fields: Any) -> FeelError:
    """A `FeelError` that knows its line and column (both 1-based)."""
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    place = f"line {line}, column {column}: " if line > 1 else f"column {column}: "
    return FeelError(code, place + message, position=position, line=line, column=column, **fields)
