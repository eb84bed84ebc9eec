"""Messages and signals: who waits for them gets them; a message that nobody waits for is kept."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from engine.kernel.work import Work
from engine.workflow import runner, standings, starts
from engine.workflow.engine import Engine
from engine.workflow.rows import waits
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine
from engine.workflow.step import Ports, Step, Thrown
from engine.workflow.tables import instance, message, message_wait

MESSAGE, SIGNAL = "message", "signal"


def send(engine: Engine, work: Work, name: str, key: str | None, data: Mapping[str, Any] | None = None) -> int:
    """Give a message to every running instance that waits for it with that key (or any); how many got it.

    With nobody waiting it begins an instance of each process that starts by it; without such a process it is kept for
    the first that will wait. Sent by an operation in the middle of a step it travels
    after the commit, in a transaction of its own, and 0 is returned.
    """
    return _send(engine, work, Thrown(MESSAGE, name, key, dict(data or {})))


def signal(engine: Engine, work: Work, name: str, data: Mapping[str, Any] | None = None) -> int:
    """Give a signal to every running instance that waits for it now, and begin those that start by it; how many.

    Signals are not kept.
    """
    return _send(engine, work, Thrown(SIGNAL, name, None, dict(data or {})))


def deliver(engine: Engine, message_id: int) -> int:
    """Deliver a message row in a transaction of its own; how many got it. Delivered ones are left alone."""
    with engine.start_work() as work:
        row = work.connection.execute(_ROW, {"of": message_id}).first()
        if row is None or row.state == "delivered":
            return 0
        thrown = Thrown(row.kind, row.name, row.key, row.payload)
        waiting = _waiting(work, thrown)[: 1 if row.state == "kept" else None]
        for instance_id in waiting:
            standings.lock(work, instance_id)
        # instances first, then the message: the order in which everybody locks
        if work.connection.execute(_LOCK, {"of": message_id}).scalar_one() == "delivered":
            return 0
        reached = _reach(engine, work, thrown, waiting)
        reached += _begin(engine, work, thrown, reached)
        state = "delivered" if reached or row.kind == SIGNAL else "kept"
        work.connection.execute(_STATE, {"of": message_id, "to": state})
        work.commit()
    return reached


def sweep(engine: Engine, *, limit: int = 50) -> int:
    """Hand messages whose delivery is due to workers; how many. Called now and then, since a job may be lost."""
    with engine.start_work(reading=not engine.jobs.durable) as work:
        found = waits.overdue(work, limit=limit)
        for message_id in found:
            engine.jobs.enqueue(work, runner.DELIVER, {"message_id": message_id})
        work.commit()
    return len(found)


def _send(engine: Engine, work: Work, thrown: Thrown) -> int:
    if runner.is_stepping(work):
        message_id = waits.keep(work, thrown, "pending")
        engine.jobs.enqueue(work, runner.DELIVER, {"message_id": message_id})
        return 0
    waiting = _waiting(work, thrown)
    for instance_id in waiting:
        standings.lock(work, instance_id)
    reached = _reach(engine, work, thrown, waiting)
    reached += _begin(engine, work, thrown, reached)
    if not reached and thrown.kind == MESSAGE:
        waits.keep(work, thrown, "kept")
    return reached


def _begin(engine: Engine, work: Work, thrown: Thrown, reached: int) -> int:
    """A message that no instance waited for begins instances; a signal begins them besides."""
    if reached and thrown.kind == MESSAGE:
        return 0
    key = thrown.key if thrown.kind == MESSAGE else None
    return starts.by_event(engine, work, thrown.kind, thrown.name, key, thrown.data)


def _waiting(work: Work, thrown: Thrown) -> list[int]:
    """Instances that wait, in the order of their ids: two senders lock them in the same order."""
    query = (
        select(message_wait.c.instance_id)
        .join(instance, instance.c.id == message_wait.c.instance_id)
        .where(message_wait.c.kind == thrown.kind, message_wait.c.name == thrown.name, instance.c.status == "running")
        .distinct()
        .order_by(message_wait.c.instance_id)
    )
    if thrown.kind == MESSAGE and thrown.key is not None:
        query = query.where(or_(message_wait.c.key == thrown.key, message_wait.c.key.is_(None)))
    if thrown.kind == SIGNAL and thrown.key is not None:  # the instance that threw it has heard it
        query = query.where(message_wait.c.instance_id != int(thrown.key))
    return list(work.connection.execute(query).scalars())


def _reach(engine: Engine, work: Work, thrown: Thrown, waiting: list[int]) -> int:
    reached = 0
    for instance_id in waiting:
        standing = standings.lock(work, instance_id)
        # between finding and locking it, the instance may have moved on or been suspended
        if standing.view.status == "running" and instance_id in _waiting(work, thrown):
            runner.advance(engine, work, standing, _delivery(thrown), _cause(thrown))
            reached += 1
    return reached


def _delivery(thrown: Thrown) -> runner.Run:
    def run(program: Any, state: bytes, ports: Ports) -> Step:
        key = thrown.key if thrown.kind == MESSAGE else None
        return machine.deliver(program, state, thrown.kind, thrown.name, key, thrown.data, ports)

    return run


def _cause(thrown: Thrown) -> Cause:
    return Cause(f"{thrown.kind}.received", None, {"name": thrown.name, "key": thrown.key})


_ROW = select(message).where(message.c.id == bindparam("of"))
_LOCK = select(message.c.state).where(message.c.id == bindparam("of")).with_for_update()
_STATE = update(message).where(message.c.id == bindparam("of")).values(state=bindparam("to"))
