"""Who may see and do what with a letter (`domain.md` §14); a stranger is told that it does not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, true

from engine.kernel.errors import NotAllowed, NotFound
from engine.kernel.work import Work
from engine.letters import letters, states
from engine.letters.commitments import CommitmentRow
from engine.letters.items import ItemRow
from engine.letters.letters import LetterRow, LetterView
from engine.people import orgs, posts, roles
from engine.people.orgs import OrgRow
from engine.people.roles import Role

ALL_SEEING = frozenset(
    {Role.OPS, Role.OPS_HEAD, Role.PRESIDENT, Role.COMMITTEE, Role.COMMITTEE_CHAIR, Role.AUDITOR, Role.ADMIN}
)
FILING = frozenset({Role.HR})
"""Those who keep every letter that is filed with them, where they hold the role for the whole group."""
SCORERS = frozenset({Role.OPS, Role.OPS_HEAD, Role.COMMITTEE, Role.COMMITTEE_CHAIR, Role.AUDITOR})
"""Those who see scores before they are published; so do the leader in charge and the president."""


@dataclass(frozen=True)
class Sight:
    """What one person may see, worked out once per work."""

    work: Work
    person: int

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles the person holds today."""
        return frozenset(grant.role for grant in roles.of(self.work, self.person))

    @cached_property
    def all_seeing(self) -> bool:
        """Whether every letter is open to them."""
        return bool(self.roles & ALL_SEEING)

    @cached_property
    def filing(self) -> bool:
        """Whether letters of every organisation are filed with them, to be read."""
        return any(grant.role in FILING and grant.org is None for grant in roles.of(self.work, self.person))

    @cached_property
    def headed(self) -> frozenset[int]:
        """The organisations they head or lead, with everything below."""
        tops = (*orgs.headed_by(self.work, self.person), *orgs.led_by(self.work, self.person))
        return _below(self.work, tops)

    @cached_property
    def own(self) -> frozenset[int]:
        """The organisations they belong to or hold a role in, with everything below, and `headed`."""
        granted = [grant.org for grant in roles.of(self.work, self.person) if grant.org is not None]
        home = home_org(self.work, self.person)
        return self.headed | _below(self.work, [*granted, *([home] if home is not None else [])])

    @property
    def ops(self) -> bool:
        """Whether they are of planning and operations."""
        return bool(self.roles & {Role.OPS, Role.OPS_HEAD})


def visible_to(work: Work, person: int) -> ColumnElement[bool]:
    """The condition on `letter` rows this person may see: own subtree, parties, shared items; all for some roles."""
    sight = Sight(work, person)
    if sight.all_seeing or sight.filing:
        return true()
    shared = exists().where(
        ItemRow.letter_id == LetterRow.id,
        or_(ItemRow.owner_id == person, ItemRow.data_provider_id.in_(sight.headed)),
    )
    promised = exists().where(CommitmentRow.letter_id == LetterRow.id, CommitmentRow.provider_id.in_(sight.own))
    parties = or_(LetterRow.party_a_id == person, LetterRow.party_b_id == person)
    return or_(LetterRow.org_id.in_(sight.own), parties, shared, promised)


def letters_of(work: Work, person: int) -> Select[Any]:
    """The rows of `letter` that this person may see."""
    return select(LetterRow.__table__).where(visible_to(work, person))


def see(work: Work, letter: int, person: int) -> LetterView:
    """The letter, if this person may know of it. Raises NotFound alike for unknown and hidden ones."""
    wanted = select(LetterRow.id).where(LetterRow.id == letter, visible_to(work, person))
    if work.session.execute(wanted).scalar() is None:
        raise NotFound("letter.unknown", f"there is no letter {letter}", letter=letter)
    return letters.view(work, letter)


def sees_scores(work: Work, letter: LetterView, person: int) -> bool:
    """Whether scores are shown: once published to everybody who sees the letter, before that to the scoring chain."""
    if letter.status in states.PUBLIC_SCORE:
        return True
    sight = Sight(work, person)
    above = {letter.party_a, orgs.view(work, letter.org).leader}
    return bool(sight.roles & SCORERS) or person in above or Role.PRESIDENT in sight.roles


def edit(work: Work, letter: int, person: int) -> LetterView:
    """The letter, if this person writes it: party B, or the head of the organisation.

    Raises NotFound for strangers, NotAllowed for readers.
    """
    known = see(work, letter, person)
    if not writes(work, known, person):
        raise NotAllowed(
            "letter.not_yours", f"only party B writes letter {known.no}: ask its head, or propose a change", no=known.no
        )
    return known


def writes(work: Work, letter: LetterView, person: int) -> bool:
    """Whether the letter is this person's to write."""
    org = orgs.view(work, letter.org)
    return person in (letter.party_b, org.head) or person in roles.holders(work, Role.ORG_HEAD, letter.org)


def require_ops(work: Work, person: int) -> None:
    """Raises NotAllowed for whoever is not of planning and operations."""
    if not Sight(work, person).ops:
        raise NotAllowed("letter.ops_only", "only planning and operations may do this: ask them")


def _below(work: Work, tops: Iterable[int]) -> frozenset[int]:
    """These units and everything under them; one query, however many there are."""
    wanted = set(map(str, tops))
    if not wanted:
        return frozenset()
    found = work.session.execute(select(OrgRow.id, OrgRow.path))
    return frozenset(row.id for row in found if not wanted.isdisjoint(row.path.split("/")))


def home_org(work: Work, person: int) -> int | None:
    """The organisation of the person's primary post."""
    return posts.primary_org(work, person)
