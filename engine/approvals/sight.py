"""Who may look at an instance: whoever started it, has or had something to do in it, got a copy, or oversees all."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, exists, or_, select, true, union

from engine.approvals.tables import approval_act, assignment, copy, substitute
from engine.approvals.tabs import INDEXED
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.people.roles import Role
from engine.workflow import instances
from engine.workflow.standings import VIEWED, viewed
from engine.workflow.tables import instance
from engine.workflow.views import InstanceView

OVERSEERS = frozenset(
    {
        Role.ADMIN,
        Role.AUDITOR,
        Role.COMMITTEE,
        Role.COMMITTEE_CHAIR,
        Role.OPS,
        Role.OPS_HEAD,
        Role.PRESIDENT,
        Role.PROCESS_OWNER,
    }
)
"""Roles that see every instance (`domain.md` §14)."""

_TAKES_PART = select(
    or_(
        exists().where(instance.c.id == bindparam("of"), instance.c.starter == bindparam("by")),
        exists().where(assignment.c.instance_id == bindparam("of"), assignment.c.person_id == bindparam("by")),
        exists().where(copy.c.instance_id == bindparam("of"), copy.c.person_id == bindparam("by")),
        exists().where(
            assignment.c.instance_id == bindparam("of"),
            assignment.c.person_id == substitute.c.person_id,
            substitute.c.substitute_id == bindparam("by"),
            substitute.c.revoked_at.is_(None),
        ),
    )
)


def takes_part(work: Work, instance_id: int, person: int) -> bool:
    """Whether the person started it, has or had a task in it, stands in for somebody who has, or got a copy."""
    return bool(work.connection.execute(_TAKES_PART, {"of": instance_id, "by": person}).scalar())


def instance_for(work: Work, instance_id: int, person: int, roles: Iterable[str]) -> InstanceView:
    """The instance, if this person may know that it is there. Raises NotFound `instance.unknown` otherwise."""
    found = instances.view_in(work, instance_id)
    if OVERSEERS.isdisjoint(roles) and not takes_part(work, instance_id, person):
        raise NotFound("instance.unknown", f"there is no instance {instance_id}", instance=instance_id)
    return found


@dataclass(frozen=True)
class Wanted:
    """What narrows a list of instances; None takes any."""

    key: str | None = None
    status: str | None = None
    business_key: str | None = None
    subject: str | None = None
    starter: int | None = None


def page(  # noqa: PLR0913  (who asks, for what, from where, how many)
    work: Work,
    person: int,
    roles: Iterable[str],
    wanted: Wanted,
    *,
    after: int | None = None,
    newest: bool = True,
    limit: int = 50,
) -> list[InstanceView]:
    """Instances that this person may see, by id, from behind `after` on."""
    query = VIEWED.where(visible_to(person, roles), *_narrowed(wanted)).limit(limit)
    query = query.order_by(instance.c.id.desc() if newest else instance.c.id)
    if after is not None:
        query = query.where(instance.c.id < after if newest else instance.c.id > after)
    return [viewed(row) for row in work.connection.execute(query)]


def visible_to(person: int, roles: Iterable[str]) -> ColumnElement[bool]:
    """The condition on `instance` rows of a list: all to overseers; to others what they started, have to do, did, or
    got a copy of, found by indexes of the person's own rows (what others decided in their stead is left out)."""
    if not OVERSEERS.isdisjoint(roles):
        return true()
    stands_in = select(substitute.c.person_id).where(
        substitute.c.substitute_id == person, substitute.c.revoked_at.is_(None)
    )
    waiting = select(assignment.c.instance_id).where(INDEXED)
    theirs = union(
        select(instance.c.id).where(instance.c.starter == person),
        waiting.where(assignment.c.person_id == person),
        waiting.where(assignment.c.person_id.in_(stands_in)),
        select(approval_act.c.instance_id).where(approval_act.c.actor == person),
        select(approval_act.c.instance_id).where(approval_act.c.on_behalf_of == person),
        select(copy.c.instance_id).where(copy.c.person_id == person),
    )
    return instance.c.id.in_(theirs)


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = (instance.c.key, instance.c.status, instance.c.business_key, instance.c.subject, instance.c.starter)
    values = (wanted.key, wanted.status, wanted.business_key, wanted.subject, wanted.starter)
    return [column == value for column, value in zip(columns, values, strict=True) if value is not None]
