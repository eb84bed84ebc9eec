"""Reads the rows of one sheet: finds the headings, types the cells, and loses nothing without a word."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from engine.kernel import cells
from engine.kernel.sheets import Column, Line, Problem, Sheet

HEADINGS_WITHIN = 10
"""Headings stand in one of the first rows; titles may stand above them."""


def read(rows: Sequence[Sequence[Any]], sheet: Sheet, max_rows: int) -> tuple[tuple[Line, ...], list[Problem]]:
    """The lines below the headings and every problem met. `rows` starts with the sheet's first row."""
    known = {column.heading: column for column in sheet.columns}
    at = next((number for number, row in enumerate(rows[:HEADINGS_WITHIN]) if _is_heading(row, known)), None)
    if at is None:
        return (), _no_headings(sheet, rows)
    columns, problems = _columns(rows[at], sheet, at + 1)
    headed = {index for index, cell in enumerate(rows[at]) if cells.heading(cell)}
    lines = []
    for number, row in enumerate(rows[at + 1 : max_rows], start=at + 2):
        if cells.filled(row):
            values, found = _read_row(sheet, number, row, columns)
            lines.append(Line(number, values))
            problems += found + _strays(sheet, number, row, headed)
    if len(rows) > max_rows:
        text = f"the sheet has more than {max_rows} rows"
        problems.append(_problem(sheet, (max_rows, ""), "workbook.too_long", text, "split it into several workbooks"))
    return tuple(lines), problems


def _is_heading(row: Sequence[Any], known: Mapping[str, Column]) -> bool:
    return sum(cells.heading(cell) in known for cell in row) >= min(2, len(known))


def _no_headings(sheet: Sheet, rows: Sequence[Sequence[Any]]) -> list[Problem]:
    if not sheet.required and not any(map(cells.filled, rows)):
        return []
    text = f"no headings in the first {HEADINGS_WITHIN} rows; expected {'、'.join(c.heading for c in sheet.columns)}"
    return [_problem(sheet, (1, ""), "workbook.no_headings", text, "copy the heading row from the template")]


def _columns(row: Sequence[Any], sheet: Sheet, number: int) -> tuple[dict[int, Column], list[Problem]]:
    known = {column.heading: column for column in sheet.columns}
    columns: dict[int, Column] = {}
    problems = []
    for index, cell in enumerate(row):
        name = cells.heading(cell)
        if name in (column.heading for column in columns.values()):
            text = f"the heading '{name}' stands twice"
            problems.append(_problem(sheet, (number, name), "workbook.twice", text, "remove one of the two columns"))
        elif name in known:
            columns[index] = known[name]
        elif name and sheet.open:
            columns[index] = Column(name, name)
        elif name:
            problems.append(_unknown(sheet, number, name))
    present = {column.heading for column in columns.values()}
    return columns, problems + [
        _problem(sheet, (number, name), "workbook.no_column", f"the column '{name}' is missing", "add it")
        for name, column in known.items()
        if column.required and name not in present
    ]


def _unknown(sheet: Sheet, number: int, name: str) -> Problem:
    near = get_close_matches(name, [column.heading for column in sheet.columns], 1)
    remedy = f"did you mean '{near[0]}'?" if near else "remove the column, or name it as in the template"
    text = f"the heading '{name}' is not known"
    return _problem(sheet, (number, name), "workbook.unknown_column", text, remedy, near=near)


def _read_row(
    sheet: Sheet, number: int, row: Sequence[Any], columns: Mapping[int, Column]
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {column.key: () if column.kind == "list" else None for column in sheet.columns}
    problems = []
    for index, column in columns.items():
        cell = row[index] if index < len(row) else ""
        at = (number, column.heading)
        try:
            values[column.key] = cells.value(cell, column.kind, column.choices)
        except cells.Unreadable as found:
            problems.append(_problem(sheet, at, found.code, found.message, found.remedy, cell=str(cell)))
            continue
        if column.required and values[column.key] in (None, ()):
            problems.append(_problem(sheet, at, "workbook.empty", f"'{column.heading}' is empty", "fill it in"))
    return values, problems


def _strays(sheet: Sheet, number: int, row: Sequence[Any], headed: set[int]) -> list[Problem]:
    """Cells that stand below no heading at all would be lost without a word."""
    lost = [cells.text(cell) for index, cell in enumerate(row) if index not in headed and cells.text(cell)]
    text = "stands below no heading"
    remedy = "give the column a heading of the template, or clear the cell"
    return [_problem(sheet, (number, ""), "workbook.stray", f"'{cell}' {text}", remedy, cell=cell) for cell in lost]


def _problem(sheet: Sheet, at: tuple[int, str], code: str, message: str, remedy: str, **fields: Any) -> Problem:
    return Problem(sheet.name, *at, code, message, remedy, fields=fields)
