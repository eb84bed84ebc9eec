"""Workbooks (xlsx): written as templates and exports, read with every problem named by sheet, row and column."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import python_calamine
import xlsxwriter

from engine.kernel import cells, sheet_reading
from engine.kernel.errors import InvalidInput
from engine.kernel.sheet_writing import styles, write_cell
from engine.kernel.sheets import Line, Problem, Reading, Sheet

MAX_BYTES = 10_000_000
"""Largest workbook accepted, as uploaded."""
MAX_UNPACKED = 300_000_000
"""Largest workbook accepted once its parts are unpacked: a small file that unpacks to more is an attack."""
MAX_ROWS = 100_000
"""Most rows of one sheet."""


def read(content: bytes, sheets: Sequence[Sheet], *, max_bytes: int = MAX_BYTES) -> Reading:
    """Read the sheets; nothing is dropped silently: what cannot be read becomes a Problem, and the rest is there.

    Raises InvalidInput `workbook.too_large` or `workbook.unreadable` when it is no workbook at all.
    """
    book = _open(content, max_bytes)
    lines: dict[str, tuple[Line, ...]] = {}
    problems: list[Problem] = []
    for sheet in sheets:
        lines[sheet.name] = ()
        if sheet.name in book.sheet_names:
            lines[sheet.name], found = sheet_reading.read(_rows(book, sheet.name), sheet, MAX_ROWS)
            problems += found
        elif sheet.required:
            problems.append(_no_sheet(sheet, book.sheet_names))
    return Reading(lines, tuple(problems))


def sheet_names(content: bytes, *, max_bytes: int = MAX_BYTES) -> tuple[str, ...]:
    """The names of all sheets in a workbook. Raises InvalidInput as `read` does."""
    return tuple(_open(content, max_bytes).sheet_names)


def write(sheets: Sequence[Sheet], lines: Mapping[str, Iterable[Mapping[str, Any]]] | None = None) -> bytes:
    """A workbook with these sheets and lines; without lines it is the template. Texts are never stored as formulas."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001  (a fixed date: same content, same bytes)
    formats = styles(book)
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.name), sheet, (lines or {}).get(sheet.name, ()), formats)
    book.close()
    return buffer.getvalue()


def _open(content: bytes, max_bytes: int) -> python_calamine.CalamineWorkbook:
    if len(content) > max_bytes:
        raise InvalidInput(
            "workbook.too_large",
            f"the workbook has {len(content)} bytes; at most {max_bytes} are accepted: split it",
            size=len(content),
            limit=max_bytes,
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            if "xl/workbook.xml" not in parts.namelist() or unpacked > MAX_UNPACKED:
                raise _unreadable()
        return python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    except (zipfile.BadZipFile, python_calamine.CalamineError, NotImplementedError, ValueError) as problem:
        raise _unreadable() from problem


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "workbook.unreadable",
        "this is no Excel workbook (.xlsx): save it as .xlsx without a password and try again",
    )


def _no_sheet(sheet: Sheet, present: Sequence[str]) -> Problem:
    return Problem(
        sheet.name,
        0,
        "",
        "workbook.no_sheet",
        f"the sheet '{sheet.name}' is missing; the workbook has {', '.join(present)}",
        "start from the template, or name the sheet as in it",
        fields={"present": list(present)},
    )


def _rows(book: python_calamine.CalamineWorkbook, name: str) -> list[list[Any]]:
    try:
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
    except python_calamine.CalamineError as problem:
        raise _unreadable() from problem


def _write_sheet(page: Any, sheet: Sheet, lines: Iterable[Mapping[str, Any]], formats: Mapping[str, Any]) -> None:
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width, formats["text"] if column.kind == "text" else None)
        page.write_string(0, index, column.heading, formats["required" if column.required else "heading"])
        if column.note:
            page.write_comment(0, index, column.note)
        if column.kind in ("choice", "yes"):
            words = list(column.choices) if column.kind == "choice" else ["是", "否"]
            page.data_validation(1, index, 5000, index, {"validate": "list", "source": words, "ignore_blank": True})
    page.freeze_panes(1, 0)
    for number, line in enumerate(lines, start=1):
        for index, column in enumerate(sheet.columns):
            kept = cells.written(line.get(column.key), column.kind, column.choices)
            write_cell(page, (number, index), kept, formats)
