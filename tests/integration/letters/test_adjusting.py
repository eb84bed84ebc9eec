"""Adjustments on the drawn process: the new version, its weights, what is left behind for scoring (domain.md §9)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.kernel.clock import ManualClock
from engine.kernel.errors import InvalidInput, NotAllowed
from engine.letters import adjustments, content, effects, items, letters
from engine.letters.adjusting import applying, requests
from engine.letters.adjusting.requests import Asked
from engine.letters.commitments import CommitmentRow
from engine.letters.drafting import copying
from engine.letters.kinds import AdjustmentType, Cause, EffectKind, Level
from engine.letters.letters import LetterRow
from engine.letters.states import AdjustmentState, CommitmentState, ItemState, LetterState
from engine.letters.tracking.progress import ProgressRow
from engine.workflow.engine import Engine
from tests.builders import drafts
from tests.integration.letters import acting
from tests.integration.people.company import Company

DECEMBER = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def letter(processes: Engine, company: Company, clock: ManualClock) -> int:
    made = acting.in_force(processes, company)
    clock.set(DECEMBER)
    return made


def rows(engine: Engine, letter: int) -> dict[str, int]:
    with engine.start_work(reading=True) as work:
        return {item.name: item.id for item in items.of(work, letter)}


def file(engine: Engine, letter: int, asked: Asked, actor: int) -> int:
    drafted = requests.draft(engine, letter, asked, actor=actor)
    requests.file(engine, drafted.id, actor=actor)
    acting.no_incident(engine)
    return drafted.id


def carry_through(engine: Engine, adjustment: int) -> None:
    """OPS confirms the cause, then everybody who is asked approves."""
    with engine.start_work(reading=True) as work:
        row = acting.pending(work)[0]
    acting.decisions.decide(
        engine,
        row.task_id,
        row.person_id,
        acting.Decision("DONE", values={"finding": "CONFIRMED", "counted": False, "reason": "属实"}),
    )
    while True:
        with engine.start_work(reading=True) as work:
            if adjustments.view(work, adjustment).status is not AdjustmentState.APPROVING:
                break
        acting.decide_next(engine)
    acting.no_incident(engine)


def test_a_task_moved_by_force_majeure_keeps_its_full_score(processes: Engine, company: Company, letter: int) -> None:
    """REQ-056: new value, factor 1; version 2 in force, version 1 superseded, one active version."""
    task = rows(processes, letter)["主体结构封顶"]
    asked = Asked(
        AdjustmentType.DUE,
        Cause.FORCE_MAJEURE,
        "台风停工",
        [(task, "due", "2026-12-30")],
        event_on=date(2026, 12, 1),
        proof=("气象证明",),
    )
    adjustment = file(processes, letter, asked, company.li)
    carry_through(processes, adjustment)

    with processes.start_work(reading=True) as work:
        done = adjustments.view(work, adjustment)
        new = letters.view(work, done.result or 0)
        assert done.status is AdjustmentState.APPLIED
        assert (new.version, new.status) == (2, LetterState.EFFECTIVE)
        assert letters.view(work, letter).status is LetterState.SUPERSEDED
        assert letters.active(work, new.org, new.level, new.period) == new
        moved = next(item for item in items.of(work, new.id) if item.previous == task)
        assert (moved.due, moved.status) == (date(2026, 12, 30), ItemState.IN_PROGRESS)
        assert effects.of(work, new) == ()


def test_ones_own_extension_costs_a_tenth_and_caps_at_ninety(processes: Engine, company: Company, letter: int) -> None:
    """REQ-055: SELF DUE: factor 0.9, cap 90 after the factor. The regulation here allows 40 % for it."""
    task = rows(processes, letter)["主体结构封顶"]
    asked = Asked(AdjustmentType.DUE, Cause.SELF, "人手不足", [(task, "due", "2026-12-30")])
    with pytest.raises(InvalidInput) as refused:
        file(processes, letter, asked, company.li)
    assert refused.value.code == "adjustment.weight"  # 30 % > 20 %

    with processes.start_work(reading=True) as work:
        assert letters.view(work, letter).status is LetterState.EFFECTIVE


def test_a_deleted_items_weight_goes_to_its_category_else_to_all(
    processes: Engine, company: Company, letter: int
) -> None:
    """§9: GROUP DELETE: weight to the same category pro rata, else all; weights sum to 100 again."""
    names = rows(processes, letter)
    asked = Asked(AdjustmentType.DELETE, Cause.GROUP, "集团取消", [(names["主体结构封顶"], "status", "DELETED")])
    adjustment = file(processes, letter, asked, company.li)
    carry_through(processes, adjustment)

    with processes.start_work(reading=True) as work:
        whole = content.load(work, adjustments.view(work, adjustment).result or 0)
    assert {item.name: whole.weights[item.id] for item in whole.scored} == {
        "销售回款额": Decimal(50),
        "营销费用率": Decimal(50),
    }
    assert [item.name for item in whole.deleted] == ["主体结构封顶"]


def test_a_suspended_item_is_not_scored_and_shifts_by_the_days(
    processes: Engine, company: Company, letter: int
) -> None:
    """§9 SUSPEND: not scored this period, weight redistributed, due shifted."""
    task = rows(processes, letter)["主体结构封顶"]
    asked = Asked(AdjustmentType.SUSPEND, Cause.POLICY, "停工令", [(task, "days", 10)], event_on=date(2026, 12, 1))
    adjustment = file(processes, letter, asked, company.li)
    carry_through(processes, adjustment)

    with processes.start_work(reading=True) as work:
        new = letters.view(work, adjustments.view(work, adjustment).result or 0)
        halted = next(item for item in items.of(work, new.id) if item.previous == task)
        assert (halted.status, halted.due) == (ItemState.SUSPENDED, date(2027, 1, 4))
        assert [each.kind for each in effects.of(work, new)] == [EffectKind.NOT_SCORED]
        assert sum(content.load(work, new.id).weights.values()) == 100


def test_a_late_addition_is_carved_out_and_gets_three_free_days(
    processes: Engine, company: Company, letter: int, clock: ManualClock
) -> None:
    """§9 ADD by the group with under 10 working days left: weight carved pro rata, first 3 late days free."""
    clock.set(datetime(2026, 12, 21, 1, 0, tzinfo=UTC))
    new_item = {"kind": "TASK", "name": "年终盘点", "weight": "10", "due": "2026-12-30", "category": "成本"}
    asked = Asked(AdjustmentType.ADD, Cause.GROUP, "集团要求", new_item=new_item)
    adjustment = file(processes, letter, asked, company.li)
    carry_through(processes, adjustment)

    with processes.start_work(reading=True) as work:
        new = letters.view(work, adjustments.view(work, adjustment).result or 0)
        whole = content.load(work, new.id)
        assert {item.name: whole.weights[item.id] for item in whole.scored} == {
            "销售回款额": Decimal("31.5"),
            "主体结构封顶": Decimal(27),
            "营销费用率": Decimal("31.5"),
            "年终盘点": Decimal(10),
        }
        assert [(each.kind, each.value) for each in effects.of(work, new)] == [(EffectKind.FREE_LATE_DAYS, 3)]


def test_ones_own_addition_becomes_a_bonus(processes: Engine, company: Company, letter: int) -> None:
    """§9 SELF ADD: accepted as BONUS +2; no weight moves."""
    asked = Asked(AdjustmentType.ADD, Cause.SELF, "多做一项", new_item={"kind": "TASK", "name": "样板开放"})
    adjustment = file(processes, letter, asked, company.li)
    carry_through(processes, adjustment)

    with processes.start_work(reading=True) as work:
        new = letters.view(work, adjustments.view(work, adjustment).result or 0)
        added = next(item for item in items.of(work, new.id) if item.name == "样板开放")
        assert (added.kind, added.weight) == ("BONUS", 0)
        assert [(each.kind, each.value) for each in effects.of(work, new)] == [(EffectKind.BONUS, 2)]


def test_a_provider_who_broke_its_promise_pays_two_points(processes: Engine, company: Company, letter: int) -> None:
    """§9 UPSTREAM: factor 1 here, −2 for the provider in the same period; the promise is BREACHED."""
    task = rows(processes, letter)["主体结构封顶"]
    with processes.start_work() as work:
        values = {"letter_id": letter, "item_id": task, "provider_id": company.cost, "content": "清单", "turns": []}
        made = insert(CommitmentRow).values(**values, status=CommitmentState.ACCEPTED).returning(CommitmentRow.id)
        promise = work.session.execute(made).scalar_one()
        work.commit()
    asked = Asked(AdjustmentType.DUE, Cause.UPSTREAM, "清单未到", [(task, "due", "2026-12-30")], breached=(promise,))
    adjustment = file(processes, letter, asked, company.li)
    carry_through(processes, adjustment)

    with processes.start_work() as work:
        theirs = drafts.letter(work, company.cost, Level.MONTH)
        found = effects.of(work, theirs)
    assert [(each.kind, each.value, each.org) for each in found] == [
        (EffectKind.PROVIDER_DEDUCTION, Decimal(2), company.cost)
    ]


def test_a_request_after_the_day_is_refused_with_its_rule(
    processes: Engine, company: Company, letter: int, clock: ManualClock
) -> None:
    """§9: MONTH ≥3 working days before due, never after it."""
    task = rows(processes, letter)["主体结构封顶"]
    asked = Asked(AdjustmentType.DUE, Cause.GROUP, "集团决定", [(task, "due", "2026-12-30")])
    codes = []
    for day in (23, 28):
        clock.set(datetime(2026, 12, day, 1, 0, tzinfo=UTC))
        with pytest.raises(InvalidInput) as refused:
            file(processes, letter, asked, company.li)
        codes.append((refused.value.code, refused.value.fields["rule"]))

    assert codes == [("adjustment.too_late", "§9"), ("adjustment.past_due", "§9")]


def test_a_request_is_withdrawn_and_nothing_changes(processes: Engine, company: Company, letter: int) -> None:
    """撤回 before it is decided; only by its applicant."""
    task = rows(processes, letter)["主体结构封顶"]
    asked = Asked(AdjustmentType.OWNER, Cause.SELF, "调岗", [(task, "owner", company.li)])
    adjustment = file(processes, letter, asked, company.li)
    with pytest.raises(NotAllowed):
        requests.withdraw(processes, adjustment, actor=company.zhao)

    withdrawn = requests.withdraw(processes, adjustment, actor=company.li)

    acting.no_incident(processes)
    assert withdrawn.status is AdjustmentState.WITHDRAWN
    assert acting.head_of(processes, letter).status is LetterState.EFFECTIVE


def test_the_route_is_what_the_process_own_table_says(processes: Engine, company: Company, letter: int) -> None:
    """§9 route: owner → OPS, key item → committee, else the leader in charge."""
    names = rows(processes, letter)
    asked = [
        Asked(AdjustmentType.OWNER, Cause.SELF, "调岗", [(names["营销费用率"], "owner", company.li)]),
        Asked(AdjustmentType.TARGET, Cause.GROUP, "集团", [(names["销售回款额"], "target", "9500")]),
        Asked(AdjustmentType.ADD, Cause.GROUP, "集团", new_item={"kind": "TASK", "name": "x", "weight": "10"}),
    ]
    found = []
    for each in asked:
        drafted = requests.draft(processes, letter, each, actor=company.li)
        with processes.start_work(reading=True) as work:
            found.append(requests.route(processes, work, requests.preview(processes, work, drafted)))

    assert found == ["OPS", "COMMITTEE", "LEADER"]


def test_progress_documents_and_children_follow_into_the_new_version(
    processes: Engine, company: Company, letter: int, clock: ManualClock
) -> None:
    """§9: version n+1; what was told about an item stays with it, and children get a sync task with the difference."""
    names = rows(processes, letter)
    task = names["主体结构封顶"]
    with processes.start_work() as work:
        told = {"item_id": task, "percent": Decimal(40), "author_id": company.chen, "at": work.now}
        work.session.execute(insert(ProgressRow).values(**told))
        below = drafts.letter(work, company.cost, Level.MONTH)
        child = copying.add_item(work, below.id, drafts.task(company, parent=task), actor=None)
        work.commit()
    asked = Asked(AdjustmentType.DUE, Cause.GROUP, "集团决定", [(task, "due", "2026-12-30")])
    adjustment = file(processes, letter, asked, company.li)
    carry_through(processes, adjustment)

    with processes.start_work(reading=True) as work:
        done = adjustments.view(work, adjustment)
        new = next(item for item in items.of(work, done.result or 0) if item.previous == task)
        assert items.view(work, child).parent == new.id
        assert work.session.execute(select(ProgressRow.item_id)).scalars().all() == [new.id]
        assert items.lineage(work, task) == {task, new.id}
        found = applying.children(work, done)
        assert [(each.item, each.head, each.after) for each in found] == [(child, company.wang, {"due": "2026-12-30"})]
        assert company.wang in {row.person_id for row in acting.pending(work)}


def test_only_one_version_counts_whatever_happens(processes: Engine, company: Company, letter: int) -> None:
    """domain.md §1: unique (org, period, active version), held by the database itself."""
    with processes.start_work() as work:
        second = drafts.letter(work, company.project, Level.MONTH)
        with pytest.raises(IntegrityError):
            work.session.execute(
                update(LetterRow).where(LetterRow.id == second.id).values(status=LetterState.EFFECTIVE)
            )
