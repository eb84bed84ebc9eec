"""A list as a workbook for people: frozen headings with filters, typed cells, a sheet that says what it shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any

import xlsxwriter

from engine.kernel.sheet_writing import styles, write_cell
from engine.kernel.sheets import Sheet

MOST = 20_000
"""Most lines of one list; a longer one is cut, and says so."""


def write(
    sheet: Sheet, lines: Iterable[Mapping[str, Any]], *, about: tuple[str, Sequence[tuple[str, Any]]], cut: str
) -> bytes:
    """The workbook; `lines` are taken one by one and never all held, at most `MOST` of them.

    `about` is the second sheet: its name and its pairs; `cut` is the sentence below a list that goes on.
    """
    buffer = BytesIO()
    options = {"in_memory": True, "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001  (a fixed date: same content, same bytes)
    formats = styles(book)
    page = book.add_worksheet(sheet.name)
    _headings(page, sheet, formats)
    waiting = iter(lines)
    rows = _rows(book, page, sheet, islice(waiting, MOST), formats)
    if next(waiting, None) is not None:
        write_cell(page, (rows + 1, 0), cut, formats)
    page.autofilter(0, 0, max(rows, 1), len(sheet.columns) - 1)
    _about(book.add_worksheet(about[0]), about[1], formats)
    book.close()
    return buffer.getvalue()


def _headings(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width, formats["text"] if column.kind == "text" else None)
        page.write_string(0, index, column.heading, formats["heading"])
    page.freeze_panes(1, 0)


def _rows(book: Any, page: Any, sheet: Sheet, lines: Iterable[Mapping[str, Any]], formats: Mapping[str, Any]) -> int:
    shapes = {each.key: book.add_format({"num_format": each.shape}) if each.shape else None for each in sheet.columns}
    row = 0
    for row, line in enumerate(lines, start=1):
        for index, column in enumerate(sheet.columns):
            write_cell(page, (row, index), line.get(column.key), formats, shapes[column.key])
    return row


def _about(page: Any, about: Sequence[tuple[str, Any]], formats: Mapping[str, Any]) -> None:
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 60)
    for row, (name, value) in enumerate(about):
        write_cell(page, (row, 0), name, formats)
        write_cell(page, (row, 1), value, formats)
