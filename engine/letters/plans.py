"""Plans (3 years, year, project) with their milestones and fund lines; what falls due in a period becomes items."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Exact, Key
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.kinds import Importance, PlanKind


class PlanRow(Base):
    """A plan of one organisation."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("plan.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)


class MilestoneRow(Base):
    """A node of a plan; where it names an organisation, that one owes it, else the plan's."""

    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(Key, ForeignKey("plan.id"), index=True)
    org_id: Mapped[int | None] = mapped_column(Key, ForeignKey("org.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    due: Mapped[date] = mapped_column(Date, index=True)
    importance: Mapped[str] = mapped_column(String(8), default=Importance.MAJOR)
    category: Mapped[str] = mapped_column(String(60), default="计划")
    completion_standard: Mapped[str] = mapped_column(Text, default="")
    deliverable: Mapped[str] = mapped_column(String(200), default="")
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    parent_item_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id", use_alter=True))


class FundLineRow(Base):
    """Money that a plan sets aside for a time (REQ-076)."""

    __tablename__ = "fund_line"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(Key, ForeignKey("plan.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    amount: Mapped[Decimal] = mapped_column(Exact)  # 万元
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)


@dataclass(frozen=True)
class PlanView:
    """A plan."""

    id: int
    code: str
    name: str
    kind: PlanKind
    org: int
    parent: int | None
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class MilestoneView:
    """A node of a plan; `org` is who owes it."""

    id: int
    plan: int
    org: int
    name: str
    due: date
    importance: Importance
    category: str
    completion_standard: str
    deliverable: str
    owner: int | None
    parent_item: int | None


@dataclass(frozen=True)
class FundLineView:
    """Money for a time; `amount` in 万元."""

    id: int
    plan: int
    name: str
    amount: Decimal
    starts_on: date
    ends_on: date


def due(work: Work, org: int, start: date, end: date) -> tuple[MilestoneView, ...]:
    """The milestones that this organisation owes in these days, by date."""
    wanted = (
        select(MilestoneRow.__table__, PlanRow.org_id.label("plan_org"))
        .join(PlanRow, PlanRow.id == MilestoneRow.plan_id)
        .where(MilestoneRow.due >= start, MilestoneRow.due <= end)
        .where((MilestoneRow.org_id == org) | (MilestoneRow.org_id.is_(None) & (PlanRow.org_id == org)))
        .order_by(MilestoneRow.due, MilestoneRow.id)
    )
    found = work.session.execute(wanted)
    return tuple(rows.view(MilestoneView, {**row._mapping, "org_id": row.org_id or row.plan_org}) for row in found)


def fund_lines(work: Work, org: int) -> tuple[FundLineView, ...]:
    """The fund lines of an organisation's plans."""
    wanted = select(FundLineRow.__table__).join(PlanRow, PlanRow.id == FundLineRow.plan_id).where(PlanRow.org_id == org)
    return tuple(rows.view(FundLineView, row) for row in work.session.execute(wanted.order_by(FundLineRow.id)))


def of(work: Work, org: int) -> tuple[PlanView, ...]:
    """The plans of an organisation, by start."""
    wanted = select(PlanRow.__table__).where(PlanRow.org_id == org).order_by(PlanRow.starts_on, PlanRow.id)
    return tuple(rows.view(PlanView, row) for row in work.session.execute(wanted))
