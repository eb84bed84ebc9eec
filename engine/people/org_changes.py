"""What changed about units and from which day: past changes can be taken back for a look, coming ones wait here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Table, delete, select, update

from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.work import Work

org_change = Table(
    "org_change",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("org_id", Key, ForeignKey("org.id"), nullable=False, index=True),
    Column("starts", Date, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("applied", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Key),
    Index("ix_org_change_due", "applied", "starts"),
)


@dataclass(frozen=True)
class OrgChange:
    """Columns of a unit that take other values from `starts` on; `before` is empty until the change is applied."""

    id: int
    org: int
    starts: date
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    applied: bool
    by: int | None


def keep(  # noqa: PLR0913  (what, from when, by whom: one row has these parts)
    work: Work,
    org: int,
    starts: date,
    after: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None = None,
    actor: int | None = None,
) -> int:
    """Remembers a change; with `before` it has been applied already. Its id."""
    values = {"org_id": org, "starts": starts, "before": dict(before or {}), "after": dict(after)}
    made = {"applied": before is not None, "made_at": work.now, "made_by": actor}
    return int(work.connection.execute(org_change.insert().returning(org_change.c.id), {**values, **made}).scalar_one())


def applied(work: Work, change: int, before: Mapping[str, Any]) -> None:
    """The change has come true; `before` is what it replaced."""
    done = update(org_change).where(org_change.c.id == change)
    work.connection.execute(done.values(applied=True, before=dict(before)))


def drop(work: Work, change: int) -> OrgChange | None:
    """Takes a coming change back; None where there is none any more."""
    gone = delete(org_change).where(org_change.c.id == change, ~org_change.c.applied).returning(*org_change.c)
    row = work.connection.execute(gone).first()
    return None if row is None else _view(row)


def after(work: Work, day: date) -> tuple[OrgChange, ...]:
    """The changes applied after that day, the latest first: taken back one by one they show how things were."""
    query = select(org_change).where(org_change.c.applied, org_change.c.starts > day)
    return tuple(_view(row) for row in work.connection.execute(query.order_by(org_change.c.id.desc())))


def coming(work: Work, until: date | None = None, *, org: int | None = None) -> tuple[OrgChange, ...]:
    """The changes that wait, in their order; those of one unit, those up to a day."""
    query = select(org_change).where(~org_change.c.applied).order_by(org_change.c.starts, org_change.c.id)
    if until is not None:
        query = query.where(org_change.c.starts <= until)
    if org is not None:
        query = query.where(org_change.c.org_id == org)
    return tuple(_view(row) for row in work.connection.execute(query))


def of(work: Work, org: int, limit: int = 20) -> tuple[OrgChange, ...]:
    """What changed about a unit, the latest first, coming changes above all."""
    query = select(org_change).where(org_change.c.org_id == org)
    query = query.order_by(org_change.c.starts.desc(), org_change.c.id.desc()).limit(limit)
    return tuple(_view(row) for row in work.connection.execute(query))


def _view(row: Any) -> OrgChange:
    return OrgChange(row.id, row.org_id, row.starts, row.before, row.after, row.applied, row.made_by)
