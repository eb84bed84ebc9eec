"""Values as JSON and back without loss: what JSON lacks becomes `{"@": "<FEEL text>"}`."""

import json
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from engine.decisions.feel.budget import MAX_DEPTH_OF_VALUES, exceeded
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.values.borders import into, outof
from engine.decisions.feel.values.calendar import Date, DateTime, Time, parse_date, parse_moment, parse_time
from engine.decisions.feel.values.durations import DaysDuration, YearsMonths, parse_duration
from engine.decisions.feel.values.functions import Function
from engine.decisions.feel.values.numbers import number, number_text
from engine.decisions.feel.values.ranges import Range
from engine.decisions.feel.values.text import text_of

MARK = "@"
FORMS = ("interval", "comparison", "other")
_SAFE_INTEGER = 2**53
_PYTHON = (Date, DateTime, Time, DaysDuration, YearsMonths, Range, Function, date, time, timedelta)


def to_json(value: Any) -> Any:
    """A faithful form of the value for `json.dumps`; `from_json` gives the value back (a function becomes its name).

    Raises FeelBudgetExceeded for values nested too deep.
    """
    return _guarded(_to_json, value)


def from_json(value: Any) -> Any:
    """The value that `to_json` was given; plain JSON comes back as it is, numbers as Decimal.

    Raises FeelError for a damaged form, FeelBudgetExceeded for values nested too deep.
    """
    return _guarded(_from_json, value)


def json_text(value: Any) -> str:
    """The value as JSON for people and other programs: numbers with all digits, dates and durations as their text."""
    return str(_guarded(_json, into(value)))


def _guarded(act: Callable[[Any], Any], value: Any) -> Any:
    try:
        return act(value)
    except RecursionError as deep:
        raise exceeded("nesting", MAX_DEPTH_OF_VALUES) from deep


def _to_json(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, dict):
        return {_key(name): _to_json(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_to_json(member) for member in value]
    if isinstance(value, int | float | Decimal):
        return _number(number(value))
    return _marked(into(value)) if isinstance(value, _PYTHON) else str(value)


def _key(name: str) -> str:
    return MARK + name if name.startswith(MARK) else name


def _number(value: Decimal | None) -> Any:
    """An int when JSON readers keep it, else the digits."""
    if value is None:
        return None
    if value == value.to_integral_value() and abs(value) < _SAFE_INTEGER:
        return int(value)
    return {MARK: number_text(value)}


def _marked(value: Any) -> Any:
    if isinstance(value, Range):
        ends = {"low": _to_json(value.low), "high": _to_json(value.high)}
        return {MARK: "range", **ends, "included": [value.low_included, value.high_included], "form": value.form}
    if isinstance(value, Function):
        return {MARK: "function", "name": value.name}
    return {MARK: str(value)}


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_json(member) for member in value]
    if isinstance(value, dict):
        return (
            _unmarked(value) if MARK in value else {_name(name): _from_json(member) for name, member in value.items()}
        )
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return value


def _json(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_json, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(name)}: {_json(member)}" for name, member in value.items()) + "}"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return number_text(value) if isinstance(value, Decimal) else _quoted(text_of(value) or "")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _name(name: str) -> str:
    return name[1:] if name.startswith(MARK) else name


def _unmarked(value: dict[str, Any]) -> Any:
    mark = value[MARK]
    if mark == "function":
        return None
    found = _range(value) if mark == "range" else _scalar(mark)
    if found is None:
        raise FeelError("feel.bad-json", f'{{"{MARK}": {mark!r}}} stands for no value of FEEL', found=str(mark)[:100])
    return found


def _range(value: dict[str, Any]) -> Range | None:
    included = value.get("included")
    if not isinstance(included, list) or len(included) != 2 or value.get("form") not in FORMS:
        return None
    low, high = _from_json(value.get("low")), _from_json(value.get("high"))
    return Range(low, high, included[0] is True, included[1] is True, value["form"])


def _scalar(text: Any) -> Any:
    if not isinstance(text, str):
        return None
    for read in (parse_date, parse_moment, parse_time, parse_duration):
        found = read(text)
        if found is not None:
            return outof(found)
    return number(text)
