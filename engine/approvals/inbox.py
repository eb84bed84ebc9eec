"""One inbox (APR-33): what a person has to do, did, started, got copies of, does for others, may claim."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, literal, select, tuple_

from engine.approvals import tabs
from engine.approvals.tables import approval_act, assignment, copy
from engine.approvals.tabs import Filters, Tab
from engine.kernel.errors import InvalidInput
from engine.workflow.engine import Engine
from engine.workflow.tables import instance

__all__ = ["MOST_COUNTED", "Entry", "Filters", "Page", "Tab", "counts", "keys", "next_after", "page", "unread"]

MOST_COUNTED = 1000
"""A badge says 999+ beyond."""


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


_A = assignment.c


def page(  # noqa: PLR0913  (whose, which tab, narrowed how, from where, how many)
    engine: Engine,
    person: int,
    tab: Tab | str,
    filters: Filters = Filters(),  # noqa: B008  (frozen)
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the person's inbox: to do by due moment, priority and number; the other tabs newest first.

    `after` is what the page before gave. Raises InvalidInput for an unknown tab or a mangled `after`.
    """
    wanted = _tab(tab)
    with engine.start_work(reading=True) as work:
        parts = [_from(part(work, person, filters), wanted, after, filters) for part in tabs.QUERIES[wanted]]
        rows = [row for part in parts for row in work.connection.execute(part.limit(limit + 1))]
    if len(parts) > 1:
        rows.sort(key=lambda row: row.id, reverse=True)
    entries = tuple(_entry(row, wanted) for row in rows[:limit])
    return Page(entries, _mark(rows[limit - 1], wanted, filters) if len(rows) > limit else None)


def counts(engine: Engine, person: int) -> dict[str, int]:
    """How many rows the tabs that call for work have (unread ones of the copies), up to `MOST_COUNTED` each.

    The tabs are `todo`, `claim`, `drafts`, `agent` and `copies`; one statement counts them all.
    """
    with engine.start_work(reading=True) as work:
        counted = {
            "todo": tabs.todo(work, person, Filters()),
            "claim": tabs.claim(work, person, Filters()),
            "drafts": tabs.drafts(work, person, Filters()),
            "agent": tabs.agent(work, person, Filters()),
            "copies": tabs.copies(work, person, Filters()).where(copy.c.read_at.is_(None)),
        }
        row = work.connection.execute(select(*(_count(query).label(name) for name, query in counted.items()))).one()
    return dict(row._mapping)


def keys(engine: Engine, person: int, tab: Tab | str) -> dict[str, int]:
    """The kinds of process in one of the tabs of open tasks, with how many tasks of each; by number, most first.

    Raises InvalidInput for an unknown tab; the other tabs have no kinds.
    """
    wanted = _tab(tab)
    if wanted not in _BY_DUE:
        return {}
    with engine.start_work(reading=True) as work:
        (part,) = tabs.QUERIES[wanted]
        listed = part(work, person, Filters()).with_only_columns(_A.key).limit(MOST_COUNTED).subquery()
        number = func.count().label("number")
        grouped = select(listed.c.key, number).group_by(listed.c.key).order_by(number.desc(), listed.c.key)
        return {row.key: row.number for row in work.connection.execute(grouped)}


def unread(engine: Engine, person: int, limit: int = 30) -> tuple[Entry, ...]:
    """Tasks that call for the person and that they have not opened yet: what the bell shows as 需处理."""
    with engine.start_work(reading=True) as work:
        query = tabs.todo(work, person, Filters()).where(assignment.c.read_at.is_(None))
        rows = work.connection.execute(_from(query, Tab.TODO, None, Filters()).limit(limit)).all()
    return tuple(_entry(row, Tab.TODO) for row in rows)


def next_after(
    engine: Engine,
    person: int,
    task_id: int,
    tab: Tab | str = Tab.TODO,
    filters: Filters = Filters(),  # noqa: B008  (frozen)
) -> int | None:
    """The task to open once this one is decided: the next in the order of the list, else its first; None when done.

    The list is a tab of open tasks, narrowed as it is looked at. Raises InvalidInput for any other tab.
    """
    wanted = _tab(tab)
    if wanted not in _BY_DUE:
        raise InvalidInput("inbox.tab", f"nothing is decided in '{wanted}': use {', '.join(_BY_DUE)}", tab=str(wanted))
    with engine.start_work(reading=True) as work:
        (part,) = tabs.QUERIES[wanted]
        query = _from(part(work, person, filters).where(_A.task_id != task_id), wanted, None, filters)
        order = _order(filters)
        here = select(*order).where(_A.task_id == task_id).order_by((_A.person_id == person).desc(), _A.id.desc())
        place = work.connection.execute(here.limit(1)).first()
        if place is not None:
            behind = work.connection.execute(query.where(_beyond(order, tuple(place))).limit(1)).first()
            if behind is not None:
                return int(behind.task_id)
        first = work.connection.execute(query.limit(1)).first()
    return None if first is None else int(first.task_id)


def _tab(tab: Tab | str) -> Tab:
    if str(tab) not in list(Tab):
        raise InvalidInput("inbox.tab", f"there is no tab '{tab}': use {', '.join(Tab)}", tab=str(tab))
    return Tab(str(tab))


_BY_DUE = frozenset({Tab.TODO, Tab.AGENT, Tab.CLAIM, Tab.DRAFTS})
_IDS = {Tab.DONE: approval_act.c.id, Tab.STARTED: instance.c.id, Tab.COPIES: copy.c.id}


def _from(query: Select[Any], tab: Tab, after: str | None, filters: Filters) -> Select[Any]:
    """The query in the tab's order, from behind the mark on."""
    place = None if after is None else _place(after, tab, filters)
    if tab in _BY_DUE:
        order = _order(filters)
        ordered = query.order_by(*order)
        return ordered if place is None else ordered.where(_beyond(order, place))
    ordered = query.order_by(_IDS[tab].desc())
    return ordered if place is None else ordered.where(_IDS[tab] < place[0])


def _order(filters: Filters) -> tuple[ColumnElement[Any], ...]:
    return (_A.key, *_STABLE) if filters.by_process else _STABLE


_STABLE = (_A.due_sort, _A.rank, _A.id)


def _beyond(order: Sequence[ColumnElement[Any]], place: Sequence[Any]) -> ColumnElement[bool]:
    values = [literal(value, column.type) for column, value in zip(order, place, strict=True)]
    return tuple_(*order) > tuple_(*values)


def _mark(row: Row[Any], tab: Tab, filters: Filters) -> str:
    place = [row.due_sort.isoformat(), row.rank, row.id] if tab in _BY_DUE else [row.id]
    return base64.urlsafe_b64encode(orjson.dumps([*place, row.key] if filters.by_process else place)).decode()


def _place(mark: str, tab: Tab, filters: Filters) -> tuple[Any, ...]:
    try:
        place = orjson.loads(base64.urlsafe_b64decode(mark.encode()))
        if tab not in _BY_DUE:
            return (int(place[0]),)
        stable = datetime.fromisoformat(place[0]), int(place[1]), int(place[2])
        return (str(place[3]), *stable) if filters.by_process else stable
    except (ValueError, TypeError, IndexError, KeyError) as problem:
        raise InvalidInput("inbox.after", "this page does not exist: start from the first", after=mark) from problem


def _count(query: Select[Any]) -> ScalarSelect[int]:
    some = query.with_only_columns(literal(1).label("one")).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


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
