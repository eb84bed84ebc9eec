"""Rule 10: what a period's draft is made of (REQ-075); and the regulation a letter is frozen into."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, update

from engine.kernel.errors import Conflict, InvalidInput
from engine.kernel.work import Store, Work
from engine.letters import carry_overs, cycle, items, letters, plans, regulations
from engine.letters.drafting import copying, forcing, generation
from engine.letters.items import ItemRow, ItemView
from engine.letters.kinds import Level, PlanKind
from engine.letters.kpi_library import KpiRow
from engine.letters.letters import LetterRow
from engine.letters.meeting_decisions import MeetingDecisionRow
from engine.letters.plans import MilestoneRow, PlanRow
from engine.letters.states import LetterState
from engine.workflow.engine import Engine
from tests.builders import drafts
from tests.integration.people.company import Company


def annual(work: Work, company: Company, **values: Any) -> int:
    """The project's year 2026 in force, with one KPI sliced for December; the KPI's id."""
    year = drafts.letter(work, company.project, Level.ANNUAL, "2026")
    slices = [
        {"period": "202612", "target": "900", "threshold": "720", "weight": "40"},
        {"period": "202701", "target": 1},
    ]
    item = copying.add_item(work, year.id, drafts.kpi(company, slices=slices, **values), actor=None)
    work.session.execute(update(LetterRow).where(LetterRow.id == year.id).values(status=LetterState.EFFECTIVE))
    return item


def generated(work: Work, company: Company, period: str = "202612") -> list[ItemView]:
    made = generation.generate(work, company.project, Level.MONTH, period, actor=None)
    return list(items.of(work, made.id))


def test_a_slice_of_the_year_becomes_an_item_that_serves_it(store: Store, company: Company) -> None:
    """10 a: target, threshold and weight of the month; the rest of the annual item."""
    with store.start_work() as work:
        above = annual(work, company)
        found = generated(work, company)

    assert [(item.name, item.origin, item.parent) for item in found] == [("销售回款额", "DECOMPOSED", above)]
    assert (found[0].target, found[0].threshold, found[0].challenge, found[0].weight) == (900, 720, None, 40)
    assert found[0].data_source == "财务系统"


def test_a_year_that_is_not_in_force_gives_nothing(store: Store, company: Company) -> None:
    with store.start_work() as work:
        annual(work, company)
        work.session.execute(update(LetterRow).values(status=LetterState.DRAFT))
        assert generated(work, company) == []


def test_milestones_due_in_the_month_become_tasks_once(store: Store, company: Company) -> None:
    """10 b, REQ-041: with date, standard and deliverable; a second letter does not repeat them."""
    with store.start_work() as work:
        plan = {"code": "P1", "name": "主项计划", "kind": PlanKind.PROJECT_MASTER, "org_id": company.project}
        days = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 6, 30)}
        made = work.session.execute(insert(PlanRow).values(**plan, **days).returning(PlanRow.id)).scalar_one()
        for name, due in (("封顶", date(2026, 12, 20)), ("交付", date(2027, 1, 20))):
            node = {"plan_id": made, "name": name, "due": due, "deliverable": "报告", "completion_standard": "签字"}
            work.session.execute(insert(MilestoneRow).values(**node))
        december = generated(work, company)
        again = plans.due(work, company.project, date(2026, 12, 1), date(2026, 12, 31))

        assert [(item.name, item.due, item.method) for item in december] == [("封顶", date(2026, 12, 20), "MILESTONE")]
        assert [node.name for node in again] == ["封顶"]
        assert [item.name for item in generated(work, company, "202701")] == ["交付"]


def test_what_was_not_finished_is_carried_over_once_and_capped(store: Store, company: Company) -> None:
    """10 c, domain.md §6: capped at 80 in the next letter; it waits no longer afterwards."""
    with store.start_work() as work:
        old = drafts.letter(work, company.project, Level.MONTH, "202611")
        item = copying.add_item(work, old.id, drafts.task(company), [drafts.REPORT], actor=None)
        carry_overs.record(work, item, cap=Decimal(80), reason="未提交")
        carry_overs.record(work, item, cap=Decimal(80), reason="未提交")
        found = generated(work, company)

        assert [(each.name, each.origin, each.carried_from, each.cap) for each in found] == [
            ("主体结构封顶", "CARRY_OVER", item, 80)
        ]
        assert found[0].due is None
        assert carry_overs.waiting(work, company.project, Level.MONTH) == ()


def test_open_decisions_and_foreseen_items_come_in(store: Store, company: Company) -> None:
    """10 d and e: decisions due in the month; what OPS noted for a draft to come."""
    with store.start_work() as work:
        decision = {"no": "HY-7", "org_id": company.project, "content": "补做防水", "due": date(2026, 12, 9)}
        work.session.execute(insert(MeetingDecisionRow).values(**decision, standard="试水 24 小时"))
        work.commit()
    values = {"kind": "TASK", "name": "安全月检", "weight": "10"}
    forcing.foresee(
        store.start_work,
        company.project,
        Level.MONTH,
        "202612",
        values,
        reason="安全月",
        article="9",
        actor=company.zhao,
    )
    with store.start_work() as work:
        found = generated(work, company)

    assert [(item.name, item.origin) for item in found] == [("补做防水", "DECISION"), ("安全月检", "FORCED")]
    assert found[0].completion_standard == "试水 24 小时"


def test_generating_again_gives_the_same_draft_untouched(store: Store, company: Company) -> None:
    """An operation may run twice with one effect."""
    with store.start_work() as work:
        annual(work, company)
        first = generation.generate(work, company.project, Level.MONTH, "202612", actor=None)
        second = generation.generate(work, company.project, Level.MONTH, "202612", actor=None)
        assert (first.id, len(items.of(work, first.id))) == (second.id, 1)


def test_the_library_fills_what_a_kpi_lacks_and_nothing_else(store: Store, company: Company) -> None:
    """REQ-139."""
    with store.start_work() as work:
        usual = {"name": "销售回款额", "category": "资金", "unit": "万元", "formula": "到账合计", "direction": "HIGHER"}
        work.session.execute(insert(KpiRow).values(**usual, data_source="财务系统", data_provider_id=company.finance))
        found = generation.with_library(work, {"kind": "KPI", "name": "销售回款额", "unit": "元", "method": "UNSET"})

    assert (found["unit"], found["formula"], found["data_provider"]) == ("元", "到账合计", company.finance)
    assert found["method"] == "INTERP"


def test_a_letter_keeps_the_regulation_it_was_made_under(store: Store, company: Company) -> None:
    """REQ-048, REQ-050: frozen at creation; a new version is for new letters."""
    with store.start_work() as work:
        old = drafts.letter(work, company.project)
        newer = regulations.add(
            work, no="2026-2", title="x", params={"drafting": {"key_each": "15"}}, effective_from=date(2026, 6, 1)
        )
        regulations.approve(work, newer, actor=company.zhao)
        regulations.put_in_force(work, newer, actor=company.zhao)
        fresh = drafts.letter(work, company.cost)

        assert letters.view(work, old.id).regulation != newer
        assert letters.view(work, fresh.id).regulation == newer
        assert regulations.view(work, newer).parameters.drafting.key_each == 15
        with pytest.raises(Conflict, match="make a new version"):
            regulations.change(work, newer, {}, actor=company.zhao)


def test_principles_change_only_with_a_year(store: Store, company: Company) -> None:
    """REQ-052: PRINCIPLE for the year, TUNABLE for the next period; REQ-050: never inside an open one."""
    with store.start_work() as work:
        before = regulations.in_force(work).id
        codes = []
        for no, params, start in (
            ("A", {"drafting": {"weight_min": "3"}}, date(2026, 7, 1)),
            ("B", {"cycle": {"month_submit": 24}}, date(2026, 7, 15)),
            ("C", {"cycle": {"month_submit": 24}}, date(2026, 7, 1)),
            ("D", {"drafting": {"weight_min": "3"}}, date(2027, 1, 1)),
        ):
            made = regulations.add(work, no=no, title=no, params=params, effective_from=start, previous=before)
            try:
                regulations.approve(work, made, actor=company.zhao)
                codes.append("approved")
            except InvalidInput as refused:
                codes.append(refused.code)

    assert codes == ["regulation.principle", "regulation.open_period", "approved", "approved"]


def test_a_parameter_out_of_bounds_is_named(store: Store, company: Company) -> None:
    with store.start_work() as work, pytest.raises(InvalidInput) as refused:
        regulations.add(work, no="X", title="X", params={"drafting": {"weight_min": "-1", "colour": 3}, "mood": {}})
    assert sorted(refused.value.fields["mistakes"]) == ["drafting.colour", "drafting.weight_min", "mood"]


def test_a_period_that_is_over_leaves_force_and_is_scored(processes: Engine, company: Company) -> None:
    """processes.md, scoring: the calendar ends the period. Here the scoring process is not deployed: nothing moves."""
    with processes.start_work() as work:
        old = drafts.letter(work, company.project, Level.MONTH, "202610")
        work.session.execute(update(LetterRow).where(LetterRow.id == old.id).values(status=LetterState.EFFECTIVE))
        copying.add_item(work, old.id, drafts.kpi(company), actor=None)
        work.commit()
    with pytest.raises(Exception, match="scoring"):
        cycle.end_due(processes)
    with processes.start_work(reading=True) as work:
        assert letters.view(work, old.id).status is LetterState.EFFECTIVE
        assert work.session.query(ItemRow).count() == 1
