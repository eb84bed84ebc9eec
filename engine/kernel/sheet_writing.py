"""Writes one cell of a workbook: typed, and never a formula whatever the text begins with."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""A text that begins like this is read as a formula by a program that types cells anew (F2, csv)."""
LONGEST = 32_767
"""Characters that Excel keeps of one cell."""


def styles(book: Any) -> Mapping[str, Any]:
    """The formats of a workbook by what they are for; one set for each workbook."""
    heading = {"bold": True, "border": 1, "text_wrap": True, "valign": "top"}
    return {
        "heading": book.add_format({**heading, "bg_color": "#EDF0F6"}),
        "required": book.add_format({**heading, "bg_color": "#DDE3F0"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "text": book.add_format({"num_format": "@"}),
        "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
        "number": None,
    }


def write_cell(page: Any, place: tuple[int, int], value: Any, formats: Mapping[str, Any], number: Any = None) -> None:
    """Write a value at (row, column); None and the empty text leave the cell empty.

    A moment is written as it is given, without its zone: hand over local time. `number` is the format of numbers.
    """
    if value is None or value == "":
        return
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        page.write_number(*place, value, number)
    elif isinstance(value, datetime):
        page.write_datetime(*place, value.replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        page.write_datetime(*place, datetime.combine(value, time()), formats["date"])
    else:
        _write_text(page, place, str(value), formats)


def _write_text(page: Any, place: tuple[int, int], text: str, formats: Mapping[str, Any]) -> None:
    kept = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    page.write_string(*place, kept, formats["quoted"] if kept.startswith(FORMULA_STARTS) else None)
