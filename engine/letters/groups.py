"""Item groups 指标组, up to three levels: points of their own, and how those come from the children."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Exact, Json, Key
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.kinds import GroupMode


class GroupRow(Base):
    """One group; at the top `weight` is in points of the letter, below in points of 100 of its parent."""

    __tablename__ = "item_group"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item_group.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    code: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(200))
    weight: Mapped[Decimal | None] = mapped_column(Exact)
    max_points: Mapped[Decimal | None] = mapped_column(Exact)
    mode: Mapped[str] = mapped_column(String(8), default=GroupMode.SUM)
    relative: Mapped[bool] = mapped_column(Boolean, default=False)  # children's weights are parts of 100 of this group
    equal_confirmed: Mapped[bool] = mapped_column(Boolean, default=False)  # somebody agreed to the equal split
    raw: Mapped[Any] = mapped_column(Json, default=dict)
    revision: Mapped[int] = mapped_column(Integer, default=1)


@dataclass(frozen=True)
class GroupView:
    """A group of items.

    `weight`: at the top in points of the letter; below a group that is `relative` in parts of 100, else in points too.
    None shares what is left equally among the siblings without a weight. `max_points` caps what the children can bring.
    """

    id: int
    letter: int
    name: str
    parent: int | None = None
    position: int = 0
    code: str = ""
    weight: Decimal | None = None
    max_points: Decimal | None = None
    mode: GroupMode = GroupMode.SUM
    relative: bool = False
    equal_confirmed: bool = False
    raw: Mapping[str, Any] | None = None
    revision: int = 1


def of(work: Work, letter: int) -> tuple[GroupView, ...]:
    """The groups of a letter, parents before children, siblings in their order."""
    wanted = select(GroupRow.__table__).where(GroupRow.letter_id == letter)
    found = [rows.view(GroupView, row) for row in work.session.execute(wanted.order_by(GroupRow.position, GroupRow.id))]
    return tuple(_below(found, None))


def of_many(work: Work, wanted: Iterable[int]) -> Mapping[int, tuple[GroupView, ...]]:
    """The groups of several letters, by letter."""
    found = select(GroupRow.__table__).where(GroupRow.letter_id.in_(list(wanted)))
    by_letter: dict[int, tuple[GroupView, ...]] = {}
    for row in work.session.execute(found.order_by(GroupRow.position, GroupRow.id)):
        by_letter[row.letter_id] = (*by_letter.get(row.letter_id, ()), rows.view(GroupView, row))
    return by_letter


def view(work: Work, group: int) -> GroupView:
    """The group. Raises NotFound."""
    row = work.session.execute(select(GroupRow.__table__).where(GroupRow.id == group)).one_or_none()
    if row is None:
        raise NotFound("group.unknown", f"there is no group {group}", group=group)
    return rows.view(GroupView, row)


def _below(found: list[GroupView], parent: int | None) -> list[GroupView]:
    children = [each for each in found if each.parent == parent]
    return [each for child in children for each in (child, *_below(found, child.id))]
