"""Who may look at an instance: whoever started it, has or had something to do in it, got a copy, or oversees all."""

from collections.abc import Iterable

from sqlalchemy import bindparam, exists, or_, select

from engine.approvals.tables import assignment, copy, substitute
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.people.roles import Role
from engine.workflow import instances
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
