"""Which type a value has, whether it is an instance of one, and the coercions (DMN 1.5 §10.3.2.9.2–4)."""

from decimal import Decimal
from typing import Any

from engine.decisions.feel.values.calendar import Date, DateTime, Time, at_midnight
from engine.decisions.feel.values.durations import DaysDuration, YearsMonths
from engine.decisions.feel.values.functions import Function
from engine.decisions.feel.values.ranges import Range
from engine.decisions.feel.values.types import ANY, DATE_TIME, LIST, FeelType

KIND: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Function: "function",
    Range: "range",
    type(None): "Null",
}


def kind_of(value: Any) -> str:
    """The base name of the value's type."""
    return KIND[value.__class__]


def instance_of(value: Any, wanted: FeelType) -> bool:
    """Whether the value is an instance of the type; null is an instance of Null only."""
    if value is None:
        return wanted.kind == "Null"
    return _is_of_kind(value, wanted)


def conforms(value: Any, wanted: FeelType) -> bool:
    """Whether the value may stand where the type is wanted; null may everywhere (except against allowed values)."""
    if wanted.allowed is not None and not wanted.allowed(value):
        return False
    return value is None or _is_of_kind(value, wanted)


def _is_of_kind(value: Any, wanted: FeelType) -> bool:
    if wanted.kind == "Any":
        return True
    kind = KIND[value.__class__]
    if wanted.kind == "duration":
        return kind in ("days and time duration", "years and months duration")
    if kind != wanted.kind:
        return False
    check = _REFINED.get(kind)
    return check is None or check(value, wanted)


def _list_conforms(values: list[Any], wanted: FeelType) -> bool:
    element = wanted.element
    return element is None or element.kind == "Any" or all(conforms(value, element) for value in values)


def _context_conforms(values: dict[str, Any], wanted: FeelType) -> bool:
    return all(name in values and conforms(values[name], member) for name, member in wanted.members.items())


def _range_conforms(value: Range, wanted: FeelType) -> bool:
    element = wanted.element
    if element is None or element.kind == "Any":
        return True
    return all(end is None or conforms(end, element) for end in (value.low, value.high))


def _function_conforms(value: Function, wanted: FeelType) -> bool:
    if wanted.parameters is None:
        return True
    if len(value.parameters) != len(wanted.parameters):
        return False
    takes = all(type_conforms(given, own) for given, (_, own) in zip(wanted.parameters, value.parameters, strict=True))
    result_known = wanted.result is not None and value.result.kind != "Any"
    return takes and (not result_known or type_conforms(value.result, wanted.result or ANY))


_REFINED: dict[str, Any] = {
    "list": _list_conforms,
    "context": _context_conforms,
    "range": _range_conforms,
    "function": _function_conforms,
}


def type_conforms(given: FeelType, wanted: FeelType) -> bool:
    """Whether every value of the one type may stand where the other is wanted (§10.3.2.9.2)."""
    if wanted.kind == "Any" or given.kind == "Null":
        return True
    if given.kind != wanted.kind:
        return wanted.kind == "duration" and given.kind.endswith("duration")
    if given.kind in ("list", "range"):
        return type_conforms(given.element or LIST, wanted.element or LIST)
    if given.kind == "context":
        return all(n in given.members and type_conforms(given.members[n], t) for n, t in wanted.members.items())
    if given.kind == "function" and wanted.parameters is not None:
        return _signature_conforms(given, wanted)
    return True


def _signature_conforms(given: FeelType, wanted: FeelType) -> bool:
    if given.parameters is None or wanted.parameters is None or len(given.parameters) != len(wanted.parameters):
        return False
    takes = all(type_conforms(theirs, own) for theirs, own in zip(wanted.parameters, given.parameters, strict=True))
    return takes and (
        wanted.result is None or (given.result is not None and type_conforms(given.result, wanted.result))
    )


def coerced(value: Any, wanted: FeelType) -> Any:
    """The value as the type: itself, a one-element list made or opened, a date at midnight; else null."""
    if conforms(value, wanted):
        return value
    if wanted.kind == "list" and not isinstance(value, list):
        return [value] if conforms([value], wanted) else None
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], wanted):
        return value[0]
    if isinstance(value, Date) and wanted.kind == DATE_TIME.kind:
        return at_midnight(value)
    return None
