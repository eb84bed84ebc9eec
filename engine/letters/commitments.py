"""横向承诺: what another organisation promises for an item, and the turns of asking, countering and accepting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.kinds import Duty
from engine.letters.states import CommitmentState

OPEN = (CommitmentState.REQUESTED, CommitmentState.COUNTERED)
"""Somebody still has to say yes."""


class CommitmentRow(Base):
    """One promise; `turns` is the conversation, oldest first."""

    __tablename__ = "commitment"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"), index=True)
    item_id: Mapped[int] = mapped_column(Key, ForeignKey("item.id"), index=True)
    provider_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    content: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None] = mapped_column(Date)
    duty: Mapped[str] = mapped_column(String(10), default=Duty.SECONDARY)
    status: Mapped[str] = mapped_column(String(10), default=CommitmentState.REQUESTED)
    turns: Mapped[Any] = mapped_column(Json, default=list)
    requested_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    requested_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    asked_index: Mapped[int | None] = mapped_column(Integer)  # its place in the list that the process asks through
    previous_id: Mapped[int | None] = mapped_column(Key, ForeignKey("commitment.id"))
    revision: Mapped[int] = mapped_column(Integer, default=1)


@dataclass(frozen=True)
class CommitmentView:
    """A promise; `escalated_at` is set once the leader in charge has to decide it.

    A turn is {at, by, act, content, due, reason} with act REQUEST, COUNTER, ACCEPT, REFUSE, ESCALATE, DECIDE.
    """

    id: int
    letter: int
    item: int
    provider: int
    content: str
    due: date | None = None
    duty: Duty = Duty.SECONDARY
    status: CommitmentState = CommitmentState.REQUESTED
    turns: tuple[Mapping[str, Any], ...] = ()
    requested_by: int | None = None
    requested_at: datetime | None = None
    answered_by: int | None = None
    answered_at: datetime | None = None
    escalated_at: datetime | None = None
    asked_index: int | None = None
    previous: int | None = None
    revision: int = 1

    @property
    def open(self) -> bool:
        """Whether somebody still has to say yes."""
        return self.status in OPEN


def view(work: Work, commitment: int) -> CommitmentView:
    """The promise. Raises NotFound."""
    row = work.session.execute(select(CommitmentRow.__table__).where(CommitmentRow.id == commitment)).one_or_none()
    if row is None:
        raise NotFound("commitment.unknown", f"there is no commitment {commitment}", commitment=commitment)
    return rows.view(CommitmentView, row)


def of_letter(work: Work, letter: int) -> tuple[CommitmentView, ...]:
    """All promises for a letter, by item."""
    wanted = select(CommitmentRow.__table__).where(CommitmentRow.letter_id == letter)
    found = work.session.execute(wanted.order_by(CommitmentRow.item_id, CommitmentRow.id))
    return tuple(rows.view(CommitmentView, row) for row in found)


def waiting(work: Work, units: Iterable[int], limit: int = 20) -> tuple[CommitmentView, ...]:
    """Commitments that these units owe an answer to, the next due first."""
    wanted = select(CommitmentRow.__table__).where(
        CommitmentRow.provider_id.in_(sorted(set(units))),
        CommitmentRow.status.in_(OPEN),
    )
    found = work.session.execute(wanted.order_by(CommitmentRow.due, CommitmentRow.id).limit(limit))
    return tuple(rows.view(CommitmentView, row) for row in found)


def asked_of(work: Work, providers: Iterable[int]) -> tuple[CommitmentView, ...]:
    """What these organisations were asked for, in one statement."""
    wanted = select(CommitmentRow.__table__).where(
        CommitmentRow.provider_id.in_(set(providers)), CommitmentRow.requested_at.is_not(None)
    )
    return tuple(rows.view(CommitmentView, row) for row in work.session.execute(wanted))


def of_provider(work: Work, provider: int) -> tuple[CommitmentView, ...]:
    """What an organisation was asked for or promised, the newest first."""
    wanted = select(CommitmentRow.__table__).where(CommitmentRow.provider_id == provider)
    found = work.session.execute(wanted.order_by(CommitmentRow.id.desc()))
    return tuple(rows.view(CommitmentView, row) for row in found)
