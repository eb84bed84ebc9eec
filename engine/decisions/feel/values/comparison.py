"""Equality, order and membership, three-valued: True, False or None (DMN 1.5 tables 53–55)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.decisions.feel.values.calendar import Date, DateTime, Time, at_midnight, instant, time_offset
from engine.decisions.feel.values.conformance import KIND
from engine.decisions.feel.values.durations import NANOS, DaysDuration, YearsMonths
from engine.decisions.feel.values.ranges import Range

Verdict = bool | None
_DIRECT = frozenset({Decimal, str, bool, Date, YearsMonths, DaysDuration})


def equal(left: Any, right: Any) -> Verdict:
    """Whether two values are equal; None for values of different types, except null, which differs from everything."""
    kind = left.__class__
    if kind is right.__class__:
        return bool(left == right) if kind in _DIRECT else _equal_within(left, right)
    if left is None or right is None:
        return False
    return _equal_across(left, right)


def _equal_within(left: Any, right: Any) -> Verdict:
    if left is right:
        return True
    test = _WITHIN.get(left.__class__)
    return test(left, right) if test else False


def _equal_lists(left: list[Any], right: list[Any]) -> Verdict:
    return len(left) == len(right) and _all_equal(list(zip(left, right, strict=True)))


def _equal_contexts(left: dict[str, Any], right: dict[str, Any]) -> Verdict:
    return left.keys() == right.keys() and _all_equal([(left[name], right[name]) for name in left])


def _equal_times(left: Time, right: Time) -> Verdict:
    return left.nanos // NANOS == right.nanos // NANOS and time_offset(left) == time_offset(right)


def _equal_moments(left: DateTime, right: DateTime) -> Verdict:
    return instant(left) // NANOS == instant(right) // NANOS and (left.zone is None) == (right.zone is None)


def _equal_ranges(left: Range, right: Range) -> Verdict:
    ends = _all_equal([(left.low, right.low), (left.high, right.high)])
    return ends and _shape(left) == _shape(right)


def _shape(value: Range) -> tuple[bool, bool, str]:
    return value.low_included, value.high_included, value.form


_WITHIN: dict[type, Callable[[Any, Any], Verdict]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Time: _equal_times,
    DateTime: _equal_moments,
    Range: _equal_ranges,
}


def _all_equal(pairs: list[tuple[Any, Any]]) -> Verdict:
    verdict: Verdict = True
    for left, right in pairs:
        same = equal(left, right)
        if same is False:
            return False
        if same is None:
            verdict = None
    return verdict


def _equal_across(left: Any, right: Any) -> Verdict:
    kinds = {left.__class__, right.__class__}
    if kinds == {Date, DateTime}:
        return equal(_as_moment(left), _as_moment(right))
    if kinds == {DaysDuration, YearsMonths}:
        zero = (DaysDuration(0), YearsMonths(0))
        return True if left in zero and right in zero else None
    return None


def _as_moment(value: Any) -> Any:
    return at_midnight(value) if isinstance(value, Date) else value


def order_key(value: Any) -> Any:
    """What orders values of this type, None when they have no order (null, booleans, lists, contexts, functions)."""
    kind = value.__class__
    if kind is Decimal or kind is str:
        return value
    if kind is Date:
        return value.day_number
    if kind is DateTime:
        return instant(value)
    if kind is Time:
        return value.nanos - (time_offset(value) or 0) * NANOS
    if kind is DaysDuration:
        return value.nanos
    return value.months if kind is YearsMonths else None


def less(left: Any, right: Any) -> Verdict:
    """left < right; None when the two have no common order."""
    if left.__class__ is not right.__class__:
        if {left.__class__, right.__class__} != {Date, DateTime}:
            return None
        left, right = _as_moment(left), _as_moment(right)
    low, high = order_key(left), order_key(right)
    return None if low is None or high is None else bool(low < high)


def compare(operator: str, left: Any, right: Any) -> Verdict:
    """The verdict of `=`, `!=`, `<`, `<=`, `>` or `>=`."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        same = equal(left, right)
        return None if same is None else not same
    if operator == "<":
        return less(left, right)
    if operator == ">":
        return less(right, left)
    beyond = less(right, left) if operator == "<=" else less(left, right)
    return None if beyond is None else not beyond


def within(value: Any, limits: Range) -> Verdict:
    """Whether the value lies in the range."""
    if limits.form == "other":
        return compare("!=", value, limits.low)
    if limits.form == "comparison" and limits.low_included and limits.high_included:
        return equal(value, limits.low)
    low: Verdict = compare(">=" if limits.low_included else ">", value, limits.low)
    high: Verdict = compare("<=" if limits.high_included else "<", value, limits.high)
    if limits.form == "comparison":
        return high if limits.low is None else low
    return both(low, high)


def both(left: Verdict, right: Verdict) -> Verdict:
    """Three-valued and."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def member(value: Any, test: Any) -> Verdict:
    """`value in test`: a range holds it, a list has it (or a range that holds it), or the two are equal."""
    if test.__class__ is Range and value.__class__ is not Range:
        return within(value, test)
    if test.__class__ is list:
        return _member_of_list(value, test)
    return equal(value, test)


def _member_of_list(value: Any, tests: list[Any]) -> Verdict:
    for test in tests:
        if equal(value, test) is True or (test.__class__ is Range and within(value, test) is True):
            return True
        if test.__class__ is list and value.__class__ is not list and _member_of_list(value, test) is True:
            return True
    return False


def same(left: Any, right: Any) -> bool:
    """`is(left, right)`: equal and of one type, zones and fractions of seconds included."""
    if left.__class__ is not right.__class__:
        return False
    if left.__class__ in (Time, DateTime):
        return bool(left == right)
    return equal(left, right) is True


def comparable(left: Any, right: Any) -> bool:
    """Whether the two can be the ends of one range."""
    return KIND[left.__class__] == KIND[right.__class__] and order_key(left) is not None
