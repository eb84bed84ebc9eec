"""Periods: which days `202611`, `2026Q4` or `2026` mean, and what comes before and after."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from engine.kernel.errors import InvalidInput
from engine.letters.kinds import Level

_FORMS = {
    Level.MONTH: re.compile(r"^(\d{4})(0[1-9]|1[0-2])$"),
    Level.QUARTER: re.compile(r"^(\d{4})Q([1-4])$"),
    Level.ANNUAL: re.compile(r"^(\d{4})$"),
}


@dataclass(frozen=True)
class Period:
    """A period of letters; both days included."""

    level: Level
    code: str
    start: date
    end: date

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end


def parse(level: Level, code: str, *, fiscal_start: int = 1) -> Period:
    """The days of a month, quarter or year; `fiscal_start` is the month in which the group's year begins.

    Raises InvalidInput for a code of another form; the days of a project's life or a term are the letter's own.
    """
    form = _FORMS.get(level)
    found = form.match(code) if form else None
    if found is None:
        raise InvalidInput(
            "period.code",
            f"'{code}' names no {level} period: write 202611 for a month, 2026Q4 for a quarter, 2026 for a year",
            period=code,
            level=str(level),
        )
    year = int(found[1])
    if level is Level.MONTH:
        return _span(level, code, date(year, int(found[2]), 1), 1)
    if level is Level.QUARTER:
        return _span(level, code, _add(date(year, fiscal_start, 1), 3 * (int(found[2]) - 1)), 3)
    return _span(level, code, date(year, fiscal_start, 1), 12)


def month_of(day: date) -> Period:
    """The month in which this day lies."""
    return parse(Level.MONTH, f"{day.year}{day.month:02d}")


def next_month(period: Period) -> Period:
    """The month after."""
    return month_of(_add(period.start, 1))


def previous_month(period: Period) -> Period:
    """The month before."""
    return month_of(_add(period.start, -1))


def _span(level: Level, code: str, start: date, months: int) -> Period:
    return Period(level, code, start, _add(start, months) - timedelta(days=1))


def _add(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
