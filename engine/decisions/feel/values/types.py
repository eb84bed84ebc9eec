"""The types of FEEL, and how a type is written (DMN 1.5 §10.3.2.9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FeelType:
    """A type: `kind` is its base name; the other fields refine lists, ranges, contexts and functions.

    `name` is that of an item definition, `allowed` what it allows.
    """

    kind: str
    element: "FeelType | None" = None
    members: Mapping[str, "FeelType"] = field(default_factory=dict)
    parameters: tuple["FeelType", ...] | None = None
    result: "FeelType | None" = None
    name: str = ""
    allowed: Callable[[Any], bool] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.name or (f"{self.kind}<{self.element}>" if self.element else self.kind)


ANY = FeelType("Any")
NULL = FeelType("Null")
NUMBER = FeelType("number")
STRING = FeelType("string")
BOOLEAN = FeelType("boolean")
DATE = FeelType("date")
TIME = FeelType("time")
DATE_TIME = FeelType("date and time")
DAYS = FeelType("days and time duration")
MONTHS = FeelType("years and months duration")
DURATION = FeelType("duration")
LIST = FeelType("list", ANY)
CONTEXT = FeelType("context")
FUNCTION = FeelType("function")
RANGE = FeelType("range", ANY)

BY_NAME: Mapping[str, FeelType] = {
    **{t.kind: t for t in (ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME, DAYS, MONTHS)},
    "list": LIST,
    "context": CONTEXT,
    "function": FUNCTION,
    "range": RANGE,
    "any": ANY,
    "null": NULL,
    "dateTime": DATE_TIME,
    "dateAndTime": DATE_TIME,
    "dayTimeDuration": DAYS,
    "yearMonthDuration": MONTHS,
    "duration": DURATION,
}
