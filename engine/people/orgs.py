"""Organisation units: the tree, its heads and leaders, control modes, and who lies below whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.people import org_changes
from engine.people.dates import in_force, today
from engine.people.org_rows import DATED, ControlMode, NewOrg, OrgRow, OrgType, columns, spelled

__all__ = ["ControlMode", "NewOrg", "OrgRow", "OrgType"]  # what a unit is made of is asked for here


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
    """Every unit in force on that day (today when None): a parent stands before its children, siblings by code.

    Heads, leaders, modes, names and places are those of today; `org_days.tree` says what they were or will be.
    """
    return ordered(_views(_rows(work, in_force(OrgRow.valid_from, OrgRow.valid_to, on or today(work)))))


def ordered(known: Mapping[int, OrgView]) -> tuple[OrgView, ...]:
    """Units as a tree is read: a parent before its children, siblings by code."""
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
    org: int = work.session.execute(
        insert(OrgRow).values(**spelled(columns(new)), path="").returning(OrgRow.id)
    ).scalar_one()
    work.session.execute(update(OrgRow).where(OrgRow.id == org).values(path=_path((*above, org))))
    return org


def change(work: Work, org: int, new: NewOrg, *, actor: int | None = None) -> None:
    """Replaces everything the unit is made of; what lies below moves with it, and what differs is kept as a change.

    Raises NotFound, and InvalidInput when the unit would lie below itself.
    """
    values = columns(new)
    before, after = differing(work, org, values)
    place(work, org, values)
    if after:
        org_changes.keep(work, org, today(work), after, before=before, actor=actor)


def differing(work: Work, org: int, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the named columns of the unit hold now, and what they would; only where the two differ. Raises NotFound."""
    names = [name for name in DATED if name in values]
    row = work.session.execute(select(OrgRow.__table__).where(OrgRow.id == org)).first()
    if row is None:
        raise NotFound("org.unknown", f"there is no organisation {org}", org=org)
    other = [name for name in names if getattr(row, name) != values[name]]
    return {name: getattr(row, name) for name in other}, {name: values[name] for name in other}


def place(work: Work, org: int, values: Mapping[str, Any]) -> None:
    """Writes columns of the unit; where its parent changes, everything below moves along.

    Raises InvalidInput when the unit would lie below itself.
    """
    old = view(work, org)
    above = refuse_circle(work, old, values.get("parent_id", old.parent))
    work.session.execute(update(OrgRow).where(OrgRow.id == org).values(**spelled(values)))
    if (*above, org) != old.path:
        _move(work, old.path, (*above, org))


def refuse_circle(work: Work, org: OrgView, parent: int | None) -> tuple[int, ...]:
    """The path of the unit above. Raises InvalidInput when the unit would lie below itself, NotFound."""
    above = view(work, parent).path if parent is not None else ()
    if org.id in above:
        raise InvalidInput("org.cycle", f"organisation {org.code} would lie below itself: choose another parent")
    return above


def _move(work: Work, old: tuple[int, ...], new: tuple[int, ...]) -> None:
    prefix = _path(old)
    moved = _path(new) + func.substr(OrgRow.path, len(prefix) + 1)
    work.session.execute(update(OrgRow).where(OrgRow.path.startswith(prefix)).values(path=moved))


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
