"""The clock's steps: what is due is handed out, once in the whole installation, and one failure stops nothing."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.kernel import audit, audit_proof
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Unavailable
from engine.kernel.work import Store
from engine.notices import outbox
from engine.scheduler import Periodic, Scheduler
from engine.workflow import definitions, instances
from engine.workflow.engine import Engine
from engine.workflow.tables import timer
from tests.builders.diagrams import one_task
from tests.builders.engines import jobs_of, make_engine

HOUR = timedelta(hours=1)


class Counted:
    """A periodic step that counts its calls, and fails when it is told to."""

    def __init__(self) -> None:
        self.calls = 0
        self.fails = False

    def __call__(self) -> int:
        self.calls += 1
        if self.fails:
            raise Unavailable("test.down", "not now")
        return 1


@pytest.fixture
def engine(store: Store) -> Engine:
    return make_engine(store)


def _scheduler(engine: Engine, *steps: Periodic) -> Scheduler:
    return Scheduler(engine, periodic=steps)


def test_a_periodic_step_runs_once_in_its_time_however_many_processes_there_are(
    engine: Engine, clock: ManualClock
) -> None:
    step = Counted()
    first, second = (_scheduler(engine, Periodic("test", HOUR, step)) for _ in range(2))

    for scheduler in (first, second, first):
        scheduler.run_periodic()
    early = step.calls
    clock.move(HOUR)
    for scheduler in (second, first):
        scheduler.run_periodic()

    assert (early, step.calls) == (1, 2)


def test_a_step_that_fails_stops_no_other_and_comes_again(engine: Engine, clock: ManualClock) -> None:
    broken, sound = Counted(), Counted()
    broken.fails = True
    scheduler = _scheduler(engine, Periodic("broken", HOUR, broken), Periodic("sound", HOUR, sound))
    for _ in range(2):
        scheduler.run_periodic()
        clock.move(HOUR)

    assert (broken.calls, sound.calls) == (2, 2)


def test_history_is_sealed_every_hour(engine: Engine, clock: ManualClock) -> None:
    definitions.deploy(engine, one_task("limited"))
    scheduler = _scheduler(engine)

    scheduler.run_periodic()
    clock.move(HOUR)
    scheduler.run_periodic()

    with engine.start_work(reading=True) as work:
        assert len(work.connection.execute(select(audit.audit_anchor)).all()) == 1
        assert audit_proof.verify(work) == []


def test_a_tick_hands_out_timers_and_parcels_that_are_due(engine: Engine, clock: ManualClock) -> None:
    definitions.deploy(engine, one_task("limited", '<lf:limit for="PT1H"/>'))
    instances.start_one(engine, "limited")
    with engine.start_work() as work:
        outbox.put(work, key="k", channel="mail", recipient="x", payload={})
        work.commit()
    scheduler = _scheduler(engine)
    first = scheduler.tick()
    clock.move(HOUR)
    second = scheduler.tick()

    names = [name for name, _ in jobs_of(engine).held]
    assert (first, second) == (1, 2)  # nothing was worked off: the parcel is still due
    assert sorted(names) == ["outbox.deliver", "outbox.deliver", "timers.fire"]


def test_a_timer_that_is_armed_while_the_clock_sleeps_is_rung_in_time(engine: Engine, clock: ManualClock) -> None:
    """A tick is pulled forward after a commit (`runtime.md`)."""
    definitions.deploy(engine, one_task("limited", '<lf:limit for="PT1H"/>'))
    scheduler = Scheduler(engine, every=timedelta(hours=1), rescue_every=timedelta(hours=1))
    scheduler.start()
    try:
        instances.start_one(engine, "limited")
        clock.move(HOUR)
        engine.alarm._ring(clock.now())
        found = _held(engine)
    finally:
        scheduler.stop()

    assert found == ["timers.fire"]


def test_stopping_waits_for_a_step_that_pulls_the_tick_forward(engine: Engine, clock: ManualClock) -> None:
    """A step at hand is finished; the clock never waits for it with the lock that it needs."""
    definitions.deploy(engine, one_task("limited", '<lf:limit for="PT1H"/>'))
    inside, go = threading.Event(), threading.Event()
    scheduler = Scheduler(engine, every=timedelta(hours=1), rescue_every=timedelta(hours=1))

    def step() -> int:
        inside.set()
        go.wait(20)
        engine.alarm._ring(clock.now())
        return 1

    scheduler.periodic = (Periodic("slow", timedelta(hours=1), step),)
    scheduler.start()
    assert inside.wait(20)
    stopping = threading.Thread(target=scheduler.stop)
    stopping.start()
    go.set()
    stopping.join(20)

    assert not stopping.is_alive()


def _held(engine: Engine) -> list[str]:
    """The first job that the running clock hands out."""
    waiting = threading.Event()
    for _ in range(100):
        if jobs_of(engine).held:
            break
        waiting.wait(0.1)
    return [name for name, _ in jobs_of(engine).held][:1]


def test_a_timer_that_was_queued_by_a_killed_process_is_handed_out_again(engine: Engine, clock: ManualClock) -> None:
    definitions.deploy(engine, one_task("limited", '<lf:limit for="PT1H"/>'))
    instances.start_one(engine, "limited")
    clock.move(HOUR)
    with engine.start_work() as work:
        work.connection.execute(timer.update().values(state="queued", queued_at=work.now))
        work.commit()
    scheduler = _scheduler(engine)
    early = scheduler.rescue()
    clock.move(scheduler.rescue_every)

    assert (early, scheduler.rescue(), scheduler.tick()) == (0, 1, 1)
