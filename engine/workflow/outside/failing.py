"""Work that failed: a pause that doubles each time, and an incident when the tries are used up."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from engine.kernel import audit
from engine.kernel.work import Work
from engine.workflow.outside.tables import STUCK, work_item
from engine.workflow.standings import Standing
from engine.workflow.tables import incident, instance, task

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
CODE = "work.failed"


@dataclass(frozen=True)
class Failure:
    """What went wrong. `after` is a pause of the program's own choice; `final` says that no other try will help."""

    message: str
    after: timedelta | None = None
    final: bool = False


@dataclass(frozen=True)
class Failed:
    """What follows: when it is given out again, None when it waits for a person; how many tries are left."""

    again_at: datetime | None
    left: int


def note(work: Work, standing: Standing, row: Any, failure: Failure) -> Failed:
    """Write a failure of leased work down; the instance is locked."""
    failures = row.failures + 1
    left = 0 if failure.final else max(row.tries - failures, 0)
    again_at = work.now + (pause(failures) if failure.after is None else failure.after) if left else None
    told = {"task": row.task_id, "worker": row.worker, "topic": row.topic, "error": failure.message[:500]}
    audit.append(work, f"instance:{standing.view.id}", CODE, actor=row.person_id, detail={**told, "failures": failures})
    if again_at is None:
        _wait_for_a_person(work, standing, row, {**told, "failures": failures})
    freed = {"worker": None, "person_id": None, "failures": failures, "message": failure.message[:2000]}
    freed |= {"state": STUCK} if again_at is None else {"ready_at": again_at}
    work.connection.execute(update(work_item).where(work_item.c.task_id == row.task_id).values(**freed))
    return Failed(again_at, left)


def pause(failures: int) -> timedelta:
    """10 seconds after the first failure, twice as long after each further one, an hour at most."""
    doubled: int = 2 ** min(failures - 1, 20)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def _wait_for_a_person(work: Work, standing: Standing, row: Any, told: dict[str, Any]) -> None:
    of = work.connection.execute(select(task.c.token, task.c.node, task.c.name).where(task.c.id == row.task_id)).one()
    opened = {"instance_id": standing.view.id, "token": of.token, "node": of.node, "name": of.name}
    said = {"code": CODE, "message": told["error"], "fields": told, "status": "open", "opened_at": work.now}
    work.connection.execute(incident.insert(), {**opened, **said, "timer_id": None, "task_id": row.task_id})
    counted = update(instance).where(instance.c.id == standing.view.id)
    work.connection.execute(counted.values(failed=instance.c.failed + 1))
    standing.failed += 1
    standing.view = replace(standing.view, incidents=standing.failed)
