"""Functions that make and read dates, times and durations (DMN 1.5 §10.3.4.1, §10.3.4.7)."""

from datetime import date as python_date
from decimal import Decimal
from typing import Any

from engine.decisions.feel.budget import Run
from engine.decisions.feel.builtins.registry import builtin
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.values.calendar import (
    UTC_ZONE,
    Date,
    DateTime,
    Time,
    Zone,
    add_months,
    from_python_moment,
    make_date,
    parse_date,
    parse_moment,
    parse_time,
    zone_named,
)
from engine.decisions.feel.values.comparison import same
from engine.decisions.feel.values.durations import NANOS, DaysDuration, YearsMonths, parse_duration
from engine.decisions.feel.values.numbers import integer
from engine.decisions.feel.values.properties import day_of_year, weekday

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin("date", "from: Any", "date")
def date(run: Run, source: Any) -> Date | None:
    if source.__class__ is str:
        return parse_date(source)
    if source.__class__ is DateTime:
        moment: DateTime = source
        return moment.date
    return source if source.__class__ is Date else None


@builtin("date", "year: number, month: number, day: number", "date")
def date_of(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    parts = [integer(part) for part in (year, month, day)]
    return None if None in parts else make_date(*parts)  # type: ignore[arg-type]  # None was just ruled out


@builtin("time", "from: Any", "time")
def time(run: Run, source: Any) -> Time | None:
    if source.__class__ is str:
        return parse_time(source)
    if source.__class__ is Date:
        return Time(0, UTC_ZONE)
    if source.__class__ is DateTime:
        moment: DateTime = source
        return moment.time
    return source if source.__class__ is Time else None


@builtin("time", "hour: number, minute: number, second: number, offset?: days and time duration", "time")
def time_of(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None
) -> Time | None:
    hours, minutes = integer(hour), integer(minute)
    if hours is None or minutes is None or not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= second < 60):
        return None
    zone = None if offset is None else Zone(offset.nanos // NANOS)
    if zone and zone.offset and abs(zone.offset) > 18 * 3600:
        return None
    return Time((hours * 60 + minutes) * 60 * NANOS + int(second * NANOS), zone)


@builtin("date and time", "from: Any", "date and time")
def date_and_time(run: Run, source: Any) -> DateTime | None:
    if source.__class__ is str:
        return parse_moment(source)
    if source.__class__ is Date:
        return DateTime(source, Time(0, UTC_ZONE))
    return source if source.__class__ is DateTime else None


@builtin("date and time", "date: Any, time: time", "date and time")
def date_and_time_of(run: Run, day: Any, clock: Time) -> DateTime | None:
    if day.__class__ is DateTime:
        day = day.date
    return DateTime(day, clock) if day.__class__ is Date else None


@builtin(
    "date and time",
    "year: number, month: number, day: number, hour: number, minute: number, second: number, "
    "offset?: days and time duration",
    "date and time",
)
def date_and_time_from_parts(run: Run, *parts: Any) -> DateTime | None:
    day, clock = date_of(run, *parts[:3]), time_of(run, *parts[3:])
    return DateTime(day, clock) if day and clock else None


@builtin(
    "date and time",
    "year: number, month: number, day: number, hour: number, minute: number, second: number, timezone: string",
    "date and time",
)
def date_and_time_in_zone(run: Run, *parts: Any) -> DateTime | None:
    moment, zone = date_and_time_from_parts(run, *parts[:6]), zone_named(parts[6])
    return DateTime(moment.date, Time(moment.time.nanos, zone)) if moment and zone else None


@builtin("duration", "from: Any")
def duration(run: Run, source: Any) -> DaysDuration | YearsMonths | None:
    if source.__class__ is str:
        return parse_duration(source)
    return source if source.__class__ in (DaysDuration, YearsMonths) else None


@builtin("years and months duration", "from: Any, to: Any", "years and months duration")
def years_and_months_duration(run: Run, start: Any, end: Any) -> YearsMonths | None:
    """Whole months from one day to the other, towards zero."""
    first, last = date(run, start) if start.__class__ is not str else None, date(run, end)
    if first is None or last is None or end.__class__ is str:
        return None
    months = (last.year - first.year) * 12 + last.month - first.month
    reached = add_months(first, months)
    if reached and months > 0 and reached.day_number > last.day_number:
        months -= 1
    elif reached and months < 0 and reached.day_number < last.day_number:
        months += 1
    return YearsMonths(months)


@builtin("now", "", "date and time")
def now(run: Run) -> DateTime:
    if run.now is None:
        raise FeelError("feel.no-clock", "now() and today() need the moment of the evaluation, and none was given")
    return from_python_moment(run.now)


@builtin("today", "", "date")
def today(run: Run) -> Date:
    moment: DateTime = now(run)
    return moment.date


@builtin("day of year", "date: Any", "number")
def day_number(run: Run, source: Any) -> Decimal | None:
    day = _day(source)
    return None if day is None else Decimal(day_of_year(day))


@builtin("day of week", "date: Any", "string")
def day_of_week(run: Run, source: Any) -> str | None:
    day = _day(source)
    return None if day is None else DAY_NAMES[weekday(day) - 1]


@builtin("month of year", "date: Any", "string")
def month_of_year(run: Run, source: Any) -> str | None:
    day = _day(source)
    return None if day is None else MONTH_NAMES[day.month - 1]


@builtin("week of year", "date: Any", "number")
def week_of_year(run: Run, source: Any) -> Decimal | None:
    """The week after ISO 8601."""
    day = _day(source)
    if day is None:
        return None
    return Decimal(python_date(2000 + day.year % 400, day.month, day.day).isocalendar().week)


@builtin("is", "value1~: Any, value2~: Any", "boolean")
def is_same(run: Run, left: Any, right: Any) -> bool:
    return same(left, right)


def _day(source: Any) -> Date | None:
    if isinstance(source, list) and len(source) == 1:
        source = source[0]
    return None if source.__class__ is str else date(Run(), source)
