"""Incidents: see what failed, mend the cause, retry."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update

from engine.kernel import audit
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.workflow import runner, standings
from engine.workflow.engine import Engine
from engine.workflow.outside import items
from engine.workflow.rows import incidents as rows
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine
from engine.workflow.standings import Standing
from engine.workflow.step import Ports, Step
from engine.workflow.tables import incident, instance, timer
from engine.workflow.views import IncidentView


def open(  # noqa: A001
    work: Work, *, instance_id: int | None = None, after: int = 0, limit: int = 200
) -> list[IncidentView]:
    """Incidents that wait for a person, oldest first, from behind `after`; of one instance or of all."""
    query = select(*_COLUMNS).where(incident.c.status == "open", incident.c.id > after)
    query = query.order_by(incident.c.id).limit(limit)
    if instance_id is not None:
        query = query.where(incident.c.instance_id == instance_id)
    return [IncidentView(*row) for row in work.connection.execute(query)]


@dataclass(frozen=True)
class Placed:
    """An open incident with what it happened in; `token` is where the instance stands with it."""

    incident: IncidentView
    title: str
    key: str
    token: str | None


def placed(work: Work, *, limit: int = 1000) -> list[Placed]:
    """Incidents that wait for a person, oldest first, with their instances: one statement, however many."""
    query = (
        select(*_COLUMNS, instance.c.title, instance.c.key, incident.c.token)
        .join(instance, instance.c.id == incident.c.instance_id)
        .where(incident.c.status == "open")
        .order_by(incident.c.id)
        .limit(limit)
    )
    return [Placed(IncidentView(*row[:-3]), row.title, row.key, row.token) for row in work.connection.execute(query)]


def count(work: Work) -> int:
    """How many wait for a person."""
    return int(work.connection.execute(select(func.count()).where(incident.c.status == "open")).scalar_one())


def retry(engine: Engine, incident_id: int, actor: int | None) -> bool:
    """Try again what failed; False when it failed again: then the incident stays, with the new reason.

    Raises NotFound `incident.unknown`, Conflict `incident.resolved`, `instance.suspended`.
    """
    with engine.start_work() as work:
        first = _row(work, incident_id)
        standing = standings.lock(work, first.instance_id)
        row = _row(work, incident_id)
        if row.status != "open":
            raise Conflict("incident.resolved", f"incident {incident_id} was resolved meanwhile", incident=incident_id)
        standing.running()
        if row.timer_id is not None:
            work.connection.execute(_REARM, {"of": row.timer_id})
            _mend(work, standing, row, actor)
            engine.alarm.set(work, work.now)
        elif row.task_id is not None:
            items.renew(work, row.task_id)
            _mend(work, standing, row, actor)
        else:
            cause = Cause("incident.retried", actor, {"incident": incident_id, "node": row.node})
            runner.advance(engine, work, standing, _retrying(row.token), cause)
        through: bool = _row(work, incident_id).status != "open"
        work.commit()
    return through


def _row(work: Work, incident_id: int) -> Any:
    row = work.connection.execute(_ROW, {"of": incident_id}).first()
    if row is None:
        raise NotFound("incident.unknown", f"there is no incident {incident_id}", incident=incident_id)
    return row


def _retrying(token: str) -> runner.Run:
    def run(program: Any, state: bytes, ports: Ports) -> Step:
        return machine.retry(program, state, token, ports)

    return run


def _mend(work: Work, standing: Standing, row: Any, actor: int | None) -> None:
    """The timer or the work gets another chance; whether it uses it shows later."""
    rows.resolve(work, row.id, actor)
    work.connection.execute(_COUNT, {"of": standing.view.id})
    detail = {"incident": row.id, "node": row.node}
    audit.append(work, f"instance:{standing.view.id}", "incident.retried", actor=actor, detail=detail)


_COLUMNS = (
    incident.c.id,
    incident.c.instance_id,
    incident.c.node,
    incident.c.name,
    incident.c.code,
    incident.c.message,
    incident.c.fields,
    incident.c.status,
    incident.c.opened_at,
)
_ROW = select(*_COLUMNS, incident.c.token, incident.c.timer_id, incident.c.task_id).where(
    incident.c.id == bindparam("of")
)
_REARM = update(timer).where(timer.c.id == bindparam("of")).values(state="waiting", attempts=0)
_COUNT = update(instance).where(instance.c.id == bindparam("of")).values(failed=instance.c.failed - 1)
