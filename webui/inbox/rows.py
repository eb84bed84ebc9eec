"""Rows of the list: an entry of the engine's inbox with names and levels instead of ids, under their headings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from flask import g

from engine.approvals.inbox import Entry, Tab
from engine.kernel.clock import local
from engine.kernel.work import Work
from engine.people import persons
from engine.people.persons import PersonView
from webui import registry
from webui.i18n import lazy_gettext as _l

ACTING = frozenset({Tab.TODO, Tab.AGENT, Tab.CLAIM, Tab.DRAFTS})
SPANS = {
    "late": _l("Late"),
    "today": _l("Today"),
    "tomorrow": _l("Tomorrow"),
    "week": _l("This week"),
    "later": _l("Later"),
    "open": _l("Without a limit"),
}


@dataclass(frozen=True)
class Row:
    """One line as `components/task_row.html` draws it; `due` is when it is due, on other tabs when it happened."""

    id: int
    instance: int
    title: str
    node: str
    number: str
    key: str
    starter: PersonView | None
    due: datetime | None
    late: bool
    unread: bool
    on_behalf_of: str | None
    state: str
    assignment: int
    level: str | None = None


@dataclass(frozen=True)
class Group:
    """Rows that stand together; `heading` is None where the list has no groups."""

    heading: Any
    rows: list[Row]


def of(work: Work, entries: Iterable[Entry]) -> list[Row]:
    """The rows of these entries, in their order; two statements however many there are."""
    listed = list(entries)
    wanted = {each.starter for each in listed} | {each.owner for each in listed}
    known = persons.many(work, [person for person in wanted if person])
    levels = registry.levels(work, (each.subject for each in listed if each.subject))
    return [_row(each, known, levels.get(each.subject or "")) for each in listed]


def by_due(rows: Iterable[Row]) -> list[Group]:
    """The rows under 逾期, 今天, 明天, 本周, 以后, in the order in which they come."""
    return [Group(SPANS[span], list(some)) for span, some in groupby(rows, _span)]


def by_process(rows: Iterable[Row], names: Mapping[str, str]) -> list[Group]:
    """The rows under the name of their process, in the order in which they come."""
    return [Group(names.get(key, key), list(some)) for key, some in groupby(rows, lambda row: row.key)]


def _span(row: Row) -> str:
    if row.due is None:
        return "open"
    if row.late:
        return "late"
    day, today = local(row.due).date(), local(g.now).date()
    apart = (day - today).days
    if apart <= 1:
        return "tomorrow" if apart else "today"
    monday = today - timedelta(days=today.weekday())
    return "week" if day < monday + timedelta(days=7) else "later"


def _row(entry: Entry, known: Mapping[int, PersonView], level: str | None) -> Row:
    acting = entry.tab in ACTING
    due = entry.due_at if acting else entry.at
    owner = known.get(entry.owner or 0)
    return Row(
        id=entry.task or entry.instance,
        instance=entry.instance,
        title=entry.title,
        node=entry.name,
        number=entry.business_key or "",
        key=entry.key,
        starter=known.get(entry.starter or 0),
        due=due,
        late=bool(acting and due and due < g.now),
        unread=entry.read_at is None and entry.tab in {Tab.TODO, Tab.COPIES},
        on_behalf_of=owner.name if owner and entry.tab is Tab.AGENT else None,
        state=entry.state,
        assignment=entry.id if acting else 0,
        level=level,
    )
