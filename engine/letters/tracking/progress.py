"""Progress updates: what an owner says about an item, kept for ever, the newest counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String, Text, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Exact, Key, Moment
from engine.kernel.work import Work
from engine.letters import rows


class ProgressRow(Base):
    """One update of one item; never changed."""

    __tablename__ = "progress"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    item_id: Mapped[int] = mapped_column(Key, ForeignKey("item.id"))
    actual: Mapped[Decimal | None] = mapped_column(Exact)
    percent: Mapped[Decimal | None] = mapped_column(Exact)
    forecast_finish: Mapped[date | None] = mapped_column(Date)
    forecast_value: Mapped[Decimal | None] = mapped_column(Exact)
    reason: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[str] = mapped_column(Text, default="")
    planned: Mapped[Decimal | None] = mapped_column(Exact)
    level: Mapped[str | None] = mapped_column(String(8))  # that the table found for this update
    author_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_progress_item", "item_id", "id"),)


@dataclass(frozen=True)
class Update:
    """What somebody says about an item: `percent` of the work, `actual` of the figure, when and how it will end."""

    actual: Decimal | None = None
    percent: Decimal | None = None
    forecast_finish: date | None = None
    forecast_value: Decimal | None = None
    reason: str = ""
    measures: str = ""


@dataclass(frozen=True)
class ProgressView:
    """An update as it was kept, with the planned per cent and the level found at that time."""

    id: int
    item: int
    actual: Decimal | None
    percent: Decimal | None
    forecast_finish: date | None
    forecast_value: Decimal | None
    reason: str
    measures: str
    planned: Decimal | None
    level: str | None
    author: int
    at: datetime


def add(  # noqa: PLR0913  (what was said, and how it was judged)
    work: Work, item: int, update: Update, *, planned: Decimal | None, level: str | None, author: int
) -> int:
    """Keep an update; its id."""
    values = {**vars(update), "item_id": item, "planned": planned, "level": level, "author_id": author, "at": work.now}
    made = insert(ProgressRow).values(**values).returning(ProgressRow.id)
    return int(work.session.execute(made).scalar_one())


def of(work: Work, item: int, *, limit: int = 50) -> tuple[ProgressView, ...]:
    """The updates of an item, newest first."""
    wanted = select(ProgressRow.__table__).where(ProgressRow.item_id == item).order_by(ProgressRow.id.desc())
    return tuple(rows.view(ProgressView, row) for row in work.session.execute(wanted.limit(limit)))


def latest(work: Work, items: Iterable[int]) -> Mapping[int, ProgressView]:
    """The newest update of each item that has one."""
    newest = (
        select(func.max(ProgressRow.id))
        .where(ProgressRow.item_id.in_(sorted(set(items))))
        .group_by(ProgressRow.item_id)
    )
    found = work.session.execute(select(ProgressRow.__table__).where(ProgressRow.id.in_(newest)))
    return {row.item_id: rows.view(ProgressView, row) for row in found}
