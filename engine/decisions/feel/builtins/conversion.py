"""Functions that turn values into text, numbers, ranges and truth (DMN 1.5 §10.3.4.1–2)."""

import re
from decimal import Decimal
from typing import Any

from engine.decisions.feel.budget import Run
from engine.decisions.feel.builtins.registry import builtin
from engine.decisions.feel.values.numbers import number as to_number
from engine.decisions.feel.values.text import text_of

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@builtin("string", "from: Any", "string")
def string(run: Run, source: Any) -> str | None:
    return text_of(source)


@builtin("number", "from: Any", "number")
def number(run: Run, source: Any) -> Decimal | None:
    if source.__class__ is Decimal:
        return source
    return _plain(source) if source.__class__ is str else None


def _plain(text: str) -> Decimal | None:
    return to_number(text) if len(text) <= 10_000 and _NUMBER.fullmatch(text) else None


@builtin("number", "from: string, grouping separator!: string, decimal separator!: string", "number")
def number_with_separators(run: Run, text: str, grouping: str | None, point: str | None) -> Decimal | None:
    """`number("1.234,5", ".", ",")`: groups by space, comma or point; decimals by point or comma; not both the same."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ",") or (grouping and grouping == point):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point == ",":
        text = text.replace(".", "?").replace(",", ".")
    return _plain(text)


@builtin("not", "negand!: Any", "boolean")
def negation(run: Run, negand: Any) -> bool | None:
    return not negand if negand.__class__ is bool else None
