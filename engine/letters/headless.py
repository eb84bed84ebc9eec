"""What a unit without a head breaks: letters nobody can sign, promises nobody answers, and who is asked instead."""

from dataclasses import dataclass

from sqlalchemy import func, select

from engine.kernel.work import Work
from engine.letters.commitments import CommitmentRow
from engine.letters.items import ItemRow
from engine.letters.letters import LetterRow
from engine.letters.states import CommitmentState, LetterState
from engine.people import orgs, persons

_OVER = (LetterState.CLOSED, LetterState.ARCHIVED, LetterState.VOID, LetterState.SUPERSEDED)


@dataclass(frozen=True)
class Headless:
    """Counts of what waits for a head; `instead` answers for the unit until it has one (None: plan operations)."""

    unsigned: int  # open letters without a party B
    promises: int  # promises asked of the unit that nobody has answered
    unowned: int  # items of open letters without an owner
    instead: str | None


def of(work: Work, org: int) -> Headless | None:
    """What is broken; None for a unit that has a head who is here. Raises NotFound."""
    line = orgs.ancestors(work, org)
    here = persons.active(work, [unit.head for unit in line if unit.head is not None])
    if line[0].head in here:
        return None
    above = next((unit.head for unit in line[1:] if unit.head in here), None)
    mine = (LetterRow.org_id == org, LetterRow.status.not_in(_OVER))
    unsigned = select(func.count()).where(*mine, LetterRow.party_b_id.is_(None))
    waiting = (CommitmentState.REQUESTED, CommitmentState.COUNTERED)
    promises = select(func.count()).where(CommitmentRow.provider_id == org, CommitmentRow.status.in_(waiting))
    unowned = select(func.count()).select_from(ItemRow).join(LetterRow, LetterRow.id == ItemRow.letter_id)
    counts = [unsigned, promises, unowned.where(*mine, ItemRow.owner_id.is_(None))]
    lost, asked, nobodys = (int(work.session.execute(count).scalar_one()) for count in counts)
    return Headless(lost, asked, nobodys, persons.view(work, above).name if above is not None else None)
