"""The working calendar as it is kept, on both databases (ux.md §4.27)."""

from datetime import date

import pytest

from engine.kernel import audit, calendar_days
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.kernel.work import Store
from engine.people import calendar_keeping
from engine.people.calendar_keeping import DayChange
from tests.integration.people.company import Company, found

BRIDGE = date(2026, 12, 4)  # a Friday
REASON = "集团放假"


@pytest.fixture
def company(store: Store) -> Company:
    with store.start_work() as work:
        founded = found(work)
        calendar_days.seed(work, [2026])
        work.commit()
    return founded


def test_a_day_made_free_counts_as_free_and_says_why(store: Store, company: Company) -> None:
    calendar_keeping.change(store.start_work, DayChange(BRIDGE, is_workday=False, reason=REASON), company.admin)

    with store.start_work(reading=True) as work:
        assert not calendar_days.read(work).is_workday(BRIDGE)
        assert calendar_days.reasons(work, 2026) == {BRIDGE: REASON}
        assert audit.of(work, "calendar")[-1].detail["reason"] == REASON


@pytest.mark.parametrize("day", [date(2026, 11, 2), date(2026, 10, 30)])
def test_today_and_days_gone_by_stay_as_they_were_counted(store: Store, company: Company, day: date) -> None:
    with pytest.raises(InvalidInput, match="is over"):
        calendar_keeping.change(store.start_work, DayChange(day, is_workday=False, reason=REASON), company.admin)


def test_a_reason_is_asked_for_and_the_second_change_is_told(store: Store, company: Company) -> None:
    with pytest.raises(InvalidInput, match="say why"):
        calendar_keeping.change(store.start_work, DayChange(BRIDGE, is_workday=False, reason=" "), company.admin)
    wanted = DayChange(BRIDGE, is_workday=False, reason=REASON)
    calendar_keeping.change(store.start_work, wanted, company.admin)
    with pytest.raises(Conflict):
        calendar_keeping.change(store.start_work, wanted, company.admin)


def test_a_head_of_a_unit_does_not_change_the_calendar(store: Store, company: Company) -> None:
    with pytest.raises(NotAllowed):
        calendar_keeping.change(store.start_work, DayChange(BRIDGE, is_workday=False, reason=REASON), company.li)
    with pytest.raises(NotAllowed):
        calendar_keeping.confirm(store.start_work, 2027, company.li)


def test_a_confirmed_year_warns_no_more(store: Store, company: Company) -> None:
    calendar_keeping.confirm(store.start_work, 2027, company.admin)

    with store.start_work(reading=True) as work:
        assert calendar_days.read(work).is_confirmed(date(2027, 5, 1))
