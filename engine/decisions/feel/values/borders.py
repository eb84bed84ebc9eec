"""Python values in, Python values out: what callers may give and what they get back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.decisions.feel.budget import MAX_DEPTH_OF_VALUES, MAX_RESULT, exceeded
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.values.calendar import (
    Date,
    DateTime,
    from_python_date,
    from_python_moment,
    to_python_date,
    to_python_moment,
)
from engine.decisions.feel.values.conformance import KIND
from engine.decisions.feel.values.durations import DaysDuration
from engine.decisions.feel.values.numbers import number
from engine.decisions.feel.values.ranges import Range
from engine.decisions.feel.values.weights import weight

_TEXTS = (str, bytes, bytearray)
_LISTS = (Sequence, frozenset, set)
READY = frozenset({str, bool, type(None), Decimal})  # as they are; a Decimal that is not finite is met at the end
_OWN = frozenset(KIND) - {list, dict, Decimal, Range}
_UNCHANGED = _OWN - {Date, DateTime}


def into(value: Any, depth: int = 0) -> Any:
    """The FEEL value of a Python value. Raises FeelError for objects that FEEL has no type for."""
    kind = value.__class__
    if kind in _OWN:
        return value
    if kind is Decimal or kind is int or kind is float:
        return number(value)
    if depth >= MAX_DEPTH_OF_VALUES:
        raise exceeded("nesting", MAX_DEPTH_OF_VALUES)
    if isinstance(value, Mapping):
        return {str(name): into(member, depth + 1) for name, member in value.items()}
    if kind is list or (isinstance(value, _LISTS) and not isinstance(value, _TEXTS)):
        return [into(member, depth + 1) for member in value]
    return _into_rare(value)


def _into_rare(value: Any) -> Any:
    if isinstance(value, datetime):
        return from_python_moment(value)
    if isinstance(value, date):
        return from_python_date(value)
    if isinstance(value, time):
        moment = from_python_moment(datetime.combine(date(2000, 1, 1), value))
        return moment.time
    if isinstance(value, timedelta):
        return DaysDuration.of(value)
    if isinstance(value, Range):
        return Range(into(value.low), into(value.high), value.low_included, value.high_included, value.form)
    for base in (str, bool, int, float, Decimal):
        if isinstance(value, base):
            return into(base(value))
    raise FeelError("feel.foreign-value", f"a {type(value).__name__} cannot be used in FEEL", type=type(value).__name__)


def result_of(value: Any) -> Any:
    """The Python value of a result. Raises FeelBudgetExceeded when it has too many parts."""
    if value.__class__ in (list, dict) and weight(value) > MAX_RESULT:
        raise exceeded("result", MAX_RESULT)
    return outof(value)


def outof(value: Any) -> Any:
    """The Python value of a FEEL value: `date` and `datetime` where Python has them, lists and dicts throughout."""
    kind = value.__class__
    if kind in _UNCHANGED:
        return value
    if kind is list:
        return [outof(member) for member in value]
    if kind is dict:
        return {name: outof(member) for name, member in value.items()}
    return _OUT[kind](value)


def _finite(value: Decimal) -> Decimal | None:
    return value if value.is_finite() else None


def _range(value: Range) -> Range:
    return Range(outof(value.low), outof(value.high), value.low_included, value.high_included, value.form)


_OUT: dict[type, Callable[[Any], Any]] = {
    Decimal: _finite,
    Date: to_python_date,
    DateTime: to_python_moment,
    Range: _range,
}
