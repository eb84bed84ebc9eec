"""Progress, deliverables and warnings of a letter in force, on the escalation process as it is drawn."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.approvals.tables import assignment
from engine.kernel.clock import ManualClock, local
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.letters import deliverable_specs, items
from engine.letters.states import ItemState
from engine.letters.tracking import handing_in, reporting, updating
from engine.letters.tracking.progress import Update
from engine.letters.tracking.submissions import Verdict
from engine.letters.watching import evaluating, orders, topics, warnings
from engine.letters.watching.levels import WarningLevel
from engine.letters.watching.orders import OrderView
from engine.letters.watching.states import OrderState, WarningState
from engine.letters.watching.warnings import WarningView
from engine.workflow import incidents, timers
from engine.workflow.engine import Engine
from engine.workflow.tables import instance
from engine.workflow.tables import task as tasks
from tests.builders import running
from tests.builders.engines import jobs_of
from tests.integration.people.company import Company

PDF = ("report.pdf", b"%PDF-1.7 report")


@pytest.fixture
def task(processes: Engine, company: Company, clock: ManualClock) -> int:
    """A KEY task due on Friday 25 December, on its first morning."""
    with processes.start_work() as work:
        made = running.alone(work, company, running.task(company), {**running.REPORT, "reviewer_id": company.zhao})
        work.commit()
    clock.set(running.FIRST)
    return made


def warning_of(engine: Engine, item: int) -> WarningView | None:
    with engine.start_work(reading=True) as work:
        return warnings.open_of(work, [item]).get(item)


def order_of(engine: Engine, warning: WarningView) -> OrderView | None:
    with engine.start_work(reading=True) as work:
        return orders.open_of_warning(work, warning.id)


def no_incident(engine: Engine) -> None:
    with engine.start_work(reading=True) as work:
        assert [each.message for each in incidents.open(work)] == []


def say(percent: int, **more: Any) -> Update:
    return Update(percent=Decimal(percent), **more)


def late(percent: int) -> Update:
    return say(percent, reason="供货", measures="换供应商")


def test_an_update_on_plan_opens_no_warning(processes: Engine, task: int, company: Company) -> None:
    """REQ-137."""
    found = updating.save(processes, task, say(20, forecast_finish=date(2026, 12, 24)), company.chen)

    assert (found.deserved, found.level) == (None, None)
    assert warning_of(processes, task) is None


def test_the_level_after_an_update_is_known_before_it_is_saved(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """REQ-088, U31."""
    clock.move(timedelta(days=9))

    outlook = updating.preview(processes, task, say(25, forecast_finish=date(2027, 1, 4)), company.chen)

    assert outlook.evaluation.level is WarningLevel.YELLOW
    assert outlook.reason_needed
    assert outlook.lag == outlook.planned - 25
    assert warning_of(processes, task) is None


def test_from_yellow_on_an_update_needs_cause_and_measure(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """REQ-084, U31."""
    clock.move(timedelta(days=9))

    with pytest.raises(InvalidInput) as caught:
        updating.save(processes, task, say(30), company.chen)

    assert caught.value.code == "progress.reason"


def test_a_lag_of_20_points_is_orange_and_opens_a_supervision_order(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """REQ-035, REQ-087, domain.md §8."""
    clock.move(timedelta(days=13))

    updating.save(processes, task, late(30), company.chen)

    no_incident(processes)
    warning = warning_of(processes, task)
    assert warning is not None
    assert warning.level is WarningLevel.ORANGE
    order = order_of(processes, warning)
    assert order is not None
    assert (order.receiver, order.status) == (company.chen, OrderState.ISSUED)


def test_an_item_has_one_open_warning_that_rises_by_itself(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """REQ-089, REQ-090."""
    clock.set(running.FIRST + timedelta(days=20))
    updating.save(processes, task, late(99), company.chen)
    first = warning_of(processes, task)
    clock.set(running.FIRST + timedelta(days=30))

    evaluating.evaluate_due(processes)

    no_incident(processes)
    second = warning_of(processes, task)
    assert first is not None
    assert second is not None
    assert (first.id, first.level, second.level) == (second.id, WarningLevel.BLUE, WarningLevel.RED)
    assert second.status is WarningState.UPGRADED


def test_red_goes_on_the_agenda_of_the_next_meeting_once(processes: Engine, task: int, clock: ManualClock) -> None:
    clock.set(running.FIRST + timedelta(days=30))

    evaluating.evaluate_due(processes)
    evaluating.evaluate_due(processes)

    with processes.start_work(reading=True) as work:
        assert [topic.item for topic in topics.waiting(work)] == [task]


def test_an_overdue_item_is_marked_so(processes: Engine, task: int, clock: ManualClock) -> None:
    clock.set(running.FIRST + timedelta(days=26))

    evaluating.evaluate_due(processes)

    with processes.start_work(reading=True) as work:
        assert items.view(work, task).status is ItemState.OVERDUE


def test_a_level_falls_only_after_two_updates_back_inside(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """domain.md §8: downgrade after 2 updates back inside."""
    clock.move(timedelta(days=9))
    updating.save(processes, task, late(30), company.chen)

    first = updating.save(processes, task, say(60), company.chen)
    evaluating.evaluate_due(processes)
    still = warning_of(processes, task)
    second = updating.save(processes, task, say(65), company.chen)

    no_incident(processes)
    assert (first.level, first.inside) == (WarningLevel.YELLOW, 1)
    assert still is not None
    assert second.level is None
    assert warning_of(processes, task) is None


def test_the_hourly_evaluation_changes_nothing_the_second_time(
    processes: Engine, task: int, clock: ManualClock
) -> None:
    clock.move(timedelta(days=13))
    evaluating.evaluate_due(processes)
    before = warning_of(processes, task)

    assert evaluating.evaluate_due(processes) == 1

    assert warning_of(processes, task) == before
    with processes.start_work(reading=True) as work:
        assert len(work.session.execute(select(instance.c.id)).all()) == 1


def test_a_task_is_done_only_with_its_deliverable(processes: Engine, task: int, company: Company) -> None:
    """REQ-105, REQ-107."""
    with pytest.raises(Conflict) as caught:
        handing_in.report_done(processes, task, company.chen)

    assert caught.value.code == "item.no_deliverable"


def test_the_deliverable_is_judged_by_its_reviewer_and_ends_item_and_warning(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """REQ-045: done is date and quality both."""
    clock.set(running.FIRST + timedelta(days=20))
    updating.save(processes, task, late(99), company.chen)
    made = hand_in(processes, task, company.chen)
    with pytest.raises(NotAllowed):
        handing_in.judge(processes, made, company.chen, Verdict.PASS)

    handing_in.judge(processes, made, company.zhao, Verdict.PASS)

    no_incident(processes)
    assert warning_of(processes, task) is None
    with processes.start_work(reading=True) as work:
        assert items.view(work, task).status is ItemState.ACCEPTED
        assert [row.status for row in work.session.execute(select(instance.c.status))] == ["completed"]


def test_an_order_outlives_the_warning_until_ops_closes_it(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """Closing only by OPS (销号)."""
    clock.set(running.FIRST + timedelta(days=20))
    updating.save(processes, task, late(10), company.chen)
    warning = warning_of(processes, task)
    assert warning is not None
    jobs_of(processes).run()
    handing_in.judge(processes, hand_in(processes, task, company.chen), company.zhao, Verdict.PASS)

    order = order_of(processes, warning)

    assert order is not None
    act(processes, "sign_in", company.chen)
    act(processes, "closing_report", company.chen, note="已完成")
    decisions.decide(
        processes,
        open_task(processes, "verify"),
        company.zhao,
        Decision("APPROVED", "核实", values={"evidence": "现场核对"}),
    )
    no_incident(processes)
    with processes.start_work(reading=True) as work:
        assert orders.view(work, order.id).status is OrderState.CLOSED
        assert [row.status for row in work.session.execute(select(instance.c.status))] == ["completed"]


def test_a_missed_reply_climbs_from_owner_to_head_to_leader_to_president(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """domain.md §12: one level per missed reply."""
    clock.set(running.FIRST + timedelta(days=9))
    updating.save(processes, task, late(30), company.chen)
    asked = [assignee(processes, "reply")]
    for _ in range(4):
        clock.move(timedelta(days=5))
        timers.fire_due(processes)
        asked.append(assignee(processes, "reply"))

    no_incident(processes)
    assert asked == [company.chen, company.li, company.zhou, company.president, company.president]


def test_an_update_with_cause_measure_and_finish_answers_the_warning_itself(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """ux.md §4.7: nobody types the same twice."""
    clock.set(running.FIRST + timedelta(days=9))

    updating.save(processes, task, replace(late(30), forecast_finish=date(2026, 12, 24)), company.chen)

    no_incident(processes)
    warning = warning_of(processes, task)
    assert warning is not None
    assert (warning.status, warning.reason, warning.measures) == (WarningState.ACTION, "供货", "换供应商")
    with processes.start_work(reading=True) as work:
        wanted = select(tasks.c.id).where(tasks.c.node == "reply", tasks.c.status == "open")
        assert work.connection.execute(wanted).all() == []


def test_a_reply_with_cause_and_measure_brings_the_warning_into_action(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """REQ-102, REQ-135."""
    clock.set(running.FIRST + timedelta(days=9))
    updating.save(processes, task, late(30), company.chen)

    act(processes, "reply", company.chen, cause="人手", measures="加班", forecast_finish="2026-12-28")

    no_incident(processes)
    warning = warning_of(processes, task)
    assert warning is not None
    assert (warning.status, warning.reason) == (WarningState.ACTION, "人手")
    assert warning.forecast_finish == date(2026, 12, 28)


def test_a_warning_stays_until_the_verdict_and_does_not_rise_meanwhile(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """REQ-045: handed in is not yet done."""
    clock.set(running.FIRST + timedelta(days=13))
    updating.save(processes, task, late(30), company.chen)
    hand_in(processes, task, company.chen)
    clock.set(running.FIRST + timedelta(days=40))

    evaluating.evaluate_due(processes)

    warning = warning_of(processes, task)
    assert warning is not None
    assert warning.level is WarningLevel.ORANGE


def test_a_stage_deliverable_judged_after_the_final_one_changes_nothing(
    processes: Engine, company: Company, clock: ManualClock
) -> None:
    clock.set(running.FIRST)
    stage = {"name": "中间报告", "stage": "STAGE", "reviewer_id": company.zhao}
    final = {**running.REPORT, "reviewer_id": company.zhao}
    with processes.start_work() as work:
        item = running.alone(work, company, running.task(company), final, stage)
        specs = [spec.id for spec in deliverable_specs.of_item(work, item)]
        work.commit()
    made = [handing_in.hand_in(processes, item, spec, company.chen, files=[PDF]).id for spec in specs]

    for each in made:
        handing_in.judge(processes, each, company.zhao, Verdict.PASS)

    with processes.start_work(reading=True) as work:
        assert items.view(work, item).status is ItemState.ACCEPTED


def test_a_conditional_verdict_needs_words_and_opens_a_mending_time(
    processes: Engine, task: int, company: Company
) -> None:
    made = hand_in(processes, task, company.chen)
    with pytest.raises(InvalidInput):
        handing_in.judge(processes, made, company.zhao, Verdict.CONDITIONAL)

    judged = handing_in.judge(processes, made, company.zhao, Verdict.CONDITIONAL, comment="缺影像")

    assert judged.mend_until == date(2026, 12, 4)
    with processes.start_work(reading=True) as work:
        assert items.view(work, task).status is ItemState.RECTIFY
    second = hand_in(processes, task, company.chen)
    assert second != made


def test_the_second_verdict_is_told_what_the_first_one_was(processes: Engine, task: int, company: Company) -> None:
    made = hand_in(processes, task, company.chen)
    handing_in.judge(processes, made, company.zhao, Verdict.PASS)

    with pytest.raises(Conflict) as caught:
        handing_in.judge(processes, made, company.zhao, Verdict.FAIL, comment="no")

    assert caught.value.fields["result"] == "PASS"


def test_nobody_hands_in_after_the_letter_is_scored(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    with processes.start_work() as work:
        running.ended(work, items.view(work, task).letter)
        work.commit()

    with pytest.raises(Conflict) as caught:
        hand_in(processes, task, company.chen)

    assert caught.value.code == "deliverable.cut_off"


def test_strangers_do_not_report_progress(processes: Engine, task: int, company: Company) -> None:
    with pytest.raises(NotAllowed):
        updating.save(processes, task, say(10), company.zhou)


def test_the_sheet_shows_my_items_and_confirms_what_did_not_change(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """ux.md §4.7: what was reported in this round is not confirmed again; a week later it waits anew."""
    updating.save(processes, task, say(60), company.chen)

    lines = reporting.sheet(processes, company.chen)
    again = reporting.confirm_all(processes, company.chen)
    clock.move(timedelta(days=3))

    assert [(line.item.id, line.last.percent if line.last else None) for line in lines] == [(task, 60)]
    assert [line.left for line in lines] == [False]
    assert again == 0
    assert [line.left for line in reporting.sheet(processes, company.chen)] == [True]
    assert reporting.confirm_all(processes, company.chen) == 1


def test_the_next_report_of_a_key_item_is_due_on_tuesday_and_friday(
    processes: Engine, task: int, company: Company, clock: ManualClock
) -> None:
    """domain.md §4: Friday 17:00, KEY items also on Tuesday."""
    days = []
    for _week in range(3):
        due = reporting.sheet(processes, company.chen)[0].due
        days.append((due.isoweekday(), local(due).hour))
        clock.set(due + timedelta(minutes=1))

    assert set(days) == {(2, 17), (5, 17)}


def open_task(engine: Engine, node: str) -> int:
    with engine.start_work(reading=True) as work:
        wanted = select(tasks.c.id).where(tasks.c.node == node, tasks.c.status == "open")
        return int(work.connection.execute(wanted).scalar_one())


def assignee(engine: Engine, node: str) -> int:
    with engine.start_work(reading=True) as work:
        wanted = select(assignment.c.person_id).where(assignment.c.task_id == open_task(engine, node))
        return int(work.connection.execute(wanted).scalar_one())


def act(engine: Engine, node: str, actor: int, **values: Any) -> None:
    decisions.decide(engine, open_task(engine, node), actor, Decision("DONE", values=values))


def hand_in(engine: Engine, item: int, actor: int) -> int:
    with engine.start_work(reading=True) as work:
        spec = deliverable_specs.of_item(work, item)[0]
    return handing_in.hand_in(engine, item, spec.id, actor, files=[PDF]).id
