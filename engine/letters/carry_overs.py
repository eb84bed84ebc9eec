"""结转: items that were not finished and go into the next letter, capped there (`domain.md` §6)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Exact, Key, Moment
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.items import ItemRow
from engine.letters.kinds import Level
from engine.letters.letters import LetterRow


class CarryOverRow(Base):
    """One unfinished item on its way; `taken_id` is the item it became."""

    __tablename__ = "carry_over"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    item_id: Mapped[int] = mapped_column(Key, ForeignKey("item.id"), unique=True)
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    level: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(200), default="")
    cap: Mapped[Decimal] = mapped_column(Exact)
    at: Mapped[datetime] = mapped_column(Moment)
    taken_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"))


@dataclass(frozen=True)
class CarryOver:
    """An unfinished item that waits for the next letter; its score there is at most `cap`."""

    id: int
    item: int
    org: int
    level: Level
    reason: str
    cap: Decimal
    taken: int | None


def record(work: Work, item: int, *, cap: Decimal, reason: str) -> None:
    """The item goes into the organisation's next letter of the same level; a second call changes nothing."""
    known = work.session.execute(select(CarryOverRow.id).where(CarryOverRow.item_id == item)).scalar()
    if known is not None:
        return
    wanted = (
        select(LetterRow.org_id, LetterRow.level)
        .join(ItemRow, ItemRow.letter_id == LetterRow.id)
        .where(ItemRow.id == item)
    )
    owner = work.session.execute(wanted).one()
    values = {"item_id": item, "org_id": owner.org_id, "level": owner.level, "reason": reason, "cap": cap}
    work.session.execute(insert(CarryOverRow).values(at=work.now, **values))


def waiting(work: Work, org: int, level: Level) -> tuple[CarryOver, ...]:
    """What waits for the organisation's next letter, oldest first."""
    wanted = select(CarryOverRow.__table__).where(
        CarryOverRow.org_id == org, CarryOverRow.level == level, CarryOverRow.taken_id.is_(None)
    )
    return tuple(rows.view(CarryOver, row) for row in work.session.execute(wanted.order_by(CarryOverRow.id)))


def take(work: Work, carry_over: int, item: int) -> None:
    """It became this item."""
    work.session.execute(update(CarryOverRow).where(CarryOverRow.id == carry_over).values(taken_id=item))
