"""Changing the organisation: found, reshape and close units from a day on; each act asks for rights and is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, update

from engine.kernel import audit
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import StartWork, Work
from engine.people import org_changes, orgs, persons, rights
from engine.people.dates import today
from engine.people.org_days import STREAM
from engine.people.org_rows import DATED, NewOrg, OrgRow
from engine.people.persons import PersonRow
from engine.people.posts import PostRow
from engine.people.rights import ORGANISERS


@dataclass(frozen=True)
class Reshaping:
    """What a unit is to be from `starts` on, by column (`head_id`, `leader_id`, `control_mode`, `parent_id` …)."""

    org: int
    starts: date
    values: Mapping[str, Any] = field(default_factory=dict)


def found(start_work: StartWork, new: NewOrg, actor: int) -> int:
    """A new unit; its id. Raises NotAllowed, NotFound for its parent, InvalidInput for a code that exists."""
    with start_work() as work:
        rights.require(work, actor, *ORGANISERS)
        if orgs.find(work, new.code) is not None:
            raise InvalidInput("org.code", f"code '{new.code}' is taken: choose another", field="code", value=new.code)
        _refuse_absent(work, {"head_id": new.head, "leader_id": new.leader})
        org = orgs.add(work, new)
        detail = {"org": org, "code": new.code, "name": new.name, "parent": new.parent}
        audit.append(work, STREAM, "organisation.founded", actor=actor, detail=detail)
        work.commit()
    return org


def reshape(start_work: StartWork, wanted: Reshaping, actor: int) -> bool:
    """Changes a unit from a day on: at once when that is today, else when the day comes; whether anything differs.

    Raises NotAllowed, NotFound, InvalidInput for a day gone by, someone who left, or a unit below itself.
    """
    with start_work() as work:
        rights.require(work, actor, *ORGANISERS)
        before, after = _differing(work, wanted)
        if not after:
            return False
        _refuse_absent(work, after)
        orgs.refuse_circle(work, orgs.view(work, wanted.org), after.get("parent_id"))
        planned = wanted.starts > today(work)
        if not planned:
            orgs.place(work, wanted.org, after)
        org_changes.keep(work, wanted.org, wanted.starts, after, before=None if planned else before, actor=actor)
        detail = {"org": wanted.org, "starts": wanted.starts, "before": before, "after": after}
        act = "organisation.planned" if planned else "organisation.changed"
        audit.append(work, STREAM, act, actor=actor, detail=detail)
        work.commit()
    return True


def close(start_work: StartWork, org: int, last: date, actor: int) -> None:
    """The unit is there up to and including `last`.

    Raises NotAllowed, NotFound, InvalidInput for a day gone by, or while units or active people stay there after it.
    """
    with start_work() as work:
        rights.require(work, actor, *ORGANISERS)
        known = orgs.view(work, org)
        if last < today(work):
            raise InvalidInput("org.past", f"{last} has passed: choose today or later", field="last")
        _refuse_inhabited(work, org, last)
        work.session.execute(update(OrgRow).where(OrgRow.id == org).values(valid_to=last))
        detail = {"org": org, "before": known.valid_to, "after": last}
        audit.append(work, STREAM, "organisation.closed", actor=actor, detail=detail)
        work.commit()


def call_off(start_work: StartWork, change: int, actor: int) -> None:
    """Takes back a change that has not come yet. Raises NotAllowed, NotFound once it has come."""
    with start_work() as work:
        rights.require(work, actor, *ORGANISERS)
        dropped = org_changes.drop(work, change)
        if dropped is None:
            raise NotFound("org.change", "this change has come or was called off already", change=change)
        detail = {"org": dropped.org, "starts": dropped.starts, "after": dict(dropped.after)}
        audit.append(work, STREAM, "organisation.called_off", actor=actor, detail=detail)
        work.commit()


def _differing(work: Work, wanted: Reshaping) -> tuple[dict[str, Any], dict[str, Any]]:
    if wanted.starts < today(work):
        raise InvalidInput("org.past", f"{wanted.starts} has passed: choose today or later", field="starts")
    unknown = sorted(set(wanted.values) - set(DATED))
    if unknown:
        raise InvalidInput("org.column", f"'{unknown[0]}' is nothing that changes by day", field=unknown[0])
    return orgs.differing(work, wanted.org, wanted.values)


def _refuse_absent(work: Work, values: Mapping[str, Any]) -> None:
    for column, name in (("head_id", "head"), ("leader_id", "leader")):
        person = values.get(column)
        if person is not None and not persons.active(work, [person]):
            raise InvalidInput("org.absent", "who is named is not here any more: choose somebody else", field=name)


def _refuse_inhabited(work: Work, org: int, last: date) -> None:
    below = select(func.count()).where(OrgRow.parent_id == org, _stays(OrgRow.valid_to, last))
    children = work.session.execute(below).scalar_one()
    there = select(func.count()).select_from(PostRow).join(PersonRow, PersonRow.id == PostRow.person_id)
    there = there.where(PostRow.org_id == org, PostRow.is_primary, PersonRow.active, _stays(PostRow.valid_to, last))
    people = work.session.execute(there).scalar_one()
    if children or people:
        raise InvalidInput(
            "org.inhabited",
            f"{children} units and {people} people stay there after {last}: move them first",
            field="last",
            units=children,
            people=people,
        )


def _stays(ends: Any, last: date) -> Any:  # a column and an SQL condition
    return or_(ends.is_(None), ends > last)
