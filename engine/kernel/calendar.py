"""Working days of China with 调休, working hours, and deadlines counted in them."""

import calendar as months
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, cached_property
from itertools import accumulate

from holidays import country_holidays

from engine.kernel import durations
from engine.kernel.clock import LOCAL, local

COUNTED = range(1990, 2100)
"""Years whose working days are counted once; spans that reach further are counted day by day."""
SHIFTS = ((time(9), time(12)), (time(13), time(18)))
"""Working hours of a working day on the wall clock; eight of them (`durations.HOURS_PER_DAY`)."""


@cache
def _announced(year: int) -> tuple[frozenset[date], frozenset[date], bool]:
    """Holidays and make-up days of a year as published; the last part is False while a year has not been announced."""
    seed = country_holidays("CN", years=year)
    made_up = frozenset(day for day in seed.weekend_workdays if day.year == year)
    return frozenset(seed), made_up, bool(made_up)


def seeded(day: date) -> bool:
    """Whether the published calendar makes this a working day; weekends and fixed holidays where none was published."""
    off, made_up, _ = _announced(day.year)
    return day in made_up or (day.weekday() < 5 and day not in off)


def announced(year: int) -> bool:
    """Whether the seed knows the State Council's arrangement for the year (only then are there make-up days)."""
    return _announced(year)[2]


@cache
def _seeded_in(year: int) -> tuple[int, ...]:
    """How many working days of the year have passed with each of its days, by the published calendar."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))
    return tuple(accumulate(int(seeded(day)) for day in days))


@cache
def _seeded_before(year: int) -> int:
    return 0 if year == COUNTED.start else _seeded_before(year - 1) + _seeded_in(year - 1)[-1]


def _seeded_until(day: date) -> int:
    """Working days of the published calendar from the beginning of `COUNTED` to `day`, in constant time."""
    return _seeded_before(day.year) + _seeded_in(day.year)[day.timetuple().tm_yday - 1]


@dataclass(frozen=True)
class WorkCalendar:
    """Counts in working days and hours; `days` are those that the group keeps on record, the seed answers the rest."""

    days: Mapping[date, bool] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()

    @cached_property
    def _apart(self) -> tuple[tuple[date, int], ...]:
        """The days on which the group's record and the published calendar differ: 1 works, −1 is off."""
        return tuple((day, 1 if works else -1) for day, works in self.days.items() if works != seeded(day))

    def is_workday(self, day: date) -> bool:
        kept = self.days.get(day)
        return seeded(day) if kept is None else kept

    def is_confirmed(self, day: date) -> bool:
        """False warns: the year's make-up days are not announced yet, so a deadline there may still move."""
        return day.year in self.confirmed or announced(day.year)

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add_working_days(day, 1)

    def previous_workday(self, day: date) -> date:
        """The last working day before `day`."""
        return self.add_working_days(day, -1)

    def at_or_before(self, day: date) -> date:
        """`day`, or the working day before it (submissions, `domain.md` §5)."""
        return day if self.is_workday(day) else self.previous_workday(day)

    def at_or_after(self, day: date) -> date:
        """`day`, or the working day after it (publications, `domain.md` §5)."""
        return day if self.is_workday(day) else self.next_workday(day)

    def add_working_days(self, day: date, number: int) -> date:
        """The `number`-th working day after `day` (before it when negative); 0 is `day` itself."""
        step = timedelta(days=1 if number > 0 else -1)
        for _ in range(abs(number)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        if start.year < COUNTED.start or end.year >= COUNTED.stop:
            return sum(self.is_workday(start + timedelta(days=number)) for number in range(1, (end - start).days + 1))
        own = sum(apart for day, apart in self._apart if start < day <= end)
        return _seeded_until(end) - _seeded_until(start) + own

    def add_working_hours(self, start: datetime, hours: Decimal | int | float) -> datetime:
        """The moment when that many working hours have passed; nights, lunch and days off do not count."""
        left = timedelta(hours=float(hours))
        day = local(start).date()
        while True:
            for opens, closes in self._shifts(day):
                begins = max(opens, start)
                if begins <= closes and begins + left <= closes:
                    return (begins + left).astimezone(UTC)
                left -= max(closes - begins, timedelta())
            day += timedelta(days=1)

    def working_hours_between(self, start: datetime, end: datetime) -> Decimal:
        """Working hours that pass from `start` to `end`; 0 when `end` is earlier."""
        day, last = local(start).date(), local(end).date()
        passed = timedelta()
        while day <= last:
            for opens, closes in self._shifts(day):
                passed += max(min(closes, end) - max(opens, start), timedelta())
            day += timedelta(days=1)
        return Decimal(passed // timedelta(seconds=1)) / 3600

    def due_in(self, text: str, start: datetime, *, ratio: Decimal | int = 1) -> datetime:
        """The moment `text` (`2wd`, `4wh`, `PT1H`, `P1M`) after `start`; `ratio` takes a part of it (0.5 is 50 %).

        Raises InvalidInput `duration.unknown`.
        """
        span = durations.parse(text)
        if span.working_hours is not None:
            return self.add_working_hours(start, span.working_hours * Decimal(ratio))
        due = _add_months(start, span.months) + span.elapsed
        return start + (due - start) * float(ratio) if ratio != 1 else due

    def _shifts(self, day: date) -> Iterable[tuple[datetime, datetime]]:
        if not self.is_workday(day):
            return ()
        return tuple((_at(day, opens), _at(day, closes)) for opens, closes in SHIFTS)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LOCAL).astimezone(UTC)


def _add_months(moment: datetime, number: int) -> datetime:
    """The same day of a later month on the wall clock; the last day where that month is shorter."""
    if not number:
        return moment
    wall = local(moment)
    index = wall.year * 12 + wall.month - 1 + number
    year, month = divmod(index, 12)
    day = min(wall.day, months.monthrange(year, month + 1)[1])
    return wall.replace(year=year, month=month + 1, day=day).astimezone(UTC)
