"""Days-and-time durations and years-and-months durations (DMN 1.5 §10.3.2.3.6–7)."""

import re
from dataclasses import dataclass
from datetime import timedelta

NANOS = 1_000_000_000
DAY = 86_400
_DAYS = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
MAX_DIGITS = 18


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A length of time in nanoseconds: FEEL's `days and time duration`."""

    nanos: int

    @classmethod
    def of(cls, span: timedelta) -> "DaysDuration":
        return cls((span.days * DAY + span.seconds) * NANOS + span.microseconds * 1000)

    def to_timedelta(self) -> timedelta:
        """The same span, cut to microseconds. Raises OverflowError beyond a million years."""
        return timedelta(microseconds=self.nanos // 1000)

    def total_seconds(self) -> float:
        return self.nanos / NANOS

    def __str__(self) -> str:
        if not self.nanos:
            return "PT0S"
        whole, nanos = divmod(abs(self.nanos), NANOS)
        days, rest = divmod(whole, DAY)
        fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
        parts = [(rest // 3600, "H"), (rest // 60 % 60, "M")]
        clock = "".join(f"{count}{letter}" for count, letter in parts if count)
        if rest % 60 or nanos:
            clock += f"{rest % 60}{fraction}S"
        sign = "-" if self.nanos < 0 else ""
        return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A number of months: FEEL's `years and months duration`."""

    months: int

    def __str__(self) -> str:
        if not self.months:
            return "P0M"
        years, months = divmod(abs(self.months), 12)
        return f"{'-' if self.months < 0 else ''}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


def parse_duration(text: str) -> DaysDuration | YearsMonths | None:
    """The duration written in ISO 8601 form, None when it is not one."""
    if len(text) > 100:
        return None
    if found := _MONTHS.fullmatch(text):
        return _months(found)
    if (found := _DAYS.fullmatch(text)) and not text.endswith(("P", "T")):
        return _days(found)
    return None


def _months(found: re.Match[str]) -> YearsMonths | None:
    sign, years, months = found.groups()
    if (years is None and months is None) or len(years or "") > MAX_DIGITS or len(months or "") > MAX_DIGITS:
        return None
    total = int(years or 0) * 12 + int(months or 0)
    return YearsMonths(-total if sign else total)


def _days(found: re.Match[str]) -> DaysDuration | None:
    sign, days, hours, minutes, seconds, fraction = found.groups()
    if any(len(part or "") > MAX_DIGITS for part in (days, hours, minutes, seconds)):
        return None
    whole = int(days or 0) * DAY + int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    total = whole * NANOS + int((fraction or "")[:9].ljust(9, "0"))
    return DaysDuration(-total if sign else total)
