"""抄送 and 已阅: read-only copies, never twice to one person for one instance (APR-20)."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.approvals import saying
from engine.approvals.saying import Said
from engine.approvals.tables import assignment, copy
from engine.kernel.work import Work
from engine.notices import notices
from engine.people import persons
from engine.workflow import instances
from engine.workflow.engine import Engine


def send(engine: Engine, instance_id: int, actor: int, to: Iterable[int], note: str = "") -> tuple[int, ...]:
    """A copy by hand; those who had none before. Whether `actor` may see the instance is for the caller to know.

    Raises NotFound.
    """
    with engine.start_work() as work:
        instances.view_in(work, instance_id)
        told = give(work, instance_id, to, note=note, by=actor)
        work.commit()
    return told


def give(work: Work, instance_id: int, to: Iterable[int], *, note: str, by: int | None) -> tuple[int, ...]:
    """Copies for those active persons who have none of this instance yet; who they are."""
    wanted = sorted(persons.active(work, to))
    if not wanted:
        return ()
    insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
    same = {"instance_id": instance_id, "task_id": None, "by": by, "note": note, "at": work.now}
    fresh = insert(copy).values([{"person_id": person, **same} for person in wanted])
    fresh = fresh.on_conflict_do_nothing(index_elements=["instance_id", "person_id"])
    told = tuple(work.connection.execute(fresh.returning(copy.c.person_id)).scalars())
    if told:
        saying.record_act(work, instance_id, None, Said("COPY", by, opinion=note or None, detail={"to": list(told)}))
        title = instances.view_in(work, instance_id).title
        link = f"/inbox/copies/{instance_id}"
        fields = {"title": title, "note": note, "by": by}
        notices.notify(work, told, "copy.given", fields, link=link, key=f"instance:{instance_id}:copy")
    return told


def read(engine: Engine, person: int, *, task: int | None = None, instance: int | None = None) -> None:
    """已阅: the person opened the task or the copy; the first time counts."""
    with engine.start_work() as work:
        if task is not None:
            mine = update(assignment).where(assignment.c.task_id == task, assignment.c.person_id == person)
            work.connection.execute(mine.where(assignment.c.read_at.is_(None)).values(read_at=work.now))
        if instance is not None:
            own = update(copy).where(copy.c.instance_id == instance, copy.c.person_id == person)
            work.connection.execute(own.where(copy.c.read_at.is_(None)).values(read_at=work.now))
        work.commit()


def of(work: Work, instance_id: int) -> dict[int, bool]:
    """Who has a copy, and whether they have read it."""
    query = select(copy.c.person_id, copy.c.read_at).where(copy.c.instance_id == instance_id).order_by(copy.c.id)
    return {row.person_id: row.read_at is not None for row in work.connection.execute(query)}
