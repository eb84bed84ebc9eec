"""History across all streams, page by page, for those who look for who did what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, func, select

from engine.kernel.audit import Entry, audit_anchor, audit_head, history
from engine.kernel.work import Work


@dataclass(frozen=True)
class Place:
    """An entry with where it stands (`id` pages) and the hash that seals it."""

    id: int
    entry: Entry
    hash: str


@dataclass(frozen=True)
class Wanted:
    """Which entries: of one stream (or all that begin so), by one person, of one act; None means any."""

    stream: str | None = None
    actor: int | None = None
    act: str | None = None


def page(work: Work, wanted: Wanted, *, before: int | None = None, after: int = 0, limit: int = 50) -> list[Place]:
    """Entries, newest first, by seek: `before` is the last id of the page before; `after` leaves out older ones."""
    query = select(history).where(history.c.id > after).order_by(history.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(history.c.id < before)
    if wanted.stream:
        query = query.where(history.c.stream.startswith(wanted.stream, autoescape=True))
    if wanted.actor is not None:
        query = query.where(history.c.actor == wanted.actor)
    if wanted.act:
        query = query.where(history.c.act == wanted.act)
    return [_place(row) for row in work.connection.execute(query)]


def last_id(work: Work) -> int:
    """Where history stands now; 0 before anything happened."""
    return int(work.connection.execute(select(func.coalesce(func.max(history.c.id), 0))).scalar_one())


def sealed(work: Work) -> tuple[int, int, datetime | None]:
    """Streams, anchors and the moment of the last anchor (None before the first)."""
    streams = work.connection.execute(select(func.count()).select_from(audit_head)).scalar_one()
    anchors, at = work.connection.execute(select(func.count(), func.max(audit_anchor.c.at))).one()
    return int(streams), int(anchors), at


def _place(row: Row[Any]) -> Place:
    detail = orjson.loads(row.detail)
    entry = Entry(row.stream, row.seq, row.at, row.actor, row.for_person, row.act, detail, row.article)
    return Place(row.id, entry, row.hash)
