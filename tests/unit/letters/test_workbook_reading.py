"""Workbooks of letters: nothing that stands in one is lost, and what cannot be a value says so."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.kernel import workbook
from engine.letters.workbook import pairs, sheets
from engine.letters.workbook.known import Known
from engine.letters.workbook.reading import read
from tests.builders import real_letters

KNOWN = Known(orgs={"CD": 7}, persons={"1001": 3}, items={})
HEAD = {"letter": "L", "org": "CD", "level": "MONTH", "period": "202611"}
ITEM = {"letter": "L", "kind": "KPI", "name": "销售回款额"}


def _read(*, head: Any = None, items: Any = (), known: Known = KNOWN, **parts: Any) -> Any:
    lines = {"责任书": [head or HEAD], "指标": list(items), **parts}
    return read(workbook.write(sheets.ALL, lines), known)


@pytest.mark.parametrize("path", real_letters.FILES, ids=lambda path: path.stem)
def test_every_item_of_a_real_letter_arrives_with_every_value(path: Path) -> None:
    """domain §15: nothing is dropped or repaired silently."""
    said = real_letters.facts(path)

    (letter,), problems = read(real_letters.book(path, "CD"), KNOWN)

    assert [problem for problem in problems if problem.severity == "error"] == []
    assert letter.values["title"] == said["title"]
    assert len(letter.items) == len(said["items"])
    for item, source in zip(letter.items, said["items"], strict=True):
        _same(item, source)


def _same(item: Any, source: Any) -> None:
    values = item.values
    assert (values["name"], values["kind"]) == (source["name"].strip(), source["kind"])
    for key in ("baseline", "threshold", "target", "challenge", "weight"):
        kept = values[key] if values[key] is not None else item.raw.get(key)
        assert kept == _figure(source.get(key)), key
    assert values["method"] == real_letters.method(source)
    assert _plain(values["params"]) == _plain(real_letters.params(source))
    assert len(values["sub_items"]) == len(source.get("sub_items") or ())
    assert item.raw.get("截止原文") == source.get("due_raw")
    kept_due = values["due"].isoformat() if values["due"] else item.raw.get("due")
    assert kept_due == (source["due"] and str(source["due"]))


def _plain(value: Any) -> Any:
    """Numbers as their digits: 0.5 and "0.5" are the same parameter."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _figure(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else value


def test_a_target_in_words_stays_as_its_words_with_a_warning() -> None:
    (letter,), problems = _read(items=[{**ITEM, "target": "5人/10万人"}])

    assert (letter.items[0].values["target"], letter.items[0].values["target_text"]) == (None, "5人/10万人")
    assert [(p.code, p.sheet, p.row, p.column) for p in problems] == [("letter.kept_as_text", "指标", 2, "目标值")]


def test_a_column_of_ones_own_is_kept_with_the_item() -> None:
    own = workbook.write(
        (sheets.LETTERS, sheets.Sheet("指标", (*sheets.ITEMS.columns, sheets.Column("x", "备注")))),
        {"责任书": [HEAD], "指标": [{**ITEM, "x": "见附件二"}]},
    )

    (letter,), _ = read(own, KNOWN)

    assert letter.items[0].raw == {"备注": "见附件二"}


def test_a_part_of_an_item_that_does_not_exist_refuses_the_file() -> None:
    _, problems = _read(items=[ITEM], 成果文件=[{"letter": "L", "item": "回款", "name": "对账单"}])

    assert [(p.code, p.sheet, p.row, p.column, p.severity) for p in problems] == [
        ("letter.unknown_item", "成果文件", 2, "指标", "error")
    ]


def test_an_unknown_organisation_refuses_the_file_and_names_the_cell() -> None:
    _, problems = _read(head={**HEAD, "org": "XX"})

    assert [(p.code, p.row, p.column, p.severity) for p in problems] == [("letter.unknown_org", 2, "组织编码", "error")]


def test_a_month_fills_in_its_own_days() -> None:
    (letter,), _ = _read()

    assert (str(letter.values["starts_on"]), str(letter.values["ends_on"])) == ("2026-11-01", "2026-11-30")


def test_groups_deeper_than_three_levels_are_refused() -> None:
    _, problems = _read(指标组=[{"letter": "L", "path": "甲 > 乙 > 丙 > 丁"}])

    assert [problem.code for problem in problems] == ["letter.group_depth"]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"step": 1, "step_unit": "pp", "minus": "0.1"},
        {"bands": [[None, 80, -20], [80, 90, -10]], "score_unit": "points"},
        {"expr": "if A > T then 100; else = 0", "text": "每次扣1分;损失超500元扣5分"},
        {"flag": True, "none": None, "digits": "5", "quoted": '"x"'},
    ],
)
def test_parameters_in_a_cell_are_read_back_as_they_were(params: Any) -> None:
    assert pairs.read(pairs.write(params)) == params


def test_parameters_may_be_named_in_chinese() -> None:
    assert pairs.read("步长=1；单位=pp；扣=3") == {"step": 1, "step_unit": "pp", "minus": 3}
