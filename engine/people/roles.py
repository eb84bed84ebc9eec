"""Roles: who acts as what, for the whole group or for one unit and everything below it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, ForeignKey, Select, String, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.people import orgs, persons
from engine.people.dates import in_force, today
from engine.people.persons import PersonRow


class Role(StrEnum):
    """The roles of `domain.md` §1; ORG_HEAD and LEADER follow from units, OWNER to COLLABORATOR from items."""

    OPS = "OPS"
    OPS_HEAD = "OPS_HEAD"
    HR = "HR"
    DATA_PROVIDER = "DATA_PROVIDER"
    COMMITTEE = "COMMITTEE"
    COMMITTEE_CHAIR = "COMMITTEE_CHAIR"
    ORG_HEAD = "ORG_HEAD"
    LEADER = "LEADER"
    PRESIDENT = "PRESIDENT"
    OWNER = "OWNER"
    EXECUTOR = "EXECUTOR"
    COLLABORATOR = "COLLABORATOR"
    AUDITOR = "AUDITOR"
    ADMIN = "ADMIN"
    PROCESS_OWNER = "PROCESS_OWNER"


class RoleRow(Base):
    """One grant of a role; without a unit it holds for the whole group."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(24), index=True)
    org_id: Mapped[int | None] = mapped_column(Key, ForeignKey("org.id"))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


@dataclass(frozen=True)
class Grant:
    """A role a person has; `org` None is the whole group, else that unit and everything below it."""

    person: int
    role: Role
    org: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def holders(work: Work, role: Role | str, org: int | None = None) -> tuple[int, ...]:
    """The active persons with this role, by id; unknown roles have none.

    With `org`: those nearest to it, that is its own, else its parent's …, else those of the whole group.
    Without: everyone who has the role. ORG_HEAD and LEADER of an `org` are its head and leader in charge.
    """
    line = orgs.ancestors(work, org) if org is not None else ()
    if line and role == Role.ORG_HEAD:
        return _here(work, line[0].head)
    if line and role == Role.LEADER:
        return _here(work, line[0].leader)
    found = work.run(_HOLDERS, {"role": str(role), "day": today(work)}).all()
    if org is None:
        return tuple(dict.fromkeys(row.person_id for row in found))
    for level in (*(each.id for each in line), None):
        nearest = tuple(dict.fromkeys(row.person_id for row in found if row.org_id == level))
        if nearest:
            return nearest
    return ()


_HOLDERS = Statement(
    select(RoleRow.person_id, RoleRow.org_id)
    .join(PersonRow, PersonRow.id == RoleRow.person_id)
    .where(
        PersonRow.active,
        RoleRow.role == bindparam("role"),
        in_force(RoleRow.valid_from, RoleRow.valid_to, bindparam("day")),
    )
    .order_by(RoleRow.person_id)
)


def of(work: Work, person: int) -> tuple[Grant, ...]:
    """What the person may act as today, granted by hand or following from heading and leading units.

    A work that only reads asks once for each person: nothing changes under it.
    """
    if not work.reading:
        return _asked(work, person)
    known: dict[int, tuple[Grant, ...]] = work.notes.setdefault(_KNOWN, {})
    if person not in known:
        known[person] = _asked(work, person)
    return known[person]


_KNOWN = "roles.of"


def _asked(work: Work, person: int) -> tuple[Grant, ...]:
    rows = work.session.execute(_grants(work).where(RoleRow.person_id == person).order_by(RoleRow.id)).all()
    granted = [Grant(person, Role(row.role), row.org_id, row.valid_from, row.valid_to) for row in rows]
    granted += [Grant(person, Role.ORG_HEAD, org) for org in orgs.headed_by(work, person)]
    granted += [Grant(person, Role.LEADER, org) for org in orgs.led_by(work, person)]
    return tuple(granted)


def has(work: Work, person: int, *wanted: Role) -> bool:
    """Whether the person has one of these roles, for the whole group or for any unit."""
    return any(grant.role in wanted for grant in of(work, person))


def everyone(work: Work) -> tuple[Grant, ...]:
    """Every grant made by hand, past ones too, by person and role."""
    rows = work.session.execute(select(RoleRow.__table__).order_by(RoleRow.person_id, RoleRow.role, RoleRow.id)).all()
    return tuple(Grant(row.person_id, Role(row.role), row.org_id, row.valid_from, row.valid_to) for row in rows)


def grant(work: Work, new: Grant) -> None:
    """Gives the role; the same role for the same unit again only changes its dates."""
    same = (
        RoleRow.person_id == new.person,
        RoleRow.role == new.role,
        RoleRow.org_id.is_not_distinct_from(new.org),
    )
    values = {"valid_from": new.valid_from, "valid_to": new.valid_to}
    known = work.session.execute(select(RoleRow.id).where(*same)).scalar()
    if known is not None:
        work.session.execute(update(RoleRow).where(RoleRow.id == known).values(**values))
        return
    work.session.execute(insert(RoleRow).values(person_id=new.person, role=new.role, org_id=new.org, **values))


def _grants(work: Work) -> Select[Any]:
    return (
        select(RoleRow.__table__)
        .join(PersonRow, PersonRow.id == RoleRow.person_id)
        .where(PersonRow.active, in_force(RoleRow.valid_from, RoleRow.valid_to, today(work)))
    )


def _here(work: Work, person: int | None) -> tuple[int, ...]:
    return () if person is None else tuple(persons.active(work, [person]))
