"""撤销: the submitter or OPS withdraws a letter before the last approval; its process makes it void (APR-17)."""

from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.kernel.work import Work
from engine.letters import access, letters
from engine.letters.drafting import approving, signing, tasks
from engine.letters.letters import LetterView
from engine.letters.states import LetterState
from engine.workflow import instances, messages
from engine.workflow.engine import Engine

MESSAGE = "letter.cancel"
OPEN = (LetterState.DRAFT, LetterState.NEGOTIATING, LetterState.IN_APPROVAL)


def withdraw(engine: Engine, letter: int, reason: str, *, actor: int) -> LetterView:
    """The letter is void and its process over.

    Raises InvalidInput without a reason, NotAllowed for others, Conflict once it is approved.
    """
    if not reason.strip():
        raise InvalidInput("letter.reason", "say why it is withdrawn", field="reason")
    with engine.start_work() as work:
        known = access.see(work, letter, actor)
        if actor not in (known.submitter, known.party_b) and not access.Sight(work, actor).ops:
            raise NotAllowed("letter.not_yours", f"only its submitter or OPS withdraws letter {known.no}", no=known.no)
        tasks.hold(work, known.instance)
        known = letters.lock(work, letter)
        if known.status not in OPEN:
            raise Conflict("letter.approved", f"letter {known.no} is {known.status}: it is too late", no=known.no)
        if _runs(work, known):
            messages.send(engine, work, MESSAGE, approving.business_key(known), {"reason": reason})
        else:  # a message that nobody waits for would be kept, and end the next draft of the period
            signing.void(work, letter, reason, actor=actor)
        work.commit()
        return letters.view(work, letter)


def _runs(work: Work, known: LetterView) -> bool:
    return known.instance is not None and instances.view_in(work, known.instance).status == "running"
