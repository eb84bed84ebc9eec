"""How far a migration is, and how it went with each instance."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from engine.kernel.errors import NotFound
from engine.kernel.findings import Finding
from engine.kernel.work import Work
from engine.workflow.migration.tables import migration, migration_line
from engine.workflow.tables import definition, instance

WAITING, CAN, CANNOT, MOVED, REFUSED, ENDED = "waiting", "can", "cannot", "moved", "refused", "over"
"""States of a line, as `tables` explains them."""


@dataclass(frozen=True)
class Progress:
    """How far a migration is; `before` and `after` are versions, `counts` are by state of its lines."""

    id: int
    key: str
    before: int
    after: int
    trial: bool
    status: str
    mapping: Mapping[str, str]
    latest_called: bool
    started_at: datetime
    ended_at: datetime | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        return self.total - self.counts.get(WAITING, 0)


@dataclass(frozen=True)
class Line:
    """How it went with one instance."""

    instance_id: int
    title: str
    business_key: str | None
    state: str
    findings: tuple[Finding, ...]


def of(work: Work, migration_id: int) -> Progress:
    """Raises NotFound `migration.unknown`."""
    row = work.connection.execute(_ROW, {"of": migration_id}).first()
    if row is None:
        raise NotFound("migration.unknown", f"there is no migration {migration_id}", migration=migration_id)
    return _progress(work, row)


def latest(work: Work, from_id: int, to_id: int) -> Progress | None:
    """The last migration between two versions, None before the first: what a page comes back to."""
    query = _WHOLE.where(migration.c.from_id == from_id, migration.c.to_id == to_id)
    row = work.connection.execute(query.order_by(migration.c.id.desc()).limit(1)).first()
    return None if row is None else _progress(work, row)


def lines(work: Work, migration_id: int, states: Collection[str], *, limit: int | None = None) -> list[Line]:
    """Lines in these states, in the order of their instances."""
    query = (
        select(migration_line, instance.c.title, instance.c.business_key)
        .join(instance, instance.c.id == migration_line.c.instance_id)
        .where(migration_line.c.migration_id == migration_id, migration_line.c.state.in_(states))
        .order_by(migration_line.c.id)
        .limit(limit)
    )
    return [
        Line(row.instance_id, row.title, row.business_key, row.state, tuple(Finding(**each) for each in row.findings))
        for row in work.connection.execute(query)
    ]


def _progress(work: Work, row: Any) -> Progress:
    counted = select(migration_line.c.state, func.count()).where(migration_line.c.migration_id == row.id)
    rows = work.connection.execute(counted.group_by(migration_line.c.state))
    counts = {each[0]: each[1] for each in rows}
    asked = (row.trial, row.status, row.mapping, row.latest_called, row.started_at, row.ended_at)
    return Progress(row.id, row.key, row.before, row.after, *asked, counts)


_old, _new = definition.alias(), definition.alias()
_WHOLE = (
    select(migration, _old.c.version.label("before"), _new.c.version.label("after"))
    .join(_old, _old.c.id == migration.c.from_id)
    .join(_new, _new.c.id == migration.c.to_id)
)
_ROW = _WHOLE.where(migration.c.id == bindparam("of"))
