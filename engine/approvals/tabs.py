"""What each tab of the inbox holds, as queries whose rows `inbox` turns into entries (APR-33)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select, text

from engine.approvals import searching, substitutes
from engine.approvals.searching import Sought
from engine.approvals.tables import approval_act, assignment, copy, draft_answer
from engine.kernel.work import Work
from engine.workflow.tables import instance, task


class Tab(StrEnum):
    """待办, 已办, 我发起的, 抄送我的, 我代理的, 认领池, 草稿."""

    TODO = "todo"
    DONE = "done"
    STARTED = "started"
    COPIES = "copies"
    AGENT = "agent"
    CLAIM = "claim"
    DRAFTS = "drafts"


@dataclass(frozen=True)
class Filters:
    """What narrows a page: kind of process, text (`searching`), kind of node, only late ones.

    `by_process` puts the tasks of one process together; within it, and without it, they stand by due moment.
    """

    key: str | None = None
    text: str = ""
    kind: str | None = None
    node: str | None = None
    overdue: bool = False
    due_until: datetime | None = None
    by_process: bool = False


_A = assignment.c


def _assignments(filters: Filters) -> Select[Any]:
    return select(
        _A.id, _A.instance_id, _A.task_id, _A.key, _A.title, _A.business_key, _A.subject, _A.starter_id, _A.node,
        _A.name, _A.kind, _A.state, _A.source, _A.owner_id, _A.person_id, _A.reason, _A.due_at, _A.due_sort, _A.rank,
        _A.read_at, _A.opened_at.label("at"),
    ).where(*_narrowed(filters))  # fmt: skip


INDEXED = text("assignment.state IN ('PENDING', 'POOLED')")
"""Said word for word as the partial index says it: SQLite uses the index only then."""


def todo(work: Work, person: int, filters: Filters) -> Select[Any]:
    return _open(work, _mine(person, "PENDING", filters), filters)


def claim(work: Work, person: int, filters: Filters) -> Select[Any]:
    return _open(work, _mine(person, "POOLED", filters), filters)


def agent(work: Work, person: int, filters: Filters) -> Select[Any]:
    """What the person's principals have to do, except what the person started (APR-08)."""
    shared = _of_principals(work, person)
    query = _assignments(filters).where(or_(*shared) if shared else literal(False), INDEXED, _A.state == "PENDING")
    return _open(work, query.where(_A.starter_id.is_distinct_from(person)), filters)


def drafts(work: Work, person: int, filters: Filters) -> Select[Any]:
    """Tasks to do, one's own or for a principal, for which the person kept something that is not said yet (APR-32)."""
    begun = select(draft_answer.c.task_id).where(draft_answer.c.person_id == person)
    kept = list(work.connection.execute(begun).scalars())
    whose = or_(_A.person_id == person, *_of_principals(work, person))
    # nothing begun: the tasks to do, which may be many and far apart, need not be looked at
    among = _A.task_id.in_(kept) if kept else literal(False)
    query = _assignments(filters).where(whose, INDEXED, _A.state == "PENDING", among)
    return _open(work, query, filters)


def _mine(person: int, state: str, filters: Filters) -> Select[Any]:
    return _assignments(filters).where(_A.person_id == person, INDEXED, _A.state == state)


def _of_principals(work: Work, person: int) -> list[ColumnElement[bool]]:
    return [
        and_(_A.person_id == rule.person, _A.key.in_(rule.keys)) if rule.keys else _A.person_id == rule.person
        for rule in substitutes.principals(work, person)
    ]


def _open(work: Work, query: Select[Any], filters: Filters) -> Select[Any]:
    late = query.where(_A.due_sort < work.now) if filters.overdue else query
    return searching.narrowed(work, late, filters.text, _IN_ASSIGNMENTS)


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in ((_A.key, filters.key), (_A.kind, filters.kind), (_A.node, filters.node)):
        if value:
            conditions.append(column == value)
    if filters.due_until is not None:
        conditions.append(_A.due_sort <= filters.due_until)
    return conditions


_IN_ASSIGNMENTS = Sought((_A.title, _A.name, _A.business_key), _A.starter_id)
_I = instance.c
_IN_INSTANCES = Sought((_I.title, _I.business_key), _I.starter)
_IN_ACTS = Sought((_I.title, _I.business_key, task.c.name, approval_act.c.opinion), _I.starter)


def done(work: Work, person: int, filters: Filters) -> Select[Any]:
    """Acts by which the person let a task go."""
    return _let_go(work, approval_act.c.actor == person, filters)


def done_by_substitutes(work: Work, person: int, filters: Filters) -> Select[Any]:
    """Acts by which substitutes let a task go for the person."""
    acts = approval_act.c
    return _let_go(work, and_(acts.on_behalf_of == person, acts.actor.is_distinct_from(person)), filters)


def _let_go(work: Work, whose: ColumnElement[bool], filters: Filters) -> Select[Any]:
    acts = approval_act.c
    query = (
        select(
            acts.id, acts.instance_id, acts.task_id, _I.key, _I.title, _I.business_key, _I.subject, _I.starter,
            task.c.node, task.c.name, task.c.kind, acts.act, acts.on_behalf_of, task.c.due_at, acts.at,
        )
        .join(instance, _I.id == acts.instance_id)
        .join(task, task.c.id == acts.task_id)
        .where(whose, acts.act.in_(_LETTING_GO))
    )  # fmt: skip
    return _narrowed_instances(work, query, filters, _IN_ACTS)


def started(work: Work, person: int, filters: Filters) -> Select[Any]:
    query = select(
        _I.id, _I.id.label("instance_id"), _I.key, _I.title, _I.business_key, _I.subject, _I.starter, _I.status,
        _I.started_at.label("at"),
    ).where(_I.starter == person)  # fmt: skip
    return _narrowed_instances(work, query, filters, _IN_INSTANCES)


def copies(work: Work, person: int, filters: Filters) -> Select[Any]:
    query = (
        select(
            copy.c.id, copy.c.instance_id, _I.key, _I.title, _I.business_key, _I.subject, _I.starter, _I.status,
            copy.c.by, copy.c.read_at, copy.c.at,
        )
        .join(instance, _I.id == copy.c.instance_id)
        .where(copy.c.person_id == person)
    )  # fmt: skip
    return _narrowed_instances(work, query, filters, _IN_INSTANCES)


def _narrowed_instances(work: Work, query: Select[Any], filters: Filters, sought: Sought) -> Select[Any]:
    if filters.key:
        query = query.where(_I.key == filters.key)
    return searching.narrowed(work, query, filters.text, sought)


_LETTING_GO = ("APPROVE", "REJECT", "RETURN", "DONE", "TRANSFER")
QUERIES = {
    Tab.TODO: (todo,),
    Tab.DONE: (done, done_by_substitutes),
    Tab.STARTED: (started,),
    Tab.COPIES: (copies,),
    Tab.AGENT: (agent,),
    Tab.CLAIM: (claim,),
    Tab.DRAFTS: (drafts,),
}
"""What makes up a tab; each part is read in order by an index of its own, however much there is."""
