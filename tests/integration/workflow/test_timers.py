"""Timers are rows: each takes effect once, whoever rings, and waits while its instance is suspended."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.kernel import audit_proof
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Unavailable
from engine.kernel.work import Store, Work
from engine.workflow import definitions, history, incidents, instances, tasks, timers
from engine.workflow.engine import Engine
from engine.workflow.hooks import Listener
from engine.workflow.step import Answer
from engine.workflow.tables import timer
from engine.workflow.views import TaskView
from tests.builders.diagrams import one_task, process, sequence, timed, user
from tests.builders.engines import jobs_of, make_engine

HOUR = timedelta(hours=1)


@pytest.fixture
def engine(store: Store) -> Engine:
    return make_engine(store)


def _deploy(engine: Engine, files: dict[str, bytes], key: str) -> int:
    definitions.deploy(engine, files)
    return instances.start_one(engine, key, starter=1)


def _late(*, interrupting: bool = True, after: str = "PT1H", cycle: bool = False) -> dict[str, bytes]:
    body = f'<startEvent id="begin"/>{user("work")}<endEvent id="done"/>{user("chase")}<endEvent id="chased"/>'
    flows = sequence("begin", "work", "done") + sequence("chase", "chased")
    return process("late", body + flows + timed("work", "chase", after=after, interrupting=interrupting, cycle=cycle))


def _open(engine: Engine, instance_id: int) -> list[str]:
    with engine.start_work(reading=True) as work:
        return [each.node for each in tasks.of_instance(engine, work, instance_id, status="open")]


def _armed(engine: Engine) -> list[tuple[int, int]]:
    with engine.start_work(reading=True) as work:
        return [(row.id, row.seq) for row in work.connection.execute(select(timer).where(timer.c.state == "waiting"))]


def test_a_boundary_timer_interrupts_its_task_when_it_is_due(engine: Engine, clock: ManualClock) -> None:
    instance_id = _deploy(engine, _late(), "late")
    early = timers.fire_due(engine)

    clock.move(HOUR)
    due = timers.fire_due(engine)

    assert (early, due, _open(engine, instance_id)) == (0, 1, ["chase"])


def test_a_timer_fires_once_however_often_it_is_rung(engine: Engine, clock: ManualClock) -> None:
    instance_id = _deploy(engine, _late(interrupting=False), "late")
    ((timer_id, seq),) = _armed(engine)
    clock.move(HOUR)

    fired = [timers.fire(engine, timer_id, seq) for _ in range(3)]

    assert fired == [True, False, False]
    assert sorted(_open(engine, instance_id)) == ["chase", "work"]


def test_a_timer_that_is_rung_early_or_with_another_number_does_nothing(engine: Engine, clock: ManualClock) -> None:
    _deploy(engine, _late(), "late")
    ((timer_id, seq),) = _armed(engine)
    early = timers.fire(engine, timer_id, seq)
    clock.move(HOUR)

    assert (early, timers.fire(engine, timer_id, seq + 1), timers.fire(engine, 999, 0)) == (False, False, False)


def test_a_timer_of_a_task_that_was_completed_is_cancelled(engine: Engine, clock: ManualClock) -> None:
    instance_id = _deploy(engine, _late(), "late")
    with engine.start_work(reading=True) as work:
        (task,) = tasks.of_instance(engine, work, instance_id, status="open")
    tasks.complete_one(engine, task.id, Answer(), 2)
    clock.move(HOUR)

    assert (timers.fire_due(engine), instances.view(engine, instance_id).status) == (0, "completed")


def test_ringing_hands_due_timers_to_workers(engine: Engine, clock: ManualClock) -> None:
    instance_id = _deploy(engine, _late(), "late")
    clock.move(HOUR)

    rung = timers.ring(engine)
    jobs_of(engine).run()

    assert (rung, timers.ring(engine), _open(engine, instance_id)) == (1, 0, ["chase"])


def test_missed_occurrences_of_a_cycle_fire_once(engine: Engine, clock: ManualClock) -> None:
    instance_id = _deploy(engine, _late(after="R/PT1H", interrupting=False, cycle=True), "late")

    clock.move(10 * HOUR)
    missed = timers.fire_due(engine)
    again = timers.fire_due(engine)
    clock.move(HOUR)
    next_one = timers.fire_due(engine)

    assert (missed, again, next_one) == (1, 0, 1)
    assert _open(engine, instance_id).count("chase") == 2


def test_timers_of_a_suspended_instance_wait_and_fire_when_it_is_resumed(engine: Engine, clock: ManualClock) -> None:
    """APR-18"""
    instance_id = _deploy(engine, _late(), "late")
    ((timer_id, seq),) = _armed(engine)
    instances.suspend(engine, instance_id, 1, "inquiry")
    clock.move(HOUR)

    meanwhile = (timers.fire_due(engine), timers.fire(engine, timer_id, seq))
    instances.resume(engine, instance_id, 1, "done")

    assert meanwhile == (0, False)
    assert (timers.fire_due(engine), _open(engine, instance_id)) == (1, ["chase"])


def test_the_next_due_moment_is_that_of_the_earliest_waiting_timer(engine: Engine, clock: ManualClock) -> None:
    _deploy(engine, _late(), "late")
    _deploy(engine, one_task("limited", '<lf:limit for="PT30M"/>'), "limited")

    with engine.start_work(reading=True) as work:
        assert timers.next_due(work) == clock.now() + HOUR / 2


class Deadlines(Listener):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def deadline(self, engine: Engine, work: Work, task: TaskView, kind: str) -> None:
        self.told.append((task.node, kind))


def test_a_limit_reminds_at_its_points_then_ends_then_escalates(engine: Engine, clock: ManualClock) -> None:
    """APR-25"""
    told = Deadlines()
    engine.hooks.add(told)
    limit = '<lf:limit for="1wd" remind="50% 100%" escalate="150%"/>'
    instance_id = _deploy(engine, one_task("limited", limit), "limited")  # Monday 09:00 in Shanghai
    moments = []
    for _ in range(33):
        clock.move(HOUR)
        while timers.fire_due(engine):
            pass
        moments.append(list(told.told))

    kinds = [kind for _, kind in told.told]
    reached = [next(number for number, seen in enumerate(moments, 1) if len(seen) >= count) for count in (1, 3, 4)]

    assert (kinds[0], sorted(kinds[1:3]), kinds[3]) == ("remind", ["deadline", "remind"], "escalate")
    assert reached == [5, 9, 29]  # Monday 14:00 (lunch does not count), 18:00; Tuesday 14:00
    assert _open(engine, instance_id) == ["work"]


def test_the_due_moment_of_a_task_is_on_its_row(engine: Engine, clock: ManualClock) -> None:
    instance_id = _deploy(
        engine, one_task("limited", '<lf:limit for="=&quot;PT&quot; + string(1 + 1) + &quot;H&quot;"/>'), "limited"
    )

    with engine.start_work(reading=True) as work:
        (task,) = tasks.of_instance(engine, work, instance_id)

    assert task.due_at == clock.now() + 2 * HOUR


def test_limits_of_a_completed_task_are_void(engine: Engine, clock: ManualClock) -> None:
    told = Deadlines()
    engine.hooks.add(told)
    instance_id = _deploy(engine, one_task("limited", '<lf:limit for="PT1H" remind="50%"/>'), "limited")
    with engine.start_work(reading=True) as work:
        (task,) = tasks.of_instance(engine, work, instance_id)
    tasks.complete_one(engine, task.id, Answer(), 2)
    clock.move(2 * HOUR)

    assert (timers.fire_due(engine), told.told) == (0, [])


def test_a_limit_writes_history(engine: Engine, clock: ManualClock) -> None:
    instance_id = _deploy(engine, one_task("limited", '<lf:limit for="PT1H"/>'), "limited")
    clock.move(HOUR)
    timers.fire_due(engine)

    with engine.start_work(reading=True) as work:
        assert [line.act for line in history.of(work, instance_id)] == ["instance.started", "task.deadline"]


class Broken(Listener):
    """Fails until it is mended."""

    mended = False

    def deadline(self, engine: Engine, work: Work, task: TaskView, kind: str) -> None:
        if not self.mended:
            raise Unavailable("test.broken", "the directory does not answer")


def _fail_until_incident(engine: Engine, clock: ManualClock) -> None:
    clock.move(HOUR)
    for _ in range(timers.TRIES):
        timers.ring(engine)
        jobs_of(engine).run()
        clock.move(timers.PATIENCE)
        timers.rescue(engine)


def test_a_timer_that_keeps_failing_becomes_an_incident_that_can_be_retried(engine: Engine, clock: ManualClock) -> None:
    broken = Broken()
    engine.hooks.add(broken)
    instance_id = _deploy(engine, one_task("limited", '<lf:limit for="PT1H"/>'), "limited")
    _fail_until_incident(engine, clock)
    with engine.start_work(reading=True) as work:
        (incident,) = incidents.open(work)
    counted = instances.view(engine, instance_id).incidents

    broken.mended = True
    through = incidents.retry(engine, incident.id, 1)
    fired = timers.fire_due(engine)

    assert (incident.code, counted, through, fired) == ("test.broken", 1, True, 1)
    assert instances.view(engine, instance_id).incidents == 0


def test_history_verifies_after_all_kinds_of_steps(engine: Engine, clock: ManualClock) -> None:
    _deploy(engine, _late(interrupting=False), "late")
    clock.move(HOUR)
    timers.fire_due(engine)

    with engine.start_work(reading=True) as work:
        assert audit_proof.verify(work) == []


def _states(engine: Engine) -> list[Any]:
    with engine.start_work(reading=True) as work:
        return list(work.connection.execute(select(timer.c.state)).scalars())


def test_old_timers_of_ended_instances_are_forgotten(engine: Engine, clock: ManualClock) -> None:
    instance_id = _deploy(engine, _late(), "late")
    instances.cancel(engine, instance_id, 1, "test")
    before = _states(engine)
    clock.move(timedelta(days=91))

    assert (before, timers.purge(engine), _states(engine)) == (["cancelled"], 1, [])
