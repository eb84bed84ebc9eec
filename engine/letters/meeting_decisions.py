"""Decisions of meetings, as far as letters need them: what is open and due in a period becomes an item."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, ForeignKey, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key
from engine.kernel.work import Work
from engine.letters import rows


class MeetingDecisionRow(Base):
    """One decision; OPEN until its item is accepted."""

    __tablename__ = "meeting_decision"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    no: Mapped[str] = mapped_column(String(40), unique=True)
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    content: Mapped[str] = mapped_column(Text)
    standard: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    due: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(8), default="OPEN")


@dataclass(frozen=True)
class MeetingDecisionView:
    """A decision that somebody owes."""

    id: int
    no: str
    org: int
    content: str
    standard: str
    owner: int | None
    due: date
    status: str


def open_in(work: Work, org: int, start: date, end: date) -> tuple[MeetingDecisionView, ...]:
    """The open decisions that fall due in these days, by date."""
    wanted = select(MeetingDecisionRow.__table__).where(
        MeetingDecisionRow.org_id == org,
        MeetingDecisionRow.status == "OPEN",
        MeetingDecisionRow.due.between(start, end),
    )
    found = work.session.execute(wanted.order_by(MeetingDecisionRow.due, MeetingDecisionRow.id))
    return tuple(rows.view(MeetingDecisionView, row) for row in found)


def close(work: Work, decision: int) -> None:
    """The decision is carried out."""
    work.session.execute(update(MeetingDecisionRow).where(MeetingDecisionRow.id == decision).values(status="CLOSED"))
