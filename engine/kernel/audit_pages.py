"""History across all streams, page by page, for those who look for who did what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from engine.kernel.audit import START, Entry, audit_anchor, audit_head, history
from engine.kernel.work import Work


@dataclass(frozen=True)
class Place:
    """An entry with where it stands (`id` pages), the hash that seals it, and the one before it in its stream."""

    id: int
    entry: Entry
    hash: str
    previous: str = ""


@dataclass(frozen=True)
class Wanted:
    """Which entries: of one stream (or all that begin so), by one person, of one act, from when to when; None is any.

    A stream that ends with a number (`letter:7`) means that one alone. `streams` are several at once, each with the
    beginnings of the acts that are wanted of it (none: all).
    """

    stream: str | None = None
    actor: int | None = None
    act: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    streams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def page(work: Work, wanted: Wanted, *, before: int | None = None, after: int = 0, limit: int = 50) -> list[Place]:
    """Entries, newest first, by seek: `before` is the last id of the page before; `after` leaves out older ones."""
    first = max(after, _last_before(work, wanted.since)) if wanted.since else after
    query = select(history).where(history.c.id > first).order_by(history.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(history.c.id < before)
    if wanted.until:
        query = query.where(history.c.id <= _last_before(work, wanted.until))
    if wanted.streams:
        query = query.where(or_(*(_of_acts(stream, acts) for stream, acts in wanted.streams.items())))
    if wanted.stream:
        query = query.where(_of_stream(wanted.stream))
    if wanted.actor is not None:
        query = query.where(history.c.actor == wanted.actor)
    if wanted.act:
        query = query.where(history.c.act == wanted.act)
    return [_place(row) for row in work.connection.execute(query)]


def with_previous(work: Work, places: Sequence[Place]) -> list[Place]:
    """The same with the hash that stands before each: what its own hash was made on."""
    earlier = history.alias("earlier")
    before = and_(earlier.c.stream == history.c.stream, earlier.c.seq == history.c.seq - 1)
    query = select(history.c.id, earlier.c.hash).join(earlier, before)
    rows = work.connection.execute(query.where(history.c.id.in_([each.id for each in places])))
    known = {row.id: row.hash for row in rows}
    return [replace(each, previous=known.get(each.id, START)) for each in places]


def walk(work: Work, wanted: Wanted, *, most: int, chunk: int = 500) -> Iterator[Place]:
    """Entries one after the other, newest first, at most `most`; read a chunk at a time."""
    before: int | None = None
    while most > 0:
        found = page(work, wanted, before=before, limit=min(chunk, most))
        yield from found
        if len(found) < min(chunk, most):
            return
        most -= len(found)
        before = found[-1].id


def _of_stream(stream: str) -> ColumnElement[bool]:
    if stream.rpartition(":")[2].isdigit():
        return history.c.stream == stream
    return history.c.stream.startswith(stream, autoescape=True)


def _of_acts(stream: str, acts: tuple[str, ...]) -> ColumnElement[bool]:
    same = history.c.stream == stream
    return same & or_(*(history.c.act.startswith(each, autoescape=True) for each in acts)) if acts else same


def _last_before(work: Work, moment: datetime) -> int:
    """The last entry that was written before the moment, 0 when none was: numbers grow with time, so it is halved."""
    low, high = 0, last_id(work)
    while low < high:
        middle = (low + high + 1) // 2
        near = select(history.c.at).where(history.c.id >= middle).order_by(history.c.id).limit(1)
        at = work.connection.execute(near).scalar()
        if at is not None and at < moment:
            low = middle
        else:
            high = middle - 1
    return low


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
