"""Instances that begin by themselves: timers, messages and signals at start events, and conditions on time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.kernel.clock import ManualClock
from engine.kernel.work import Store, Work
from engine.scheduler import Scheduler
from engine.workflow import definitions, history, instances, messages, starts, tasks, watches
from engine.workflow.engine import Engine
from engine.workflow.tables import start_event
from engine.workflow.views import InstanceView
from tests.builders.diagrams import operation, process, sequence, user
from tests.builders.engines import jobs_of, make_engine
from tests.conftest import MONDAY

DECLARED = '<message id="m" name="order"/><signal id="g" name="alarm"/>'
DAY = timedelta(days=1)


@pytest.fixture
def engine(store: Store) -> Engine:
    return make_engine(store)


def begun_by(event: str, *, key: str = "p", node: str = "work", inside: str = "") -> dict[str, bytes]:
    """A process that begins by the event and waits at a task."""
    start = f'<startEvent id="begin">{inside}{event}</startEvent><endEvent id="done"/>'
    return process(key, start + user(node) + sequence("begin", node, "done"), DECLARED)


def timer(form: str, text: str) -> str:
    return f"<timerEventDefinition><{form}>{text}</{form}></timerEventDefinition>"


MESSAGE = '<messageEventDefinition messageRef="m"/>'
SIGNAL = '<signalEventDefinition signalRef="g"/>'


def born(engine: Engine, key: str = "p") -> list[InstanceView]:
    with engine.start_work(reading=True) as work:
        return list(reversed(instances.page(work, key=key)))


def rung(engine: Engine) -> int:
    """What one tick of the clock starts."""
    before = len(born(engine))
    Scheduler(engine).tick()
    jobs_of(engine).run()
    return len(born(engine)) - before


def send(engine: Engine, name: str = "order", key: str | None = None, **data: Any) -> int:
    with engine.start_work() as work:
        count = messages.send(engine, work, name, key, data)
        work.commit()
    return count


def test_a_date_starts_one_instance_of_the_active_version(engine: Engine, clock: ManualClock) -> None:
    definitions.deploy(engine, begun_by(timer("timeDate", "2026-11-03T09:00:00+08:00")))
    early = rung(engine)
    clock.set(MONDAY + DAY)

    assert (early, rung(engine), rung(engine)) == (0, 1, 0)
    assert born(engine)[0].started_at == MONDAY + DAY


def test_a_date_that_has_passed_starts_nothing(engine: Engine) -> None:
    definitions.deploy(engine, begun_by(timer("timeDate", "2026-11-01T09:00:00+08:00")))

    assert rung(engine) == 0


def test_a_cycle_starts_again_and_again_and_missed_moments_become_one(engine: Engine, clock: ManualClock) -> None:
    definitions.deploy(engine, begun_by(timer("timeCycle", "R/P1D")))
    clock.move(DAY)
    first = rung(engine)
    clock.move(3 * DAY + timedelta(hours=1))
    missed = rung(engine)

    with engine.start_work(reading=True) as work:
        following = starts.of_process(work, "p")
    assert (first, missed) == (1, 1)
    assert [each.due_at for each in following] == [MONDAY + 5 * DAY]


def test_a_cycle_of_three_starts_three(engine: Engine, clock: ManualClock) -> None:
    definitions.deploy(engine, begun_by(timer("timeCycle", "R3/PT1H")))

    count = 0
    for _ in range(6):
        clock.move(timedelta(hours=1))
        count += rung(engine)

    assert count == 3


def test_a_cycle_in_working_days_leaves_out_the_weekend(engine: Engine, clock: ManualClock) -> None:
    clock.set(MONDAY + 4 * DAY)  # Friday 09:00
    definitions.deploy(engine, begun_by(timer("timeCycle", "R/1wd")))
    with engine.start_work(reading=True) as work:
        (first,) = starts.of_process(work, "p")
    clock.set(first.due_at)
    rung(engine)

    with engine.start_work(reading=True) as work:
        (second,) = starts.of_process(work, "p")
    assert first.due_at == MONDAY + 4 * DAY + timedelta(hours=9)
    assert second.due_at == MONDAY + 7 * DAY + timedelta(hours=9)


def test_the_timer_of_the_old_version_stops_when_another_is_activated(engine: Engine, clock: ManualClock) -> None:
    definitions.deploy(engine, begun_by(timer("timeCycle", "R/PT1H")))
    second = definitions.deploy(engine, begun_by(timer("timeCycle", "R/PT2H"), node="other"))
    clock.move(timedelta(hours=1))
    after_one = rung(engine)
    clock.move(timedelta(hours=1))
    after_two = rung(engine)

    assert (after_one, after_two) == (0, 1)
    assert born(engine)[0].definition_id == second.id


def test_a_retired_process_starts_nothing(engine: Engine, clock: ManualClock) -> None:
    view = definitions.deploy(engine, begun_by(timer("timeCycle", "R/PT1H")))
    definitions.retire(engine, view.id, 1)
    clock.move(timedelta(hours=2))

    assert rung(engine) == 0


def test_deploying_the_same_content_again_keeps_the_moment(engine: Engine, clock: ManualClock) -> None:
    files = begun_by(timer("timeCycle", "R/P1D"))
    definitions.deploy(engine, files)
    clock.move(timedelta(hours=20))
    definitions.deploy(engine, files)
    clock.move(timedelta(hours=4))

    assert rung(engine) == 1


def test_two_machines_start_one_instance(engine: Engine, clock: ManualClock) -> None:
    """Both saw the moment; who comes second finds that it has been."""
    definitions.deploy(engine, begun_by(timer("timeCycle", "R/PT1H")))
    clock.move(timedelta(hours=1))
    with engine.start_work(reading=True) as work:
        row = work.connection.execute(select(start_event)).one()

    both = [starts.fire(engine, row.id, row.seq) for _ in range(2)]

    assert [each is not None for each in both] == [True, False]


def test_a_durable_queue_is_given_a_moment_once_and_again_when_it_is_late(store: Store, clock: ManualClock) -> None:
    engine = make_engine(store)
    jobs = jobs_of(engine)
    jobs.durable = True
    definitions.deploy(engine, begun_by(timer("timeCycle", "R/PT1H")))
    clock.move(timedelta(hours=1))

    first, again = starts.ring(engine), starts.ring(engine)
    jobs.held.clear()  # the worker was killed
    clock.move(starts.PATIENCE + timedelta(seconds=1))
    late = starts.ring(engine)
    jobs.run()

    assert (first, again, late, len(born(engine))) == (1, 0, 1, 1)
    with engine.start_work(reading=True) as work:
        assert [each.due_at for each in starts.of_process(work, "p")] == [MONDAY + timedelta(hours=2)]


def test_a_version_that_was_active_before_start_events_were_kept_begins_instances_after_a_deployment(
    engine: Engine, clock: ManualClock
) -> None:
    files = begun_by(timer("timeCycle", "R/PT1H"))
    definitions.deploy(engine, files)
    with engine.start_work() as work:
        work.connection.execute(start_event.delete())
        work.commit()

    definitions.deploy(engine, files)
    clock.move(timedelta(hours=1))

    assert rung(engine) == 1


def test_a_start_that_fails_is_given_up_after_a_while_and_the_next_moment_comes(
    engine: Engine, clock: ManualClock
) -> None:
    definitions.deploy(engine, begun_by(timer("timeCycle", "R/PT1H")))
    clock.move(timedelta(hours=1))
    with engine.start_work(reading=True) as work:
        row = work.connection.execute(select(start_event)).one()

    for _ in range(starts.TRIES):
        starts.failed(engine, {"start_id": row.id, "seq": row.seq}, RuntimeError("no"))

    assert rung(engine) == 0
    clock.move(timedelta(hours=1))
    assert rung(engine) == 1


def test_a_message_begins_an_instance_with_its_data_and_key(engine: Engine) -> None:
    taken = '<extensionElements><lf:output name="sum" value="=message.amount + 1"/></extensionElements>'
    definitions.deploy(engine, begun_by(MESSAGE, inside=taken))

    reached = send(engine, key="O-7", amount=4)

    (only,) = born(engine)
    assert (reached, only.business_key) == (1, "O-7")
    assert instances.data(engine, only.id) == {"amount": 4, "sum": 5}


def test_a_message_that_an_instance_waits_for_begins_none(engine: Engine) -> None:
    definitions.deploy(engine, begun_by(MESSAGE))
    catch = '<intermediateCatchEvent id="w"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    body = '<startEvent id="b"/><endEvent id="d"/>' + catch + sequence("b", "w", "d")
    definitions.deploy(engine, process("waits", body, DECLARED))
    instances.start_one(engine, "waits")

    reached = send(engine)

    assert (reached, born(engine)) == (1, [])


def test_a_message_from_an_operation_begins_its_instance_after_the_commit(engine: Engine) -> None:
    def order(engine: Engine, work: Work, call: Any, context: Any) -> dict[str, Any]:
        messages.send(engine, work, "order", None, {"from": "op"})
        return {}

    engine.operations.register("order", order)
    definitions.deploy(engine, begun_by(MESSAGE))
    body = '<startEvent id="b"/><endEvent id="d"/>' + operation("op", "order") + sequence("b", "op", "d")
    definitions.deploy(engine, process("sends", body))

    instances.start_one(engine, "sends")
    before = len(born(engine))
    jobs_of(engine).run()

    assert (before, len(born(engine))) == (0, 1)


def test_a_signal_begins_every_process_that_starts_by_it(engine: Engine) -> None:
    for key in ("p", "q"):
        definitions.deploy(engine, begun_by(SIGNAL, key=key))

    with engine.start_work() as work:
        reached = messages.signal(engine, work, "alarm", {"level": 3})
        work.commit()

    assert (reached, len(born(engine)), len(born(engine, "q"))) == (2, 1, 1)
    assert instances.data(engine, born(engine)[0].id) == {"level": 3}


def _watching(text: str) -> dict[str, bytes]:
    inside = f"<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"
    late = f'<boundaryEvent id="late" attachedToRef="work" cancelActivity="false">{inside}</boundaryEvent>'
    body = '<startEvent id="begin"/><endEvent id="done"/>' + user("work") + user("chase") + late
    return process("p", body + sequence("begin", "work", "done") + sequence("late", "chase", "done"))


def open_nodes(engine: Engine, instance_id: int) -> list[str]:
    with engine.start_work(reading=True) as work:
        return sorted(each.node for each in tasks.of_instance(engine, work, instance_id, status="open"))


@pytest.mark.parametrize("text", ['today() > date("2026-11-03")', "now() > until"])
def test_a_condition_on_time_comes_true_where_nothing_else_happens(
    engine: Engine, clock: ManualClock, text: str
) -> None:
    definitions.deploy(engine, _watching(text.replace(">", "&gt;")))
    instance_id = instances.start_one(engine, "p", data={"until": MONDAY + DAY})
    step: Callable[[], int] = lambda: watches.evaluate_due(engine)  # noqa: E731  (said twice below)
    early = step()
    clock.move(2 * DAY)

    assert (early, step(), step()) == (0, 1, 0)
    assert open_nodes(engine, instance_id) == ["chase", "work"]
    with engine.start_work(reading=True) as work:
        assert history.of(work, instance_id)[-1].act == "condition.met"


def test_conditions_on_data_alone_are_not_looked_at(engine: Engine, clock: ManualClock) -> None:
    definitions.deploy(engine, _watching("amount &gt; 5"))
    instances.start_one(engine, "p", data={"amount": 9})
    clock.move(DAY)

    assert watches.evaluate_due(engine) == 0
