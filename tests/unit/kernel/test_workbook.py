"""Workbooks: what is written is read again, and what cannot be read is named by sheet, row and column."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from engine.kernel import workbook
from engine.kernel.errors import InvalidInput
from engine.kernel.sheets import Column, Sheet

PEOPLE = Sheet(
    "人员",
    (
        Column("number", "工号", required=True),
        Column("name", "姓名", required=True),
        Column("weight", "权重", "number"),
        Column("since", "入职", "date"),
        Column("active", "在职", "yes"),
        Column("mode", "管控", "choice", choices={"强": "STRONG", "弱": "WEAK"}),
        Column("kinds", "类别", "list"),
    ),
)
LINE = {
    "number": "001",
    "name": "=李建国",
    "weight": Decimal("33.33"),
    "since": date(2026, 11, 2),
    "active": True,
    "mode": "STRONG",
    "kinds": ("成本", "资金"),
}


def _book(rows: list[list[Any]], name: str = "人员") -> bytes:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet(name)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def test_what_is_written_is_read_again() -> None:
    content = workbook.write([PEOPLE], {"人员": [LINE]})

    reading = workbook.read(content, [PEOPLE])

    assert (reading.problems, reading.lines["人员"][0].values) == ((), LINE)


def test_a_text_that_starts_with_an_equals_sign_is_no_formula() -> None:
    content = workbook.write([PEOPLE], {"人员": [LINE]})

    assert "=李建国" in [line.values["name"] for line in workbook.read(content, [PEOPLE]).lines["人员"]]


def test_the_template_reads_as_empty() -> None:
    assert workbook.read(workbook.write([PEOPLE]), [PEOPLE]).lines["人员"] == ()


def test_headings_may_stand_below_a_title_and_carry_stars() -> None:
    content = _book([["人员名册"], [], ["工号*", "姓 名", "权重"], [1001, "李建国", "1,200.5"]])

    line = workbook.read(content, [PEOPLE]).lines["人员"][0]

    assert (line.row, line.values["number"], line.values["weight"]) == (4, "1001", Decimal("1200.5"))


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("权重", "一半", "workbook.number"),
        ("权重", "NaN", "workbook.number"),
        ("入职", "2026-02-30", "workbook.date"),
        ("入职", "明天", "workbook.date"),
        ("在职", "也许", "workbook.choice"),
        ("管控", "很强", "workbook.choice"),
        ("姓名", "", "workbook.empty"),
        ("备注", "x", "workbook.unknown_column"),
    ],
)
def test_each_problem_names_its_row_and_column(heading: str, cell: str, code: str) -> None:
    rows = {"工号": "001", "姓名": "李建国", **{heading: cell}}

    found = workbook.read(_book([list(rows), list(rows.values())]), [PEOPLE]).problems

    assert [(each.sheet, each.column, each.code) for each in found] == [("人员", heading, code)]
    assert found[0].remedy


@pytest.mark.parametrize("text", ["2026-11-02", "2026/11/2", "2026.11.02", "2026年11月2日"])
def test_a_date_may_be_typed_as_text(text: str) -> None:
    content = _book([["工号", "姓名", "入职"], ["1", "李建国", text]])

    assert workbook.read(content, [PEOPLE]).lines["人员"][0].values["since"] == date(2026, 11, 2)


def test_a_cell_below_no_heading_is_not_dropped_silently() -> None:
    found = workbook.read(_book([["工号", "姓名"], ["1", "李建国", "别忘了"]]), [PEOPLE]).problems

    assert [(each.code, each.row, each.fields["cell"]) for each in found] == [("workbook.stray", 2, "别忘了")]


def test_an_open_sheet_keeps_columns_it_does_not_know() -> None:
    sheet = Sheet("人员", PEOPLE.columns, open=True)

    reading = workbook.read(_book([["工号", "姓名", "备注"], ["1", "李建国", "新"]]), [sheet])

    assert (reading.problems, reading.lines["人员"][0].values["备注"]) == ((), "新")


def test_a_heading_that_stands_twice_is_named() -> None:
    found = workbook.read(_book([["工号", "姓名", "姓名"], ["1", "李建国", "李"]]), [PEOPLE]).problems

    assert [each.code for each in found] == ["workbook.twice"]


def test_a_missing_sheet_is_named_with_what_is_there() -> None:
    found = workbook.read(_book([["工号"]], "Sheet1"), [PEOPLE]).problems

    assert (found[0].code, found[0].fields["present"]) == ("workbook.no_sheet", ["Sheet1"])


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 not really", b"\xd0\xcf\x11\xe0 old excel"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"no Excel workbook"):
        workbook.read(content, [PEOPLE])


def test_a_workbook_above_the_cap_is_refused_before_it_is_opened() -> None:
    with pytest.raises(InvalidInput) as refused:
        workbook.read(b"x" * 11, [PEOPLE], max_bytes=10)

    assert refused.value.code == "workbook.too_large"
