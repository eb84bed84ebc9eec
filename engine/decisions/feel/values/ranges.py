"""Ranges: from, to, and which ends belong to them (DMN 1.5 §10.3.2.7)."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. `form` tells `[1..5]` (interval) from `(<5)`, `(=5)` (comparison) and `(!=5)` (other than).

    In an interval, None as an end is unknown; in a comparison it is without limit.
    """

    low: Any
    high: Any
    low_included: bool
    high_included: bool
    form: Literal["interval", "comparison", "other"] = "interval"


def comparison_range(operator: str, value: Any) -> Range:
    """The range that `(<= value)` and its likes mean."""
    if operator in ("<", "<="):
        return Range(None, value, False, operator == "<=", "comparison")
    if operator in (">", ">="):
        return Range(value, None, operator == ">=", False, "comparison")
    return Range(value, value, operator == "=", operator == "=", "comparison" if operator == "=" else "other")
