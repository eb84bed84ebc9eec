"""Deadlines follow the calendar: when the group's working days change, limits written in them are counted again."""

from typing import Any

from sqlalchemy import bindparam, select, update

from engine.kernel import audit, durations, settings
from engine.kernel.calendar_days import REVISION
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.workflow import limits, standings
from engine.workflow.engine import Engine
from engine.workflow.rows import tasks as rows
from engine.workflow.rows import timers as timer_rows
from engine.workflow.standings import Standing
from engine.workflow.step import NodeSpec
from engine.workflow.tables import instance, task, timer

DONE = "calendar.recounted"
"""Name of the setting that holds the calendar's revision by which deadlines were counted last."""


def recount_due(engine: Engine) -> int:
    """Count open limits again if the calendar changed since the last time; how many tasks got another moment."""
    with engine.start_work(reading=True) as work:
        revision = settings.read(work, REVISION)
        if revision == settings.read(work, DONE):
            return 0
    count = recount(engine)
    with engine.start_work() as work:
        settings.write(work, DONE, revision)
        work.commit()
    return count


def recount(engine: Engine) -> int:
    """Count the limits of all open tasks again, one instance a transaction; how many tasks got another moment.

    Only limits written in working days or hours move; moments that an expression gave stay as they were given.
    """
    with engine.start_work(reading=True) as work:
        open_limits = select(task.c.instance_id).where(task.c.status == "open", task.c.due_at.is_not(None))
        running = select(instance.c.id).where(instance.c.id.in_(open_limits), instance.c.status.in_(_ALIVE))
        found = list(work.connection.execute(running.order_by(instance.c.id)).scalars())
    return sum(_of_instance(engine, instance_id) for instance_id in found)


def _of_instance(engine: Engine, instance_id: int) -> int:
    with engine.start_work() as work:
        standing = standings.lock(work, instance_id)
        nodes = engine.programs.of(work, standing.view.definition_id, standing.pins).nodes
        moved = 0
        for row in rows.read_open(work, standing):
            spec = nodes.get(row.node)
            if spec is not None and row.due_at is not None:
                moved += _of_task(engine, work, standing, row, spec)
        work.commit()
    return moved


def _of_task(engine: Engine, work: Work, standing: Standing, row: Any, spec: NodeSpec) -> bool:
    attributes = _counted(spec)
    limit = limits.plan(attributes, row.opened_at, engine.calendar(work)) if attributes else None
    if limit is None or limit.due == row.due_at:
        return False
    work.connection.execute(_DUE, {"of": row.id, "due": limit.due})
    places = timer_rows.of_limit(standing.view.id, row.id, spec.id, limit)
    moments = [{"of": row.id, "of_kind": each["kind"], "of_seq": each["seq"], "due": each["due_at"]} for each in places]
    work.connection.execute(_MOVE, moments)
    detail = {"task": row.id, "node": spec.id, "before": row.due_at, "due": limit.due}
    audit.append(work, f"instance:{standing.view.id}", "task.recounted", actor=None, detail=detail)
    engine.alarm.set(work, limit.due)
    engine.hooks.task_moved(engine, work, rows.view(row, standing.view, spec), limit.due)
    return True


def _counted(spec: NodeSpec) -> dict[str, Any]:
    """The attributes of a limit that is written in working time; empty for every other."""
    extension = spec.extension("limit")
    length = extension.attributes.get("for") if extension else None
    if extension is None or length is None or length.startswith("="):
        return {}
    try:
        working = durations.parse(length).working_hours is not None
    except InvalidInput:
        return {}
    return dict(extension.attributes) if working else {}


_ALIVE = ("running", "suspended")
_DUE = update(task).where(task.c.id == bindparam("of")).values(due_at=bindparam("due"))
_MOVE = (
    update(timer)
    .where(
        timer.c.task_id == bindparam("of"),
        timer.c.kind == bindparam("of_kind"),
        timer.c.seq == bindparam("of_seq"),
        timer.c.state.in_(("waiting", "held")),
    )
    .values(due_at=bindparam("due"))
)
