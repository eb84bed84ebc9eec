"""Who stands above a person: head of the unit, leader in charge, the same one level up, the president."""

from engine.kernel.work import Work
from engine.people import orgs, persons, posts, roles


def of(work: Work, person: int) -> int | None:
    """The next active superior, None for whoever stands at the top."""
    above = line(work, person)
    return above[0] if above else None


def line(work: Work, person: int) -> tuple[int, ...]:
    """All active superiors from the nearest up: head → leader in charge of each unit upwards → president."""
    org = posts.primary_org(work, person)
    above = [each for unit in orgs.ancestors(work, org) for each in (unit.head, unit.leader)] if org else []
    above += roles.holders(work, roles.Role.PRESIDENT)
    ranked = list(dict.fromkeys(each for each in above if each is not None))
    if person in ranked:
        # whoever heads a unit answers to what comes after, never to the people below
        ranked = ranked[ranked.index(person) + 1 :]
    here = persons.active(work, ranked)
    return tuple(each for each in ranked if each in here)
