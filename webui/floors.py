"""How each floor above the workflow joins an installation: listeners, operations, periodic steps, channels."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from engine.approvals import joining as approvals
from engine.letters import cycle
from engine.letters import joining as letters
from engine.letters.watching import evaluating, ordering
from engine.notices.outbox import Sender
from engine.scheduler import Periodic
from engine.workflow.engine import Engine

HOUR = timedelta(hours=1)


def join(engine: Engine, senders: dict[str, Sender]) -> Sequence[Periodic]:
    """Let every floor register what it brings; the periodic steps that the clock is to ring (`domain.md` §5, §8)."""
    approvals.join(engine)
    letters.join(engine)
    return (
        Periodic("cycle.open", HOUR, partial(cycle.open_due, engine)),
        Periodic("cycle.end", HOUR, partial(cycle.end_due, engine)),
        Periodic("warnings.evaluate", HOUR, partial(evaluating.evaluate_due, engine)),
        Periodic("orders.climb", HOUR, partial(ordering.climb_due, engine)),
    )
