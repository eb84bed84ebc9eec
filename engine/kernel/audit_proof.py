"""Proves that history is what was written: anchors seal the ends of streams, and every hash is computed again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update

from engine.kernel import settings
from engine.kernel.audit import START, Head, audit_anchor, audit_head, digest, history
from engine.kernel.work import Work


def anchor(work: Work, *, limit: int = 5000) -> int:
    """Seal up to `limit` heads that moved since the last anchor into the next one; how many there were.

    Anchors form a chain of their own: a stream that is rewritten together with its head still contradicts its anchor.
    """
    settings.write(work, "audit.anchor", None)  # two processes may seal at once: the second waits for this row
    moved = (
        select(audit_head).where(audit_head.c.anchored < audit_head.c.seq).order_by(audit_head.c.stream).limit(limit)
    )
    heads = [[row.stream, row.seq, row.hash] for row in work.connection.execute(moved)]
    if not heads:
        return 0
    last = work.connection.execute(select(audit_anchor.c.hash).order_by(audit_anchor.c.id.desc()).limit(1)).scalar()
    sealed = orjson.dumps(heads).decode()
    values = {"at": work.now, "heads": sealed, "hash": _seal(last or START, work.now, sealed)}
    work.connection.execute(audit_anchor.insert(), values)
    work.connection.execute(_ANCHORED, [{"of": stream, "sealed": seq} for stream, seq, _ in heads])
    return len(heads)


def last_anchor(work: Work) -> datetime | None:
    """When history was sealed last, None before the first time."""
    newest = select(audit_anchor.c.at).order_by(audit_anchor.c.id.desc()).limit(1)
    return work.connection.execute(newest).scalar()


_ANCHORED = update(audit_head).where(audit_head.c.stream == bindparam("of")).values(anchored=bindparam("sealed"))


def _seal(previous: str, at: datetime, heads: str) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{previous}{moment}{heads}".encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """A place where history is not what was written: `flipped`, `missing`, `truncated`, `no_head`, `anchor`."""

    stream: str
    seq: int
    code: str


def verify(work: Work) -> list[Break]:
    """Read all of history and say every place where it was changed; empty when nothing was."""
    anchored, found = _anchors(work)
    heads = {row.stream: (row.seq, row.hash) for row in work.connection.execute(select(audit_head))}
    ordered = select(history).order_by(history.c.stream, history.c.seq)
    rows = work.connection.execution_options(yield_per=2000).execute(ordered)
    for stream, entries in groupby(rows, key=lambda row: str(row.stream)):
        found += _of_stream(stream, entries, anchored.pop(stream, {}), heads.pop(stream, None))
    found += [Break(stream, seq, "anchor") for stream, marks in anchored.items() for seq in marks]
    return found + [Break(stream, seq, "truncated") for stream, (seq, _) in heads.items()]


def breaks(work: Work, stream: str) -> list[Break]:
    """Every place where this one stream is not what was written; quick enough for a page.

    The anchors' own chain is what `verify` reads through.
    """
    entries = work.connection.execute(select(history).where(history.c.stream == stream).order_by(history.c.seq))
    head = work.connection.execute(select(audit_head).where(audit_head.c.stream == stream)).first()
    return _of_stream(stream, entries, _anchored(work, stream), (head.seq, head.hash) if head else None)


def _of_stream(stream: str, entries: Iterable[Any], anchored: dict[int, str], head: Head | None) -> list[Break]:
    found = []
    end: Head = (0, START)
    for row in entries:
        if row.seq != end[0] + 1:
            found.append(Break(stream, end[0] + 1, "missing"))
        elif row.hash != digest(end[1], row.seq, row):
            found.append(Break(stream, row.seq, "flipped"))
        if anchored.pop(row.seq, row.hash) != row.hash:
            found.append(Break(stream, row.seq, "anchor"))
        end = (row.seq, row.hash)
    found += [Break(stream, seq, "anchor") for seq in anchored]
    if head is None:
        return [*found, Break(stream, end[0], "no_head")] if end[0] else found
    return found if head == end else [*found, Break(stream, head[0], "truncated")]


def _anchors(work: Work) -> tuple[dict[str, dict[int, str]], list[Break]]:
    """What all anchors hold, by stream and number; and where their own chain is broken."""
    known: dict[str, dict[int, str]] = {}
    found = []
    previous = START
    for row in work.connection.execute(select(audit_anchor).order_by(audit_anchor.c.id)):
        if row.hash != _seal(previous, row.at, row.heads):
            found.append(Break("audit_anchor", row.id, "flipped"))
        previous = row.hash
        for stream, seq, mark in orjson.loads(row.heads):
            known.setdefault(stream, {})[seq] = mark
    return known, found


def _anchored(work: Work, stream: str) -> dict[int, str]:
    """The hashes of this stream that anchors hold, by number."""
    holding = audit_anchor.c.heads.contains(orjson.dumps([stream])[:-1].decode(), autoescape=True)
    known = work.connection.execute(select(audit_anchor.c.heads).where(holding)).scalars()
    return {seq: mark for heads in known for name, seq, mark in orjson.loads(heads) if name == stream}
