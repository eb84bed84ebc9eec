"""Who keeps the working calendar and how: a day made worked or free for a reason, a year confirmed; past days stand."""

from dataclasses import dataclass
from datetime import date

from engine.kernel import calendar_days
from engine.kernel.errors import Conflict, InvalidInput
from engine.kernel.work import StartWork, Work
from engine.people import rights
from engine.people.dates import today
from engine.people.roles import Role

KEEPERS = (Role.ADMIN, Role.HR)
FIRST_YEAR, LAST_YEAR = 2018, 2100


@dataclass(frozen=True)
class DayChange:
    """A day that is to be worked (班) or free (休), and why."""

    day: date
    is_workday: bool
    reason: str


def change(start_work: StartWork, wanted: DayChange, actor: int) -> None:
    """The day counts otherwise from now on; open limits and timers are counted again soon after.

    Raises NotAllowed, InvalidInput for a day that is over or without a reason, Conflict where it is so already.
    """
    with start_work() as work:
        rights.require(work, actor, *KEEPERS)
        refuse_past(work, wanted.day)
        if not wanted.reason.strip():
            raise InvalidInput("calendar.reason", "say why this day is changed", field="reason")
        if calendar_days.read(work).is_workday(wanted.day) is wanted.is_workday:
            raise Conflict("calendar.same", f"{wanted.day} is so already: somebody was faster", day=str(wanted.day))
        calendar_days.change(
            work, wanted.day, is_workday=wanted.is_workday, actor=actor, reason=wanted.reason.strip()[:200]
        )
        work.commit()


def confirm(start_work: StartWork, year: int, actor: int) -> None:
    """The year is announced and the table says it. Raises NotAllowed, InvalidInput for a year out of bounds."""
    with start_work() as work:
        rights.require(work, actor, *KEEPERS)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidInput("calendar.year", f"{year} is outside {FIRST_YEAR} to {LAST_YEAR}", year=year)
        calendar_days.confirm(work, year, actor=actor)
        work.commit()


def refuse_past(work: Work, day: date) -> None:
    """Raises InvalidInput `calendar.past` for a day that is over or runs: deadlines have been counted with it."""
    if day <= today(work):
        raise InvalidInput("calendar.past", f"{day} is over: deadlines have been counted with it", field="day")
