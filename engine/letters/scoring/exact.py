"""Exact numbers: reading them, rounding them by the rule, writing them into a formula."""

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from engine.kernel.errors import InvalidInput

HUNDRED = Decimal(100)
ZERO = Decimal(0)
CENT = Decimal("0.01")


def number(value: Any, field: str = "number") -> Decimal:
    """`value` as a Decimal; texts such as `1,200`, `60%` (= 60) are read as people write them.

    Raises InvalidInput(`score.number`) when it is no number; a bool is none.
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or value is None:
        raise _no_number(value, field)
    try:
        read = Decimal(str(value).strip().rstrip("%‰").replace(",", "").replace("−", "-"))
    except InvalidOperation:
        raise _no_number(value, field) from None
    if not read.is_finite():
        raise _no_number(value, field)
    return read


def optional(value: Any, field: str = "number") -> Decimal | None:
    """Like `number`; None and an empty text stay None."""
    return None if value is None or value == "" else number(value, field)


def stored(value: Decimal) -> Decimal:
    """Rounded half-up to 2 places, as scores are stored (domain.md conventions)."""
    # thirds and the like leave a 0.00…01 behind that must not decide which way half a cent goes
    return value.quantize(Decimal("1E-12"), ROUND_HALF_UP).quantize(CENT, ROUND_HALF_UP)


def clamp(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    """`value` within its limits; None is no limit, and the lower limit is the stronger one."""
    if high is not None and value > high:
        value = high
    return low if low is not None and value < low else value


_ROUNDINGS = {"floor": ROUND_FLOOR, "ceil": ROUND_CEILING, "half_up": ROUND_HALF_UP}


def steps(distance: Decimal, size: Decimal, rounding: str) -> Decimal:
    """How many steps of `size` fit into `distance` (≥ 0); `rounding` is floor, ceil, half_up or none."""
    count = distance / size
    return count if rounding == "none" else count.quantize(Decimal(1), _ROUNDINGS[rounding])


def show(value: Any) -> str:
    """A value as a formula prints it: no needless zeros, at most 4 decimals; texts and dates as they are."""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, Decimal):
        return str(value)
    rounded = value.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    text = format(rounded, "f").rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text.replace("-", "−")


def result(value: Decimal) -> str:
    """A score as a formula ends with it: two decimals."""
    return format(stored(value), "f").replace("-", "−")


def _no_number(value: Any, field: str) -> InvalidInput:
    return InvalidInput(
        "score.number", f"{field} is {value!r}; a number was expected: correct it", field=field, value=str(value)
    )
