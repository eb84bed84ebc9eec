"""Everything that the pages of one letter show, read in one work; and what this person may do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.kernel.findings import Finding
from engine.kernel.work import Work
from engine.letters import (
    access,
    adjustments,
    forced_changes,
    ledger,
    letters,
    regulations,
    signatures,
    states,
    weights,
)
from engine.letters.adjustments import AdjustmentView
from engine.letters.content import Content
from engine.letters.drafting import submitting, withdrawing
from engine.letters.drafting.submitting import Checked
from engine.letters.forced_changes import ForcedChangeView
from engine.letters.items import ItemView
from engine.letters.kinds import Importance
from engine.letters.ledger import Waits
from engine.letters.letters import LetterView
from engine.letters.regulations import RegulationView
from engine.letters.signatures import SignatureView
from engine.letters.states import LetterState
from engine.people import orgs, persons
from engine.people.orgs import OrgView
from engine.people.persons import PersonView


@dataclass(frozen=True)
class Rights:
    """What the person who looks may do now."""

    edit: bool = False
    consent: bool = False
    sign: bool = False
    adjust: bool = False
    force: bool = False
    withdraw: bool = False


@dataclass(frozen=True)
class Sheet:
    """One letter for one reader."""

    head: LetterView
    content: Content
    checked: Checked
    regulation: RegulationView
    people: Mapping[int, PersonView]
    orgs: Mapping[int, OrgView]
    versions: Sequence[LetterView]
    signatures: Sequence[SignatureView]
    adjustments: Sequence[AdjustmentView]
    forced: Sequence[ForcedChangeView]
    waits: Sequence[Waits]
    rights: Rights

    @property
    def blocks(self) -> list[tuple[object, list[ItemView]]]:
        """The items under their groups in order; those without a group first."""
        loose = [item for item in self.content.items if item.group is None]
        found: list[tuple[object, list[ItemView]]] = [(None, loose)] if loose else []
        for group in self.content.groups:
            found.append((group, [item for item in self.content.items if item.group == group.id]))
        return found

    @property
    def total(self) -> Decimal:
        """What the weights sum to."""
        return weights.total(self.content.weights)

    @property
    def key_weight(self) -> Decimal:
        """What the key items weigh."""
        key = [item.id for item in self.content.scored if item.importance is Importance.KEY]
        return sum((self.content.weights.get(item, Decimal(0)) for item in key), Decimal(0))

    def of_item(self, item: int) -> list[Finding]:
        """The findings of one row."""
        return [found for found in self.checked.findings if found.fields.get("item") == item]


def load(work: Work, letter: int, person: int) -> Sheet:
    """The letter as this person may see it. Raises NotFound for strangers."""
    head = access.see(work, letter, person)
    checked = submitting.check(work, letter)
    known = checked.content
    versions = letters.versions(work, head.org, head.level, head.period)
    signed = signatures.of(work, letter)
    changes = forced_changes.of_letter(work, letter)
    return Sheet(
        head,
        known,
        checked,
        regulations.view(work, head.regulation),
        persons.many(work, _persons(head, known, signed)),
        orgs.many(work, _orgs(known)),
        versions,
        signed,
        adjustments.of_letters(work, tuple(each.id for each in versions)),
        changes,
        ledger.waits(work, [head]).get(letter, ()),
        rights(work, head, person, {each.party for each in signed}),
    )


def rights(work: Work, head: LetterView, person: int, signed: set[str]) -> Rights:
    """What this person may do with the letter now; the use-cases ask again."""
    sight = access.Sight(work, person)
    writes = access.writes(work, head, person)
    own_side = {"A"} if person == head.party_a else set()
    own_side |= {"B"} if person == head.party_b else set()
    return Rights(
        edit=writes and head.status in states.EDITABLE,
        consent=sight.ops and head.status in states.EDITABLE,
        sign=head.status is LetterState.SIGNING and bool(own_side - set(map(str, signed))),
        adjust=(writes or sight.ops) and head.status is LetterState.EFFECTIVE,
        force=sight.ops and head.status in (LetterState.NEGOTIATING, LetterState.IN_APPROVAL),
        withdraw=head.status in withdrawing.OPEN and (sight.ops or person in (head.submitter, head.party_b)),
    )


def _persons(head: LetterView, known: Content, signed: Sequence[SignatureView]) -> set[int]:
    found: set[int | None] = {head.party_a, head.party_b, head.submitter, *(each.person for each in signed)}
    found |= {person for item in known.items for person in (item.owner, *item.executors)}
    found |= {spec.reviewer for specs in known.specs.values() for spec in specs}
    return {person for person in found if person is not None}


def _orgs(known: Content) -> set[int]:
    found: set[int | None] = {known.letter.org, *(each.provider for each in known.commitments)}
    found |= {org for item in known.items for org in (item.data_provider, *item.collaborators)}
    return {org for org in found if org is not None}
