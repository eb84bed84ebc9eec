"""王敏 也在看: who has a task on their screen right now."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from engine.approvals.tables import looking
from engine.kernel.work import Work
from engine.workflow.engine import Engine

STALE = timedelta(seconds=70)
"""A page says every twenty seconds that it is there; who was silent for longer has gone."""
AGAIN = timedelta(seconds=15)
_L = looking.c


def seen(engine: Engine, task_id: int, person: int) -> None:
    """The person has the task open; written at most every `AGAIN`."""
    with engine.start_work(reading=True) as work:
        mine = select(_L.seen_at).where(_L.task_id == task_id, _L.person_id == person)
        last = work.connection.execute(mine).scalar()
        if last is not None and last > work.now - AGAIN:
            return
    with engine.start_work() as work:
        insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
        made = insert(looking).values(task_id=task_id, person_id=person, seen_at=work.now)
        kept = made.on_conflict_do_update(index_elements=["task_id", "person_id"], set_={"seen_at": work.now})
        work.connection.execute(kept)
        work.commit()


def others(work: Work, task_id: int, person: int) -> Collection[int]:
    """Who else has the task open now."""
    query = select(_L.person_id).where(_L.task_id == task_id, _L.person_id != person, _L.seen_at > work.now - STALE)
    return tuple(work.connection.execute(query.order_by(_L.person_id)).scalars())
