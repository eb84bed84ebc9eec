"""Dates, times, and dates with times, beyond the years 1 to 9999 and down to nanoseconds (DMN 1.5 §10.3.2.3.4–5)."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.decisions.feel.values.durations import DAY, NANOS, DaysDuration

MAX_YEAR = 999_999_999
EPOCH = 719_163  # the ordinal of 1970-01-01
_FOUR_CENTURIES = 146_097
_DATE = re.compile(r"(-?)([1-9]\d{4,8}|\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z][\w+-]*(?:/[\w+-]+)*))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the proleptic Gregorian calendar; `day_number` counts from 0001-01-01 = 1."""

    year: int
    month: int
    day: int
    day_number: int = field(compare=False, default=0)

    def __str__(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Zone:
    """A fixed offset in seconds, or a named zone of the IANA database (then `offset` is None)."""

    offset: int | None
    name: str = ""

    def __str__(self) -> str:
        if self.offset is None:
            return f"@{self.name}"
        if not self.offset:
            return "Z"
        hours, rest = divmod(abs(self.offset), 3600)
        seconds = f":{rest % 60:02d}" if rest % 60 else ""
        return f"{'-' if self.offset < 0 else '+'}{hours:02d}:{rest // 60:02d}{seconds}"


UTC_ZONE = Zone(0)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day in nanoseconds since midnight, with or without a zone."""

    nanos: int
    zone: Zone | None = None

    @property
    def hour(self) -> int:
        return self.nanos // (3600 * NANOS)

    @property
    def minute(self) -> int:
        return self.nanos // (60 * NANOS) % 60

    @property
    def second(self) -> int:
        return self.nanos // NANOS % 60

    def __str__(self) -> str:
        rest = self.nanos % NANOS
        fraction = f".{rest:09d}".rstrip("0") if rest else ""
        return f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}{self.zone or ''}"


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day and a time of day: FEEL's `date and time`; `seconds` since 1970 in UTC (a naive one is read as UTC)."""

    date: Date
    time: Time

    @property
    def zone(self) -> Zone | None:
        return self.time.zone

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def make_date(year: int, month: int, day: int) -> Date | None:
    """The date, None when there is no such day or the year has more than nine digits."""
    if not (-MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        return None
    cycles, year_in_cycle = divmod(year - 1, 400)
    return Date(year, month, day, cycles * _FOUR_CENTURIES + date(year_in_cycle + 1, month, day).toordinal())


def date_of_number(day_number: int) -> Date | None:
    """The date with this number, None beyond nine-digit years."""
    cycles, rest = divmod(day_number - 1, _FOUR_CENTURIES)
    near = date.fromordinal(rest + 1)
    year = near.year + 400 * cycles
    return Date(year, near.month, near.day, day_number) if -MAX_YEAR <= year <= MAX_YEAR else None


def add_months(start: Date, months: int) -> Date | None:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return make_date(years, month + 1, min(start.day, days_in_month(years, month + 1)))


def moment_of(day_number: int, nanos: int, zone: Zone | None) -> DateTime | None:
    """The local moment after carrying whole days over from `nanos`."""
    days, rest = divmod(nanos, DAY * NANOS)
    day = date_of_number(day_number + days)
    return None if day is None else DateTime(day, Time(rest, zone))


@lru_cache(maxsize=512)
def zone_named(name: str) -> Zone | None:
    """The IANA zone, None when unknown."""
    return Zone(None, name) if _zone_info(name) else None


@lru_cache(maxsize=512)
def _zone_info(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset_seconds(moment: DateTime) -> int | None:
    """Seconds east of UTC at this local moment, None without a zone."""
    zone = moment.zone
    if zone is None:
        return None
    if zone.offset is not None:
        return zone.offset
    year = moment.date.year
    if not 2 <= year <= 9998:
        year = 2000 + year % 400 if year > 9998 else 1600 + year % 400
    time = moment.time
    local = datetime(
        year, moment.date.month, moment.date.day, time.hour, time.minute, time.second, tzinfo=_zone_info(zone.name)
    )
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset is not None else None


def time_offset(time: Time) -> int | None:
    """Seconds east of UTC of a time without a day: for a named zone, at the first of January 1970."""
    return offset_seconds(DateTime(Date(1970, 1, 1, EPOCH), time))


def instant(moment: DateTime) -> int:
    """Nanoseconds since 1970 in UTC; a moment without a zone is read as UTC."""
    local = (moment.date.day_number - EPOCH) * DAY * NANOS + moment.time.nanos
    return local - (offset_seconds(moment) or 0) * NANOS


def at_midnight(day: Date) -> DateTime:
    """The date as the first moment of that day in UTC (DMN 1.5 §10.3.2.9.4)."""
    return DateTime(day, Time(0, UTC_ZONE))


def parse_date(text: str) -> Date | None:
    """`2026-03-31`; years of more than four digits have no leading zero."""
    found = _DATE.fullmatch(text) if len(text) < 32 else None
    if not found:
        return None
    year = int(found[2])
    return make_date(-year if found[1] else year, int(found[3]), int(found[4]))


def parse_time(text: str) -> Time | None:
    """`09:30:00`, with a fraction, `Z`, an offset or `@Asia/Shanghai`."""
    found = _TIME.fullmatch(text) if len(text) < 100 else None
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    zone = _parsed_zone(found)
    midnight = hour == 24 and minute == second == int((found[4] or "0")[:9]) == 0
    if isinstance(zone, bool) or (hour > 23 and not midnight) or minute > 59 or second > 59:
        return None
    nanos = int((found[4] or "")[:9].ljust(9, "0"))
    return Time(((hour % 24 * 60 + minute) * 60 + second) * NANOS + nanos, zone)


def _parsed_zone(found: re.Match[str]) -> Zone | bool | None:
    if found[5]:
        return UTC_ZONE
    if found[10]:
        return zone_named(found[10]) or False
    if not found[6]:
        return None
    seconds = int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)
    if int(found[8]) > 59 or int(found[9] or 0) > 59 or seconds > 18 * 3600:
        return False
    return Zone(-seconds if found[6] == "-" else seconds)


def parse_moment(text: str) -> DateTime | None:
    """`2026-03-31T09:30:00…`; a date alone is its midnight, without a zone."""
    day, mark, clock = text.partition("T")
    parsed = parse_date(day)
    time = parse_time(clock) if mark else Time(0)
    if parsed and clock.startswith("24"):
        parsed = date_of_number(parsed.day_number + 1)
    return DateTime(parsed, time) if parsed and time else None


def from_python_date(day: date) -> Date:
    return Date(day.year, day.month, day.day, day.toordinal())


def from_python_moment(moment: datetime) -> DateTime:
    """The FEEL value; a ZoneInfo keeps its name, any other zone its offset."""
    clock = ((moment.hour * 60 + moment.minute) * 60 + moment.second) * NANOS + moment.microsecond * 1000
    return DateTime(from_python_date(moment), Time(clock, _zone_of(moment)))


def _zone_of(moment: datetime) -> Zone | None:
    if moment.tzinfo is None:
        return None
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key:
        return Zone(None, moment.tzinfo.key)
    offset = moment.utcoffset()
    return None if offset is None else Zone(int(offset.total_seconds()))


def to_python_date(day: Date) -> date | Date:
    """A `datetime.date` for the years 1 to 9999, else the value itself."""
    return date(day.year, day.month, day.day) if 1 <= day.year <= 9999 else day


def to_python_moment(moment: DateTime) -> datetime | DateTime:
    """A `datetime` for the years 1 to 9999 and whole microseconds, else the value itself."""
    day, clock = moment.date, moment.time
    if not 1 <= day.year <= 9999 or clock.nanos % 1000:
        return moment
    micros = clock.nanos // 1000 % 1_000_000
    return datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second, micros, _tzinfo(clock.zone))


def _tzinfo(zone: Zone | None) -> timezone | ZoneInfo | None:
    if zone is None:
        return None
    if zone.offset is None:
        return _zone_info(zone.name)
    return UTC if zone.offset == 0 else timezone(timedelta(seconds=zone.offset))


def zone_duration(seconds: int | None) -> DaysDuration | None:
    """The offset as a duration."""
    return None if seconds is None else DaysDuration(seconds * NANOS)
