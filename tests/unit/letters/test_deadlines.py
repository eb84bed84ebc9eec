"""The cycle's calendar of domain.md §5: days off move submissions back and publications on."""

from datetime import date

import pytest

from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.letters import deadlines, periods
from engine.letters.deadlines import Step
from engine.letters.kinds import Level
from engine.letters.parameter_sections import Cycle

CALENDAR = WorkCalendar()


def wall(level: Level, code: str) -> dict[Step, str]:
    found = deadlines.compute(periods.parse(level, code), Cycle(), CALENDAR)
    return {step: f"{local(due):%Y-%m-%d %H:%M}" for step, due in found.items()}


def test_a_month_runs_from_the_20th_before_to_the_10th_after() -> None:
    """REQ-083: December 2026; 28 November is a Saturday, submissions move to the Friday before."""
    found = wall(Level.MONTH, "202612")

    assert found[Step.DRAFT] == "2026-11-20 09:00"
    assert found[Step.SUBMIT] == "2026-11-25 18:00"
    assert found[Step.COMMITMENTS] == "2026-11-27 18:00"
    assert found[Step.APPROVED] == "2026-11-27 18:00"
    assert found[Step.SIGNED] == "2026-11-30 18:00"
    assert found[Step.EFFECTIVE] == "2026-12-01 00:00"
    assert found[Step.EVIDENCE] == "2027-01-01 00:00"


def test_publications_move_to_the_next_working_day() -> None:
    """10 January 2027 is a Sunday."""
    assert wall(Level.MONTH, "202612")[Step.PUBLISH] == "2027-01-11 18:00"


def test_a_submission_after_the_period_never_moves_back_into_it() -> None:
    """September 2026: 3 October lies in the National Day holiday, so the self-report is due after it."""
    found = wall(Level.MONTH, "202609")
    assert found[Step.SELF_REPORT] == found[Step.DATA] == found[Step.SCORES] == "2026-10-08 18:00"


def test_a_year_is_prepared_in_the_autumn_and_scored_in_the_winter() -> None:
    """§5 ANNUAL: 10-15 guideline … 12-25 sign; 01-10 self … 02-10 publish."""
    found = wall(Level.ANNUAL, "2027")
    days = {step: due[:10] for step, due in found.items()}
    assert days[Step.GUIDELINE] == "2026-10-15"
    assert days[Step.SUBMIT] == "2026-11-13"  # 15 November 2026 is a Sunday
    assert days[Step.SIGNED] == "2026-12-25"
    assert days[Step.EFFECTIVE] == "2027-01-01"
    assert days[Step.SELF_REPORT] == "2028-01-10"
    assert days[Step.PUBLISH] == "2028-02-10"


@pytest.mark.parametrize(
    ("level", "code", "fiscal", "start", "end"),
    [
        (Level.MONTH, "202602", 1, date(2026, 2, 1), date(2026, 2, 28)),
        (Level.QUARTER, "2026Q4", 1, date(2026, 10, 1), date(2026, 12, 31)),
        (Level.QUARTER, "2026Q4", 4, date(2027, 1, 1), date(2027, 3, 31)),
        (Level.ANNUAL, "2026", 4, date(2026, 4, 1), date(2027, 3, 31)),
    ],
)
def test_a_code_names_its_days(level: Level, code: str, fiscal: int, start: date, end: date) -> None:
    """domain.md §1: fiscal year start from the regulation."""
    found = periods.parse(level, code, fiscal_start=fiscal)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize("code", ["202613", "2026-12", "Q4", "20261", ""])
def test_a_code_of_another_form_is_refused_with_the_form(code: str) -> None:
    with pytest.raises(InvalidInput, match="write 202611"):
        periods.parse(Level.MONTH, code)


def test_december_is_followed_by_january() -> None:
    assert periods.next_month(periods.parse(Level.MONTH, "202612")).code == "202701"
    assert periods.previous_month(periods.parse(Level.MONTH, "202601")).code == "202512"
