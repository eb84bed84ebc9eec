"""Addition to exponentiation over numbers, texts, dates and durations; null where it is not defined (tables 56–58)."""

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.decisions.feel.budget import checked_string
from engine.decisions.feel.values.calendar import (
    Date,
    DateTime,
    Time,
    add_months,
    at_midnight,
    instant,
    moment_of,
    time_offset,
)
from engine.decisions.feel.values.durations import DAY, NANOS, DaysDuration, YearsMonths
from engine.decisions.feel.values.numbers import CONTEXT

MAX_NANOS = 10**30
MAX_MONTHS = 10**18


def add(left: Any, right: Any) -> Any:
    """left + right."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return _exact(CONTEXT.add, left, right)
    if left.__class__ is str and right.__class__ is str:
        return checked_string(left + right)
    if right.__class__ in _MOVERS:
        return _moved(left, right)
    return _moved(right, left) if left.__class__ in _MOVERS else None


def subtract(left: Any, right: Any) -> Any:
    """left - right."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return _exact(CONTEXT.subtract, left, right)
    if right.__class__ in _MOVERS:
        return _moved(left, negate(right))
    return _between(left, right)


def multiply(left: Any, right: Any) -> Any:
    """left * right."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return _exact(CONTEXT.multiply, left, right)
    if left.__class__ is Decimal and right.__class__ in _MOVERS:
        left, right = right, left
    return _scaled(left, right, CONTEXT.multiply) if right.__class__ is Decimal else None


def divide(left: Any, right: Any) -> Any:
    """left / right; null when right is zero."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return _exact(CONTEXT.divide, left, right)
    if right.__class__ is Decimal:
        return _scaled(left, right, CONTEXT.divide)
    if left.__class__ is not right.__class__ or left.__class__ not in _MOVERS:
        return None
    return _exact(CONTEXT.divide, Decimal(_amount(left)), Decimal(_amount(right)))


def power(left: Any, right: Any) -> Any:
    """left ** right; the exponent may be a fraction."""
    if left.__class__ is not Decimal or right.__class__ is not Decimal:
        return None
    if not right:
        return Decimal(1)
    return _exact(CONTEXT.power, left, right)


def negate(value: Any) -> Any:
    """-value, of numbers and durations."""
    if value.__class__ is Decimal:
        return CONTEXT.minus(value)
    if value.__class__ is DaysDuration:
        return DaysDuration(-value.nanos)
    return YearsMonths(-value.months) if value.__class__ is YearsMonths else None


OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
_MOVERS = frozenset({DaysDuration, YearsMonths})


def _exact(operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal) -> Decimal | None:
    try:
        return operation(left, right)
    except DecimalException:
        return None


def _amount(duration: Any) -> int:
    return int(duration.nanos if duration.__class__ is DaysDuration else duration.months)


def _scaled(duration: Any, factor: Decimal, operation: Callable[[Decimal, Decimal], Decimal]) -> Any:
    if duration.__class__ not in _MOVERS:
        return None
    amount = _exact(operation, Decimal(_amount(duration)), factor)
    if amount is None or amount.adjusted() > 30:
        return None
    return days(int(amount)) if duration.__class__ is DaysDuration else months(int(amount))


def days(nanos: int) -> DaysDuration | None:
    """The duration, None beyond what a date can bear."""
    return DaysDuration(nanos) if abs(nanos) <= MAX_NANOS else None


def months(count: int) -> YearsMonths | None:
    """The duration, None beyond what a date can bear."""
    return YearsMonths(count) if abs(count) <= MAX_MONTHS else None


def _moved(start: Any, by: Any) -> Any:
    if start.__class__ is by.__class__:
        return days(start.nanos + by.nanos) if by.__class__ is DaysDuration else months(start.months + by.months)
    if by.__class__ is YearsMonths:
        return _moved_months(start, by.months)
    if start.__class__ is Time:
        return Time((start.nanos + by.nanos) % (DAY * NANOS), start.zone)
    if start.__class__ is DateTime:
        return moment_of(start.date.day_number, start.time.nanos + by.nanos, start.zone)
    if start.__class__ is Date:
        moved = moment_of(start.day_number, by.nanos, None)
        return None if moved is None else moved.date
    return None


def _moved_months(start: Any, count: int) -> Any:
    if start.__class__ is Date:
        return add_months(start, count)
    if start.__class__ is DateTime:
        day = add_months(start.date, count)
        return None if day is None else DateTime(day, start.time)
    return None


def _between(left: Any, right: Any) -> Any:
    if left.__class__ is Time and right.__class__ is Time:
        return _between_times(left, right)
    if left.__class__ not in (Date, DateTime) or right.__class__ not in (Date, DateTime):
        return None
    if left.__class__ is right.__class__ is Date:
        return DaysDuration((left.day_number - right.day_number) * DAY * NANOS)
    first, second = (at_midnight(value) if isinstance(value, Date) else value for value in (left, right))
    if (first.zone is None) != (second.zone is None):
        return None
    return DaysDuration(instant(first) - instant(second))


def _between_times(left: Time, right: Time) -> DaysDuration | None:
    if (left.zone is None) != (right.zone is None):
        return None
    offsets = (time_offset(right) or 0) - (time_offset(left) or 0)
    return DaysDuration(left.nanos - right.nanos + offsets * NANOS)
