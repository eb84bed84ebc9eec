"""Who answers for an item and who stands above: owner → head → leader in charge → president (domain.md §8, §12)."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.kernel.work import Work
from engine.letters import items
from engine.letters.watching.warnings import WarningView
from engine.people import orgs, persons, roles
from engine.people.roles import Role


@dataclass(frozen=True)
class Chain:
    """The persons by rank, 0 owner to 3 president; a rank that nobody fills is taken by the next above."""

    owner: int | None
    head: int | None
    leader: int | None
    president: int | None

    def at(self, rank: int) -> int | None:
        """Who answers at this rank: that person, or the nearest above, or at the end the highest there is."""
        line = (self.owner, self.head, self.leader, self.president)
        above = [person for person in line[rank:] if person is not None]
        return above[0] if above else next((person for person in reversed(line) if person is not None), None)

    def next_rank(self, rank: int) -> int:
        """The rank after a missed answer: the next one that somebody else fills, the last one for ever."""
        here = self.at(rank)
        higher = [each for each in range(rank + 1, 4) if self.at(each) not in (None, here)]
        return higher[0] if higher else rank


def of(work: Work, org: int, owner: int | None) -> Chain:
    """The chain above an owner in an organisation; persons who have left are skipped."""
    unit = orgs.view(work, org)
    presidents = roles.holders(work, Role.PRESIDENT)
    line = [owner or unit.head, unit.head, unit.leader, presidents[0] if presidents else None]
    here = persons.active(work, [person for person in line if person is not None])
    return Chain(*(person if person in here else None for person in line))


def of_warning(work: Work, warning: WarningView) -> Chain:
    """The chain above the owner of what a warning is about."""
    owner = items.view(work, warning.item).owner if warning.item is not None else None
    return of(work, warning.org, owner)


def told(work: Work, warning: WarningView, words: Iterable[str]) -> tuple[int, ...]:
    """The persons behind OWNER, ORG_HEAD, OPS, LEADER, PRESIDENT, COMMITTEE for this warning."""
    line = of_warning(work, warning)
    one = {"OWNER": line.owner, "ORG_HEAD": line.head, "LEADER": line.leader, "PRESIDENT": line.president}
    found: list[int] = []
    for word in words:
        person = one.get(word)
        found += [person] if person is not None else [] if word in one else roles.holders(work, word, warning.org)
    return tuple(dict.fromkeys(found))
