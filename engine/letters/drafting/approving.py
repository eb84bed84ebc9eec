"""A draft's way through approval: what goes in, what comes back, and when signing opens."""

from dataclasses import dataclass
from datetime import datetime

from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.letters import content, letters, sealing, subjects
from engine.letters.draft_rules import promises
from engine.letters.drafting import tasks
from engine.letters.letters import LetterView
from engine.letters.states import LetterState
from engine.workflow.engine import Engine

_IN = LetterState.IN_APPROVAL
RESUBMIT = "2wd"
APPROVED, RETURNED = "APPROVED", "RETURNED"
CHANGED_MEANWHILE = "forced.restart"
"""The reason of a return that nobody spoke: a code, worded where it is shown."""


def negotiate(work: Work, letter: int) -> LetterView:
    """DRAFT → NEGOTIATING; a second call changes nothing."""
    known = letters.lock(work, letter)
    if known.status is LetterState.DRAFT:
        known = letters.move(work, known, LetterState.NEGOTIATING, actor=known.submitter)
    return known


def enter(work: Work, letter: int) -> bool:
    """NEGOTIATING → IN_APPROVAL; whether a decisive field changed since the approvers last saw it (§4: RESTART).

    Raises InvalidInput while a promise has no answer (rule 6). A second call changes nothing.
    """
    known = letters.lock(work, letter)
    if known.status is _IN:
        return False
    whole = content.load(work, letter)
    waiting = list(promises.check(whole))
    if waiting:
        raise InvalidInput("letter.promises", waiting[0].message, findings=waiting)
    decisive = content.decisive_sha256(whole)
    changed = known.decisive_sha256 not in (None, decisive)
    submitted = negotiate(work, letter)
    letters.move(
        work, submitted, _IN, actor=known.submitter, decisive_sha256=decisive, key_change=_key_change(work, letter)
    )
    return changed


@dataclass(frozen=True)
class Recorded:
    """What became of a round of approval: `outcome` is what holds, `submit_due` the new limit once it came back."""

    letter: LetterView
    outcome: str
    submit_due: datetime | None = None


def record(engine: Engine, work: Work, letter: int, outcome: str, reason: str) -> Recorded:
    """IN_APPROVAL → APPROVED, or RETURNED → DRAFT with the reasons. A second call changes nothing.

    An approval of what was changed by force meanwhile does not hold: the round must RESTART (§3 rule 11, §4).
    """
    known = letters.lock(work, letter)
    if known.status is not _IN:
        return Recorded(known, outcome)
    whole = content.load(work, letter)
    if outcome == APPROVED and content.decisive_sha256(whole) != known.decisive_sha256:
        outcome, reason = RETURNED, CHANGED_MEANWHILE
    if outcome == APPROVED:
        sealed = sealing.seal(whole)
        detail = {"sha256": sealed.content_sha256}
        values = {**vars(sealed), "approved_at": work.now}
        moved = letters.move(work, known, LetterState.APPROVED, actor=None, detail=detail, **values)
        return Recorded(moved, outcome)
    detail = {"outcome": outcome, "reason": reason}
    returned = letters.move(work, known, LetterState.RETURNED, actor=None, detail=detail)
    again = letters.move(work, returned, LetterState.DRAFT, actor=None, detail=detail)
    return Recorded(again, outcome, engine.calendar(work).due_in(RESUBMIT, work.now))


def open_signing(work: Work, letter: int) -> LetterView:
    """APPROVED → SIGNING; a second call changes nothing."""
    known = letters.lock(work, letter)
    if known.status is LetterState.APPROVED:
        parties = subjects.party_ids(work, letter)
        known = letters.move(
            work, known, LetterState.SIGNING, actor=None, party_a_id=parties["A"], party_b_id=parties["B"]
        )
    return known


def _key_change(work: Work, letter: int) -> bool:
    return bool(subjects.of(work, letter)["key_change"])


def business_key(letter: LetterView) -> str:
    """What messages to the letter's drafting process carry."""
    return tasks.business_key(letter.org, letter.level, letter.period)
