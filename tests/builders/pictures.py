"""Letters and items in memory, for rules that need no database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from engine.letters.content import Content
from engine.letters.deliverable_specs import DeliverableSpecView
from engine.letters.items import ItemView
from engine.letters.kinds import Direction, Importance, Kind, Level, Method, Origin
from engine.letters.letters import LetterView
from engine.letters.parameters import Parameters
from engine.people.orgs import ControlMode, OrgType, OrgView

ORG = OrgView(3, "CD", "城东项目部", OrgType.PROJECT, 1, 30, 20, ControlMode.STRONG)
OWNER = 31
OTHER_ORG = 5
LETTER = LetterView(
    1,
    "ZRS-CD-202612-v1",
    ORG.id,
    Level.MONTH,
    "202612",
    1,
    starts_on=date(2026, 12, 1),
    ends_on=date(2026, 12, 31),
)


def kpi(number: int = 1, **values: Any) -> ItemView:
    """A KPI that keeps every rule."""
    made = ItemView(
        number,
        LETTER.id,
        Kind.KPI,
        f"销售回款额 {number}",
        importance=Importance.KEY,
        definition="当月到账",
        formula="合计",
        unit="万元",
        direction=Direction.HIGHER,
        threshold=Decimal(8000),
        target=Decimal(10000),
        challenge=Decimal(12000),
        weight=Decimal(25),
        method=Method.INTERP,
        data_source="财务系统",
        data_provider=OTHER_ORG,
        owner=OWNER,
        origin=Origin.SELF,
        alignment_reason="集团资金计划",
    )
    return replace(made, **values)


def task(number: int = 1, **values: Any) -> ItemView:
    """A task that keeps every rule, with `documents` for its deliverable."""
    made = ItemView(
        number,
        LETTER.id,
        Kind.TASK,
        f"主体封顶 {number}",
        importance=Importance.MAJOR,
        completion_standard="监理签字",
        weight=Decimal(25),
        method=Method.MILESTONE,
        owner=OWNER,
        due=date(2026, 12, 25),
        alignment_reason="主项计划",
    )
    return replace(made, **values)


def documents(*items: ItemView) -> dict[int, tuple[DeliverableSpecView, ...]]:
    """A final deliverable for each item."""
    return {item.id: (DeliverableSpecView(item.id, item.id, "报告"),) for item in items}


def content(*items: ItemView, **values: Any) -> Content:
    """A letter of these items; tasks have their deliverables unless `specs` says otherwise."""
    found: dict[str, Any] = {"letter": LETTER, "org": ORG, "parameters": Parameters(), "specs": documents(*items)}
    return Content(items=items, **{**found, **values})


def clean() -> Content:
    """Four items of 25 without any finding."""
    return content(kpi(1), kpi(2), task(3), task(4))
