"""One inbox (APR-33): what a person has to do, did, started, got copies of, does for others, may claim."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select, tuple_

from engine.approvals import substitutes
from engine.approvals.tables import approval_act, assignment, copy
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.workflow.engine import Engine
from engine.workflow.tables import instance, task

MOST_COUNTED = 1000
"""A badge says 999+ beyond."""


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


@dataclass(frozen=True)
class Entry:
    """One row of the inbox. `state` is the assignment's, the act's or the instance's, as the tab has it.

    `owner` is whose task it is where somebody acts for them; `at` is what the tab is sorted by.
    """

    id: int
    tab: Tab
    instance: int
    task: int | None
    key: str
    title: str
    business_key: str | None
    subject: str | None
    starter: int | None
    node: str | None
    name: str
    kind: str
    state: str
    source: str
    owner: int | None
    reason: tuple[Any, ...]
    due_at: datetime | None
    read_at: datetime | None
    at: datetime


@dataclass(frozen=True)
class Page:
    """Some rows, and what to give as `after` for the next page (None at the end)."""

    entries: tuple[Entry, ...]
    after: str | None


def page(  # noqa: PLR0913  (whose, which tab, narrowed how, from where, how many)
    engine: Engine,
    person: int,
    tab: Tab | str,
    filters: Filters = Filters(),
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the person's inbox: to do by due moment, priority and number; the other tabs newest first.

    `after` is what the page before gave. Raises InvalidInput for an unknown tab or a mangled `after`.
    """
    wanted = _tab(tab)
    with engine.start_work(reading=True) as work:
        query = _QUERIES[wanted](work, person, filters)
        query = _from(query, wanted, after).limit(limit + 1)
        rows = work.connection.execute(query).all()
    entries = tuple(_entry(row, wanted) for row in rows[:limit])
    return Page(entries, _mark(rows[limit - 1], wanted) if len(rows) > limit else None)


def counts(engine: Engine, person: int) -> dict[str, int]:
    """How many rows the tabs that call for work have (todo, claim, agent, unread copies), up to `MOST_COUNTED` each."""
    with engine.start_work(reading=True) as work:
        return {
            "todo": _count(work, _todo(work, person, Filters())),
            "claim": _count(work, _claim(work, person, Filters())),
            "agent": _count(work, _agent(work, person, Filters())),
            "copies": _count(work, _copies(work, person, Filters()).where(copy.c.read_at.is_(None))),
        }


def unread(engine: Engine, person: int, limit: int = 30) -> tuple[Entry, ...]:
    """Tasks that call for the person and that they have not opened yet: what the bell shows as 需处理."""
    with engine.start_work(reading=True) as work:
        query = _todo(work, person, Filters()).where(assignment.c.read_at.is_(None))
        rows = work.connection.execute(_from(query, Tab.TODO, None).limit(limit)).all()
    return tuple(_entry(row, Tab.TODO) for row in rows)


def next_after(engine: Engine, person: int, task_id: int) -> int | None:
    """The task to open once this one is decided: the next in the order of the list, else the first; None when done."""
    with engine.start_work(reading=True) as work:
        query = _from(_todo(work, person, Filters()).where(assignment.c.task_id != task_id), Tab.TODO, None)
        here = select(assignment.c.due_sort, assignment.c.rank, assignment.c.id)
        here = here.where(assignment.c.task_id == task_id, assignment.c.person_id == person)
        place = work.connection.execute(here.order_by(assignment.c.id.desc()).limit(1)).first()
        if place is not None:
            behind = work.connection.execute(query.where(_beyond(tuple(place))).limit(1)).first()
            if behind is not None:
                return int(behind.task_id)
        first = work.connection.execute(query.limit(1)).first()
    return None if first is None else int(first.task_id)


def _tab(tab: Tab | str) -> Tab:
    if str(tab) not in list(Tab):
        raise InvalidInput("inbox.tab", f"there is no tab '{tab}': use {', '.join(Tab)}", tab=str(tab))
    return Tab(str(tab))


_A = assignment.c


def _assignments(filters: Filters) -> Select[Any]:
    return select(
        _A.id, _A.instance_id, _A.task_id, _A.key, _A.title, _A.business_key, _A.subject, _A.starter_id, _A.node,
        _A.name, _A.kind, _A.state, _A.source, _A.owner_id, _A.person_id, _A.reason, _A.due_at, _A.due_sort, _A.rank,
        _A.read_at, _A.opened_at.label("at"),
    ).where(*_narrowed(filters))  # fmt: skip


def _todo(work: Work, person: int, filters: Filters) -> Select[Any]:
    return _late(work, _assignments(filters).where(_A.person_id == person, _A.state == "PENDING"), filters)


def _claim(work: Work, person: int, filters: Filters) -> Select[Any]:
    return _late(work, _assignments(filters).where(_A.person_id == person, _A.state == "POOLED"), filters)


def _agent(work: Work, person: int, filters: Filters) -> Select[Any]:
    """What the person's principals have to do, except what the person started (APR-08)."""
    rules = substitutes.principals(work, person)
    shared = [
        and_(_A.person_id == rule.person, _A.key.in_(rule.keys)) if rule.keys else _A.person_id == rule.person
        for rule in rules
    ]
    query = _assignments(filters).where(or_(*shared) if shared else literal(False), _A.state == "PENDING")
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


def _done(_work: Work, person: int, filters: Filters) -> Select[Any]:
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


def _started(_work: Work, person: int, filters: Filters) -> Select[Any]:
    query = select(
        _I.id, _I.id.label("instance_id"), _I.key, _I.title, _I.business_key, _I.subject, _I.starter, _I.status,
        _I.started_at.label("at"),
    ).where(_I.starter == person)  # fmt: skip
    return _of_instance(query, filters)


def _copies(_work: Work, person: int, filters: Filters) -> Select[Any]:
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
_QUERIES = {
    Tab.TODO: _todo,
    Tab.DONE: _done,
    Tab.STARTED: _started,
    Tab.COPIES: _copies,
    Tab.AGENT: _agent,
    Tab.CLAIM: _claim,
}
_BY_DUE = frozenset({Tab.TODO, Tab.AGENT, Tab.CLAIM})
_IDS = {Tab.DONE: approval_act.c.id, Tab.STARTED: instance.c.id, Tab.COPIES: copy.c.id}


def _from(query: Select[Any], tab: Tab, after: str | None) -> Select[Any]:
    """The query in the tab's order, from behind the mark on."""
    place = None if after is None else _place(after, tab)
    if tab in _BY_DUE:
        ordered = query.order_by(_A.due_sort, _A.rank, _A.id)
        return ordered if place is None else ordered.where(_beyond(place))
    ordered = query.order_by(_IDS[tab].desc())
    return ordered if place is None else ordered.where(_IDS[tab] < place[0])


def _beyond(place: Sequence[Any]) -> ColumnElement[bool]:
    due, rank, last = place
    return tuple_(_A.due_sort, _A.rank, _A.id) > tuple_(literal(due, _A.due_sort.type), literal(rank), literal(last))


def _mark(row: Row[Any], tab: Tab) -> str:
    place = [row.due_sort.isoformat(), row.rank, row.id] if tab in _BY_DUE else [row.id]
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode()


def _place(mark: str, tab: Tab) -> tuple[Any, ...]:
    try:
        place = orjson.loads(base64.urlsafe_b64decode(mark.encode()))
        if tab in _BY_DUE:
            return datetime.fromisoformat(place[0]), int(place[1]), int(place[2])
        return (int(place[0]),)
    except (ValueError, TypeError, IndexError, KeyError) as problem:
        raise InvalidInput("inbox.after", "this page does not exist: start from the first", after=mark) from problem


def _count(work: Work, query: Select[Any]) -> int:
    some = query.with_only_columns(literal(1).label("one")).limit(MOST_COUNTED).subquery()
    return int(work.connection.execute(select(func.count()).select_from(some)).scalar_one())


def _entry(row: Row[Any], tab: Tab) -> Entry:
    kept = row._mapping
    owner = kept.get("on_behalf_of")
    if tab is Tab.AGENT:
        owner = kept["person_id"]
    return Entry(
        row.id, tab, row.instance_id, kept.get("task_id"), row.key, row.title, row.business_key, row.subject,
        kept.get("starter_id", kept.get("starter")), kept.get("node"), kept.get("name", ""), kept.get("kind", ""),
        kept.get("state") or kept.get("act") or kept["status"], kept.get("source", ""), owner,
        tuple(kept.get("reason") or ()), kept.get("due_at"), kept.get("read_at"), row.at,
    )  # fmt: skip
