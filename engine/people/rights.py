"""Who may do what in administration: one question, asked by every use-case that changes people, units or duties."""

from engine.kernel.errors import NotAllowed
from engine.kernel.work import Work
from engine.people import roles
from engine.people.roles import Role

ORGANISERS = (Role.HR, Role.ADMIN)
"""HR owns units, posts and duties (REQ-007)."""


def require(work: Work, actor: int, *allowed: Role) -> None:
    """Raises NotAllowed `people.rights`, naming the roles, where the person has none of them."""
    if not roles.has(work, actor, *allowed):
        named = ", ".join(allowed)
        raise NotAllowed("people.rights", f"this takes one of the roles {named}: ask one of them", roles=list(allowed))
