"""When the group's working days change, limits that are written in them move."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.approvals import joining
from engine.approvals.tables import assignment
from engine.kernel import calendar_days
from engine.kernel.clock import ManualClock
from engine.kernel.work import Store
from engine.people import persons
from engine.people.persons import NewPerson
from engine.workflow import definitions, history, instances, recounting, tasks, timers
from engine.workflow.engine import Engine
from tests.builders.diagrams import one_task, process, sequence, timed, user
from tests.builders.engines import make_engine
from tests.conftest import MONDAY

TUESDAY = date(2026, 11, 3)
DAY = timedelta(days=1)
ADMIN = 1


@pytest.fixture
def engine(store: Store) -> Engine:
    made = make_engine(store)
    joining.join(made)
    with made.start_work() as work:
        persons.add(work, NewPerson("E001", "陈静"))
        work.commit()
    return made


def _started(engine: Engine, limit: str) -> int:
    definitions.deploy(engine, one_task("limited", '<lf:who rule="starter"/>', limit))
    return instances.start_one(engine, "limited", starter=1)


def _make_tuesday_free(engine: Engine) -> None:
    with engine.start_work() as work:
        calendar_days.change(work, TUESDAY, is_workday=False, actor=ADMIN)
        work.commit()


def test_a_limit_in_working_days_moves_with_its_timers_and_the_inbox(engine: Engine, clock: ManualClock) -> None:
    instance_id = _started(engine, '<lf:limit for="1wd" remind="50%"/>')  # from Monday 09:00: due at 18:00
    clock.move(timedelta(hours=10))  # 19:00
    late = _started(engine, '<lf:limit for="1wd"/>')  # all of Tuesday
    _make_tuesday_free(engine)

    moved = recounting.recount_due(engine)

    with engine.start_work(reading=True) as work:
        (first,), (second,) = (tasks.of_instance(engine, work, each) for each in (instance_id, late))
        deadline = [each.due_at for each in timers.of_instance(work, late)]
        shown = work.connection.execute(select(assignment.c.due_at).where(assignment.c.task_id == second.id)).scalar()
        acts = [line.act for line in history.of(work, late)]
    start = second.opened_at - timedelta(hours=10)
    assert moved == 1
    assert first.due_at == start + timedelta(hours=9)
    assert second.due_at == start + 2 * DAY + timedelta(hours=9)  # Wednesday 18:00
    assert (deadline, shown, acts[-1]) == ([second.due_at], second.due_at, "task.recounted")


def test_nothing_is_counted_while_the_calendar_stays_as_it_is(engine: Engine, clock: ManualClock) -> None:
    _started(engine, '<lf:limit for="1wd"/>')
    clock.move(timedelta(hours=10))
    _started(engine, '<lf:limit for="1wd"/>')
    _make_tuesday_free(engine)

    counts = [recounting.recount_due(engine) for _ in range(2)]

    assert counts == [1, 0]


@pytest.mark.parametrize("limit", ['<lf:limit for="P1D"/>', "<lf:limit for='=\"1wd\"'/>"])
def test_limits_that_are_not_written_in_working_time_stay(engine: Engine, limit: str) -> None:
    _started(engine, limit)
    _make_tuesday_free(engine)

    assert recounting.recount_due(engine) == 0


def _drawn(engine: Engine, after: str, *, cycle: bool = False) -> int:
    """An instance at `work`, beside which the diagram draws a timer that leads to `chase`."""
    body = '<startEvent id="begin"/>' + user("work") + user("chase") + '<endEvent id="done"/>'
    flows = sequence("begin", "work", "done") + sequence("chase", "done")
    files = process("drawn", body + flows + timed("work", "chase", after=after, interrupting=False, cycle=cycle))
    definitions.deploy(engine, files)
    return instances.start_one(engine, "drawn")


def _due_of(engine: Engine, instance_id: int) -> datetime:
    with engine.start_work(reading=True) as work:
        (waiting,) = timers.of_instance(work, instance_id)
    return waiting.due_at


@pytest.mark.parametrize("cycle", [False, True])
def test_a_timer_of_the_diagram_in_working_days_moves_and_fires_then(
    engine: Engine, clock: ManualClock, cycle: bool
) -> None:
    instance_id = _drawn(engine, "R/2wd" if cycle else "2wd", cycle=cycle)  # from Monday 09:00: Tuesday 18:00
    before = _due_of(engine, instance_id)
    _make_tuesday_free(engine)

    moved = recounting.recount_due(engine)
    clock.move(timedelta(hours=40))  # Wednesday 01:00
    early = timers.fire_due(engine)
    clock.move(timedelta(hours=17))
    fired = timers.fire_due(engine)

    with engine.start_work(reading=True) as work:
        acts = [line.act for line in history.of(work, instance_id) if line.act.startswith("timer")]
    assert (moved, early, fired) == (1, 0, 1)
    assert acts == ["timers.recounted", "timer.fired"]
    assert before + DAY == MONDAY + 2 * DAY + timedelta(hours=9)


def test_a_timer_of_a_suspended_instance_moves_and_the_instance_stays_suspended(engine: Engine) -> None:
    instance_id = _drawn(engine, "2wd")
    before = _due_of(engine, instance_id)
    instances.suspend(engine, instance_id, ADMIN, "waits for the audit")
    _make_tuesday_free(engine)

    moved = recounting.recount_due(engine)

    assert moved == 1
    assert _due_of(engine, instance_id) == before + DAY
    assert instances.view(engine, instance_id).status == "suspended"


def test_the_preview_tells_what_a_change_would_move_and_changes_nothing(engine: Engine) -> None:
    drawn = _drawn(engine, "2wd")
    _drawn(engine, "P2D")
    limited = _started(engine, '<lf:limit for="2wd"/>')
    due = _due_of(engine, drawn)

    with engine.start_work(reading=True) as work:
        told = recounting.preview(engine, work, {TUESDAY: False})
        nothing = recounting.preview(engine, work, {TUESDAY: True})

    assert {(each.instance_id, each.kind, each.before, each.due) for each in told} == {
        (drawn, "boundary", due, due + DAY),
        (limited, "task", due, due + DAY),
    }
    assert nothing == []
    assert _due_of(engine, drawn) == due


def test_what_the_preview_tells_is_what_the_recount_moves(engine: Engine) -> None:
    _drawn(engine, "R/4wh", cycle=True)
    _started(engine, '<lf:limit for="3wd" remind="50%"/>')
    with engine.start_work(reading=True) as work:
        told = recounting.preview(engine, work, {TUESDAY: False})
    _make_tuesday_free(engine)

    moved = recounting.recount_due(engine)

    assert moved == len(told) == 1  # four hours from Monday 09:00 end before Tuesday
