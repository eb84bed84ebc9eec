"""Time limits: reminders, and the superior beside whoever is late; nothing approves by itself (APR-25)."""

from datetime import timedelta

from engine.approvals import deadlines, inbox
from engine.kernel.clock import ManualClock
from engine.notices import notices
from engine.workflow import timers
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person

LIMIT = '<lf:limit for="PT10H" remind="50% 100%" escalate="150%" />'


def _late(mode: str = "ALL", who: tuple[str, ...] = (person("a"),)) -> dict[str, bytes]:
    return gated(Step("check", who, f'kind="decide" mode="{mode}"', LIMIT))


def _fire(stage: Stage) -> int:
    """Fires every timer that is due now, as the scheduler would; how many there were."""
    with stage.store.start_work(reading=True) as work:
        due = timers.due(work, 50)
    for timer, seq in due:
        timers.fire(stage.engine, timer, seq)
    return len(due)


def test_reminders_come_at_their_moments_and_lead_to_the_task(stage: Stage, clock: ManualClock) -> None:
    """APR-25, domain.md §4: reminders at 50 % and 100 %."""
    who = stage.company
    stage.start(_late(), a=who.wang)
    counts = []
    for hours in (4, 2, 5):
        clock.move(timedelta(hours=hours))
        _fire(stage)
        with stage.store.start_work(reading=True) as work:
            counts.append(notices.unread(work, who.wang).action)

    assert counts[:2] == [0, 1]
    assert counts[2] >= 2


def test_after_one_and_a_half_limits_the_superior_may_decide_beside_them(stage: Stage, clock: ManualClock) -> None:
    """APR-25, domain.md §4: at 150 % the superior as extra assignee (或签)."""
    who = stage.company
    instance = stage.start(_late(), a=who.wang)
    clock.move(timedelta(hours=16))
    while _fire(stage):
        pass
    asked = stage.asked()

    stage.approve(who.president)

    assert asked == [(who.wang, "PENDING"), (who.president, "PENDING")]
    assert (stage.status(instance), inbox.counts(stage.engine, who.wang)["todo"]) == ("completed", 0)
    assert stage.acts(instance) == ["ESCALATE", "APPROVE"]


def test_a_late_task_never_approves_itself(stage: Stage, clock: ManualClock) -> None:
    """APR-25: letters never approve by themselves."""
    instance = stage.start(_late(), a=stage.company.wang)

    clock.move(timedelta(days=30))
    while _fire(stage):
        pass

    assert (stage.status(instance), "APPROVE" in stage.acts(instance)) == ("running", False)


def test_a_superior_is_one_voice_with_whoever_is_late(stage: Stage) -> None:
    """APR-25: the others are still asked."""
    who = stage.company
    stage.start(_late(who=(person("a"), person("b"))), a=who.wang, b=who.li)
    task = stage.task()
    with stage.store.start_work() as work:
        added = deadlines.escalate(work, task)
        work.commit()

    first = stage.approve(who.president)
    second = stage.approve(who.li)

    assert (set(added), first.outcome, second.outcome) == ({who.president, who.zhou}, None, "APPROVED")


def test_nobody_is_added_twice(stage: Stage) -> None:
    who = stage.company
    stage.start(_late(), a=who.wang)
    task = stage.task()
    with stage.store.start_work() as work:
        added = [deadlines.escalate(work, task), deadlines.escalate(work, task)]

    assert added == [(who.president,), ()]


def test_the_same_occasion_tells_nobody_twice(stage: Stage) -> None:
    who = stage.company
    stage.start(_late(), a=who.wang)
    task = stage.task()
    with stage.store.start_work() as work:
        for _ in range(2):
            deadlines.remind(work, task, "the same")
        assert notices.unread(work, who.wang).action == 1
