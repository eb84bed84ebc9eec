"""Timers: rows with a due moment are the truth; each takes effect exactly once, whoever rings."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from engine.kernel import audit
from engine.kernel.work import Work
from engine.workflow import runner, standings
from engine.workflow import tasks as open_tasks
from engine.workflow.engine import Engine
from engine.workflow.limits import KINDS
from engine.workflow.rows import incidents
from engine.workflow.rows.timers import ARMED
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine
from engine.workflow.standings import Standing
from engine.workflow.step import Ports, Step
from engine.workflow.tables import instance, timer
from engine.workflow.views import TimerView

FIRE = "timers.fire"
"""Name of the job that fires one timer."""

BATCH = 50
TRIES = 5
"""After so many failures a timer becomes an incident."""

PATIENCE = timedelta(seconds=60)
"""A timer that was queued or failed so long ago is handed out again; firing twice has one effect."""


def next_due(work: Work) -> datetime | None:
    """The moment when the next waiting timer is due; None when there is none."""
    moment: datetime | None = work.connection.execute(_NEXT).scalar()
    return moment


def due(work: Work, limit: int = BATCH) -> list[tuple[int, int]]:
    """Waiting timers that are due, the oldest first, as (id, seq); on PostgreSQL locked, skipping those others hold."""
    rows = work.connection.execute(_DUE, {"now": work.now, "most": limit})
    return [(row.id, row.seq) for row in rows]


def ring(engine: Engine, *, limit: int = BATCH) -> int:
    """Hand timers that are due to workers; how many. The one step of the clock."""
    if engine.jobs.durable:
        return _ring_durable(engine, limit)
    with engine.start_work(reading=True) as work:
        found = due(work, limit)
        for timer_id, seq in found:
            engine.jobs.enqueue(work, FIRE, {"timer_id": timer_id, "seq": seq})
        work.commit()
    return len(found)


def _ring_durable(engine: Engine, limit: int) -> int:
    with engine.start_work() as work:
        found = due(work, limit)
        if found:
            work.connection.execute(_QUEUE, [{"of": timer_id, "at": work.now} for timer_id, _ in found])
        for timer_id, seq in found:
            engine.jobs.enqueue(work, FIRE, {"timer_id": timer_id, "seq": seq})
        work.commit()
    return len(found)


def fire(engine: Engine, timer_id: int, seq: int) -> bool:
    """Let a timer take effect; False when it did already, was cancelled, moved, or its instance is suspended."""
    with engine.start_work() as work:
        instance_id = work.connection.execute(_INSTANCE, {"of": timer_id}).scalar()
        if instance_id is None:
            return False
        # the instance, then the timer: the other order deadlocks with people's transactions
        standing = standings.lock(work, instance_id)
        row = work.connection.execute(_LOCK, {"of": timer_id}).one()
        if row.seq != seq or row.state not in ("waiting", "queued", "failed") or row.due_at > work.now:
            return False
        if standing.view.status == "suspended":
            work.connection.execute(_STATE, {"of": timer_id, "to": "held"})
        else:
            work.connection.execute(_FIRED, {"of": timer_id, "at": work.now})
            _take_effect(engine, work, standing, row)
        work.commit()
    return bool(standing.view.status != "suspended")


def fire_due(engine: Engine, *, limit: int = BATCH) -> int:
    """Fire what is due here and now, one transaction each, in order; how many took effect (tests, played months)."""
    with engine.start_work(reading=True) as work:
        found = [(row.id, row.seq) for row in work.connection.execute(_DUE_UNLOCKED, {"now": work.now, "most": limit})]
    return sum(fire(engine, timer_id, seq) for timer_id, seq in found)


def failed(engine: Engine, args: Mapping[str, Any], error: Exception) -> None:
    """A timer raised: it is tried again after a while, and becomes an incident after `TRIES`."""
    with engine.start_work() as work:
        instance_id = work.connection.execute(_INSTANCE, {"of": args["timer_id"]}).scalar()
        if instance_id is None:
            return
        standing = standings.lock(work, instance_id)
        row = work.connection.execute(_LOCK, {"of": args["timer_id"]}).one()
        if row.seq != args["seq"] or row.state not in ARMED:
            return
        work.connection.execute(_FAILED, {"of": row.id, "at": work.now})
        if row.attempts + 1 == TRIES:
            incidents.of_timer(work, instance_id, row, error)
            _count_incident(work, standing)
        work.commit()


def rescue(engine: Engine, *, queued_for: timedelta = PATIENCE) -> int:
    """Hand out again what failed a while ago, or was queued and then forgotten (a worker was killed); how many.

    A job that is late rather than lost does no harm: whoever comes second finds the timer fired.
    """
    with engine.start_work() as work:
        before = {"queued_before": work.now - queued_for, "failed_before": work.now - PATIENCE}
        count = work.connection.execute(_RESCUE, before).rowcount
        work.commit()
    return int(count)


def purge(engine: Engine, *, older_than: timedelta = timedelta(days=90)) -> int:
    """Forget timers of ended instances that fired or were cancelled long ago; how many. History keeps what they did."""
    with engine.start_work() as work:
        over = select(instance.c.id).where(instance.c.ended_at < work.now - older_than)
        old = delete(timer).where(timer.c.state.in_(("fired", "cancelled")), timer.c.instance_id.in_(over))
        count = work.connection.execute(old).rowcount
        work.commit()
    return int(count)


def of_instance(work: Work, instance_id: int) -> list[TimerView]:
    """What an instance waits for, the next moment first."""
    query = (
        select(*_VIEWED).where(timer.c.instance_id == instance_id, timer.c.state.in_(ARMED)).order_by(timer.c.due_at)
    )
    return [TimerView(*row) for row in work.connection.execute(query)]


def _take_effect(engine: Engine, work: Work, standing: Standing, row: Any) -> None:
    detail = {"timer": row.id, "node": row.node, "kind": row.kind, "seq": row.seq, "due": row.due_at}
    if row.kind not in KINDS:
        runner.advance(engine, work, standing, _firing(row.token, row.seq), Cause("timer.fired", None, detail))
        return
    standing.running()
    audit.append(
        work, f"instance:{standing.view.id}", f"task.{row.kind}", actor=None, detail={**detail, "task": row.task_id}
    )
    engine.hooks.deadline(engine, work, open_tasks.lock(engine, work, row.task_id), row.kind)


def _firing(token: str, seq: int) -> runner.Run:
    def run(program: Any, state: bytes, ports: Ports) -> Step:
        return machine.fire(program, state, token, seq, ports)

    return run


def _count_incident(work: Work, standing: Standing) -> None:
    statement = update(instance).where(instance.c.id == standing.view.id)
    work.connection.execute(statement.values(failed=instance.c.failed + 1))


_NEXT = select(func.min(timer.c.due_at)).where(timer.c.state == "waiting")
_DUE_UNLOCKED = (
    select(timer.c.id, timer.c.seq)
    .where(timer.c.state == "waiting", timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("most"))
)
_DUE = _DUE_UNLOCKED.with_for_update(skip_locked=True)
_QUEUE = update(timer).where(timer.c.id == bindparam("of")).values(state="queued", queued_at=bindparam("at"))
_INSTANCE = select(timer.c.instance_id).where(timer.c.id == bindparam("of"))
_LOCK = select(timer).where(timer.c.id == bindparam("of")).with_for_update()
_STATE = update(timer).where(timer.c.id == bindparam("of")).values(state=bindparam("to"))
_FIRED = update(timer).where(timer.c.id == bindparam("of")).values(state="fired", fired_at=bindparam("at"))
_FAILED = (
    update(timer)
    .where(timer.c.id == bindparam("of"))
    .values(state="failed", queued_at=bindparam("at"), attempts=timer.c.attempts + 1)
)
_RESCUE = (
    update(timer)
    .where(
        or_(
            and_(timer.c.state == "queued", timer.c.queued_at <= bindparam("queued_before")),
            and_(timer.c.state == "failed", timer.c.queued_at <= bindparam("failed_before"), timer.c.attempts < TRIES),
        )
    )
    .values(state="waiting")
)
_VIEWED = (
    timer.c.id,
    timer.c.instance_id,
    timer.c.task_id,
    timer.c.node,
    timer.c.kind,
    timer.c.seq,
    timer.c.due_at,
    timer.c.state,
)
