"""Instances: start, cancel, suspend, resume, and what they look like."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select, update

from engine.kernel import audit
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.workflow import definitions, runner, standings
from engine.workflow.engine import Engine
from engine.workflow.rows import timers, waits
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine
from engine.workflow.standings import VIEWED, Standing, viewed
from engine.workflow.step import Ports, Step
from engine.workflow.surroundings import Surroundings
from engine.workflow.tables import definition, instance, instance_state, timer
from engine.workflow.views import InstanceView

OVER = ("completed", "terminated", "cancelled")
"""States that no act leaves."""


def start(  # noqa: PLR0913  (what an instance is born with)
    engine: Engine,
    work: Work,
    key: str,
    *,
    data: Mapping[str, Any] | None = None,
    business_key: str | None = None,
    title: str | None = None,
    starter: int | None = None,
    subject: str | None = None,
    start_event: str | None = None,
) -> int:
    """Start the active version of a process inside `work` and run it until it waits; its id.

    `start_event` names one of several, otherwise the first in the file. Raises NotFound `definition.unknown`.
    """
    chosen, pins = definitions.pinned(work, key)
    values: dict[str, Any] = {
        "definition_id": chosen.id,
        "key": key,
        "business_key": business_key,
        "title": title or chosen.name,
        "subject": subject,
        "starter": starter,
        "status": "running",
        "priority": 50,
        "started_at": work.now,
    }
    instance_id: int = work.run(_INSERT, {**values, "pins": pins}).scalar_one()
    view = InstanceView(id=instance_id, incidents=0, ended_at=None, **values)
    standing = Standing(view, pins, b"", 0, armed=0, awaited=0, failed=0)
    standings.hold(work, standing)
    detail = {"definition": chosen.id, "version": chosen.version, "title": view.title}

    def run(program: Any, _state: bytes, ports: Ports) -> Step:
        return machine.start(program, dict(data or {}), ports, start_event=start_event)

    runner.advance(engine, work, standing, run, Cause("instance.started", starter, detail))
    return instance_id


def start_one(engine: Engine, key: str, **born: Any) -> int:
    """`start` as a use-case of its own."""
    with engine.start_work() as work:
        instance_id = start(engine, work, key, **born)
        work.commit()
    return instance_id


def cancel(engine: Engine, instance_id: int, actor: int | None, reason: str) -> None:
    """End an instance by hand, its open tasks with it (APR-17). Raises NotFound, Conflict `instance.ended`."""
    with engine.start_work() as work:
        cancel_in(engine, work, instance_id, actor, reason)
        work.commit()


def cancel_in(engine: Engine, work: Work, instance_id: int, actor: int | None, reason: str) -> None:
    """`cancel` inside a work of somebody else."""
    standing = standings.lock(work, instance_id)
    if standing.view.status in OVER:
        standing.running()
    cause = Cause("instance.cancelled", actor, {"reason": reason}, ends_as="cancelled")
    runner.advance(engine, work, standing, machine.cancel, cause)
    timers.cancel_all(work, instance_id)


def suspend(engine: Engine, instance_id: int, actor: int | None, reason: str) -> None:
    """No act is taken and timers wait until it is resumed (APR-18). Raises NotFound, Conflict."""
    with engine.start_work() as work:
        standing = standings.lock(work, instance_id)
        standing.running()
        _set(work, standing, "suspended")
        _shift_timers(work, instance_id, ("waiting", "queued", "failed"), "held")
        audit.append(work, f"instance:{instance_id}", "instance.suspended", actor=actor, detail={"reason": reason})
        work.commit()


def resume(engine: Engine, instance_id: int, actor: int | None, reason: str) -> None:
    """Go on; timers that fell due meanwhile fire now (APR-18). Raises NotFound, Conflict `instance.not_suspended`."""
    with engine.start_work() as work:
        standing = standings.lock(work, instance_id)
        if standing.view.status != "suspended":
            raise Conflict(
                "instance.not_suspended", f"'{standing.view.title}' is {standing.view.status}, not suspended"
            )
        _set(work, standing, "running")
        _shift_timers(work, instance_id, ("held",), "waiting")
        audit.append(work, f"instance:{instance_id}", "instance.resumed", actor=actor, detail={"reason": reason})
        engine.alarm.set(work, work.now)
        for message_id in waits.kept_for_instance(work, instance_id):
            engine.jobs.enqueue(work, runner.DELIVER, {"message_id": message_id})
        work.commit()


def view(engine: Engine, instance_id: int) -> InstanceView:
    """Raises NotFound `instance.unknown`."""
    with engine.start_work(reading=True) as work:
        return view_in(work, instance_id)


def view_in(work: Work, instance_id: int) -> InstanceView:
    """`view` inside a work of somebody else."""
    row = work.connection.execute(VIEWED.where(instance.c.id == instance_id)).first()
    if row is None:
        raise NotFound("instance.unknown", f"there is no instance {instance_id}", instance=instance_id)
    return viewed(row)


def concern(work: Work, instance_id: int, subject: str) -> None:
    """Say what an instance is about, where that is only made while it runs (a draft that the process generates)."""
    work.connection.execute(update(instance).where(instance.c.id == instance_id).values(subject=subject))


def of_subject(work: Work, subject: str) -> list[InstanceView]:
    """Every instance about a subject (`letter:7`), newest first."""
    query = VIEWED.where(instance.c.subject == subject).order_by(instance.c.id.desc())
    return [viewed(row) for row in work.connection.execute(query)]


def page(
    work: Work, *, key: str | None = None, status: str | None = None, before: int | None = None, limit: int = 50
) -> list[InstanceView]:
    """Instances, newest first; `before` is the last id of the page before."""
    query = VIEWED.order_by(instance.c.id.desc()).limit(limit)
    if key is not None:
        query = query.where(instance.c.key == key)
    if status is not None:
        query = query.where(instance.c.status == status)
    if before is not None:
        query = query.where(instance.c.id < before)
    return [viewed(row) for row in work.connection.execute(query)]


def living(work: Work, key: str) -> dict[int, int]:
    """How many instances of each version of a process have not ended, by the version's id."""
    versions = select(definition.c.id).where(definition.c.key == key)
    counted = select(instance.c.definition_id, func.count()).where(
        instance.c.definition_id.in_(versions), instance.c.ended_at.is_(None)
    )
    return {row[0]: row[1] for row in work.connection.execute(counted.group_by(instance.c.definition_id))}


def data(engine: Engine, instance_id: int) -> Mapping[str, Any]:
    """The process data as the last step left it. Raises NotFound `instance.unknown`."""
    with engine.start_work(reading=True) as work:
        return look(engine, work, instance_id).data


def look(engine: Engine, work: Work, instance_id: int) -> Step:
    """Everything that is true of an instance, without moving or locking it. Raises NotFound `instance.unknown`."""
    view = view_in(work, instance_id)
    row = work.connection.execute(_STATE.where(instance.c.id == view.id)).one()
    bound = engine.programs.of(work, view.definition_id, row.pins)
    ports = Surroundings(engine, work, runner.context(view), bound.tables)
    return machine.look(bound.program, row.state, ports)


def _set(work: Work, standing: Standing, status: str) -> None:
    work.connection.execute(update(instance).where(instance.c.id == standing.view.id).values(status=status))
    standing.view = replace(standing.view, status=status)


def _shift_timers(work: Work, instance_id: int, states: tuple[str, ...], to: str) -> None:
    statement = update(timer).where(timer.c.instance_id == instance_id, timer.c.state.in_(states))
    work.connection.execute(statement.values(state=to))


_INSERT = Statement(instance.insert().returning(instance.c.id))
_STATE = select(instance_state.c.state, instance.c.pins).join(instance, instance.c.id == instance_state.c.instance_id)
