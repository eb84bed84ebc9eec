"""Importing letters: a dry run tells everything, a file comes in whole or not at all, real letters become drafts."""

import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.kernel import audit, workbook
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Store
from engine.letters import content, items, regulations
from engine.letters.letters import LetterRow
from engine.letters.workbook import importing, sheets, writing
from engine.people import orgs
from engine.people.orgs import NewOrg, OrgType
from tests.builders import real_letters

HEAD = {"letter": "L", "org": "CD", "level": "MONTH", "period": "202611"}


@pytest.fixture
def group(store: Store) -> Store:
    """A group with one organisation and a regulation in force."""
    with store.start_work() as work:
        root = orgs.add(work, NewOrg("XH", "星河集团", OrgType.GROUP))
        orgs.add(work, NewOrg("CD", "城东项目部", OrgType.PROJECT, parent=root))
        made = regulations.add(work, no="2026-1", title="考核办法", params={}, effective_from=date(2026, 1, 1))
        regulations.approve(work, made, actor=None)
        regulations.put_in_force(work, made, actor=None)
        work.commit()
    return store


def _letters(store: Store) -> int:
    with store.start_work(reading=True) as work:
        return int(work.session.execute(select(func.count()).select_from(LetterRow)).scalar_one())


def _book(count: int = 1, **item: Any) -> bytes:
    line = {"letter": "L", "kind": "KPI", "weight": Decimal(20), "target": Decimal(100), **item}
    lines = [{**line, "name": item.get("name", f"指标 {number}"), "code": f"K{number}"} for number in range(count)]
    return workbook.write(sheets.ALL, {"责任书": [HEAD], "指标": lines})


@pytest.mark.parametrize("path", real_letters.FILES, ids=lambda path: path.stem)
def test_a_real_letter_becomes_a_draft_with_findings_at_its_rows(group: Store, path: Path) -> None:
    """domain §3, §15: importing never fails on a rule; every item arrives, what breaks a rule names its row."""
    source = real_letters.facts(path)

    report = importing.load(group.start_work, real_letters.book(path, "CD"), actor=None)

    with group.start_work(reading=True) as work:
        kept = content.load(work, report.letters["L"])
    assert (report.kept, len(kept.items)) == (True, len(source["items"]))
    assert [item.name for item in kept.items] == [item["name"].strip() for item in source["items"]]
    assert report.findings, "not one of the real letters would pass unchanged"
    named = {placed.row - 2 for placed in report.findings if placed.finding.element.startswith("item:")}
    assert named <= set(range(len(source["items"])))


def test_a_dry_run_says_the_same_and_keeps_nothing(group: Store) -> None:
    told = importing.load(group.start_work, _book(3), actor=None, dry_run=True)
    after_dry_run = _letters(group)
    kept = importing.load(group.start_work, _book(3), actor=None)

    assert (told.kept, after_dry_run, kept.kept, _letters(group)) == (False, 0, True, 1)
    assert [each.finding.code for each in told.findings] == [each.finding.code for each in kept.findings]


def test_one_bad_line_refuses_the_whole_file(group: Store) -> None:
    lines = {"责任书": [HEAD, {**HEAD, "letter": "M", "org": "不存在"}], "指标": []}

    report = importing.load(group.start_work, workbook.write(sheets.ALL, lines), actor=None)

    assert (report.refused, _letters(group)) == (True, 0)


def test_a_letter_that_exists_is_never_overwritten(group: Store) -> None:
    importing.load(group.start_work, _book(), actor=None)

    report = importing.load(group.start_work, _book(), actor=None)

    assert [(p.code, p.fields["no"]) for p in report.problems] == [("letter.exists", "ZRS-CD-202611-v1")]
    assert _letters(group) == 1


def test_a_weight_of_101_becomes_a_finding_at_its_row(group: Store) -> None:
    report = importing.load(group.start_work, _book(weight=Decimal(101)), actor=None)

    at_row = [placed for placed in report.findings if placed.row == 2]
    assert any(placed.finding.fields["rule"] == "1" for placed in at_row)


def test_a_file_that_is_no_workbook_is_refused_with_a_remedy(group: Store) -> None:
    with pytest.raises(InvalidInput, match=r"save it as \.xlsx"):
        importing.load(group.start_work, b"%PDF-1.7", actor=None)

    assert _letters(group) == 0


def test_what_was_exported_is_read_in_again_as_it_was(group: Store) -> None:
    path = next(each for each in real_letters.FILES if each.stem.startswith("48-"))
    first = importing.load(group.start_work, real_letters.book(path, "CD"), actor=None)
    with group.start_work() as work:
        before = content.load(work, first.letters["L"])
        exported = writing.export(work, [before.letter.id])
        work.session.execute(LetterRow.__table__.update().values(period="earlier"))
        work.session.execute(LetterRow.__table__.update().values(no="ZRS-earlier"))
        work.commit()

    again = importing.load(group.start_work, exported, actor=None)

    assert [problem for problem in again.problems if problem.severity == "error"] == []
    with group.start_work(reading=True) as work:
        after = content.load(work, again.letters[before.letter.no])
    assert [_told(item) for item in after.items] == [_told(item) for item in before.items]
    assert [(each.name, each.weight) for each in after.groups] == [(each.name, each.weight) for each in before.groups]


def _told(item: items.ItemView) -> Any:
    return (item.name, item.kind, item.weight, item.target, item.target_text, item.method, item.params, item.raw)


def test_an_import_is_told_in_the_history_of_each_letter(group: Store) -> None:
    report = importing.load(group.start_work, _book(2), actor=None)

    with group.start_work(reading=True) as work:
        entries = audit.of(work, f"letter:{report.letters['L']}")
    assert [(entry.act, entry.detail["items"]) for entry in entries] == [("letter.imported", 2)]


def test_ten_thousand_items_come_in_within_ten_seconds(group: Store) -> None:
    """Counted in this thread's own time, so that other work on the machine does not count."""
    book = _book(10_000)
    begin = time.thread_time()

    report = importing.load(group.start_work, book, actor=None)

    assert (report.items, time.thread_time() - begin < 10) == (10_000, True)
