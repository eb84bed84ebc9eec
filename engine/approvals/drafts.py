"""暂存: what a person has filled in and not yet said; never part of the instance (APR-32)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.approvals import decisions, rows
from engine.approvals.tables import draft_answer
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.workflow.engine import Engine
from engine.workflow.tables import task


def save(engine: Engine, task_id: int, person: int, answer: Mapping[str, Any]) -> None:
    """Keeps the answer for this person and task. Raises NotFound, Conflict, NotAllowed as a decision would."""
    with engine.start_work() as work:
        node = rows.load(work, task_id)
        if node is None:
            raise NotFound("task.unknown", "there is no such task", task=task_id)
        decisions.seat_of(work, node, person)
        insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
        kept = {"answer": dict(answer), "saved_at": work.now}
        made = insert(draft_answer).values(task_id=task_id, person_id=person, **kept)
        work.connection.execute(made.on_conflict_do_update(index_elements=["task_id", "person_id"], set_=kept))
        work.commit()


def find(work: Work, task_id: int, person: int) -> Mapping[str, Any] | None:
    """What the person kept for the task, None when nothing."""
    query = select(draft_answer.c.answer).where(draft_answer.c.task_id == task_id, draft_answer.c.person_id == person)
    return work.connection.execute(query).scalar()


def discard(work: Work, task_id: int, person: int) -> None:
    """Forgets it."""
    mine = (draft_answer.c.task_id == task_id) & (draft_answer.c.person_id == person)
    work.connection.execute(delete(draft_answer).where(mine))


def clean(engine: Engine) -> int:
    """Forgets what was kept for tasks that are over; how many there were."""
    over = select(task.c.id).where(task.c.status != "open")
    with engine.start_work() as work:
        gone = work.connection.execute(delete(draft_answer).where(draft_answer.c.task_id.in_(over))).rowcount
        work.commit()
    return gone
