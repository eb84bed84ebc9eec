"""A hashable stand-in for a value: equal values have equal ones."""

from collections.abc import Callable, Hashable
from typing import Any

from engine.decisions.feel.values.calendar import Date, DateTime, Time, at_midnight, instant, time_offset
from engine.decisions.feel.values.durations import NANOS, DaysDuration, YearsMonths
from engine.decisions.feel.values.ranges import Range


def identity(value: Any) -> Hashable:
    """The stand-in. Distinct values and unions compare these instead of every pair."""
    make = _MAKERS.get(value.__class__)
    return make(value) if make else (value.__class__, value)


def _of_list(value: list[Any]) -> Hashable:
    return "list", tuple(identity(item) for item in value)


def _of_context(value: dict[str, Any]) -> Hashable:
    return "context", frozenset((name, identity(item)) for name, item in value.items())


def _of_moment(value: DateTime) -> Hashable:
    return "moment", instant(value) // NANOS, value.zone is None


def _of_range(value: Range) -> Hashable:
    return "range", identity(value.low), identity(value.high), value.low_included, value.high_included, value.form


def _of_duration(value: DaysDuration | YearsMonths) -> Hashable:
    return (value.__class__, value) if value not in _ZERO else "zero duration"


_ZERO = (DaysDuration(0), YearsMonths(0))
_MAKERS: dict[type, Callable[[Any], Hashable]] = {
    list: _of_list,
    dict: _of_context,
    Date: lambda value: _of_moment(at_midnight(value)),
    DateTime: _of_moment,
    Time: lambda value: ("time", value.nanos // NANOS, time_offset(value)),
    Range: _of_range,
    DaysDuration: _of_duration,
    YearsMonths: _of_duration,
}
