"""The facts about an item that decide its warning level (domain.md §8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import LOCAL, local
from engine.letters.items import ItemView
from engine.letters.kinds import Importance, Kind
from engine.letters.letters import LetterView
from engine.letters.parameter_sections import Cycle
from engine.letters.scoring.exact import ZERO
from engine.letters.states import ItemState
from engine.letters.tracking import planned
from engine.letters.tracking.progress import ProgressView, Update
from engine.letters.watching.levels import Facts, WarningLevel
from engine.letters.watching.scenes import Scene
from engine.letters.watching.warnings import WarningView

DONE = frozenset({ItemState.REPORTED_DONE, ItemState.ACCEPTED, ItemState.SCORED})
"""Nothing is late any more; a report waits for its verdict without getting later."""

_SLOW_CALENDAR_DAYS = 800
_LONGEST_HOLIDAY = timedelta(days=21)  # a report can move back over a whole holiday


@dataclass(frozen=True)
class Measured:
    """Where an item stands: planned and reached per cent (None where figures say nothing), and the facts."""

    planned: Decimal
    reached: Decimal | None
    facts: Facts


def measure(scene: Scene, item: ItemView, update: Update | ProgressView | None) -> Measured:
    """What is true of an item now, as if `update` were its newest report."""
    letter, warning, today = scene.letters[item.letter], scene.open.get(item.id), scene.today
    start, due = _span(item, letter, today)
    plan = planned.percent(start, due, today, scene.calendar, planned.curve_of(item.params))
    reached = _reached(item, update)
    by_day, done = item.due is not None, item.status in DONE
    facts = Facts(
        importance=str(item.importance),
        done=done,
        days_left=(due - today).days if by_day and today <= due else None,
        days_overdue=max((today - due).days, 0) if by_day and not done else None,
        lag=max(plan - reached, ZERO) if reached is not None and not done else None,
        attainment=_attainment(item, update),
        forecast_late=bool(update and update.forecast_finish and by_day and update.forecast_finish > due),
        missed_reports=_missed(scene, item, update),
        conditional=item.id in scene.conditional,
        breached_commitment=item.id in scene.breached,
        yellow_days=_days_at(scene, warning, WarningLevel.YELLOW),
        orange_days=_days_at(scene, warning, WarningLevel.ORANGE),
        parent_endangered=_endangers_parent(scene, item, update),
        veto_risk=item.kind is Kind.VETO and item.id in scene.vetoed,
    )
    return Measured(plan, reached, facts)


def late_draft(days: int) -> Facts:
    """The facts of a letter whose draft is `days` late."""
    return Facts(importance=str(Importance.KEY), days_overdue=max(days, 1))


def _span(item: ItemView, letter: LetterView, today: date) -> tuple[date, date]:
    start = item.starts_on or letter.starts_on or today
    return start, item.due or letter.ends_on or start + timedelta(days=_SLOW_CALENDAR_DAYS)


def _reached(item: ItemView, update: Update | ProgressView | None) -> Decimal | None:
    if update is not None and update.percent is not None:
        return update.percent
    if item.kind is Kind.TASK:
        return ZERO if update is None else None
    return planned.done(item.kind, item.direction, update.actual if update else None, item.target)


def _attainment(item: ItemView, update: Update | ProgressView | None) -> Decimal | None:
    return planned.attainment(item.direction, update.forecast_value, item.target) if update else None


def _missed(scene: Scene, item: ItemView, update: Update | ProgressView | None) -> int:
    """Progress reports that fell due since the last one (Friday, KEY also Tuesday); NORMAL items track themselves.

    A report counts for the whole of its day: who reports on Friday morning has reported on Friday.
    """
    if item.importance is Importance.NORMAL or item.status in DONE or isinstance(update, Update):
        return 0
    since = update.at if update is not None else _begun(item, scene.letters[item.letter])
    if since is None:
        return 0
    moments = report_moments(scene.cycle(item), item, since, scene.now, scene.calendar)
    reported = local(update.at).date() if update is not None else None
    return sum(since < moment <= scene.now and local(moment).date() != reported for moment in moments)


def report_moments(
    cycle: Cycle, item: ItemView, since: datetime, until: datetime, calendar: WorkCalendar
) -> Sequence[datetime]:
    """When progress of an item is due between two moments; a day off moves to the working day before."""
    weekdays = {cycle.progress_weekday} | ({cycle.progress_key_weekday} if item.importance is Importance.KEY else set())
    hour = time.fromisoformat(cycle.progress_time)
    first, last = local(since).date(), local(until).date() + timedelta(days=7)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    due = {calendar.at_or_before(day) for day in days if day.isoweekday() in weekdays}
    return [datetime.combine(day, hour, LOCAL).astimezone(UTC) for day in sorted(due)]


def report_slot(cycle: Cycle, item: ItemView, now: datetime, calendar: WorkCalendar) -> tuple[date, datetime]:
    """The day of the last report that fell due, and when the next one does; a report after that day counts for it."""
    moments = report_moments(cycle, item, now - _LONGEST_HOLIDAY, now + _LONGEST_HOLIDAY, calendar)
    passed = [moment for moment in moments if moment <= now]
    return local(passed[-1]).date(), next(moment for moment in moments if moment > now)


def _begun(item: ItemView, letter: LetterView) -> datetime | None:
    starts = item.starts_on or letter.starts_on
    if starts is None or letter.effective_at is None:
        return letter.effective_at
    return max(letter.effective_at, datetime.combine(starts, time(), LOCAL).astimezone(UTC))


def _days_at(scene: Scene, warning: WarningView | None, level: WarningLevel) -> int:
    if warning is None or warning.level is not level:
        return 0
    return max(scene.calendar.working_days_between(local(warning.level_since).date(), scene.today), 0)


def _endangers_parent(scene: Scene, item: ItemView, update: Update | ProgressView | None) -> bool:
    """Whether the item will end, or is already, later than the annual milestone it serves."""
    parent = scene.parents.get(item.parent or 0)
    if parent is None or item.status in DONE or parent.due is None or parent.kind is not Kind.TASK:
        return False
    finish = update.forecast_finish if update and update.forecast_finish else None
    return scene.today > parent.due or bool(finish and finish > parent.due)
