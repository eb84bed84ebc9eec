"""A regulation in force, and drafts with which tests begin: one that keeps every rule, and rows to spoil it."""

from datetime import date
from decimal import Decimal
from typing import Any

from engine.kernel.work import Work
from engine.letters import letters, regulations
from engine.letters.drafting import copying, generation
from engine.letters.drafting.generation import Head
from engine.letters.kinds import Level
from engine.letters.letters import LetterView
from tests.integration.people.company import Company

START, END = date(2026, 12, 1), date(2026, 12, 31)


def regulation(work: Work, **params: Any) -> int:
    """A regulation in force since the beginning of the year."""
    made = regulations.add(
        work,
        no="2026-1",
        title="目标责任书管理办法",
        params=params,
        articles=({"no": "第 14 条", "text": "评分", "names": ["scoring"]},),
        effective_from=date(2026, 1, 1),
    )
    regulations.approve(work, made, actor=None)
    regulations.put_in_force(work, made, actor=None)
    return made


def letter(work: Work, org: int, level: Level = Level.MONTH, period: str = "202612") -> LetterView:
    """An empty draft."""
    return generation.create(work, Head(org, level, period), actor=None)


def kpi(company: Company, **values: Any) -> dict[str, Any]:
    """A KPI of 城东项目部 that keeps every rule."""
    return {
        "kind": "KPI",
        "name": "销售回款额",
        "category": "资金",
        "importance": "KEY",
        "definition": "当月到账的销售款",
        "formula": "到账合计",
        "unit": "万元",
        "direction": "HIGHER",
        "threshold": Decimal(8000),
        "target": Decimal(10000),
        "challenge": Decimal(12000),
        "weight": Decimal(35),
        "method": "INTERP",
        "data_source": "财务系统",
        "data_provider": company.finance,
        "owner": company.chen,
        "alignment_reason": "集团资金计划",
    } | values


def task(company: Company, **values: Any) -> dict[str, Any]:
    """A task of 城东项目部 that keeps every rule."""
    return {
        "kind": "TASK",
        "name": "主体结构封顶",
        "category": "计划",
        "importance": "KEY",
        "completion_standard": "监理签字、影像齐全",
        "weight": Decimal(30),
        "method": "MILESTONE",
        "due": date(2026, 12, 25),
        "owner": company.chen,
        "alignment_reason": "主项计划",
    } | values


REPORT = {"name": "主体验收报告", "stage": "FINAL"}


def valid(work: Work, company: Company) -> LetterView:
    """A monthly draft of 城东项目部 for December 2026 without any finding: 35 + 30 + 35."""
    draft = letter(work, company.project)
    copying.add_item(work, draft.id, kpi(company), actor=company.li)
    copying.add_item(work, draft.id, task(company), [REPORT], actor=company.li)
    other = kpi(
        company,
        name="营销费用率",
        category="成本",
        importance="NORMAL",
        direction="LOWER",
        unit="%",
        threshold=Decimal("3.2"),
        target=Decimal("3.0"),
        challenge=Decimal("2.8"),
    )
    copying.add_item(work, draft.id, other, actor=company.li)
    return letters.view(work, draft.id)
