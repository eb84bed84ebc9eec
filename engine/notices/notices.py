"""What people are told in the application: one row per person and event, unread until it is looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, UniqueConstraint, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.notices import channels

_UNREAD = text("read_at IS NULL")

notice = Table(
    "notice",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Key, ForeignKey("person.id"), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("fields", Json, nullable=False),
    Column("link", String(300), nullable=False),
    Column("key", String(200), nullable=False),
    Column("needs_action", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("read_at", Moment),
    UniqueConstraint("person_id", "key"),
    Index("ix_notice_person", "person_id", "id"),
    Index("ix_notice_unread", "person_id", "needs_action", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
    Index("ix_notice_calls", "link", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
)

MOST_COUNTED = 1000
"""A badge says 999+ beyond; counting on would cost time for nothing."""


@dataclass(frozen=True)
class Notice:
    """One thing a person was told; the page words `kind` with `fields` and leads to `link`."""

    id: int
    kind: str
    fields: Mapping[str, Any]
    link: str
    needs_action: bool
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Counts:
    """Unread notices: those that ask for an act (需处理) and those that only tell (知会)."""

    action: int
    information: int


def notify(  # noqa: PLR0913  (whom, what, in which words, leading where, once: all of it makes a notice)
    work: Work,
    persons: Iterable[int],
    kind: str,
    fields: Mapping[str, Any],
    *,
    link: str,
    key: str,
    needs_action: bool = False,
) -> int:
    """Tells these persons, through the application and every other channel that is switched on; how many were told.

    `key` names the event (`task:7:remind:1`): whoever was told under it before is not told again, in no channel.
    """
    wanted = sorted(set(persons))
    if not wanted:
        return 0
    same = {
        "kind": kind,
        "fields": dict(fields),
        "link": link,
        "key": key,
        "needs_action": needs_action,
        "at": work.now,
    }
    insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
    rows = insert(notice).values([{"person_id": person, **same} for person in wanted])
    fresh = rows.on_conflict_do_nothing(index_elements=["person_id", "key"]).returning(notice.c.person_id)
    told = list(work.connection.execute(fresh).scalars())
    channels.pass_on(work, told, channels.Told(kind, fields, link, key))
    return len(told)


def page(
    work: Work, person: int, *, needs_action: bool | None = None, before: int | None = None, limit: int = 30
) -> list[Notice]:
    """The person's notices, newest first; `before` is the last id of the page before."""
    query = select(notice).where(notice.c.person_id == person).order_by(notice.c.id.desc()).limit(limit)
    if needs_action is not None:
        query = query.where(notice.c.needs_action == needs_action)
    if before is not None:
        query = query.where(notice.c.id < before)
    return [_view(row) for row in work.connection.execute(query)]


def unread(work: Work, person: int) -> Counts:
    """How many are unread; counted up to `MOST_COUNTED` together."""
    seen = select(notice.c.needs_action).where(notice.c.person_id == person, notice.c.read_at.is_(None))
    some = seen.limit(MOST_COUNTED).subquery()
    rows = work.connection.execute(select(some.c.needs_action, func.count()).group_by(some.c.needs_action)).all()
    counted = {bool(row[0]): int(row[1]) for row in rows}
    return Counts(counted.get(True, 0), counted.get(False, 0))


def mark_read(work: Work, person: int, notices: Iterable[int] | None = None) -> int:
    """Marks these notices of the person as read, all of them when None; how many were unread."""
    unread_ones = update(notice).where(notice.c.person_id == person, notice.c.read_at.is_(None))
    if notices is not None:
        unread_ones = unread_ones.where(notice.c.id.in_(list(notices)))
    return work.connection.execute(unread_ones.values(read_at=work.now)).rowcount


def follow(work: Work, person: int, notice_id: int) -> str:
    """Mark one notice of the person as read; where it leads. Raises NotFound `notice.unknown` for somebody else's."""
    mine = select(notice.c.link).where(notice.c.id == notice_id, notice.c.person_id == person)
    link = work.connection.execute(mine).scalar()
    if link is None:
        raise NotFound("notice.unknown", f"there is no notice {notice_id}", notice=notice_id)
    mark_read(work, person, [notice_id])
    return str(link)


def settle(work: Work, link: str) -> int:
    """Nothing is to be done behind this link any more: its unread calls for an act become read; how many there were."""
    calls = update(notice).where(notice.c.link == link, notice.c.needs_action, notice.c.read_at.is_(None))
    return work.connection.execute(calls.values(read_at=work.now)).rowcount


def _view(row: Any) -> Notice:
    return Notice(row.id, row.kind, row.fields, row.link, row.needs_action, row.at, row.read_at)
