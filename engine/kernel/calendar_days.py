"""The group's own record of working days: seeded, corrected by an admin, confirmed year by year."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import structlog
from sqlalchemy import Boolean, Column, Date, String, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.kernel import audit, calendar, settings
from engine.kernel.calendar import WorkCalendar
from engine.kernel.database import Base
from engine.kernel.ids import random_id
from engine.kernel.work import Work

calendar_day = Table(
    "calendar_day",
    Base.metadata,
    Column("date", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("source", String(40), nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("reason", String(200), nullable=False, server_default=""),
)

REVISION = "calendar.revision"

log = structlog.get_logger(__name__)


@dataclass
class Calendars:
    """Gives the calendar of a work; days are read again only when some process changed one."""

    _revision: str | None = None
    _calendar: WorkCalendar = field(default_factory=WorkCalendar)

    def __call__(self, work: Work) -> WorkCalendar:
        revision = settings.read(work, REVISION)
        if revision != self._revision:
            self._calendar = read(work)
            self._revision = revision
        return self._calendar


def read(work: Work) -> WorkCalendar:
    """The calendar as the table says it now."""
    rows = work.connection.execute(select(calendar_day)).all()
    doubtful = {row.date.year for row in rows if not row.confirmed}
    confirmed = frozenset(row.date.year for row in rows) - doubtful
    return WorkCalendar({row.date: row.is_workday for row in rows}, frozenset(confirmed))


def reasons(work: Work, year: int) -> dict[date, str]:
    """Why days of the year are other than published, where somebody said so."""
    changed = select(calendar_day.c.date, calendar_day.c.reason).where(
        calendar_day.c.source == "admin", calendar_day.c.date.between(date(year, 1, 1), date(year, 12, 31))
    )
    return {row.date: row.reason for row in work.connection.execute(changed)}


def seed(work: Work, years: Iterable[int]) -> int:
    """Write the published days of these years where the table has none; how many. A year not announced yet warns."""
    kept = set(work.connection.execute(select(calendar_day.c.date)).scalars())
    days = [day for year in years for day in _days(year) if day not in kept]
    for year in sorted({day.year for day in days if not calendar.announced(day.year)}):
        log.warning("calendar.unconfirmed", year=year, remedy="confirm the year under Calendar once it is announced")
    if days:
        work.connection.execute(calendar_day.insert(), [_seeded(day) for day in days])
        _changed(work)
    return len(days)


def change(work: Work, day: date, *, is_workday: bool, actor: int, reason: str = "") -> None:
    """Make a day worked or free for the whole group; deadlines that are open move with `recompute` of their owners."""
    values = {"is_workday": is_workday, "source": "admin", "confirmed": True, "reason": reason}
    insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(calendar_day).values(date=day, **values)
    work.connection.execute(statement.on_conflict_do_update(index_elements=["date"], set_=values))
    detail = {"date": day, "is_workday": is_workday, "reason": reason}
    audit.append(work, "calendar", "calendar.day_changed", actor=actor, detail=detail)
    _changed(work)


def confirm(work: Work, year: int, *, actor: int) -> None:
    """The year's arrangement is announced and the table says it: no more warnings for it."""
    seed(work, [year])
    of_year = calendar_day.c.date.between(date(year, 1, 1), date(year, 12, 31))
    work.connection.execute(update(calendar_day).where(of_year).values(confirmed=True))
    audit.append(work, "calendar", "calendar.year_confirmed", actor=actor, detail={"year": year})
    _changed(work)


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def _seeded(day: date) -> dict[str, object]:
    return {
        "date": day,
        "is_workday": calendar.seeded(day),
        "source": "holidays",
        "confirmed": calendar.announced(day.year),
    }


def _changed(work: Work) -> None:
    settings.write(work, REVISION, random_id())
