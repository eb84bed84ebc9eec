"""When timers are due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.workflow.errors import Stuck
from engine.workflow.spiff import timing
from engine.workflow.spiff.model import EventDefinition
from engine.workflow.spiff.timing import Schedule
from tests.unit.workflow.diagrams import boundary, drawn, nodes, timer
from tests.unit.workflow.plays import MONDAY, Play, World

FORMS = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}


def due(form: str, text: str, data: dict[str, Any] | None = None, now: datetime = MONDAY) -> datetime:
    return timing.schedule(EventDefinition("timer", form=FORMS[form], text=text), data or {}, World(now=now)).due


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT1H", at(2026, 1, 5, 2)),
        ("P1DT30M", at(2026, 1, 6, 1, 30)),
        ("P1W", at(2026, 1, 12, 1)),
        ("P0.5D", at(2026, 1, 5, 13)),
        ("PT1.5S", at(2026, 1, 5, 1, 0, 1, 500000)),
        ("-PT1H", at(2026, 1, 5, 0)),
        ("P1M", at(2026, 2, 5, 1)),
        ("P1Y2M", at(2027, 3, 5, 1)),
        ('duration("PT2H")', at(2026, 1, 5, 3)),
        ("=wait", at(2026, 1, 5, 4)),
        ("wait", at(2026, 1, 5, 4)),
    ],
)
def test_durations_count_from_now(text: str, expected: datetime) -> None:
    assert due("duration", text, {"wait": "PT3H"}) == expected


def test_a_month_after_the_thirty_first_is_the_last_day() -> None:
    assert due("duration", "P1M", now=at(2026, 1, 31, 4)) == at(2026, 2, 28, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T09:00:00+08:00", at(2026, 3, 1, 1)),
        ("2026-03-01T09:00:00Z", at(2026, 3, 1, 9)),
        ("2026-03-01T09:00:00", at(2026, 3, 1, 1)),
        ("2026-03-01", at(2026, 2, 28, 16)),
        ("=day", at(2026, 3, 1, 16)),
        ("=moment", at(2026, 4, 1)),
    ],
)
def test_dates_without_a_zone_are_those_of_the_group(text: str, expected: datetime) -> None:
    assert due("date", text, {"day": date(2026, 3, 2), "moment": at(2026, 4, 1)}) == expected


def test_working_days_and_hours_follow_the_calendar() -> None:
    friday = at(2026, 1, 9, 1)

    assert due("duration", "2wd", now=friday) == at(2026, 1, 12, 10)
    assert due("duration", "4wh", now=friday) == at(2026, 1, 9, 6)


@pytest.mark.parametrize("text", ["P0.5M", "PT", "P", "tomorrow at nine", "=null", "=5", "2026-13-01"])
def test_what_is_no_time_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Stuck) as refused:
        due("duration", text)

    assert refused.value.code in ("workflow.timer", "workflow.expression")


def test_a_timer_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(Stuck):
        due("duration", "P9000Y")


def steps(text: str, moments: list[datetime], data: dict[str, Any] | None = None) -> list[Schedule | None]:
    """The schedules after firings at those moments."""
    event = EventDefinition("timer", form="timeCycle", text=text)
    now: Schedule | None = timing.schedule(event, data or {}, World())
    found = [now]
    for moment in moments:
        assert now is not None
        now, _ = timing.following(now, data or {}, World(now=moment))
        found.append(now)
    return found


def test_a_cycle_keeps_its_grid_when_it_fires_late() -> None:
    found = steps("R/PT1H", [MONDAY + timedelta(hours=1, minutes=20)])

    assert [one.due for one in found if one] == [at(2026, 1, 5, 2), at(2026, 1, 5, 3)]


def test_missed_occurrences_of_a_cycle_become_one_and_count() -> None:
    event = EventDefinition("timer", form="timeCycle", text="R5/P1D")
    first = timing.schedule(event, {}, World())

    later, passed = timing.following(first, {}, World(now=MONDAY + timedelta(days=3, hours=1)))

    assert passed == 3
    assert later is not None
    assert (later.due, later.left) == (at(2026, 1, 9, 1), 2)


def test_a_counted_cycle_ends() -> None:
    hours = [MONDAY + timedelta(hours=hour) for hour in (1, 2, 3)]

    assert steps("R3/PT1H", hours)[-1] is None


def test_a_cycle_may_begin_at_a_date_and_a_past_one_joins_its_grid() -> None:
    assert steps("R/2026-02-01T09:00:00+08:00/P1D", [])[0] == Schedule(at(2026, 2, 1, 1), "P1D", None)
    past = steps("R/2026-01-01T09:00:00+08:00/P1D", [])[0]
    assert past is not None
    assert past.due == at(2026, 1, 6, 1)


def test_a_cycle_of_working_days_counts_from_each_firing() -> None:
    found = steps("R/1wd", [at(2026, 1, 6, 10)])

    assert found[1] is not None
    assert found[1].due > at(2026, 1, 6, 10)


def test_a_cycle_may_be_a_list_of_moments() -> None:
    moments = [at(2026, 1, 2, 1), at(2026, 1, 7, 1), at(2026, 1, 6, 1)]
    found = steps("=moments", [at(2026, 1, 6, 1), at(2026, 1, 7, 1)], {"moments": moments})

    assert [one and one.due for one in found] == [at(2026, 1, 6, 1), at(2026, 1, 7, 1), None]


def test_a_long_absence_fires_a_timer_once_and_the_occurrence_is_counted() -> None:
    content = drawn(
        nodes("start:s user:a user:b end:e end:e2")
        + boundary("w", "a", timer("R/P1D", "timeCycle"), interrupting=False), "s a e", "w b e2",
    )  # fmt: skip
    play = Play(content).later(days=200).fire("w")

    assert sorted(play.open) == ["a", "b"]
    assert play.step.timers[0].seq == 200
    assert play.step.timers[0].due == MONDAY + timedelta(days=201)
