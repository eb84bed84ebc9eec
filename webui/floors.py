"""How each floor above the workflow joins an installation: listeners, operations, periodic steps, channels."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from engine.approvals import drafts
from engine.approvals import joining as approvals
from engine.kernel import kept_answers
from engine.letters import cycle, regulating
from engine.letters import joining as letters
from engine.letters.matrix import versions
from engine.letters.watching import evaluating
from engine.notices.outbox import Sender
from engine.people import cleaning, org_days
from engine.scheduler import Periodic
from engine.workflow.engine import Engine


def join(engine: Engine, senders: dict[str, Sender]) -> Sequence[Periodic]:
    """Let every floor register what it brings; the periodic steps that the clock is to ring."""
    approvals.join(engine)
    letters.join(engine)
    return (
        Periodic("answers.clean", timedelta(hours=1), partial(kept_answers.clean, engine.start_work)),
        Periodic("people.clean", timedelta(days=1), partial(cleaning.clean, engine.start_work)),
        Periodic("people.orgs", timedelta(hours=1), partial(org_days.apply_due, engine.start_work)),
        Periodic("approvals.drafts", timedelta(days=1), partial(drafts.clean, engine)),
        Periodic("letters.regulation", timedelta(hours=1), partial(regulating.put_in_force_due, engine.start_work)),
        Periodic("letters.authority", timedelta(minutes=1), partial(versions.put_in_force_due, engine)),
        Periodic("letters.cycle", timedelta(hours=1), partial(cycle.open_due, engine)),
        Periodic("letters.end", timedelta(hours=1), partial(cycle.end_due, engine)),
        Periodic("letters.warnings", timedelta(hours=1), partial(evaluating.evaluate_due, engine)),
    )
