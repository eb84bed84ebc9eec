"""A hashable stand-in for a value: equal values have equal ones."""

from collections.abc import Hashable
from typing import Any

from engine.decisions.feel.values.calendar import Date, DateTime, Time, at_midnight, instant, time_offset
from engine.decisions.feel.values.durations import NANOS, DaysDuration, YearsMonths


def identity(value: Any) -> Hashable:
    """The stand-in. Distinct values and unions compare these instead of every pair."""
    kind = value.__class__
    if kind is list:
        return "list", tuple(identity(item) for item in value)
    if kind is dict:
        return "context", frozenset((name, identity(item)) for name, item in value.items())
    if kind is Date or kind is DateTime:
        moment = at_midnight(value) if kind is Date else value
        return "moment", instant(moment) // NANOS, moment.zone is None
    if kind is Time:
        return "time", value.nanos // NANOS, time_offset(value)
    if value in _ZERO:
        return "zero duration"
    return kind, value


_ZERO = (DaysDuration(0), YearsMonths(0))
