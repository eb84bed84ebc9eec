"""The properties of dates, times, durations and ranges: `x.year`, `x.hours`, `x.start included` (table 65)."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.decisions.feel.values.calendar import Date, DateTime, Time, offset_seconds, time_offset, zone_duration
from engine.decisions.feel.values.durations import DAY, NANOS, DaysDuration, YearsMonths
from engine.decisions.feel.values.ranges import Range

Property = Callable[[Any], Any]


def weekday(day: Date) -> int:
    """1 (Monday) to 7 (Sunday)."""
    return (day.day_number - 1) % 7 + 1


def day_of_year(day: Date) -> int:
    """1 to 366."""
    first = date(4 if day.year % 4 == 0 and (day.year % 100 or not day.year % 400) else 1, 1, 1)
    return first.replace(month=day.month, day=day.day).timetuple().tm_yday


def _zone_name(time: Time) -> str | None:
    return time.zone.name if time.zone and time.zone.name else None


def _truncated(amount: int, unit: int, below: int) -> Decimal:
    whole = abs(amount) // unit
    whole = whole % below if below else whole
    return Decimal(-whole if amount < 0 else whole)


_DATE: dict[str, Property] = {
    "year": lambda d: Decimal(d.year),
    "month": lambda d: Decimal(d.month),
    "day": lambda d: Decimal(d.day),
    "weekday": lambda d: Decimal(weekday(d)),
}
_TIME: dict[str, Property] = {
    "hour": lambda t: Decimal(t.hour),
    "minute": lambda t: Decimal(t.minute),
    "second": lambda t: Decimal(t.second),
    "time offset": lambda t: zone_duration(time_offset(t)),
    "timezone": _zone_name,
}


def _of_part(part: str, get: Property) -> Property:
    return lambda moment: get(getattr(moment, part))


_OF_DATE: dict[str, Property] = {name: _of_part("date", get) for name, get in _DATE.items()}
_OF_TIME: dict[str, Property] = {name: _of_part("time", get) for name, get in _TIME.items()}
_DAYS: dict[str, Property] = {
    "days": lambda d: _truncated(d.nanos, DAY * NANOS, 0),
    "hours": lambda d: _truncated(d.nanos, 3600 * NANOS, 24),
    "minutes": lambda d: _truncated(d.nanos, 60 * NANOS, 60),
    "seconds": lambda d: _truncated(d.nanos, NANOS, 60),
}
_MONTHS: dict[str, Property] = {
    "years": lambda d: _truncated(d.months, 12, 0),
    "months": lambda d: _truncated(d.months, 1, 12),
}
_RANGE: dict[str, Property] = {
    "start": lambda r: r.low,
    "end": lambda r: r.high,
    "start included": lambda r: r.low_included,
    "end included": lambda r: r.high_included,
}
PROPERTIES: Mapping[type, Mapping[str, Property]] = {
    Date: {**_DATE, **{name: lambda d: Decimal(0) for name in ("hour", "minute", "second")}},
    DateTime: {**_OF_DATE, **_OF_TIME, "time offset": lambda m: zone_duration(offset_seconds(m))},
    Time: _TIME,
    DaysDuration: _DAYS,
    YearsMonths: _MONTHS,
    Range: _RANGE,
}
NAMES = frozenset(name for table in PROPERTIES.values() for name in table)


def property_of(value: Any, name: str) -> Any:
    """The property, null when the value has no such one."""
    get = PROPERTIES.get(value.__class__, {}).get(name)
    return get(value) if get else None
