"""The record of acts, read: who said what on an instance, and what arrived in somebody's inbox since they looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.approvals.tables import approval_act, assignment
from engine.kernel.work import Work
from engine.workflow.tables import task


@dataclass(frozen=True)
class Act:
    """One act of an instance; `name` is the task's, `on_behalf_of` whom the actor stood in for."""

    id: int
    task: int | None
    name: str
    actor: int | None
    on_behalf_of: int | None
    act: str
    opinion: str | None
    detail: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class Reason:
    """Why a task came to a person: the codes and fields that routing stored with the assignment."""

    person: int
    why: tuple[Mapping[str, Any], ...]


def of_instance(work: Work, instance_id: int, *, limit: int = 500) -> tuple[Act, ...]:
    """Every act of the instance, the newest first."""
    acts = approval_act.c
    query = (
        select(
            acts.id,
            acts.task_id,
            task.c.name,
            acts.actor,
            acts.on_behalf_of,
            acts.act,
            acts.opinion,
            acts.detail,
            acts.at,
        )
        .outerjoin(task, task.c.id == acts.task_id)
        .where(acts.instance_id == instance_id)
        .order_by(acts.id.desc())
        .limit(limit)
    )
    return tuple(
        Act(row.id, row.task_id, row.name or "", row.actor, row.on_behalf_of, row.act, row.opinion, row.detail, row.at)
        for row in work.connection.execute(query)
    )


def reasons(work: Work, task_id: int) -> tuple[Reason, ...]:
    """Why each person has the task, as it was stored when it was given."""
    query = select(assignment.c.person_id, assignment.c.reason).where(assignment.c.task_id == task_id)
    return tuple(Reason(row.person_id, tuple(row.reason or ())) for row in work.connection.execute(query))


@dataclass(frozen=True)
class Arrivals:
    """What changed in a list: `newest` is the last assignment known, `gone` says who decided each task that left."""

    fresh: int
    newest: int
    gone: Mapping[int, int | None]


def arrivals(work: Work, person: int, since: int, shown: Iterable[int]) -> Arrivals:
    """Tasks to do that came after assignment `since`, and which of the `shown` tasks call for the person no longer."""
    mine = assignment.c.person_id == person
    pending = assignment.c.state == "PENDING"
    query = select(func.count(), func.max(assignment.c.id)).where(mine, pending, assignment.c.id > since)
    fresh, newest = work.connection.execute(query).one()
    wanted = set(shown)
    still = select(assignment.c.task_id).where(mine, pending, assignment.c.task_id.in_(wanted))
    gone = wanted - set(work.connection.execute(still).scalars()) if wanted else set()
    return Arrivals(int(fresh), int(newest or since), _deciders(work, gone))


def _deciders(work: Work, tasks: set[int]) -> dict[int, int | None]:
    if not tasks:
        return {}
    query = select(assignment.c.task_id, assignment.c.decided_by).where(
        assignment.c.task_id.in_(tasks), assignment.c.decided_by.is_not(None)
    )
    found: dict[int, int | None] = dict.fromkeys(tasks)
    found.update({row.task_id: row.decided_by for row in work.connection.execute(query)})
    return found
