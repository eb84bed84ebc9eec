"""成果性文件, what an item promises to hand in: name, stage, criteria, weight, reviewer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Exact, Key
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.items import ItemRow
from engine.letters.kinds import Stage


class DeliverableSpecRow(Base):
    """One promised document."""

    __tablename__ = "deliverable_spec"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    item_id: Mapped[int] = mapped_column(Key, ForeignKey("item.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    name: Mapped[str] = mapped_column(String(200))
    stage: Mapped[str] = mapped_column(String(8), default=Stage.FINAL)
    criteria: Mapped[str] = mapped_column(Text, default="")
    weight: Mapped[Decimal] = mapped_column(Exact, default=Decimal(100))
    reviewer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    due: Mapped[date | None] = mapped_column(Date)


@dataclass(frozen=True)
class DeliverableSpecView:
    """A promised document; `weight` in parts of 100 of its item, `due` None is the item's."""

    id: int
    item: int
    name: str
    position: int = 0
    stage: Stage = Stage.FINAL
    criteria: str = ""
    weight: Decimal = Decimal(100)
    reviewer: int | None = None
    due: date | None = None


def view(work: Work, spec: int) -> DeliverableSpecView:
    """The promised document. Raises NotFound."""
    row = work.session.execute(select(DeliverableSpecRow.__table__).where(DeliverableSpecRow.id == spec)).one_or_none()
    if row is None:
        raise NotFound("deliverable.unknown", f"there is no deliverable {spec}", spec=spec)
    return rows.view(DeliverableSpecView, row)


def of_letter(work: Work, letter: int) -> Mapping[int, tuple[DeliverableSpecView, ...]]:
    """The promised documents of every item of a letter, by item."""
    wanted = (
        select(DeliverableSpecRow.__table__)
        .join(ItemRow, ItemRow.id == DeliverableSpecRow.item_id)
        .where(ItemRow.letter_id == letter)
        .order_by(DeliverableSpecRow.position, DeliverableSpecRow.id)
    )
    return _by_item(rows.view(DeliverableSpecView, row) for row in work.session.execute(wanted))


def of_item(work: Work, item: int) -> tuple[DeliverableSpecView, ...]:
    """The promised documents of one item."""
    wanted = select(DeliverableSpecRow.__table__).where(DeliverableSpecRow.item_id == item)
    ordered = wanted.order_by(DeliverableSpecRow.position, DeliverableSpecRow.id)
    return tuple(rows.view(DeliverableSpecView, row) for row in work.session.execute(ordered))


def _by_item(found: Iterable[DeliverableSpecView]) -> Mapping[int, tuple[DeliverableSpecView, ...]]:
    grouped: dict[int, tuple[DeliverableSpecView, ...]] = {}
    for each in found:
        grouped[each.item] = (*grouped.get(each.item, ()), each)
    return grouped
