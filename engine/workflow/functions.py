"""Functions that diagrams may call besides FEEL's own: deadlines and working days of the group's calendar."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from engine.decisions.feel import HostFunction
from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput

MOST_DAYS = 4000
"""Working days that one call may count: more than ten years is a slip of the pen."""


class CalendarFunctions(Mapping[str, HostFunction]):
    """`due_in`, `due_in_business_hours`, `add working days`, `working days between`, `next/previous working day`.

    The calendar is read when the first of them is looked up, so that a step without deadlines reads none.
    """

    def __init__(self, calendar: Callable[[], WorkCalendar], now: datetime) -> None:
        self._read = calendar
        self._now = now

    @cached_property
    def _calendar(self) -> WorkCalendar:
        return self._read()

    def __getitem__(self, name: str) -> HostFunction:
        parameters, method = _FUNCTIONS[name]
        return HostFunction(name, parameters, lambda *values: method(self._calendar, self._now, *values))

    def __iter__(self) -> Iterator[str]:
        return iter(_FUNCTIONS)

    def __len__(self) -> int:
        return len(_FUNCTIONS)


def _due_in(calendar: WorkCalendar, now: datetime, text: str) -> datetime:
    try:
        return calendar.due_in(text, now)
    except InvalidInput as error:
        raise ValueError(error.message) from error


def _due_in_business_hours(calendar: WorkCalendar, now: datetime, hours: Decimal | int) -> datetime:
    return calendar.add_working_hours(now, min(Decimal(hours), Decimal(MOST_DAYS * 8)))


def _add_working_days(calendar: WorkCalendar, _now: datetime, day: date, number: Decimal | int) -> date:
    if abs(int(number)) > MOST_DAYS:
        raise ValueError(f"{number} working days are more than {MOST_DAYS}")
    return calendar.add_working_days(_day(day), int(number))


def _working_days_between(calendar: WorkCalendar, _now: datetime, start: date, end: date) -> int:
    return calendar.working_days_between(_day(start), _day(end))


def _next_working_day(calendar: WorkCalendar, _now: datetime, day: date) -> date:
    return calendar.next_workday(_day(day))


def _previous_working_day(calendar: WorkCalendar, _now: datetime, day: date) -> date:
    return calendar.previous_workday(_day(day))


def _day(value: date | datetime) -> date:
    if not isinstance(value, datetime):
        return value
    return local(value).date() if value.tzinfo else value.date()


_FUNCTIONS: dict[str, tuple[tuple[str, ...], Callable[..., Any]]] = {
    "due_in": (("text",), _due_in),
    "due_in_business_hours": (("hours",), _due_in_business_hours),
    "add working days": (("date", "number"), _add_working_days),
    "working days between": (("start", "end"), _working_days_between),
    "next working day": (("date",), _next_working_day),
    "previous working day": (("date",), _previous_working_day),
}
