"""Numeric functions (DMN 1.5 §10.3.4.5)."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
)
from typing import Any

from engine.decisions.feel.budget import Run
from engine.decisions.feel.builtins.registry import builtin
from engine.decisions.feel.values.durations import DaysDuration, YearsMonths
from engine.decisions.feel.values.numbers import CONTEXT, integer

MIN_SCALE, MAX_SCALE = -6111, 6176
ZERO = Decimal(0)
_WIDE = Context(prec=6300, Emin=-999999, Emax=999999)


def rounded(value: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """The value with so many decimals; null outside the scales of FEEL."""
    digits = integer(scale.to_integral_value(ROUND_DOWN))
    if digits is None or not MIN_SCALE <= digits <= MAX_SCALE:
        return None
    if int(value.as_tuple().exponent) >= -digits:
        return value
    try:
        return CONTEXT.plus(value.quantize(Decimal(1).scaleb(-digits), rounding, _WIDE))
    except DecimalException:
        return None


def _rounder(rounding: str) -> Callable[[Run, Decimal, Decimal], Decimal | None]:
    return lambda run, value, scale: rounded(value, scale, rounding)


builtin("decimal", "n: number, scale: number", "number")(_rounder(ROUND_HALF_EVEN))
builtin("round up", "n: number, scale: number", "number")(_rounder(ROUND_UP))
builtin("round down", "n: number, scale: number", "number")(_rounder(ROUND_DOWN))
builtin("round half up", "n: number, scale: number", "number")(_rounder(ROUND_HALF_UP))
builtin("round half down", "n: number, scale: number", "number")(_rounder(ROUND_HALF_DOWN))
builtin("floor", "n: number, scale: number", "number")(_rounder(ROUND_FLOOR))
builtin("ceiling", "n: number, scale: number", "number")(_rounder(ROUND_CEILING))


@builtin("floor", "n: number", "number")
def floor(run: Run, n: Decimal) -> Decimal | None:
    return rounded(n, ZERO, ROUND_FLOOR)


@builtin("ceiling", "n: number", "number")
def ceiling(run: Run, n: Decimal) -> Decimal | None:
    return rounded(n, ZERO, ROUND_CEILING)


@builtin("abs", "n: number", "number")
def absolute(run: Run, n: Decimal) -> Decimal:
    return abs(n)


@builtin("abs", "n: days and time duration")
def absolute_days(run: Run, n: DaysDuration) -> DaysDuration:
    return DaysDuration(abs(n.nanos))


@builtin("abs", "n: years and months duration")
def absolute_months(run: Run, n: YearsMonths) -> YearsMonths:
    return YearsMonths(abs(n.months))


@builtin("modulo", "dividend: number, divisor: number", "number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """The remainder with the sign of the divisor."""
    if not divisor:
        return None
    rest = attempt(CONTEXT.remainder, dividend, divisor)
    return rest + divisor if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt", "number: number", "number")
def square_root(run: Run, number: Decimal) -> Decimal | None:
    return attempt(CONTEXT.sqrt, number)


@builtin("log", "number: number", "number")
def logarithm(run: Run, number: Decimal) -> Decimal | None:
    return attempt(CONTEXT.ln, number) if number > 0 else None


@builtin("exp", "number: number", "number")
def exponential(run: Run, number: Decimal) -> Decimal | None:
    return attempt(CONTEXT.exp, number)


@builtin("odd", "number: number", "boolean")
def odd(run: Run, number: Decimal) -> bool | None:
    return _parity(number, 1)


@builtin("even", "number: number", "boolean")
def even(run: Run, number: Decimal) -> bool | None:
    return _parity(number, 0)


def _parity(number: Decimal, wanted: int) -> bool | None:
    whole = integer(number)
    return None if whole is None else whole % 2 == wanted


def attempt(operation: Callable[..., Decimal], *values: Any) -> Decimal | None:
    """The result, null where mathematics has none."""
    try:
        result = operation(*values)
    except DecimalException:
        return None
    return result if result.is_finite() else None
