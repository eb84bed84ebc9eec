"""暂存: what a person has filled in and not yet said; never part of the instance (APR-32)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.approvals import decisions, rows
from engine.approvals.tables import draft_answer
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import Work
from engine.workflow.engine import Engine
from engine.workflow.tables import task

FILES = "files"
"""Where an answer holds the ids of what was uploaded for it."""
MOST_FILES = 20


def save(engine: Engine, task_id: int, person: int, answer: Mapping[str, Any]) -> None:
    """Keeps the answer for this person and task; files that were attached stay.

    Raises NotFound, Conflict, NotAllowed as a decision would.
    """
    with engine.start_work() as work:
        _check(work, task_id, person)
        _put(work, task_id, person, {FILES: _files(work, task_id, person), **answer})
        work.commit()


def attach(engine: Engine, task_id: int, person: int, name: str, content: bytes) -> str:
    """Takes a file for what the person will say; its id. Raises InvalidInput, and what `save` raises."""
    with engine.start_work() as work:
        _check(work, task_id, person)
        files = _files(work, task_id, person)
        if len(files) >= MOST_FILES:
            text = f"'{name}' is one too many: at most {MOST_FILES} files go with a decision"
            raise InvalidInput("draft.files", text, field=FILES, name=name, most=MOST_FILES)
        kept = engine.files.keep(work, name, content, actor=person).id
        _put(work, task_id, person, {**(find(work, task_id, person) or {}), FILES: [*files, kept]})
        work.commit()
    return kept


def detach(engine: Engine, task_id: int, person: int, file_id: str) -> None:
    """The file will not go with what the person says. Raises what `save` raises."""
    with engine.start_work() as work:
        _check(work, task_id, person)
        left = [each for each in _files(work, task_id, person) if each != file_id]
        _put(work, task_id, person, {**(find(work, task_id, person) or {}), FILES: left})
        work.commit()


def find(work: Work, task_id: int, person: int) -> Mapping[str, Any] | None:
    """What the person kept for the task, None when nothing."""
    query = select(draft_answer.c.answer).where(draft_answer.c.task_id == task_id, draft_answer.c.person_id == person)
    return work.connection.execute(query).scalar()


def _files(work: Work, task_id: int, person: int) -> list[str]:
    return list((find(work, task_id, person) or {}).get(FILES, ()))


def _check(work: Work, task_id: int, person: int) -> None:
    node = rows.load(work, task_id)
    if node is None:
        raise NotFound("task.unknown", "there is no such task", task=task_id)
    decisions.seat_of(work, node, person)


def _put(work: Work, task_id: int, person: int, answer: Mapping[str, Any]) -> None:
    insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
    kept = {"answer": dict(answer), "saved_at": work.now}
    made = insert(draft_answer).values(task_id=task_id, person_id=person, **kept)
    work.connection.execute(made.on_conflict_do_update(index_elements=["task_id", "person_id"], set_=kept))


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
