"""What each tab of the inbox holds, as queries whose rows `inbox` turns into entries (APR-33)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select, text

from engine.approvals import substitutes
from engine.approvals.tables import approval_act, assignment, copy
from engine.kernel.work import Work
from engine.workflow.tables import instance, task


class Tab(StrEnum):
    """待办, 已办, 我发起的, 抄送我的, 我代理的, 认领池."""

    TODO = "todo"
    DONE = "done"
    STARTED = "started"
    COPIES = "copies"
    AGENT = "agent"
    CLAIM = "claim"


@dataclass(frozen=True)
class Filters:
    """What narrows a page: kind of process, text in title, number or node, kind of node, only late ones."""

    key: str | None = None
    text: str = ""
    kind: str | None = None
    node: str | None = None
    overdue: bool = False
    due_until: datetime | None = None


_A = assignment.c


def _assignments(filters: Filters) -> Select[Any]:
    return select(
        _A.id, _A.instance_id, _A.task_id, _A.key, _A.title, _A.business_key, _A.subject, _A.starter_id, _A.node,
        _A.name, _A.kind, _A.state, _A.source, _A.owner_id, _A.person_id, _A.reason, _A.due_at, _A.due_sort, _A.rank,
        _A.read_at, _A.opened_at.label("at"),
    ).where(*_narrowed(filters))  # fmt: skip


_INDEXED = text("assignment.state IN ('PENDING', 'POOLED')")
"""Said word for word as the partial index says it: SQLite uses the index only then."""


def todo(work: Work, person: int, filters: Filters) -> Select[Any]:
    return _late(work, _assignments(filters).where(_A.person_id == person, _INDEXED, _A.state == "PENDING"), filters)


def claim(work: Work, person: int, filters: Filters) -> Select[Any]:
    return _late(work, _assignments(filters).where(_A.person_id == person, _INDEXED, _A.state == "POOLED"), filters)


def agent(work: Work, person: int, filters: Filters) -> Select[Any]:
    """What the person's principals have to do, except what the person started (APR-08)."""
    rules = substitutes.principals(work, person)
    shared = [
        and_(_A.person_id == rule.person, _A.key.in_(rule.keys)) if rule.keys else _A.person_id == rule.person
        for rule in rules
    ]
    query = _assignments(filters).where(or_(*shared) if shared else literal(False), _INDEXED, _A.state == "PENDING")
    return _late(work, query.where(_A.starter_id.is_distinct_from(person)), filters)


def _late(work: Work, query: Select[Any], filters: Filters) -> Select[Any]:
    return query.where(_A.due_sort < work.now) if filters.overdue else query


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in ((_A.key, filters.key), (_A.kind, filters.kind), (_A.node, filters.node)):
        if value:
            conditions.append(column == value)
    if filters.due_until is not None:
        conditions.append(_A.due_sort <= filters.due_until)
    if filters.text.strip():
        conditions.append(_holds(filters.text, (_A.title, _A.name, _A.business_key)))
    return conditions


def _holds(text: str, columns: Sequence[Any]) -> ColumnElement[bool]:
    sought = text.strip()
    return or_(*(column.icontains(sought, autoescape=True) for column in columns))


_I = instance.c


def done(_work: Work, person: int, filters: Filters) -> Select[Any]:
    """Acts by which the person let a task go, also those that a substitute did for them."""
    acts = approval_act.c
    query = (
        select(
            acts.id, acts.instance_id, acts.task_id, _I.key, _I.title, _I.business_key, _I.subject, _I.starter,
            task.c.node, task.c.name, task.c.kind, acts.act, acts.on_behalf_of, task.c.due_at, acts.at,
        )
        .join(instance, _I.id == acts.instance_id)
        .join(task, task.c.id == acts.task_id)
        .where(or_(acts.actor == person, acts.on_behalf_of == person), acts.act.in_(_LETTING_GO))
    )  # fmt: skip
    return _of_instance(query, filters)


def started(_work: Work, person: int, filters: Filters) -> Select[Any]:
    query = select(
        _I.id, _I.id.label("instance_id"), _I.key, _I.title, _I.business_key, _I.subject, _I.starter, _I.status,
        _I.started_at.label("at"),
    ).where(_I.starter == person)  # fmt: skip
    return _of_instance(query, filters)


def copies(_work: Work, person: int, filters: Filters) -> Select[Any]:
    query = (
        select(
            copy.c.id, copy.c.instance_id, _I.key, _I.title, _I.business_key, _I.subject, _I.starter, _I.status,
            copy.c.by, copy.c.read_at, copy.c.at,
        )
        .join(instance, _I.id == copy.c.instance_id)
        .where(copy.c.person_id == person)
    )  # fmt: skip
    return _of_instance(query, filters)


def _of_instance(query: Select[Any], filters: Filters) -> Select[Any]:
    if filters.key:
        query = query.where(_I.key == filters.key)
    if filters.text.strip():
        query = query.where(_holds(filters.text, (_I.title, _I.business_key)))
    return query


_LETTING_GO = ("APPROVE", "REJECT", "RETURN", "DONE", "TRANSFER")
QUERIES = {
    Tab.TODO: todo,
    Tab.DONE: done,
    Tab.STARTED: started,
    Tab.COPIES: copies,
    Tab.AGENT: agent,
    Tab.CLAIM: claim,
}
