"""How FEEL writes a value as text: `string()` (DMN 1.5 table 73)."""

from decimal import Decimal
from typing import Any

from engine.decisions.feel.budget import checked_string
from engine.decisions.feel.values.calendar import Date, DateTime, Time
from engine.decisions.feel.values.durations import DaysDuration, YearsMonths
from engine.decisions.feel.values.functions import Function
from engine.decisions.feel.values.numbers import number_text
from engine.decisions.feel.values.ranges import Range


def text_of(value: Any) -> str | None:
    """The text of a value; None for null."""
    if value is None or value.__class__ is str:
        return value
    return checked_string(_written(value))


def _written(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Date | Time | DateTime | DaysDuration | YearsMonths):
        return str(value)
    return _compound(value)


def _compound(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(name)}: {_written(item)}' for name, item in value.items())}}}"
    if isinstance(value, Range):
        return _range(value)
    return f"function {value.name}" if isinstance(value, Function) else str(value)


def _key(name: str) -> str:
    return name if name.replace(" ", "").isidentifier() else quoted(name)


def quoted(text: str) -> str:
    """The text as a string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _range(value: Range) -> str:
    if value.form == "other":
        return f"!={_end(value.low)}"
    if value.form == "comparison":
        if value.low_included and value.high_included:
            return f"={_end(value.low)}"
        if value.low is None:
            return f"{'<=' if value.high_included else '<'}{_end(value.high)}"
        return f"{'>=' if value.low_included else '>'}{_end(value.low)}"
    first, last = "[" if value.low_included else "(", "]" if value.high_included else ")"
    return f"{first}{_end(value.low)}..{_end(value.high)}{last}"


def _end(value: Any) -> str:
    return f'@"{value}"' if isinstance(value, Date | Time | DateTime | DaysDuration | YearsMonths) else _written(value)
