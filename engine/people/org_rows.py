"""Units as rows: what they are made of, by column."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Json, Key
from engine.people import spelling


class OrgType(StrEnum):
    """What kind of unit it is (`domain.md` §1)."""

    GROUP = "GROUP"
    SUBSIDIARY = "SUBSIDIARY"
    CENTER = "CENTER"
    DEPT = "DEPT"
    PROJECT = "PROJECT"


class ControlMode(StrEnum):
    """How firmly the group steers a unit (`domain.md` §4); a unit without its own takes its parent's."""

    STRONG = "STRONG"
    STRATEGIC = "STRATEGIC"
    WEAK = "WEAK"


class OrgRow(Base):
    """One unit; `path` holds the ids from the root down (`/1/7/9/`), so that a subtree is one prefix."""

    __tablename__ = "org"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(16))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("org.id"), index=True)
    path: Mapped[str] = mapped_column(String(400), default="")
    head_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id", use_alter=True), index=True)
    leader_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id", use_alter=True), index=True)
    control_mode: Mapped[str | None] = mapped_column(String(12))
    is_professional_center: Mapped[bool] = mapped_column(Boolean, default=False)
    categories: Mapped[Any] = mapped_column(Json, default=list)
    pinyin: Mapped[str] = mapped_column(String(400), default="")
    initials: Mapped[str] = mapped_column(String(120), default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (Index("ix_org_path", "path", postgresql_ops={"path": "text_pattern_ops"}),)


@dataclass(frozen=True)
class NewOrg:
    """What a unit is made of; persons and parent as ids."""

    code: str
    name: str
    type: OrgType
    parent: int | None = None
    head: int | None = None
    leader: int | None = None
    control_mode: ControlMode | None = None
    is_professional_center: bool = False
    categories: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


DATED = ("name", "type", "parent_id", "head_id", "leader_id", "control_mode", "is_professional_center", "categories")
"""The columns whose change is remembered with its day."""


def columns(new: NewOrg) -> dict[str, Any]:
    """What a unit is made of, by column."""
    return {
        "code": new.code,
        "name": new.name,
        "type": new.type,
        "parent_id": new.parent,
        "head_id": new.head,
        "leader_id": new.leader,
        "control_mode": new.control_mode,
        "is_professional_center": new.is_professional_center,
        "categories": list(new.categories),
        "valid_from": new.valid_from,
        "valid_to": new.valid_to,
    }


def spelled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns with how the name is typed, where they hold a name."""
    if "name" not in values:
        return dict(values)
    return {**values, "pinyin": spelling.pinyin(values["name"]), "initials": spelling.initials(values["name"])}
