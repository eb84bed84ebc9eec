"""The calendar that an admin keeps overrules the published one, in every process at once."""

from datetime import date

from engine.kernel import calendar_days
from engine.kernel.calendar_days import Calendars
from engine.kernel.work import Store

ADMIN = 1
NATIONAL_DAY = date(2026, 10, 1)


def test_seeding_twice_writes_each_day_once(store: Store) -> None:
    with store.start_work() as work:
        counts = (calendar_days.seed(work, [2026]), calendar_days.seed(work, [2026, 2027]))
        work.commit()

    assert counts == (365, 365)


def test_a_changed_day_is_seen_by_a_calendar_that_was_read_before(store: Store) -> None:
    calendars = Calendars()
    with store.start_work() as work:
        calendar_days.seed(work, [2026])
        before = calendars(work).is_workday(NATIONAL_DAY)
        calendar_days.change(work, NATIONAL_DAY, is_workday=True, actor=ADMIN)
        work.commit()

    with store.start_work(reading=True) as work:
        assert (before, calendars(work).is_workday(NATIONAL_DAY)) == (False, True)


def test_a_year_stays_doubtful_until_it_is_confirmed(store: Store) -> None:
    calendars = Calendars()
    with store.start_work() as work:
        calendar_days.seed(work, [2031])
        before = calendars(work).is_confirmed(date(2031, 3, 3))
        calendar_days.confirm(work, 2031, actor=ADMIN)
        after = calendars(work).is_confirmed(date(2031, 3, 3))

    assert (before, after) == (False, True)
