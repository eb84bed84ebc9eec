"""Which steps cost the days: how long tasks were open, step by step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

from sqlalchemy import select

from engine.kernel.work import Work
from engine.workflow.tables import instance, task

MOST_MEASURED = 5000
FEWEST = 5
"""A step with fewer tasks says nothing; neither does one whose tasks end when they begin."""


@dataclass(frozen=True)
class Slow:
    """A step of a process: half of its `number` tasks took longer than `half`."""

    key: str
    node: str
    name: str
    number: int
    half: timedelta


def steps(work: Work, since: datetime, limit: int = 5) -> tuple[Slow, ...]:
    """The steps whose tasks, closed since then, were open longest, the slowest first."""
    columns = (instance.c.key, task.c.node, task.c.name, task.c.opened_at, task.c.closed_at)
    closed = select(*columns).join(instance, instance.c.id == task.c.instance_id).where(task.c.closed_at >= since)
    rows = work.connection.execute(closed.order_by(task.c.id.desc()).limit(MOST_MEASURED)).all()
    by_step = groupby(sorted(rows, key=lambda row: (row.key, row.node)), lambda row: (row.key, row.node))
    found = [_slow(key, node, list(some)) for (key, node), some in by_step]
    enough = [each for each in found if each.number >= FEWEST and each.half]
    return tuple(sorted(enough, key=lambda each: each.half, reverse=True)[:limit])


def _slow(key: str, node: str, rows: list) -> Slow:  # type: ignore[type-arg]  # rows of the statement above
    return Slow(key, node, rows[0].name or node, len(rows), _median(row.closed_at - row.opened_at for row in rows))


def _median(spans: Iterable[timedelta]) -> timedelta:
    return timedelta(seconds=median(span.total_seconds() for span in spans))
