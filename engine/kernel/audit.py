"""What happened, once and for ever: append-only history, one chain of hashes per stream, anchors over all chains."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    event,
    select,
    text,
    update,
)
from sqlalchemy.engine import Connection

from engine.kernel.database import Base, Key, Moment
from engine.kernel.statements import Statement
from engine.kernel.work import Work

APPEND_ONLY = {"append_only": True}
"""The `info` of tables whose rows nobody may change or delete; the database itself refuses it."""

history = Table(
    "history",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("stream", String(80), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Key),
    Column("for_person", Key),
    Column("act", String(80), nullable=False),
    Column("detail", Text, nullable=False),
    Column("article", String(80)),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("stream", "seq"),
    Index("ix_history_actor", "actor", "at"),
    info=APPEND_ONLY,
)
"""Read it through `of`; `detail` is JSON kept byte by byte, since the hash covers it."""

audit_head = Table(
    "audit_head",
    Base.metadata,
    Column("stream", String(80), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("anchored", Integer, nullable=False, server_default="0"),
)

audit_anchor = Table(
    "audit_anchor",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("heads", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    info=APPEND_ONLY,
)

START = "0" * 64
"""What the first entry of every chain is hashed onto."""

_PENDING = "audit.pending"
_EXPECTED = "audit.expected"

Head = tuple[int, str]
"""Where a stream ends: the number and the hash of its last entry."""


@dataclass(frozen=True)
class Entry:
    """One line of history; `actor` None is the system, `for_person` is who was represented."""

    stream: str
    seq: int
    at: datetime
    actor: int | None
    for_person: int | None
    act: str
    detail: Mapping[str, Any]
    article: str | None


@dataclass(frozen=True)
class Pending:
    """An entry that waits for the commit, which gives it its number and hash."""

    stream: str
    at: datetime
    actor: int | None
    for_person: int | None
    act: str
    detail: str
    article: str | None


def append(  # noqa: PLR0913  (who, for whom, what, why: one line of history has these parts)
    work: Work,
    stream: str,
    act: str,
    *,
    actor: int | None,
    for_person: int | None = None,
    detail: Mapping[str, Any] | None = None,
    article: str | None = None,
) -> None:
    """Add one entry to a stream (`instance:12`, `letter:7`); it is numbered, hashed and written when the work commits.

    Streams are locked then, in the order of their names, so that two works never wait for each other in a circle.
    """
    text = orjson.dumps(detail or {}, default=str).decode()
    _pending(work).append(Pending(stream, work.now, actor, for_person, act, text, article))


def mark(work: Work) -> int:
    """Where the entries of this work stand; give it to `forget` when a savepoint is rolled back."""
    return len(_pending(work))


def forget(work: Work, marked: int) -> None:
    """Drop the entries that were appended after `mark`."""
    del _pending(work)[marked:]


def of(work: Work, stream: str, *, after: int = 0, limit: int = 1000) -> list[Entry]:
    """Entries of one stream, oldest first, from number `after` + 1; those of this work included."""
    _write(work)
    query = (
        select(history).where(history.c.stream == stream, history.c.seq > after).order_by(history.c.seq).limit(limit)
    )
    return [_entry(row) for row in work.connection.execute(query)]


def _pending(work: Work) -> list[Pending]:
    entries: list[Pending] | None = work.notes.get(_PENDING)
    if entries is None:
        entries = work.notes[_PENDING] = []
        work.before_commit(lambda: _write(work))
    return entries


def expect(work: Work, stream: str, seq: int, mark: str) -> None:
    """Where a stream stands, for whoever reads its head with rows that every writer of it locks: saves a statement.

    `seq` 0 with `START` says that it is new. What was expected wrongly is read again when the entries are written.
    """
    work.notes.setdefault(_EXPECTED, {})[stream] = (seq, mark)


def _write(work: Work) -> None:
    entries: list[Pending] = work.notes.get(_PENDING, [])
    if not entries:
        return
    expected: dict[str, Head] = work.notes.setdefault(_EXPECTED, {})
    streams = sorted({entry.stream for entry in entries})
    heads = {stream: expected.get(stream) or _lock_head(work, stream) for stream in streams}
    rows, ends = _linked(entries, heads)
    for stream in [each for each in streams if each in expected]:
        if not _move_head(work, stream, heads[stream], ends[stream]):
            heads[stream] = _lock_head(work, stream)
            rows, ends = _linked(entries, heads)
            del expected[stream]
    entries.clear()
    work.run(_INSERT, rows)
    locked = [stream for stream in streams if stream not in expected]
    if locked:
        work.run(_ADVANCE, [{"of": each, "new_seq": ends[each][0], "new_hash": ends[each][1]} for each in locked])
    expected.update(ends)


def _linked(entries: Sequence[Pending], heads: Mapping[str, Head]) -> tuple[list[dict[str, Any]], dict[str, Head]]:
    """The rows of new entries, hashed onto the heads, and the heads after them."""
    ends, rows = dict(heads), []
    for entry in entries:
        seq, previous = ends[entry.stream]
        mark = digest(previous, seq + 1, entry)
        rows.append({**vars(entry), "seq": seq + 1, "hash": mark})
        ends[entry.stream] = (seq + 1, mark)
    return rows, ends


_LOCK = Statement(
    text(
        "INSERT INTO audit_head (stream, seq, hash, anchored) VALUES (:stream, 0, :start, 0) "
        "ON CONFLICT (stream) DO UPDATE SET seq = audit_head.seq RETURNING seq, hash"
    ).columns(audit_head.c.seq, audit_head.c.hash)
)
_BEGIN = Statement(
    text(
        "INSERT INTO audit_head (stream, seq, hash, anchored) VALUES (:of, :new_seq, :new_hash, 0) "
        "ON CONFLICT (stream) DO NOTHING"
    )
)
_INSERT = Statement(history.insert())
_MOVE = Statement(
    update(audit_head)
    .where(
        audit_head.c.stream == bindparam("of"),
        audit_head.c.seq == bindparam("seen"),
        audit_head.c.hash == bindparam("seen_hash"),
    )
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
)
_ADVANCE = Statement(
    update(audit_head)
    .where(audit_head.c.stream == bindparam("of"))
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
)


def _lock_head(work: Work, stream: str) -> Head:
    row = work.run(_LOCK, {"stream": stream, "start": START}).one()
    return row.seq, row.hash


def _move_head(work: Work, stream: str, seen: Head, to: Head) -> bool:
    """Whether the head stood where it was expected, and now stands at the new end."""
    values = {"of": stream, "new_seq": to[0], "new_hash": to[1]}
    if seen[0] == 0:
        return bool(work.run(_BEGIN, values).rowcount == 1)
    return bool(work.run(_MOVE, {**values, "seen": seen[0], "seen_hash": seen[1]}).rowcount == 1)


def digest(previous: str, seq: int, entry: Any) -> str:
    """The hash of an entry on top of the one before it; what every line of history carries."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [entry.stream, seq, at, entry.actor, entry.for_person, entry.act, entry.detail, entry.article]
    return hashlib.sha256(previous.encode() + orjson.dumps(fields)).hexdigest()


def _entry(row: Any) -> Entry:
    detail = orjson.loads(row.detail)
    return Entry(row.stream, row.seq, row.at, row.actor, row.for_person, row.act, detail, row.article)


def protect(connection: Connection, *tables: str) -> None:
    """Make the database itself refuse UPDATE, DELETE and TRUNCATE on append-only tables; twice is once."""
    if connection.dialect.name == "sqlite":
        for table in tables:
            for act in ("UPDATE", "DELETE"):
                connection.exec_driver_sql(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in tables:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def protect_all(connection: Connection) -> None:
    """Protect every table that is declared with `APPEND_ONLY`; twice is once."""
    protect(connection, *(table.name for table in Base.metadata.sorted_tables if table.info == APPEND_ONLY))


def _protect_created(_metadata: MetaData, connection: Connection, tables: Sequence[Table], **_: Any) -> None:
    protect(connection, *(table.name for table in tables if table.info == APPEND_ONLY))


event.listen(Base.metadata, "after_create", _protect_created)
