"""Values as tokens hold them: copied at the border, JSON-like, with exact numbers, moments and durations."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.decisions.feel.values.functions import Function
from engine.kernel.errors import InvalidInput

MAX_DEPTH = 40
_PLAIN = (str, bool, type(None))
_WHOLE = 2**63


def copy(value: Any, depth: int = 0) -> Any:
    """A deep copy that nobody else holds (trap T7).

    Raises InvalidInput for what cannot be process data: keys with NUL or no text, nesting over 40, foreign objects.
    """
    if depth > MAX_DEPTH:
        raise InvalidInput("workflow.value_too_deep", f"values may be nested {MAX_DEPTH} deep at most", limit=MAX_DEPTH)
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is int:
        return value if -_WHOLE <= value < _WHOLE else Decimal(value)
    if kind is dict:
        return {_key(name): copy(inner, depth + 1) for name, inner in value.items()}
    if kind is list or isinstance(value, tuple | set | frozenset):
        return [copy(inner, depth + 1) for inner in value]
    return _rare(value, depth)


def _rare(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {_key(name): copy(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str | bool | int | list):  # subclasses such as StrEnum
        return copy(_plain(value), depth)
    if isinstance(value, Decimal | date | datetime | time | timedelta) or _of_feel(value):
        return value
    raise InvalidInput(
        "workflow.value_foreign",
        f"a {type(value).__name__} cannot be process data; give text, numbers, lists or contexts",
        type=type(value).__name__,
    )


def _of_feel(value: Any) -> bool:
    """A value of the language; its functions are none: `after` alone names a built-in one and is no data."""
    return type(value).__module__.startswith("engine.decisions.feel") and not isinstance(value, Function)


def _plain(value: str | int | list[Any]) -> Any:
    if isinstance(value, str):
        return str(value)
    return int(value) if isinstance(value, int) else list(value)


def _key(name: Any) -> str:
    if not isinstance(name, str) or "\0" in name:
        raise InvalidInput("workflow.value_key", f"{name!r} cannot name a value; use text without NUL", key=repr(name))
    return str(name)
