"""One stream of history compared with its hashes, its head and the anchors over it; quick enough for a page."""

import orjson
from sqlalchemy import select

from engine.kernel.audit import START, Break, audit_anchor, audit_head, digest, history
from engine.kernel.work import Work


def breaks(work: Work, stream: str) -> list[Break]:
    """Every place where this stream is not what was written; empty when nothing was changed.

    The anchors' own chain is what `audit.verify` reads through.
    """
    found = []
    seq, previous = 0, START
    anchored = _anchored(work, stream)
    for row in work.connection.execute(select(history).where(history.c.stream == stream).order_by(history.c.seq)):
        if row.seq != seq + 1:
            found.append(Break(stream, seq + 1, "missing"))
        elif row.hash != digest(previous, row.seq, row):
            found.append(Break(stream, row.seq, "flipped"))
        if anchored.pop(row.seq, row.hash) != row.hash:
            found.append(Break(stream, row.seq, "anchor"))
        seq, previous = row.seq, row.hash
    found += [Break(stream, missing, "anchor") for missing in anchored]
    return found + _end(work, stream, (seq, previous))


def _end(work: Work, stream: str, reached: tuple[int, str]) -> list[Break]:
    wanted = select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.stream == stream)
    head = work.connection.execute(wanted).one_or_none()
    if head is None:
        return [Break(stream, reached[0], "no_head")] if reached[0] else []
    return [] if tuple(head) == reached else [Break(stream, head.seq, "truncated")]


def _anchored(work: Work, stream: str) -> dict[int, str]:
    """The hashes of this stream that anchors hold, by number."""
    holding = audit_anchor.c.heads.contains(orjson.dumps([stream])[:-1].decode(), autoescape=True)
    known = work.connection.execute(select(audit_anchor.c.heads).where(holding)).scalars()
    return {seq: mark for heads in known for name, seq, mark in orjson.loads(heads) if name == stream}
