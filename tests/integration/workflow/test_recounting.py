"""When the group's working days change, limits that are written in them move."""

from datetime import date, timedelta

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
from tests.builders.diagrams import one_task
from tests.builders.engines import make_engine

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
