"""Who signs a letter when nobody says otherwise (`domain.md` §1)."""

from engine.kernel.work import Work
from engine.letters.kinds import Level
from engine.people import orgs, roles
from engine.people.roles import Role


def of(work: Work, org: int, level: Level) -> tuple[int | None, int | None]:
    """甲方 and 乙方: the leader in charge (the president for a year's letter), and the organisation's head."""
    owner = orgs.view(work, org)
    presidents = roles.holders(work, Role.PRESIDENT) if level is Level.ANNUAL else ()
    return (presidents[0] if presidents else owner.leader, owner.head)
