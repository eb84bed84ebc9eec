"""Tasks: complete one, look at one, list those of an instance."""

from typing import Any

from sqlalchemy import bindparam, select

from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.workflow import instances, runner, standings
from engine.workflow.engine import Engine
from engine.workflow.rows import tasks as rows
from engine.workflow.rows.tasks import Completion
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine
from engine.workflow.standings import Standing
from engine.workflow.step import Answer, Ports, Step
from engine.workflow.tables import instance, task
from engine.workflow.views import InstanceView, TaskView


def complete(engine: Engine, work: Work, task_id: int, answer: Answer, actor: int | None) -> Step:
    """Complete an open task and run its instance until it waits again.

    Raises NotFound `task.unknown`; Conflict `task.decided` with who was faster and when (APR-34), `instance.suspended`.
    """
    _, row = _lock(work, task_id)
    detail = {"task": task_id, "node": row.node, "fields": sorted(answer.values)}
    cause = Cause("task.completed", actor, detail, Completion(task_id, actor))
    return complete_for(engine, work, task_id, answer, cause)


def complete_for(engine: Engine, work: Work, task_id: int, answer: Answer, cause: Cause) -> Step:
    """`complete` for an act that has a name of its own: one line of history says both. `cause` says the completion."""
    standing, row = _lock(work, task_id)

    def run(program: Any, state: bytes, ports: Ports) -> Step:
        return machine.complete(program, state, row.token, answer, ports)

    return runner.advance(engine, work, standing, run, cause)


def lock(engine: Engine, work: Work, task_id: int) -> TaskView:
    """An open task, with its instance locked until this work ends: what is seen stays true until `complete`.

    Raises as `complete` does.
    """
    standing, row = _lock(work, task_id)
    nodes = engine.programs.of(work, standing.view.definition_id, standing.pins).nodes
    return rows.view(row, standing.view, nodes.get(row.node) or rows.unknown(row.node))


def complete_one(engine: Engine, task_id: int, answer: Answer, actor: int | None) -> Step:
    """`complete` as a use-case of its own."""
    with engine.start_work() as work:
        step = complete(engine, work, task_id, answer, actor)
        work.commit()
    return step


def view(engine: Engine, work: Work, task_id: int) -> TaskView:
    """Raises NotFound `task.unknown`."""
    row = work.connection.execute(_VIEW, {"of": task_id}).first()
    if row is None:
        raise NotFound("task.unknown", f"there is no task {task_id}", task=task_id)
    return _viewed(engine, work, row, instances.view_in(work, row.instance_id))


def of_instance(engine: Engine, work: Work, instance_id: int, *, status: str | None = None) -> list[TaskView]:
    """The tasks of an instance, oldest first; `status` leaves others out."""
    query = select(task, instance.c.pins, instance.c.definition_id).join(instance, instance.c.id == task.c.instance_id)
    query = query.where(task.c.instance_id == instance_id).order_by(task.c.id)
    if status is not None:
        query = query.where(task.c.status == status)
    found = work.connection.execute(query).all()
    if not found:
        return []
    whole = instances.view_in(work, instance_id)
    return [_viewed(engine, work, row, whole) for row in found]


def _lock(work: Work, task_id: int) -> tuple[Standing, Any]:
    standing = standings.lock_of_task(work, task_id)
    row = next((each for each in rows.read_open(work, standing) if each.id == task_id), None)
    if row is None:
        raise _decided(work, task_id)
    standing.running()
    return standing, row


def _decided(work: Work, task_id: int) -> Conflict:
    row = work.connection.execute(_CLOSED, {"of": task_id}).one()
    return Conflict(
        "task.decided",
        f"task {task_id} was {row.status} at {row.closed_at:%Y-%m-%d %H:%M} UTC: nothing is left to do",
        task=task_id,
        status=row.status,
        by=row.closed_by,
        at=row.closed_at.isoformat(),
    )


def _viewed(engine: Engine, work: Work, row: Any, whole: InstanceView) -> TaskView:
    nodes = engine.programs.of(work, row.definition_id, row.pins).nodes
    return rows.view(row, whole, nodes.get(row.node) or rows.unknown(row.node))


_CLOSED = select(task.c.status, task.c.closed_by, task.c.closed_at).where(task.c.id == bindparam("of"))
_VIEW = (
    select(task, instance.c.pins, instance.c.definition_id)
    .join(instance, instance.c.id == task.c.instance_id)
    .where(task.c.id == bindparam("of"))
)
