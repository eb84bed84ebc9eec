"""Numbers: decimals of 34 digits, as IEEE 754 decimal128 (DMN 1.5 §10.3.2.3.1)."""

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

from engine.decisions.feel.budget import MAX_INTEGER_BITS, exceeded

CONTEXT = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)


def number(value: Any) -> Decimal | None:
    """The nearest FEEL number of an int, float, Decimal or text; None when it is not finite or not a number."""
    if value.__class__ is int and value.bit_length() > MAX_INTEGER_BITS:
        raise exceeded("integer", MAX_INTEGER_BITS)
    try:
        made = CONTEXT.create_decimal(repr(value) if isinstance(value, float) else value)
    except DecimalException:
        return None
    return made if made.is_finite() else None


def integer(value: Any) -> int | None:
    """The whole number, None for anything else or for more than 34 digits."""
    if value.__class__ is not Decimal or value != value.to_integral_value():
        return None
    return int(value) if value.adjusted() < 34 else None


def truncated(value: Decimal) -> int | None:
    """The number without its fraction, as positions are read; None for more than 34 digits."""
    return int(value) if value.adjusted() < 34 else None


def number_text(value: Decimal) -> str:
    """How FEEL writes a number: no exponent up to 34 digits, no trailing zeros after the point."""
    if not value:
        return "0"
    trimmed = value.normalize(CONTEXT)
    exponent = int(trimmed.as_tuple().exponent)
    return str(trimmed) if exponent < -40 or trimmed.adjusted() > 40 else f"{trimmed:f}"
