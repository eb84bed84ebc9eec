"""Rows of the list: an entry of the engine's inbox with names instead of ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g

from engine.approvals.inbox import Entry, Tab
from engine.kernel.work import Work
from engine.people import persons

ACTING = frozenset({Tab.TODO, Tab.AGENT, Tab.CLAIM})


@dataclass(frozen=True)
class Row:
    """One line as `components/task_row.html` draws it; `due` is when it is due, on other tabs when it happened."""

    id: int
    instance: int
    title: str
    node: str
    starter: str
    due: datetime | None
    late: bool
    unread: bool
    on_behalf_of: str | None
    state: str
    assignment: int
    level: str | None = None
    decided_by: str | None = None


def of(work: Work, entries: Iterable[Entry], deciders: Mapping[int, str] | None = None) -> list[Row]:
    """The rows of these entries, in their order."""
    listed = list(entries)
    wanted = {each.starter for each in listed} | {each.owner for each in listed}
    names = persons.names(work, [person for person in wanted if person])
    return [_row(each, names, (deciders or {}).get(each.task or 0)) for each in listed]


def _row(entry: Entry, names: Mapping[int, str], decided_by: str | None) -> Row:
    acting = entry.tab in ACTING
    due = entry.due_at if acting else entry.at
    return Row(
        id=entry.task or entry.instance,
        instance=entry.instance,
        title=entry.title,
        node=entry.name,
        starter=names.get(entry.starter or 0, ""),
        due=due,
        late=bool(acting and due and due < g.now),
        unread=entry.read_at is None and entry.tab in {Tab.TODO, Tab.COPIES},
        on_behalf_of=names.get(entry.owner or 0) if entry.tab is Tab.AGENT else None,
        state=entry.state,
        assignment=entry.id if acting else 0,
        decided_by=decided_by,
    )
