"""History of an instance: one line per step, with the moves of its tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.kernel import audit
from engine.kernel.work import Work


@dataclass(frozen=True)
class Line:
    """A step or an act in an instance; `moves` are (node, `enter`/`leave`/`cancel`, index or None)."""

    seq: int
    at: datetime
    act: str
    actor: int | None
    for_person: int | None
    detail: Mapping[str, Any]
    moves: tuple[tuple[str, str, int | None], ...]


def of(work: Work, instance_id: int, *, after: int = 0, limit: int = 1000) -> list[Line]:
    """What happened in an instance, oldest first; `after` is the last `seq` already known."""
    entries = audit.of(work, f"instance:{instance_id}", after=after, limit=limit)
    return [_line(each) for each in entries]


def visited(work: Work, instance_id: int) -> dict[str, int]:
    """How often each node was entered; colours the diagram (APR-35)."""
    count: dict[str, int] = {}
    for line in of(work, instance_id, limit=100_000):
        for node, event, _ in line.moves:
            if event == "enter":
                count[node] = count.get(node, 0) + 1
    return count


def _line(entry: audit.Entry) -> Line:
    detail = dict(entry.detail)
    moves = tuple((each[0], each[1], each[2] if len(each) > 2 else None) for each in detail.pop("moves", ()))
    return Line(entry.seq, entry.at, entry.act, entry.actor, entry.for_person, detail, moves)
