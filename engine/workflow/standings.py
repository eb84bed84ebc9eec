"""Where a locked instance stands: its row and state, held by this work until it commits."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, literal_column, select

from engine.kernel import audit
from engine.kernel.audit import audit_head
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.workflow.tables import instance, instance_state, task
from engine.workflow.views import InstanceView

_HELD = "workflow.standings"
_OF_TASK = "workflow.instance_of_task"


@dataclass
class Standing:
    """A locked instance: what its row says, and its state as the last step left it."""

    view: InstanceView
    pins: dict[str, int]
    state: bytes
    version: int
    armed: int
    awaited: int
    failed: int
    tasks: list[Any] | None = field(default=None)
    """Rows of its open tasks once they were read; None says they must be read again."""

    def running(self) -> None:
        """Raises Conflict `instance.suspended` or `instance.ended` unless it takes acts (APR-18)."""
        if self.view.status == "suspended":
            raise Conflict(
                "instance.suspended", f"'{self.view.title}' is suspended: resume it first", instance=self.view.id
            )
        if self.view.status != "running":
            raise Conflict(
                "instance.ended",
                f"'{self.view.title}' is {self.view.status}: nothing can be done in it any more",
                instance=self.view.id,
                status=self.view.status,
            )


_COLUMNS = (
    instance.c.id,
    instance.c.key,
    instance.c.definition_id,
    instance.c.business_key,
    instance.c.title,
    instance.c.subject,
    instance.c.starter,
    instance.c.status,
    instance.c.priority,
    instance.c.failed,
    instance.c.started_at,
    instance.c.ended_at,
)
WHOLE = select(*_COLUMNS, instance.c.pins, instance.c.armed, instance.c.awaited, instance_state).join(
    instance_state, instance_state.c.instance_id == instance.c.id
)
"""Rows of instances with their states, unlocked: to look at many; give them to `standing_of`."""
_UNLOCKED = WHOLE.where(instance.c.id == bindparam("of"))
_LOCK = (
    WHOLE.add_columns(audit_head.c.seq.label("head_seq"), audit_head.c.hash.label("head_hash"))
    .outerjoin(audit_head, audit_head.c.stream == literal_column("'instance:' || instance.id"))
    .with_for_update(of=(instance, instance_state))
)
"""With where the instance's history ends: only who holds the instance writes on, but for a few acts beside it."""
_BY_ID = Statement(_LOCK.where(instance.c.id == bindparam("of")))
_BY_TASK = Statement(
    _LOCK.where(instance.c.id == select(task.c.instance_id).where(task.c.id == bindparam("of")).scalar_subquery())
)
VIEWED = select(*_COLUMNS)
"""The statement behind `InstanceView`; give its rows to `viewed`."""


def viewed(row: Any) -> InstanceView:
    """The picture of a row of `VIEWED`."""
    return InstanceView(*row[:12])


def lock(work: Work, instance_id: int) -> Standing:
    """Lock the instance until this work ends; waits for whoever holds it. Raises NotFound `instance.unknown`."""
    held = _held(work).get(instance_id)
    return held or _read(work, _BY_ID, instance_id, NotFound("instance.unknown", "there is no such instance"))


def lock_of_task(work: Work, task_id: int) -> Standing:
    """Lock the instance that the task belongs to. Raises NotFound `task.unknown`."""
    of_task: dict[int, int] = work.notes.setdefault(_OF_TASK, {})
    if task_id not in of_task:
        found = _read(work, _BY_TASK, task_id, NotFound("task.unknown", "there is no such task"))
        of_task[task_id] = found.view.id
    return lock(work, of_task[task_id])


def read(work: Work, instance_id: int) -> Standing:
    """Where the instance stands now, without holding it: to look, never to step. Raises NotFound."""
    row = work.connection.execute(_UNLOCKED, {"of": instance_id}).first()
    if row is None:
        raise NotFound("instance.unknown", "there is no such instance")
    return standing_of(row)


def held(work: Work, instance_id: int) -> Standing | None:
    """The instance as this work has locked it, None when it has not."""
    return _held(work).get(instance_id)


def of_task(work: Work, task_id: int) -> Standing | None:
    """The instance of a task as this work has locked it by that task, None when it has not."""
    instance_id = work.notes.get(_OF_TASK, {}).get(task_id)
    return None if instance_id is None else _held(work).get(instance_id)


def hold(work: Work, standing: Standing) -> None:
    """Remember an instance that this work itself has just started."""
    _held(work)[standing.view.id] = standing
    audit.expect(work, stream(standing.view.id), 0, audit.START)


def stream(instance_id: int) -> str:
    """The name of an instance's history."""
    return f"instance:{instance_id}"


def _read(work: Work, query: Statement, key: int, unknown: NotFound) -> Standing:
    row = work.run(query, {"of": key}).first()
    if row is None:
        raise unknown
    held = _held(work)
    if row.id not in held:
        held[row.id] = standing_of(row)
        if row.head_seq is not None:
            audit.expect(work, stream(row.id), row.head_seq, row.head_hash)
    return held[row.id]


def standing_of(row: Any) -> Standing:
    """The picture of a row of `WHOLE`."""
    return Standing(
        viewed(row), row.pins, row.state, row.version, armed=row.armed, awaited=row.awaited, failed=row.failed
    )


def _held(work: Work) -> dict[int, Standing]:
    held: dict[int, Standing] = work.notes.setdefault(_HELD, {})
    return held
