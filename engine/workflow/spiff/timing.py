"""When timers are due: ISO durations, dates and cycles, working-day texts, FEEL; missed occurrences become one."""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.decisions.feel.values.durations import DaysDuration, YearsMonths
from engine.kernel.clock import LOCAL
from engine.workflow.errors import Stuck
from engine.workflow.spiff import expressions
from engine.workflow.spiff.expressions import Surroundings
from engine.workflow.spiff.model import EventDefinition

_WORKING = re.compile(r"\d+(\.\d+)?\s*w[dh]")
_DURATION = re.compile(
    r"([+-]?)P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?"
    r"(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*")
_CYCLE = re.compile(r"R(\d*)/(.+)")
_FURTHEST = 5_000


@dataclass(frozen=True)
class Span:
    """A length of time in months and in exact time."""

    months: int
    exact: timedelta

    def after(self, moment: datetime) -> datetime:
        """The moment that much later; a day that its month lacks becomes the last one. Raises Stuck beyond 9999."""
        try:
            return _add_months(moment, self.months) + self.exact
        except (OverflowError, ValueError) as error:
            raise Stuck("workflow.timer_far", "the timer lies beyond the year 9999; shorten it") from error


@dataclass(frozen=True)
class Schedule:
    """When a timer is due next, and what follows: `left` times (None: always) every `every`, or the moments `at`.

    `since` is the moment that a length was counted from, None for dates; `length` is a length in working time.
    """

    due: datetime
    every: str | None = None
    left: int | None = 1
    at: tuple[datetime, ...] = ()
    since: datetime | None = None
    length: str | None = None


def schedule(event: EventDefinition, data: Mapping[str, Any], ports: Surroundings) -> Schedule:
    """The first due moment of a timer that starts now. Raises Stuck (`workflow.timer`) when its text says no time."""
    found = _said(event.text or "", data, ports)
    if event.form == "timeCycle":
        return _cycle(found, data, ports)
    since = None if _is_date(found) else ports.now
    return Schedule(_moment(found, ports, ports.now), since=since, length=_working(found))


def following(now: Schedule, data: Mapping[str, Any], ports: Surroundings) -> tuple[Schedule | None, int]:
    """The schedule after an occurrence, None after the last, and how many were passed (missed ones count)."""
    if now.at:
        later = tuple(moment for moment in now.at if moment > max(ports.now, now.due))
        passed = len(now.at) - len(later)
        return (Schedule(later[0], left=None, at=later) if later else None), max(passed, 1)
    if now.every is None:
        return None, 1
    due, passed = _next(now, ports)
    left = None if now.left is None else now.left - passed
    since = ports.now if _working(now.every) else None
    return (None if left is not None and left <= 0 else Schedule(due, now.every, left, since=since)), passed


def recounted(now: Schedule, count: Callable[[str, datetime], datetime]) -> datetime | None:
    """When it is due as `count` reckons working time (a text such as `2wd`, from); None when it is not counted so."""
    length = _working(now.every) or now.length
    return None if now.since is None or length is None else count(length, now.since)


def literal(text: str) -> bool:
    """Whether a timer's text is understood without looking at data."""
    text = text.strip()
    return bool(
        _WORKING.fullmatch(text) or _DURATION.fullmatch(text) or _DATE.fullmatch(text) or _CYCLE.fullmatch(text)
    )


def in_working_time(text: str) -> bool:
    """Whether a timer's text counts working time, or may once it is evaluated."""
    return bool(_WORKING.search(text)) or not literal(text)


def _working(found: Any) -> str | None:
    return found.strip() if isinstance(found, str) and _WORKING.fullmatch(found.strip()) else None


def _is_date(found: Any) -> bool:
    return isinstance(found, date) or (isinstance(found, str) and _DATE.fullmatch(found.strip()) is not None)


def _said(text: str, data: Mapping[str, Any], ports: Surroundings) -> Any:
    text = text.strip()
    if text.startswith("="):
        return expressions.evaluate(text[1:], data, ports)
    return text if literal(text) else expressions.evaluate(text, data, ports)


def _cycle(found: Any, data: Mapping[str, Any], ports: Surroundings) -> Schedule:
    if isinstance(found, list):
        moments = sorted(_moment(one, ports, ports.now) for one in found)
        ahead = tuple(moment for moment in moments if moment > ports.now)
        if not moments:
            raise Stuck("workflow.timer_empty", "the timer's list of moments is empty; give at least one")
        return Schedule(ahead[0], left=None, at=ahead) if ahead else Schedule(moments[-1])
    if not isinstance(found, str):
        return Schedule(_moment(found, ports, ports.now), every=str(found), left=None, since=ports.now)
    matched = _CYCLE.fullmatch(found.strip())
    count, rest = (matched.group(1), matched.group(2)) if matched else ("", found.strip())
    parts = rest.split("/")
    start = _date(parts[0]) if _DATE.fullmatch(parts[0]) else None
    every = parts[1] if start is not None and len(parts) > 1 else parts[0]
    left = int(count) if count else None
    if start is None or (start <= ports.now and _moment(every, ports, start) <= ports.now):
        begun = Schedule(start or ports.now, every, None)
        due = _next(begun, ports)[0] if start else _moment(every, ports, ports.now)
        return Schedule(due, every, left, since=ports.now)
    if start > ports.now:
        return Schedule(start, every, left)
    return Schedule(_moment(every, ports, start), every, left, since=ports.now if _working(every) else None)


def _next(now: Schedule, ports: Surroundings) -> tuple[datetime, int]:
    """The first occurrence after now on the grid of the cycle, and how many were passed to get there."""
    every = now.every or ""
    if _WORKING.fullmatch(every):
        return _moment(every, ports, ports.now), 1
    due, passed = now.due, 0
    span = _span(every)
    if span is not None and not span.months and span.exact > timedelta(0):
        passed = max((ports.now - due) // span.exact, 0) + 1
        return due + passed * span.exact, passed
    while passed == 0 or due <= ports.now:
        later = _moment(every, ports, due)
        if later <= due or passed > _FURTHEST:
            raise Stuck(
                "workflow.timer_cycle", f"the cycle {every} does not move forward; write a longer interval", text=every
            )
        due, passed = later, passed + 1
    return due, passed


def _moment(found: Any, ports: Surroundings, start: datetime) -> datetime:
    if isinstance(found, datetime):
        return _aware(found)
    if isinstance(found, date):
        return datetime(found.year, found.month, found.day, tzinfo=LOCAL).astimezone(UTC)
    if isinstance(found, DaysDuration):
        return Span(0, found.to_timedelta()).after(start)
    if isinstance(found, YearsMonths):
        return Span(found.months, timedelta()).after(start)
    if isinstance(found, timedelta):
        return Span(0, found).after(start)
    if isinstance(found, str):
        return _text_moment(found.strip(), ports, start)
    raise _unclear(found)


def _text_moment(text: str, ports: Surroundings, start: datetime) -> datetime:
    if _WORKING.fullmatch(text):
        return _moment(expressions.evaluate(f'due_in("{text}")', {}, ports), ports, start)
    span = _span(text)
    if span is not None:
        return span.after(start)
    if _DATE.fullmatch(text):
        return _date(text)
    raise _unclear(text)


def _span(text: str) -> Span | None:
    matched = _DURATION.fullmatch(text)
    if matched is None:
        return None
    sign = -1 if matched.group(1) == "-" else 1
    years, months = (int(part or 0) for part in matched.group(2, 3))
    weeks, days, hours, minutes, seconds = (Decimal(part or 0) for part in matched.group(4, 5, 6, 7, 8))
    try:
        exact = timedelta(
            weeks=float(weeks), days=float(days), hours=float(hours), minutes=float(minutes), seconds=float(seconds)
        )
    except OverflowError:
        raise Stuck(
            "workflow.timer_far", f"the timer {text} lies beyond the year 9999; shorten it", text=text
        ) from None
    return Span(sign * (years * 12 + months), sign * exact)


def _date(text: str) -> datetime:
    try:
        return _aware(datetime.fromisoformat(text))
    except ValueError:
        raise _unclear(text) from None


def _aware(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)


def _add_months(moment: datetime, months: int) -> datetime:
    if not months:
        return moment
    there = moment.astimezone(LOCAL)
    year, month = divmod(there.year * 12 + there.month - 1 + months, 12)
    day = min(there.day, calendar.monthrange(year, month + 1)[1])
    return there.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def _unclear(found: Any) -> Stuck:
    return Stuck(
        "workflow.timer",
        f"{found!r} is no time; write a duration (PT1H), a date, a cycle (R3/PT1H), working days (2wd) or =FEEL",
        text=str(found),
    )
