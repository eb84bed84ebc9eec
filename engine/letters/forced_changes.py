"""强制增删: what OPS puts into a letter or takes out of it, the head's one objection, and how it ended (rule 11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.kinds import Level
from engine.letters.states import ForcedState


class ForcedChangeRow(Base):
    """One forced change; ADD holds the item's values, DELETE its id; without a letter it waits for the draft."""

    __tablename__ = "forced_change"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    letter_id: Mapped[int | None] = mapped_column(Key, ForeignKey("letter.id"), index=True)
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    level: Mapped[str] = mapped_column(String(8))
    period: Mapped[str] = mapped_column(String(24))
    act: Mapped[str] = mapped_column(String(8))
    item_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"))
    item_values: Mapped[Any] = mapped_column(Json, default=dict)
    reason: Mapped[str] = mapped_column(Text)
    article: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(10), default=ForcedState.NOTICED)
    objection: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class ForcedChangeView:
    """A forced change; `act` is ADD or DELETE."""

    id: int
    letter: int | None
    org: int
    level: Level
    period: str
    act: str
    item: int | None
    reason: str
    article: str
    status: ForcedState
    by: int
    at: datetime
    item_values: Mapping[str, Any] = field(default_factory=dict)
    objection: str = ""
    decided_at: datetime | None = None


def view(work: Work, change: int) -> ForcedChangeView:
    """The change. Raises NotFound."""
    row = work.session.execute(select(ForcedChangeRow.__table__).where(ForcedChangeRow.id == change)).one_or_none()
    if row is None:
        raise NotFound("forced.unknown", f"there is no forced change {change}", change=change)
    return rows.view(ForcedChangeView, row)


def of_letter(work: Work, letter: int) -> tuple[ForcedChangeView, ...]:
    """The forced changes of a letter, oldest first."""
    wanted = select(ForcedChangeRow.__table__).where(ForcedChangeRow.letter_id == letter).order_by(ForcedChangeRow.id)
    return tuple(rows.view(ForcedChangeView, row) for row in work.session.execute(wanted))


def waiting(work: Work, org: int, level: Level, period: str) -> tuple[ForcedChangeView, ...]:
    """Additions that were noted for a period before its draft was made (rule 10 e), oldest first."""
    wanted = select(ForcedChangeRow.__table__).where(
        ForcedChangeRow.letter_id.is_(None),
        ForcedChangeRow.org_id == org,
        ForcedChangeRow.level == level,
        ForcedChangeRow.period == period,
    )
    return tuple(rows.view(ForcedChangeView, row) for row in work.session.execute(wanted.order_by(ForcedChangeRow.id)))
