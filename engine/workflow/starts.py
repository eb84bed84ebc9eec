"""Instances that begin by themselves: when a timer's moment comes, when a message or signal arrives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update

from engine.kernel import audit
from engine.kernel.work import Work
from engine.workflow import instances
from engine.workflow.engine import Engine
from engine.workflow.rows.starts import Surroundings
from engine.workflow.spiff import starting
from engine.workflow.tables import start_event

FIRE = "starts.fire"
"""Name of the job that starts one instance by a timer."""

TRIES = 5
"""After so many failures a moment is given up; the history of the definition says so."""

PATIENCE = timedelta(seconds=60)
"""A moment that was handed to a durable queue is handed over again after so long."""

_HANDED = "handed"


@dataclass(frozen=True)
class NextStart:
    """The next instance that a timer of the active version will start."""

    node: str
    due_at: datetime


def next_due(work: Work) -> datetime | None:
    """The moment when the next start timer is due; None when there is none."""
    moment: datetime | None = work.connection.execute(_NEXT).scalar()
    return moment


def of_process(work: Work, key: str) -> list[NextStart]:
    """What timers will start next, the earliest first."""
    query = select(start_event.c.node, start_event.c.due_at).where(
        start_event.c.key == key, start_event.c.due_at.is_not(None)
    )
    return [NextStart(row.node, row.due_at) for row in work.connection.execute(query.order_by(start_event.c.due_at))]


def ring(engine: Engine) -> int:
    """Hand start timers that are due to workers; how many. Firing one twice has one effect."""
    with engine.start_work(reading=not engine.jobs.durable) as work:
        found = [row for row in work.connection.execute(_DUE, {"now": work.now}) if not _was_handed(row, work.now)]
        for row in found:
            if engine.jobs.durable:
                schedule = {**row.schedule, _HANDED: work.now.isoformat()}
                work.connection.execute(_SCHEDULE, {"of": row.id, "new": schedule})
            engine.jobs.enqueue(work, FIRE, {"start_id": row.id, "seq": row.seq})
        work.commit()
    return len(found)


def fire(engine: Engine, start_id: int, seq: int) -> int | None:
    """Start the instance of a moment that has come; its id, None when another did or the version changed."""
    with engine.start_work() as work:
        row = work.connection.execute(_LOCK, {"of": start_id}).first()
        if row is None or row.seq != seq or row.due_at is None or row.due_at > work.now:
            return None
        instance_id = instances.start(engine, work, row.key, start_event=row.node)
        _advance(work, row)
        work.commit()
    return instance_id


def fire_due(engine: Engine) -> int:
    """Fire what is due here and now, in order; how many instances it started (tests, played months)."""
    with engine.start_work(reading=True) as work:
        found = [(row.id, row.seq) for row in work.connection.execute(_DUE, {"now": work.now})]
    return sum(fire(engine, start_id, seq) is not None for start_id, seq in found)


def failed(engine: Engine, args: Mapping[str, Any], error: Exception) -> None:
    """A start raised: it is tried again, and after `TRIES` its moment is given up and the next one is waited for."""
    with engine.start_work() as work:
        row = work.connection.execute(_LOCK, {"of": args["start_id"]}).first()
        if row is None or row.seq != args["seq"]:
            return
        if row.attempts + 1 < TRIES:
            work.connection.execute(_ATTEMPT, {"of": row.id})
        else:
            detail = {"node": row.node, "due": row.due_at, "error": str(error)[:500]}
            audit.append(work, f"definition:{row.key}", "definition.start_failed", actor=None, detail=detail)
            _advance(work, row)
        work.commit()


def by_event(  # noqa: PLR0913, PLR0917 - what arrived, and where
    engine: Engine, work: Work, kind: str, name: str, key: str | None, data: Mapping[str, Any]
) -> int:
    """Start an instance of every active version that a message or signal of that name begins; how many.

    The key of a message becomes the business key.
    """
    found = work.connection.execute(_NAMED, {"kind": kind, "name": name}).all()
    business_key = key if kind == "message" else None
    for row in found:
        instances.start(engine, work, row.key, data=data, business_key=business_key, start_event=row.node)
    return len(found)


def _advance(work: Work, row: Any) -> None:
    schedule = {name: value for name, value in row.schedule.items() if name != _HANDED}
    due, later = starting.following(row.due_at, schedule, Surroundings(work))
    work.connection.execute(_NEXT_ROW, {"of": row.id, "due": due, "new": dict(later)})


def _was_handed(row: Any, now: datetime) -> bool:
    handed = row.schedule.get(_HANDED)
    return handed is not None and datetime.fromisoformat(handed) > now - PATIENCE


_NEXT = select(func.min(start_event.c.due_at)).where(start_event.c.due_at.is_not(None))
_DUE = (
    select(start_event)
    .where(start_event.c.due_at.is_not(None), start_event.c.due_at <= bindparam("now"))
    .order_by(start_event.c.due_at, start_event.c.id)
)
_LOCK = select(start_event).where(start_event.c.id == bindparam("of")).with_for_update()
_NAMED = (
    select(start_event.c.key, start_event.c.node)
    .where(start_event.c.kind == bindparam("kind"), start_event.c.name == bindparam("name"))
    .order_by(start_event.c.id)
)
_SCHEDULE = update(start_event).where(start_event.c.id == bindparam("of")).values(schedule=bindparam("new"))
_ATTEMPT = update(start_event).where(start_event.c.id == bindparam("of")).values(attempts=start_event.c.attempts + 1)
_NEXT_ROW = (
    update(start_event)
    .where(start_event.c.id == bindparam("of"))
    .values(seq=start_event.c.seq + 1, due_at=bindparam("due"), schedule=bindparam("new"), attempts=0)
)
