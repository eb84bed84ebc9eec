"""备案 and distribution: who gets a copy of a letter that came into force."""

from collections.abc import Sequence

from engine.kernel.work import Work
from engine.letters import commitments
from engine.letters.kinds import Level
from engine.letters.letters import LetterView
from engine.letters.states import CommitmentState
from engine.notices import notices
from engine.people import authority, orgs, roles
from engine.people.authority import Duty
from engine.people.roles import Role

WORK_TYPES = {
    Level.ANNUAL: "ANNUAL_LETTER",
    Level.QUARTER: "QUARTER_LETTER",
    Level.MONTH: "MONTH_LETTER",
    Level.PROJECT: "PROJECT_LETTER",
    Level.TERM: "TERM_LETTER",
}
"""The kind of work that the authority matrix has for letters of a level."""


def file_roles(work: Work, letter: LetterView) -> list[str]:
    """The roles that the matrix names for filing (F) and archiving (AR); OPS where it names none."""
    org = orgs.view(work, letter.org)
    duties = authority.of(work, WORK_TYPES[letter.level], org_type=str(org.type), mode=str(org.control_mode))
    # what holds under a condition alone is told by the approval's own table, which knows the case
    filing = [each for each in duties if each.duty in (Duty.FILE, Duty.ARCHIVE) and not each.condition]
    named = [each.actor for each in filing if each.actor in set(Role)]
    return list(dict.fromkeys(named)) or [str(Role.OPS)]


def tell_filing(work: Work, letter: LetterView, named: Sequence[str]) -> list[int]:
    """Tells those roles and the heads who promised something; the persons, each once."""
    persons = [person for role in named for person in roles.holders(work, role, letter.org)]
    promised = [each for each in commitments.of_letter(work, letter.id) if each.status is CommitmentState.ACCEPTED]
    heads = [org.head for org in orgs.many(work, [each.provider for each in promised]).values()]
    told = list(dict.fromkeys([*persons, *(head for head in heads if head is not None)]))
    link, key = f"/letters/{letter.id}", f"letter:{letter.id}:effective"
    notices.notify(work, told, "letter.effective", {"no": letter.no}, link=link, key=key)
    return told
