"""Organisation units: the tree, its heads and leaders, control modes, and who lies below whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Row, String, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from engine.kernel.database import Base, Json, Key
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.people import spelling
from engine.people.dates import in_force, today


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
class OrgView:
    """A unit as others see it; `leader` and `control_mode` are inherited where the unit has none of its own."""

    id: int
    code: str
    name: str
    type: OrgType
    parent: int | None
    head: int | None
    leader: int | None
    control_mode: ControlMode
    is_professional_center: bool = False
    categories: tuple[str, ...] = ()
    path: tuple[int, ...] = ()  # ids from the root down, this unit last
    own_leader: int | None = None
    own_control_mode: ControlMode | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def depth(self) -> int:
        """0 for the group."""
        return len(self.path) - 1


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


def view(work: Work, org: int) -> OrgView:
    """The unit. Raises NotFound."""
    return ancestors(work, org)[0]


def find(work: Work, code: str) -> OrgView | None:
    """The unit with this code, None when there is none."""
    org = work.session.execute(select(OrgRow.id).where(OrgRow.code == code)).scalar()
    return None if org is None else view(work, org)


def many(work: Work, orgs: Iterable[int]) -> Mapping[int, OrgView]:
    """The units with these ids; unknown ones are missing from the answer."""
    wanted = sorted(set(orgs))
    paths = work.session.execute(select(OrgRow.path).where(OrgRow.id.in_(wanted))).scalars()
    needed = {part for path in paths for part in _ids(path)}
    everyone = _views(_rows(work, OrgRow.id.in_(needed))) if needed else {}
    return {org: everyone[org] for org in wanted if org in everyone}


def ancestors(work: Work, org: int) -> tuple[OrgView, ...]:
    """The unit itself, then its parents up to the group. Raises NotFound."""
    rows = work.run(_LINE, {"of": org}).all()
    if not rows:
        raise NotFound("org.unknown", f"there is no organisation {org}", org=org)
    known = _views(rows)
    line = max((each.path for each in known.values()), key=len)
    return tuple(known[part] for part in reversed(line))


def subtree(work: Work, org: int) -> frozenset[int]:
    """The ids of the unit and of everything below it; empty for an unknown unit."""
    path = select(OrgRow.path).where(OrgRow.id == org).scalar_subquery()
    found = work.session.execute(select(OrgRow.id).where(OrgRow.path.startswith(path, autoescape=False)))
    return frozenset(found.scalars())


def tree(work: Work, on: date | None = None) -> tuple[OrgView, ...]:
    """Every unit in force on that day (today when None): a parent stands before its children, siblings by code."""
    rows = _rows(work, in_force(OrgRow.valid_from, OrgRow.valid_to, on or today(work)))
    known = _views(rows)
    return tuple(sorted(known.values(), key=lambda org: [known[part].code for part in org.path if part in known]))


def codes(work: Work) -> Mapping[str, int]:
    """Every unit there ever was, by code."""
    return {row.code: row.id for row in work.session.execute(select(OrgRow.code, OrgRow.id))}


def search(work: Work, text: str, limit: int = 20) -> tuple[OrgView, ...]:
    """Units whose name, code, pinyin or initials hold the text (`ux.md` U26)."""
    sought = text.strip().lower()
    if not sought:
        return ()
    matches = or_(
        OrgRow.name.contains(sought, autoescape=True),
        func.lower(OrgRow.code).startswith(sought, autoescape=True),
        OrgRow.pinyin.startswith(sought, autoescape=True),
        OrgRow.initials.contains(sought, autoescape=True),
    )
    found = work.session.execute(select(OrgRow.id).where(matches).order_by(OrgRow.code).limit(limit)).scalars().all()
    known = many(work, found)
    return tuple(known[org] for org in found)


def headed_by(work: Work, person: int) -> tuple[int, ...]:
    """The units this person heads."""
    return tuple(work.session.execute(select(OrgRow.id).where(OrgRow.head_id == person)).scalars())


def led_by(work: Work, person: int) -> tuple[int, ...]:
    """The units that name this person as leader in charge (分管领导); what lies below follows by inheritance."""
    return tuple(work.session.execute(select(OrgRow.id).where(OrgRow.leader_id == person)).scalars())


def add(work: Work, new: NewOrg) -> int:
    """A new unit under its parent; its id. Raises NotFound for an unknown parent."""
    above = view(work, new.parent).path if new.parent is not None else ()
    org: int = work.session.execute(insert(OrgRow).values(**_values(new), path="").returning(OrgRow.id)).scalar_one()
    work.session.execute(update(OrgRow).where(OrgRow.id == org).values(path=_path((*above, org))))
    return org


def change(work: Work, org: int, new: NewOrg) -> None:
    """Replaces everything the unit is made of; what lies below moves with it.

    Raises NotFound, and InvalidInput when the unit would lie below itself.
    """
    old = view(work, org)
    above = view(work, new.parent).path if new.parent is not None else ()
    if org in above:
        raise InvalidInput("org.cycle", f"organisation {new.code} would lie below itself: choose another parent")
    work.session.execute(update(OrgRow).where(OrgRow.id == org).values(**_values(new)))
    if (*above, org) != old.path:
        _move(work, old.path, (*above, org))


def _move(work: Work, old: tuple[int, ...], new: tuple[int, ...]) -> None:
    prefix = _path(old)
    moved = _path(new) + func.substr(OrgRow.path, len(prefix) + 1)
    work.session.execute(update(OrgRow).where(OrgRow.path.startswith(prefix)).values(path=moved))


def _values(new: NewOrg) -> dict[str, Any]:
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
        "pinyin": spelling.pinyin(new.name),
        "initials": spelling.initials(new.name),
        "valid_from": new.valid_from,
        "valid_to": new.valid_to,
    }


def _rows(work: Work, condition: Any) -> list[Row[Any]]:  # any SQL condition
    return list(work.session.execute(select(OrgRow.__table__).where(condition)).all())


def _views(rows: Iterable[Row[Any]]) -> dict[int, OrgView]:
    known = {row.id: row for row in rows}
    return {
        row.id: _view(row, [known[part] for part in reversed(_ids(row.path)) if part in known])
        for row in known.values()
    }


def _view(row: Row[Any], line: list[Row[Any]]) -> OrgView:
    own_mode = ControlMode(row.control_mode) if row.control_mode else None
    return OrgView(
        id=row.id,
        code=row.code,
        name=row.name,
        type=OrgType(row.type),
        parent=row.parent_id,
        head=row.head_id,
        leader=next((each.leader_id for each in line if each.leader_id), None),
        control_mode=ControlMode(
            next((each.control_mode for each in line if each.control_mode), ControlMode.STRATEGIC)
        ),
        is_professional_center=row.is_professional_center,
        categories=tuple(row.categories or ()),
        path=tuple(_ids(row.path)),
        own_leader=row.leader_id,
        own_control_mode=own_mode,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _path(ids: Iterable[int]) -> str:
    return "/" + "".join(f"{part}/" for part in ids)


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


_LOWEST = aliased(OrgRow)
_LINE = Statement(
    select(OrgRow.__table__).where(
        select(_LOWEST.path).where(_LOWEST.id == bindparam("of")).scalar_subquery().startswith(OrgRow.path)
    )
)
"""A unit's path begins with the path of everything above it."""
