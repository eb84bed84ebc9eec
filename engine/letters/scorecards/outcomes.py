"""Results of organisations: one row per published letter; a year's is Y (domain.md §6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Exact, Key, Moment
from engine.kernel.work import Work
from engine.letters import regulations, rows
from engine.letters.kinds import Level
from engine.letters.letters import LetterView
from engine.letters.scorecards.cards import CardView
from engine.letters.scoring import results
from engine.letters.scoring.exact import stored


class OrgResultRow(Base):
    """What an organisation reached in a period; `value` is F, for a year Y."""

    __tablename__ = "org_result"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    level: Mapped[str] = mapped_column(String(8))
    period: Mapped[str] = mapped_column(String(24))
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"))
    final: Mapped[Decimal] = mapped_column(Exact)
    value: Mapped[Decimal] = mapped_column(Exact)
    grade: Mapped[str] = mapped_column(String(2))
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("org_id", "level", "period"),)


@dataclass(frozen=True)
class OrgResult:
    """A published result: `final` is the letter's F, `value` what grades and the group index take (Y for a year)."""

    id: int
    org: int
    level: Level
    period: str
    letter: int
    final: Decimal
    value: Decimal
    grade: str
    at: datetime


def keep(work: Work, letter: LetterView, card: CardView) -> None:
    """Write down what was published; a second publication after an appeal replaces the first."""
    same = (OrgResultRow.org_id == letter.org, OrgResultRow.level == letter.level, OrgResultRow.period == letter.period)
    work.session.execute(delete(OrgResultRow).where(*same))
    final = card.final or Decimal(0)
    rules = regulations.view(work, letter.regulation).parameters.scoring
    value, grade = final, card.grade or results.grade(final, rules)
    if letter.level is Level.ANNUAL:
        months = [each.final for each in of_org(work, letter.org, Level.MONTH) if each.period[:4] == letter.period]
        value = stored(results.annual(final, months, rules))
        grade = "E" if card.vetoed else results.grade(value, rules)
    values = {
        "org_id": letter.org,
        "level": letter.level,
        "period": letter.period,
        "letter_id": letter.id,
        "final": final,
        "value": value,
        "grade": grade,
        "at": work.now,
    }
    work.session.execute(insert(OrgResultRow).values(**values))


def of_org(work: Work, org: int, level: Level) -> Sequence[OrgResult]:
    """An organisation's published results of a level, oldest first."""
    wanted = select(OrgResultRow.__table__).where(OrgResultRow.org_id == org, OrgResultRow.level == level)
    return [rows.view(OrgResult, row) for row in work.session.execute(wanted.order_by(OrgResultRow.period))]


def of_level(work: Work, level: Level) -> Mapping[int, Sequence[OrgResult]]:
    """The published results of a level by organisation, oldest first."""
    wanted = select(OrgResultRow.__table__).where(OrgResultRow.level == level).order_by(OrgResultRow.period)
    found: dict[int, list[OrgResult]] = {}
    for row in work.session.execute(wanted):
        found.setdefault(row.org_id, []).append(rows.view(OrgResult, row))
    return found


def of_period(work: Work, level: Level, period: str) -> Mapping[int, OrgResult]:
    """The published results of a period, by organisation."""
    wanted = select(OrgResultRow.__table__).where(OrgResultRow.level == level, OrgResultRow.period == period)
    return {row.org_id: rows.view(OrgResult, row) for row in work.session.execute(wanted)}


def newest_period(work: Work, level: Level) -> str | None:
    """The last period of a level that has a published result."""
    wanted = select(OrgResultRow.period).where(OrgResultRow.level == level).order_by(OrgResultRow.period.desc())
    found: str | None = work.session.execute(wanted.limit(1)).scalar()
    return found
