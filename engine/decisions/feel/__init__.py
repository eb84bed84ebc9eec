"""FEEL, the expression language of DMN 1.5: safe, exact, usable by itself.

`compile(text)` gives an `Expression`, `evaluate(text, data)` a value. Numbers are `Decimal` (34 digits), texts `str`,
dates `date`, dates with time `datetime`, times `Time`, durations `DaysDuration` and `YearsMonths`, lists `list`,
contexts `dict`, ranges `Range`, functions `Function`, null `None`. int, float, timedelta and time are taken too.
"""

from engine.decisions.feel.checks import check
from engine.decisions.feel.errors import FeelBudgetExceeded, FeelError
from engine.decisions.feel.expression import Expression, evaluate, peculiar
from engine.decisions.feel.expression import compile_text as compile  # noqa: A004 - `feel.compile` says it best
from engine.decisions.feel.json_form import from_json, json_text, to_json
from engine.decisions.feel.values.calendar import Date, DateTime, Time, Zone
from engine.decisions.feel.values.durations import DaysDuration, YearsMonths
from engine.decisions.feel.values.functions import Function, HostFunction
from engine.decisions.feel.values.ranges import Range
from engine.decisions.feel.values.types import FeelType

__all__ = [
    "Date",
    "DateTime",
    "DaysDuration",
    "Expression",
    "FeelBudgetExceeded",
    "FeelError",
    "FeelType",
    "Function",
    "HostFunction",
    "Range",
    "Time",
    "YearsMonths",
    "Zone",
    "check",
    "compile",
    "evaluate",
    "from_json",
    "json_text",
    "peculiar",
    "to_json",
]
