"""Deadlines of tasks as `lf:limit` writes them: when a task is due, and when to remind, act and escalate."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import LOCAL, local
from engine.kernel.errors import BadDefinition

REMIND, DEADLINE, ESCALATE = "remind", "deadline", "escalate"
KINDS = (REMIND, DEADLINE, ESCALATE)
"""Kinds of timers that belong to a task, beside those that the diagram draws."""

END_OF_DAY = time(18)
"""A limit that is only a date ends then, on the wall clock (`domain.md` §5)."""

_POINT = re.compile(r"^(?:(?P<percent>\d{1,3})\s*%|D(?:-(?P<days>\d{1,3})|0))$")


@dataclass(frozen=True)
class Alarm:
    """A moment of a task's limit."""

    kind: str
    due: datetime


@dataclass(frozen=True)
class Limit:
    """When a task is due and which moments lead up to it and beyond."""

    due: datetime
    alarms: tuple[Alarm, ...]


def plan(attributes: dict[str, Any], start: datetime, calendar: WorkCalendar) -> Limit | None:
    """The limit that evaluated attributes of `lf:limit` set from `start` on; None without `for` and `until`.

    Raises BadDefinition `limit.point` or `limit.until`, InvalidInput `duration.unknown`.
    """
    scale = _scale(attributes, start, calendar)
    if scale is None:
        return None
    due = scale(Decimal(1))
    points = [(REMIND, each) for each in str(attributes.get("remind") or "").split()]
    points += [(ESCALATE, each) for each in str(attributes.get("escalate") or "").split()]
    alarms = [Alarm(kind, _point(text, due, scale)) for kind, text in points]
    ahead = [alarm for alarm in alarms if alarm.due >= start]
    return Limit(due, (*ahead, Alarm(DEADLINE, due)))


def _scale(attributes: dict[str, Any], start: datetime, calendar: WorkCalendar) -> Any:
    """How far along the limit a share of it lies; percents count working time where the limit does (APR-25)."""
    if attributes.get("until") is not None:
        until = _moment(attributes["until"])
        hours = calendar.working_hours_between(start, until)
        return lambda share: until if share == 1 else calendar.add_working_hours(start, hours * share)
    if attributes.get("for") is None:
        return None
    length = attributes["for"]
    if isinstance(length, timedelta):
        return lambda share: start + length * float(share)
    return lambda share: calendar.due_in(str(length), start, ratio=share)


def _point(text: str, due: datetime, scale: Any) -> datetime:
    found = _POINT.match(text)
    if found is None:
        raise BadDefinition("limit.point", f"'{text}' is no point of a limit: write 50%, D-3 or D0", text=text)
    if found["percent"]:
        moment: datetime = scale(Decimal(found["percent"]) / 100)
        return moment
    day = local(due).date() - timedelta(days=int(found["days"] or 0))
    return datetime.combine(day, time(9), LOCAL)


def _moment(value: Any) -> datetime:
    """A moment from a FEEL date and time, a date, or ISO text; local time where no zone is given."""
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)
    if isinstance(value, date):
        return datetime.combine(value, END_OF_DAY, LOCAL)
    raise BadDefinition("limit.until", f"'{value}' is no moment: write an ISO date or date and time", text=str(value))


def _parsed(text: str) -> datetime | date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError as error:
        raise BadDefinition("limit.until", f"'{text}' is no moment: write 2026-11-30T18:00", text=text) from error
