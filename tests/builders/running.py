"""A letter in force, with which tests of tracking, warnings and scoring begin."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update

from engine.kernel.work import Work
from engine.letters import items
from engine.letters.drafting import copying
from engine.letters.items import ItemRow, ItemView
from engine.letters.letters import LetterRow
from engine.letters.states import ItemState, LetterState
from tests.builders import drafts
from tests.integration.people.company import Company

FIRST = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)  # Tuesday, 09:00 in Shanghai
REPORT = {"name": "主体验收报告", "stage": "FINAL"}


VETO = {"kind": "VETO", "name": "安全生产", "category": "安全", "method": "BOOL", "definition": "死亡/重大事故"}


def letter(work: Work, company: Company, *, with_veto: bool = False) -> int:
    """The December letter of 城东项目部 in force: 回款 35 (KPI), 封顶 30 (task, due 12-25), 费用率 35 (KPI)."""
    made = drafts.valid(work, company)
    if with_veto:
        copying.add_item(work, made.id, VETO, actor=company.li)
    in_force(work, made.id)
    return made.id


def in_force(work: Work, letter_id: int) -> None:
    """As if it had been drafted, approved and signed."""
    values = {"status": LetterState.EFFECTIVE, "effective_at": FIRST}
    work.session.execute(update(LetterRow).where(LetterRow.id == letter_id).values(**values))
    started = update(ItemRow).where(ItemRow.letter_id == letter_id, ItemRow.status == ItemState.PLANNED)
    work.session.execute(started.values(status=ItemState.IN_PROGRESS))


def alone(work: Work, company: Company, item: Mapping[str, Any], *documents: Mapping[str, Any]) -> int:
    """A letter of one item in force; the item."""
    made = drafts.letter(work, company.project)
    copying.add_item(work, made.id, dict(item) | {"weight": Decimal(100)}, list(documents), actor=company.li)
    in_force(work, made.id)
    return items.of(work, made.id)[0].id


def task(company: Company, **values: Any) -> dict[str, Any]:
    """A KEY task due on Friday 25 December."""
    return drafts.task(company, due=date(2026, 12, 25)) | values


def named(work: Work, letter_id: int, name: str) -> ItemView:
    """The item of that name."""
    return next(each for each in items.of(work, letter_id) if each.name == name)


def ended(work: Work, letter_id: int) -> None:
    """As if its scoring were over."""
    work.session.execute(update(LetterRow).where(LetterRow.id == letter_id).values(status=LetterState.REVIEW))


def add(work: Work, letter_id: int, values: Mapping[str, Any], *, actor: int) -> int:
    """One more item of a letter that is in force already, as if it had been there from the beginning; the item."""
    work.session.execute(update(LetterRow).where(LetterRow.id == letter_id).values(status=LetterState.DRAFT))
    made = copying.add_item(work, letter_id, values, actor=actor)
    in_force(work, letter_id)
    return made
