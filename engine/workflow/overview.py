"""Every process at a glance: its active version, what waits to be activated, what runs, hangs, how long it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from sqlalchemy import func, select, union_all

from engine.kernel.work import Work
from engine.workflow import definitions
from engine.workflow.tables import definition, instance
from engine.workflow.views import DefinitionView

ENDED = ("completed", "terminated")
"""Ended as drawn, also by a terminating end; what somebody cancelled tells nothing."""
SAMPLE = 100
"""Ended instances of a process that its median is taken from: the newest ones."""


@dataclass(frozen=True)
class Overview:
    """A process; `waiting` is a newer version that nobody activated, `took` the median over `ended` instances."""

    definition: DefinitionView
    waiting: int | None
    running: int
    incidents: int
    took: timedelta | None
    ended: int


def of(work: Work) -> Sequence[Overview]:
    """All processes by key; the number of statements does not depend on how many there are."""
    found = definitions.active(work)
    numbers, fresh = _running(work), _newest(work)
    lengths = _lengths(work, [each.key for each in found])
    return [
        Overview(
            each,
            fresh[each.key] if fresh.get(each.key, 0) > each.version else None,
            *numbers.get(each.key, (0, 0)),
            _median(lengths.get(each.key, ())),
            len(lengths.get(each.key, ())),
        )
        for each in found
    ]


def _median(lengths: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(each.total_seconds() for each in lengths)) if lengths else None


def _running(work: Work) -> Mapping[str, tuple[int, int]]:
    counted = (
        select(instance.c.key, func.count(), func.sum(instance.c.failed))
        .where(instance.c.status == "running")
        .group_by(instance.c.key)
    )
    return {key: (number, int(failed or 0)) for key, number, failed in work.connection.execute(counted)}


def _newest(work: Work) -> Mapping[str, int]:
    newest = select(definition.c.key, func.max(definition.c.version)).where(definition.c.status == "inactive")
    return {row[0]: row[1] for row in work.connection.execute(newest.group_by(definition.c.key))}


def _lengths(work: Work, keys: Sequence[str]) -> Mapping[str, list[timedelta]]:
    if not keys:
        return {}
    parts = [
        select(instance.c.key, instance.c.started_at, instance.c.ended_at)
        .where(instance.c.status.in_(ENDED), instance.c.key == key)
        .order_by(instance.c.id.desc())
        .limit(SAMPLE)
        .subquery()
        for key in keys
    ]
    found: dict[str, list[timedelta]] = {}
    for key, began, ended in work.connection.execute(union_all(*(select(part) for part in parts))):
        found.setdefault(key, []).append(ended - began)
    return found
