"""One cell of a workbook: what people type in it, and the value it stands for."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_YES = {
    "是": True,
    "否": False,
    "yes": True,
    "no": False,
    "y": True,
    "n": False,
    "√": True,
    "true": True,
    "false": False,
}
_BETWEEN = re.compile(r"[、,，;；\n]")


class Unreadable(Exception):
    """A cell does not hold what its column needs."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy


def heading(cell: Any) -> str:
    """A heading as people write it, without marks for "required" and gaps."""
    return text(cell).replace("*", "").replace("＊", "").replace(" ", "").strip()


def filled(row: Sequence[Any]) -> bool:
    """Whether any cell of the row holds something."""
    return any(text(cell) for cell in row)


def text(cell: Any) -> str:
    """What the cell says; a whole number without its decimals, since 工号 1001 is typed as a number."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return format(_exact(cell), "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else cell.isoformat(" ", "minutes")
    return str(cell).strip()


def value(cell: Any, kind: str, choices: Mapping[str, str]) -> Any:
    """The value of a cell for a column of that kind; None when empty (an empty tuple for a list).

    Raises Unreadable.
    """
    said = text(cell)
    if kind == "list":
        return tuple(part.strip() for part in _BETWEEN.split(said) if part.strip())
    if not said:
        return None
    return _typed(cell, said, kind, choices)


def _typed(cell: Any, said: str, kind: str, choices: Mapping[str, str]) -> Any:
    if kind == "number":
        return _number(cell, said)
    if kind == "figure":
        return _figure(cell, said)
    if kind == "date":
        return _date(cell, said)
    if kind == "yes":
        return _choice(said.lower(), _YES, "write 是 or 否")
    if kind == "choice":
        return _choice(said, {**choices, **{code: code for code in choices.values()}}, f"choose {'、'.join(choices)}")
    return said


def written(kept: Any, kind: str, choices: Mapping[str, str]) -> Any:
    """How a kept value is written into a cell, so that reading it again gives the same value."""
    if kept is None:
        return None
    if kind == "yes":
        return "是" if kept else "否"
    if kind == "list":
        return "、".join(str(part) for part in kept)
    if kind == "choice":
        return next((word for word, code in choices.items() if code == kept), str(kept))
    return kept


def _exact(number: float) -> Decimal:
    """A cell's binary number as people typed it: 0.1 is 0.1, 1001.0 is 1001."""
    exact = Decimal(repr(number))
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() and abs(exact) < 10**15 else exact


def _number(cell: Any, said: str) -> Decimal:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _exact(float(cell))
    try:
        number = Decimal(said.replace(",", "").replace("，", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Unreadable("workbook.number", f"'{said}' is no number", "write digits only, the unit in its own column")
    return number


def _figure(cell: Any, said: str) -> Decimal | str:
    try:
        return _number(cell, said)
    except Unreadable:
        return said


def _date(cell: Any, said: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = _DATE.match(said)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as problem:
        raise Unreadable("workbook.date", f"'{said}' is no day of the calendar", "write it as 2026-11-30") from problem
    raise Unreadable("workbook.date", f"'{said}' is no date", "write it as 2026-11-30")


def _choice(said: str, known: Mapping[str, Any], remedy: str) -> Any:
    if said in known:
        return known[said]
    near = get_close_matches(said, known, 1)
    hint = f"did you mean '{near[0]}'? {remedy}" if near else remedy
    raise Unreadable("workbook.choice", f"'{said}' is not one of the words for this column", hint)
