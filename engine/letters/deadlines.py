"""The cycle's calendar (`domain.md` §5): when each step of a period is due; kept per period so that it can be moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel import audit
from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import LOCAL
from engine.kernel.database import Base, Key, Moment
from engine.kernel.work import Work
from engine.letters import periods
from engine.letters.kinds import Level
from engine.letters.parameter_sections import Cycle
from engine.letters.periods import Period


class Step(StrEnum):
    """A step of a period's cycle that has a deadline."""

    GUIDELINE = "GUIDELINE"
    DRAFT = "DRAFT"
    SUBMIT = "SUBMIT"
    COMMITMENTS = "COMMITMENTS"
    APPROVED = "APPROVED"
    SIGNED = "SIGNED"
    EFFECTIVE = "EFFECTIVE"
    NODE_CHECK = "NODE_CHECK"
    EVIDENCE = "EVIDENCE"
    SELF_REPORT = "SELF_REPORT"
    DATA = "DATA"
    SCORES = "SCORES"
    LEADER = "LEADER"
    PUBLISH = "PUBLISH"


class DeadlineRow(Base):
    """One deadline; `org_id` None is everybody's, else it is one organisation's own."""

    __tablename__ = "letter_calendar"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    level: Mapped[str] = mapped_column(String(8))
    period: Mapped[str] = mapped_column(String(24))
    step: Mapped[str] = mapped_column(String(12))
    org_id: Mapped[int | None] = mapped_column(Key, ForeignKey("org.id"))
    due: Mapped[datetime] = mapped_column(Moment, index=True)

    __table_args__ = (UniqueConstraint("level", "period", "step", "org_id"),)


MORNING, EVENING, MIDNIGHT = time(9), time(18), time(0)


def compute(period: Period, cycle: Cycle, calendar: WorkCalendar) -> Mapping[Step, datetime]:
    """The deadlines of a month, quarter or year, all aware UTC.

    A day off moves to the working day before for submissions and to the one after for publications; a submission after
    the period's end never moves back into the period (3 October becomes 8 October, not 30 September).
    """
    if period.level is Level.MONTH:
        return _month(period, cycle, calendar)
    if period.level is Level.ANNUAL:
        return _year(period, cycle, calendar)
    return _ends(period)


def _month(period: Period, cycle: Cycle, calendar: WorkCalendar) -> Mapping[Step, datetime]:
    before, after = periods.previous_month(period), periods.next_month(period)

    def submit(of: Period, day: int) -> datetime:
        return _submission(of.start.replace(day=day), calendar, period.end if of is after else None)

    last_before = calendar.at_or_before(before.end)
    return {
        Step.DRAFT: _at(calendar.at_or_before(before.start.replace(day=cycle.month_draft)), MORNING),
        Step.SUBMIT: submit(before, cycle.month_submit),
        Step.COMMITMENTS: submit(before, cycle.month_commitments),
        Step.APPROVED: submit(before, cycle.month_approved),
        Step.SIGNED: _at(last_before, EVENING),
        Step.NODE_CHECK: submit(period, cycle.month_node_check),
        Step.SELF_REPORT: submit(after, cycle.month_self_report),
        Step.DATA: submit(after, cycle.month_data),
        Step.SCORES: submit(after, cycle.month_scores),
        Step.LEADER: submit(after, cycle.month_leader),
        Step.PUBLISH: _at(calendar.at_or_after(after.start.replace(day=cycle.month_publish)), EVENING),
        **_ends(period),
    }


_YEAR_STEPS = {
    "guideline": Step.GUIDELINE,
    "draft": Step.DRAFT,
    "negotiation": Step.COMMITMENTS,
    "committee": Step.APPROVED,
    "signed": Step.SIGNED,
    "self_report": Step.SELF_REPORT,
    "data": Step.DATA,
    "committee_scores": Step.LEADER,
    "publish": Step.PUBLISH,
}


def _year(period: Period, cycle: Cycle, calendar: WorkCalendar) -> Mapping[Step, datetime]:
    found = dict(_ends(period))
    for name, text in cycle.year_dates.items():
        month, day = int(text[1:3]), int(text[4:6])
        on = _in_year(period, month, day, before=text.startswith("-"))
        step = _YEAR_STEPS[name]
        if step is Step.PUBLISH:
            found[step] = _at(calendar.at_or_after(on), EVENING)
        else:
            found[step] = _submission(on, calendar, None if text.startswith("-") else period.end)
    found[Step.SUBMIT] = found[Step.DRAFT]
    found[Step.DRAFT] = _at(found[Step.GUIDELINE].astimezone(LOCAL).date(), MORNING)
    found[Step.SCORES] = found[Step.DATA]
    return found


def _in_year(period: Period, month: int, day: int, *, before: bool) -> date:
    """The last such day before the year begins, or the first one after it ends."""
    edge = period.start if before else period.end
    on = date(edge.year, month, day)
    if before and on >= period.start:
        return on.replace(year=on.year - 1)
    return on.replace(year=on.year + 1) if not before and on <= period.end else on


def _ends(period: Period) -> Mapping[Step, datetime]:
    return {
        Step.EFFECTIVE: _at(period.start, MIDNIGHT),
        Step.EVIDENCE: _at(period.end + timedelta(days=1), MIDNIGHT),
    }


def _submission(day: date, calendar: WorkCalendar, not_before: date | None) -> datetime:
    moved = calendar.at_or_before(day)
    if not_before is not None and moved <= not_before:
        moved = calendar.at_or_after(day)
    return _at(moved, EVENING)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LOCAL).astimezone(UTC)


def keep(work: Work, period: Period, found: Mapping[Step, datetime]) -> None:
    """Writes the deadlines of a period down; what is there already stays."""
    known = of(work, period.level, period.code)
    missing = [
        {"level": period.level, "period": period.code, "step": step, "due": due}
        for step, due in found.items()
        if step not in known
    ]
    if missing:
        work.session.execute(insert(DeadlineRow), missing)


def of(work: Work, level: Level, period: str, org: int | None = None) -> Mapping[Step, datetime]:
    """The deadlines of a period as kept; an organisation's own ones before everybody's."""
    wanted = select(DeadlineRow.__table__).where(DeadlineRow.level == level, DeadlineRow.period == period)
    wanted = wanted.where(DeadlineRow.org_id.is_(None) | (DeadlineRow.org_id == org))
    found = sorted(work.session.execute(wanted), key=lambda row: row.org_id is not None)
    return {Step(row.step): row.due for row in found}


def of_step(work: Work, step: Step, wanted: Iterable[str]) -> Mapping[tuple[Level, str, int | None], datetime]:
    """One step's deadlines in several periods, by level, period and organisation (None: everybody's)."""
    found = select(DeadlineRow.__table__).where(DeadlineRow.step == step, DeadlineRow.period.in_(list(wanted)))
    return {(Level(row.level), row.period, row.org_id): row.due for row in work.session.execute(found)}


@dataclass(frozen=True)
class Coming:
    """A deadline that everybody has: which step of which period, and when."""

    level: Level
    period: str
    step: Step
    due: datetime


def between(work: Work, start: datetime, end: datetime, limit: int = 50) -> tuple[Coming, ...]:
    """Everybody's deadlines from `start` up to and without `end`, the next first."""
    wanted = select(DeadlineRow.__table__).where(DeadlineRow.org_id.is_(None))
    within = wanted.where(DeadlineRow.due >= start, DeadlineRow.due < end)
    found = work.session.execute(within.order_by(DeadlineRow.due, DeadlineRow.id).limit(limit))
    return tuple(Coming(Level(row.level), row.period, Step(row.step), row.due) for row in found)


def change(  # noqa: PLR0913  (which deadline, whose, to when, by whom)
    work: Work, level: Level, period: str, step: Step, due: datetime, *, org: int | None = None, actor: int
) -> None:
    """Moves one deadline, for everybody or one organisation; told in the audit."""
    same = (
        DeadlineRow.level == level,
        DeadlineRow.period == period,
        DeadlineRow.step == step,
        DeadlineRow.org_id.is_not_distinct_from(org),
    )
    before = work.session.execute(select(DeadlineRow.due).where(*same)).scalar()
    if before is None:
        values = {"level": level, "period": period, "step": step, "org_id": org, "due": due}
        work.session.execute(insert(DeadlineRow).values(**values))
    else:
        work.session.execute(update(DeadlineRow).where(*same).values(due=due))
    detail = {"step": step, "org": org, "before": before, "after": due}
    audit.append(work, f"cycle:{level}:{period}", "deadline.moved", actor=actor, detail=detail)
