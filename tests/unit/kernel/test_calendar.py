"""Deadlines fall on the working days that the State Council announced."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import chinese_calendar
import pytest

from engine.kernel.calendar import WorkCalendar, announced
from engine.kernel.clock import LOCAL
from engine.kernel.errors import InvalidInput

CALENDAR = WorkCalendar()


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(UTC)


def test_every_day_from_2018_to_2026_agrees_with_the_oracle() -> None:
    days = [date(2018, 1, 1) + timedelta(days=number) for number in range((date(2027, 1, 1) - date(2018, 1, 1)).days)]

    assert [day for day in days if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)] == []


def test_a_day_on_record_overrules_the_seed() -> None:
    typhoon = date(2026, 11, 4)

    assert not WorkCalendar({typhoon: False}).is_workday(typhoon)


def test_a_year_that_is_not_announced_warns_until_it_is_confirmed() -> None:
    day = date(2031, 5, 6)

    assert not announced(2031)
    assert not CALENDAR.is_confirmed(day)
    assert WorkCalendar(confirmed=frozenset({2031})).is_confirmed(day)
    assert CALENDAR.is_confirmed(date(2026, 5, 6))


@pytest.mark.parametrize(
    ("start", "text", "due"),
    [
        ("2026-11-02T10:00", "1wd", "2026-11-03T10:00"),
        ("2026-11-06T10:00", "1wd", "2026-11-09T10:00"),  # over a weekend
        ("2026-09-30T10:00", "1wd", "2026-10-08T10:00"),  # over National Day
        ("2026-10-09T10:00", "1wd", "2026-10-10T10:00"),  # a Saturday that is worked
        ("2026-11-07T10:00", "1wd", "2026-11-09T18:00"),  # from a Saturday: all of Monday
        ("2026-11-02T20:00", "1wd", "2026-11-03T18:00"),  # after hours: all of the next day
        ("2026-11-02T11:00", "4wh", "2026-11-02T16:00"),  # lunch does not count
        ("2026-11-02T17:00", "4wh", "2026-11-03T12:00"),
        ("2026-11-02T09:00", "0.5wd", "2026-11-02T14:00"),
        ("2026-11-02T10:00", "PT1H", "2026-11-02T11:00"),
        ("2026-11-02T10:00", "P1DT30M", "2026-11-03T10:30"),
        ("2026-11-02T10:00", "-PT1H", "2026-11-02T09:00"),
        ("2026-01-31T10:00", "P1M", "2026-02-28T10:00"),
        ("2026-11-02T10:00", "P2W", "2026-11-16T10:00"),
    ],
)
def test_a_deadline_counts_in_the_unit_it_is_written_in(start: str, text: str, due: str) -> None:
    assert CALENDAR.due_in(text, wall(start)) == wall(due)


@pytest.mark.parametrize("text", ["", "2", "2 days", "P", "PT", "P1X", "wd", "-1wd", "P0.5M", "1e9wd"])
def test_what_is_no_duration_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(InvalidInput, match="write 2wd, 4wh, or ISO 8601") as refused:
        CALENDAR.due_in(text, wall("2026-11-02T10:00"))

    assert refused.value.code == "duration.unknown"


def test_half_of_a_limit_in_working_days_is_counted_in_working_hours() -> None:
    assert CALENDAR.due_in("1wd", wall("2026-11-02T10:00"), ratio=Decimal("0.5")) == wall("2026-11-02T15:00")
    assert CALENDAR.due_in("P2D", wall("2026-11-02T10:00"), ratio=Decimal("1.5")) == wall("2026-11-05T10:00")


def test_working_days_between_two_days_count_the_last_and_not_the_first() -> None:
    assert CALENDAR.working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert CALENDAR.working_days_between(date(2026, 10, 10), date(2026, 9, 30)) == -3


def test_neighbours_skip_what_is_not_worked() -> None:
    assert CALENDAR.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)
    assert CALENDAR.previous_workday(date(2026, 10, 8)) == date(2026, 9, 30)
    assert CALENDAR.at_or_before(date(2026, 10, 1)) == date(2026, 9, 30)
    assert CALENDAR.at_or_after(date(2026, 10, 10)) == date(2026, 10, 10)


def test_working_hours_between_leave_out_lunch_and_nights() -> None:
    assert CALENDAR.working_hours_between(wall("2026-11-02T11:00"), wall("2026-11-03T10:00")) == Decimal(7)
    assert CALENDAR.working_hours_between(wall("2026-11-03T10:00"), wall("2026-11-02T11:00")) == 0


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 9, 28), date(2026, 10, 12)),
        (date(2025, 12, 1), date(2027, 2, 28)),
        (date(2027, 1, 10), date(2026, 11, 2)),
        (date(1985, 5, 1), date(1991, 5, 1)),
        (date(2098, 12, 30), date(2100, 1, 9)),
        (date(2026, 11, 21), date(2026, 11, 21)),
    ],
)
def test_counting_at_once_gives_what_counting_day_by_day_gives(start: date, end: date) -> None:
    own = WorkCalendar({date(2026, 11, 21): True, date(2026, 10, 12): False, date(1990, 1, 4): False})
    first, last = min(start, end), max(start, end)

    one_by_one = sum(own.is_workday(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))

    assert own.working_days_between(start, end) == (one_by_one if start <= end else -one_by_one)
