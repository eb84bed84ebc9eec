"""The facts about an item that decide its warning level (domain.md §8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select

from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import LOCAL, local
from engine.kernel.work import Work
from engine.letters import deliverable_specs, items, letters, regulations
from engine.letters.commitments import CommitmentRow
from engine.letters.items import ItemView
from engine.letters.kinds import Importance, Kind
from engine.letters.letters import LetterView
from engine.letters.parameter_sections import Cycle
from engine.letters.scorecards import vetoes
from engine.letters.scoring.exact import ZERO
from engine.letters.states import CommitmentState, ItemState
from engine.letters.tracking import planned, submissions
from engine.letters.tracking.progress import ProgressView, Update
from engine.letters.tracking.submissions import Verdict
from engine.letters.watching.levels import Facts, WarningLevel
from engine.letters.watching.warnings import WarningView
from engine.workflow.engine import Engine

DONE = frozenset({ItemState.REPORTED_DONE, ItemState.ACCEPTED, ItemState.SCORED})
"""Nothing is late any more; a report waits for its verdict without getting later."""

_SLOW_CALENDAR_DAYS = 800


@dataclass(frozen=True)
class Measured:
    """Where an item stands: planned and reached per cent (None where figures say nothing), and the facts."""

    planned: Decimal
    reached: Decimal | None
    facts: Facts


def measure(
    engine: Engine, work: Work, item: ItemView, *, update: Update | ProgressView | None, warning: WarningView | None
) -> Measured:
    """What is true of an item now, as if `update` were its newest report."""
    letter = letters.view(work, item.letter)
    calendar, today = engine.calendar(work), local(work.now).date()
    start, due = _span(item, letter, today)
    plan = planned.percent(start, due, today, calendar, planned.curve_of(item.params))
    reached = _reached(item, update)
    measured_by_day = item.due is not None
    facts = Facts(
        importance=str(item.importance),
        done=item.status in DONE,
        days_left=(due - today).days if measured_by_day and today <= due else None,
        days_overdue=max((today - due).days, 0) if measured_by_day and item.status not in DONE else None,
        lag=max(plan - reached, ZERO) if reached is not None and item.status not in DONE else None,
        attainment=_attainment(item, update),
        forecast_late=bool(update and update.forecast_finish and measured_by_day and update.forecast_finish > due),
        missed_reports=_missed(work, item, letter, update, calendar),
        conditional=_conditional(work, item.id),
        breached_commitment=_breached(work, item.id),
        yellow_days=_days_at(warning, WarningLevel.YELLOW, calendar, today),
        orange_days=_days_at(warning, WarningLevel.ORANGE, calendar, today),
        parent_endangered=_endangers_parent(work, item, update, today),
        veto_risk=item.kind is Kind.VETO and vetoes.reported(work, item.id),
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


def _missed(
    work: Work, item: ItemView, letter: LetterView, update: Update | ProgressView | None, calendar: WorkCalendar
) -> int:
    """Progress reports that fell due since the last one (Friday, KEY also Tuesday); NORMAL items track themselves.

    A report counts for the whole of its day: who reports on Friday morning has reported on Friday.
    """
    if item.importance is Importance.NORMAL or item.status in DONE or isinstance(update, Update):
        return 0
    since = update.at if update is not None else _begun(item, letter)
    if since is None:
        return 0
    cycle = regulations.view(work, letter.regulation).parameters.cycle
    moments = report_moments(cycle, item, since, work.now, calendar)
    reported = local(update.at).date() if update is not None else None
    return sum(since < moment <= work.now and local(moment).date() != reported for moment in moments)


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


def _begun(item: ItemView, letter: LetterView) -> datetime | None:
    starts = item.starts_on or letter.starts_on
    if starts is None or letter.effective_at is None:
        return letter.effective_at
    return max(letter.effective_at, datetime.combine(starts, time(), LOCAL).astimezone(UTC))


def _conditional(work: Work, item: int) -> bool:
    specs = [spec.id for spec in deliverable_specs.of_item(work, item)]
    if not specs:
        return False
    return any(versions[0].result is Verdict.CONDITIONAL for versions in submissions.of_specs(work, specs).values())


def _breached(work: Work, item: int) -> bool:
    wanted = select(CommitmentRow.id).where(
        CommitmentRow.item_id == item, CommitmentRow.status == CommitmentState.BREACHED
    )
    return work.session.execute(wanted.limit(1)).first() is not None


def _days_at(warning: WarningView | None, level: WarningLevel, calendar: WorkCalendar, today: date) -> int:
    if warning is None or warning.level is not level:
        return 0
    return max(calendar.working_days_between(local(warning.level_since).date(), today), 0)


def _endangers_parent(work: Work, item: ItemView, update: Update | ProgressView | None, today: date) -> bool:
    """Whether the item will end, or is already, later than the annual milestone it serves."""
    if item.parent is None or item.status in DONE:
        return False
    parent = items.view(work, item.parent)
    if parent.due is None or parent.kind is not Kind.TASK:
        return False
    finish = update.forecast_finish if update and update.forecast_finish else None
    return today > parent.due or bool(finish and finish > parent.due)
