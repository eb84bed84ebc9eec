"""Many at once: approve where nothing has to be said, hand over what somebody leaves (APR-24, APR-26)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from engine.approvals import decisions, forms, rows
from engine.approvals.decisions import Decision
from engine.approvals.modes import Outcome
from engine.approvals.tables import assignment
from engine.kernel import audit
from engine.kernel.errors import InvalidInput, LetterflowError, NotFound
from engine.kernel.work import Work
from engine.people import persons
from engine.workflow import standings
from engine.workflow.engine import Engine

MOST = 200
"""Tasks in one batch."""
_OPEN = ("WAITING", "POOLED", "PENDING")


@dataclass(frozen=True)
class Result:
    """What became of one task of a batch; `code` and `fields` word the reason where it was not approved."""

    task: int
    approved: bool
    code: str = ""
    message: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


def approve(engine: Engine, tasks: Iterable[int], actor: int) -> tuple[Result, ...]:
    """Approves each task in a transaction of its own; there is no batch of rejections (APR-26).

    Raises InvalidInput for more than `MOST`.
    """
    wanted = list(dict.fromkeys(tasks))
    if len(wanted) > MOST:
        raise InvalidInput("batch.size", f"{len(wanted)} tasks are too many: at most {MOST}", limit=MOST)
    return tuple(_approve(engine, task, actor) for task in wanted)


def reason_against(engine: Engine, work: Work, task_id: int) -> InvalidInput | None:
    """Why a task cannot be part of a batch, None when it can: the dialog greys it out with this."""
    node = rows.load(work, task_id)
    if node is None:
        raise NotFound("task.unknown", "there is no such task", task=task_id)
    if node.kind != "decide":
        return InvalidInput("batch.kind", f"'{node.name}' has to be opened: it is no approval", task=task_id)
    if node.options.get("opinion") == "required":
        return InvalidInput("batch.opinion", f"'{node.name}' needs an opinion: open it", task=task_id)
    if forms.has_required(work, standings.lock(work, node.instance_id), node.form):
        return InvalidInput("batch.fields", f"'{node.name}' has fields to fill in: open it", task=task_id)
    return None


def hand_over(engine: Engine, leaver: int, to: int, actor: int, reason: str) -> int:
    """Gives everything that somebody holds to somebody else, in one act; how many tasks (APR-24).

    Where `to` is asked in the same task already, the leaver's voice falls away. Raises InvalidInput.
    """
    with engine.start_work() as work:
        count = hand_over_in(engine, work, leaver, to, actor=actor, reason=reason)
        work.commit()
    return count


def hand_over_in(  # noqa: PLR0913  (from whom, to whom, by whom, why)
    engine: Engine, work: Work, leaver: int, to: int, *, actor: int, reason: str
) -> int:
    """The same inside a work, beside whatever else somebody leaves. Raises InvalidInput."""
    if leaver == to or not reason.strip():
        raise InvalidInput("handover.to", "name somebody else, and say why", field="to")
    if persons.active(work, [to]) != {to}:
        raise InvalidInput("handover.inactive", "who takes over is not active: choose somebody else", field="to")
    held = _held(work, leaver)
    for task_id in sorted({row.task_id for row in held}):
        standings.lock_of_task(work, task_id)
    shared = {row.task_id for row in _held(work, to)}
    moved = [row.id for row in held if row.task_id not in shared]
    given = {"person_id": to, "owner_id": leaver, "read_at": None}
    given["reason"] = [{"code": "handed_over", "from": leaver}]  # type: ignore[assignment]  # a JSON column
    work.connection.execute(update(assignment).where(assignment.c.id.in_(moved)).values(**given))
    _drop(engine, work, [row for row in held if row.task_id in shared], actor)
    detail = {"to": to, "tasks": len(held), "reason": reason}
    audit.append(work, f"person:{leaver}", "tasks.handed_over", actor=actor, detail=detail)
    return len(held)


def held_by(work: Work, person: int) -> int:
    """How many tasks somebody holds."""
    return len(_held(work, person))


def _approve(engine: Engine, task_id: int, actor: int) -> Result:
    try:
        with engine.start_work() as work:
            standings.lock_of_task(work, task_id)
            against = reason_against(engine, work, task_id)
            if against is not None:
                raise against
            decisions.decide_in(engine, work, task_id, actor, Decision(Outcome.APPROVED))
            work.commit()
    except LetterflowError as error:
        return Result(task_id, approved=False, code=error.code, message=error.message, fields=error.fields)
    return Result(task_id, approved=True)


def _held(work: Work, person: int) -> list[Any]:
    query = select(assignment.c.id, assignment.c.task_id).where(
        assignment.c.person_id == person, assignment.c.state.in_(_OPEN)
    )
    return list(work.connection.execute(query))


def _drop(engine: Engine, work: Work, rows_held: list[Any], actor: int) -> None:
    ids = [row.id for row in rows_held]
    work.connection.execute(update(assignment).where(assignment.c.id.in_(ids)).values(state="CANCELLED"))
    for row in rows_held:
        decisions.settle(engine, work, row.task_id, actor)
