"""Moving the demo's clock: the offset is a row that every process reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from engine.kernel import audit, settings
from engine.kernel.clock import Clock, SettableClock
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work

OFFSET = "clock.offset"
"""Name of the setting; seconds that the demo is ahead of the machine's clock."""


@dataclass(frozen=True)
class OffsetRow:
    """Reads the offset outside of any unit of work, since the clock is asked before one begins."""

    database: Engine

    def __call__(self) -> timedelta:
        query = select(settings.setting.c.value).where(settings.setting.c.name == OFFSET)
        try:
            with self.database.connect().execution_options(reading=True) as connection:
                seconds = connection.execute(query).scalar()
        except (OperationalError, ProgrammingError):  # before `init` there is no table and no offset
            return timedelta()
        return timedelta(seconds=float(seconds or 0))


def clock(database: Engine) -> SettableClock:
    """The clock of a demo on this database."""
    return SettableClock(OffsetRow(database))


def refresh(clock: Clock) -> None:
    """See at once what was moved; other processes see it within a second."""
    if isinstance(clock, SettableClock):
        clock.refresh()


def move(work: Work, to: datetime, *, actor: int | None) -> timedelta:
    """Set the demo's clock forward to a moment; how far it moved. Raises InvalidInput `clock.back`: time does not."""
    by = to - work.now
    if by < timedelta():
        raise InvalidInput("clock.back", f"{to.isoformat()} has passed: choose a later moment", to=to.isoformat())
    seconds = float(settings.read(work, OFFSET, 0)) + by.total_seconds()
    settings.write(work, OFFSET, seconds)
    audit.append(work, "clock", "clock.moved", actor=actor, detail={"to": to, "seconds": seconds})
    return by
