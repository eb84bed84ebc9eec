"""The library of KPIs: what an item of this name and category usually looks like (REQ-139)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Json, Key
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.kinds import Direction, Method


class KpiRow(Base):
    """One KPI of the library."""

    __tablename__ = "kpi"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(60), default="")
    definition: Mapped[str] = mapped_column(Text, default="")
    formula: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(60), default="")
    direction: Mapped[str] = mapped_column(String(8), default=Direction.HIGHER)
    additive: Mapped[bool] = mapped_column(Boolean, default=False)
    data_source: Mapped[str] = mapped_column(String(400), default="")
    data_provider_id: Mapped[int | None] = mapped_column(Key, ForeignKey("org.id"))
    method: Mapped[str] = mapped_column(String(12), default=Method.INTERP)
    params: Mapped[Any] = mapped_column(Json, default=dict)

    __table_args__ = (UniqueConstraint("name", "category"),)


@dataclass(frozen=True)
class Kpi:
    """A KPI of the library; `additive` sums over organisations and months."""

    id: int
    name: str
    category: str
    definition: str
    formula: str
    unit: str
    direction: Direction
    additive: bool
    data_source: str
    data_provider: int | None
    method: Method
    params: Mapping[str, Any] = field(default_factory=dict)


def find(work: Work, name: str, category: str = "") -> Kpi | None:
    """The KPI of that name, the one of the category first; None when the library has none."""
    wanted = select(KpiRow.__table__).where(KpiRow.name == name.strip()).order_by(KpiRow.id)
    found = [rows.view(Kpi, row) for row in work.session.execute(wanted)]
    return next((each for each in found if each.category == category), found[0] if found else None)


def everyone(work: Work) -> tuple[Kpi, ...]:
    """The whole library, by category and name."""
    found = work.session.execute(select(KpiRow.__table__).order_by(KpiRow.category, KpiRow.name))
    return tuple(rows.view(Kpi, row) for row in found)
