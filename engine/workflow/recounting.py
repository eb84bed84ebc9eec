"""Deadlines follow the calendar: when the group's working days change, what is written in them is counted again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from engine.kernel import audit, durations, settings
from engine.kernel.calendar import WorkCalendar
from engine.kernel.calendar_days import REVISION
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.workflow import limits, runner, standings
from engine.workflow.engine import Engine
from engine.workflow.rows import tasks as rows
from engine.workflow.rows import timers as timer_rows
from engine.workflow.runner import Cause
from engine.workflow.spiff import recount as machine
from engine.workflow.standings import Standing
from engine.workflow.step import NodeSpec, Ports, Step
from engine.workflow.surroundings import Surroundings
from engine.workflow.tables import instance, task, timer

DONE = "calendar.recounted"
"""Name of the setting that holds the calendar's revision by which deadlines were counted last."""

TASK = "task"
_CHUNK = 200


@dataclass(frozen=True)
class MovedDue:
    """A moment that a change of the calendar moves; `kind` is `task` for a limit, else the timer's place."""

    instance_id: int
    title: str
    node: str
    name: str
    kind: str
    before: datetime
    due: datetime
    task_id: int | None = None


def recount_due(engine: Engine) -> int:
    """Count open limits and timers again if the calendar changed since the last time; how many moved."""
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
    """Count limits of open tasks and timers of diagrams again, one instance a transaction; how many moved.

    Only what is written in working days or hours moves; moments that an expression gave stay as they were given.
    """
    with engine.start_work(reading=True) as work:
        found = [*_limited(work), *_armed(engine, work)]
    return sum(_of_instance(engine, instance_id) for instance_id in sorted(set(found)))


def preview(engine: Engine, work: Work, changes: Mapping[date, bool]) -> list[MovedDue]:
    """What would be due at another moment if these days were worked (True) or free (False), the earliest first.

    Nothing is changed; `recount` moves exactly these once the calendar says so.
    """
    now = engine.calendar(work)
    calendar = replace(now, days={**now.days, **changes})
    found = [*_limits_moved(engine, work, calendar), *_timers_moved(engine, work, calendar)]
    return sorted(found, key=lambda each: (each.before, each.instance_id, each.node))


def _limited(work: Work) -> list[int]:
    open_limits = select(task.c.instance_id).where(task.c.status == "open", task.c.due_at.is_not(None))
    running = select(instance.c.id).where(instance.c.id.in_(open_limits), instance.c.status.in_(_ALIVE))
    return list(work.connection.execute(running.order_by(instance.c.id)).scalars())


def _armed(engine: Engine, work: Work) -> list[int]:
    calendar = engine.calendar(work)
    return [each.view.id for each in _standings(engine, work) if _recounted(engine, work, each, calendar)]


def _of_instance(engine: Engine, instance_id: int) -> int:
    with engine.start_work() as work:
        standing = standings.lock(work, instance_id)
        nodes = engine.programs.of(work, standing.view.definition_id, standing.pins).nodes
        moved = 0
        for row in rows.read_open(work, standing):
            spec = nodes.get(row.node)
            if spec is not None and row.due_at is not None:
                moved += _of_task(engine, work, standing, row, spec)
        moved += _of_timers(engine, work, standing)
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


def _of_timers(engine: Engine, work: Work, standing: Standing) -> int:
    moved = _recounted(engine, work, standing, engine.calendar(work)) if standing.armed else ()
    if not moved:
        return 0
    detail = {"moved": [[each.node.id, each.before, each.due] for each in moved]}

    def run(program: Any, state: bytes, ports: Ports) -> Step:
        return machine.recount(program, state, engine.calendar(work).due_in, ports)[0]

    runner.advance(engine, work, standing, run, Cause("timers.recounted", None, detail, while_suspended=True))
    return len(moved)


def _limits_moved(engine: Engine, work: Work, calendar: WorkCalendar) -> Iterator[MovedDue]:
    for row in work.connection.execute(_LIMITS).all():
        spec = engine.programs.of(work, row.definition_id, row.pins).nodes.get(row.node)
        attributes = _counted(spec) if spec is not None else {}
        limit = limits.plan(attributes, row.opened_at, calendar) if attributes else None
        if limit is not None and limit.due != row.due_at:
            yield MovedDue(row.instance_id, row.title, row.node, row.name, TASK, row.due_at, limit.due, row.id)


def _timers_moved(engine: Engine, work: Work, calendar: WorkCalendar) -> Iterator[MovedDue]:
    for standing in _standings(engine, work):
        for each in _recounted(engine, work, standing, calendar):
            name = each.node.name or each.node.id
            yield MovedDue(standing.view.id, standing.view.title, each.node.id, name, each.kind, each.before, each.due)


def _standings(engine: Engine, work: Work) -> Iterator[Standing]:
    """Instances with timers that may be written in working time, a few at a time."""
    after, concerned = 0, dict[int, bool]()
    while True:
        query = _STATES.where(instance.c.id > after).order_by(instance.c.id).limit(_CHUNK)
        found = [standings.standing_of(row) for row in work.connection.execute(query)]
        for standing in found:
            version = standing.view.definition_id
            if version not in concerned:
                concerned[version] = machine.concerns(engine.programs.of(work, version, standing.pins).program)
            if concerned[version]:
                yield standing
        if len(found) < _CHUNK:
            return
        after = found[-1].view.id


def _recounted(engine: Engine, work: Work, standing: Standing, calendar: WorkCalendar) -> tuple[machine.Recounted, ...]:
    bound = engine.programs.of(work, standing.view.definition_id, standing.pins)
    ports = Surroundings(engine, work, runner.context(standing.view), bound.tables)
    return machine.recount(bound.program, standing.state, calendar.due_in, ports)[1]


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
_STATES = standings.WHOLE.where(instance.c.status.in_(_ALIVE), instance.c.armed > 0)
_LIMITS = (
    select(task.c.id, task.c.instance_id, task.c.node, task.c.name, task.c.opened_at, task.c.due_at)
    .add_columns(instance.c.title, instance.c.definition_id, instance.c.pins)
    .join(instance, instance.c.id == task.c.instance_id)
    .where(task.c.status == "open", task.c.due_at.is_not(None), instance.c.status.in_(_ALIVE))
    .order_by(task.c.id)
)
_DUE = update(task).where(task.c.id == bindparam("of")).values(due_at=bindparam("due"))
_MOVE = (
    update(timer)
    .where(
        timer.c.task_id == bindparam("of"),
        timer.c.kind == bindparam("of_kind"),
        timer.c.seq == bindparam("of_seq"),
        or_(timer.c.state == "waiting", timer.c.state == "held"),  # a list cannot be given many times at once
    )
    .values(due_at=bindparam("due"))
)
