"""How each floor above the workflow joins an installation: listeners, operations, periodic steps, channels."""

from collections.abc import Sequence

from engine.approvals import joining as approvals
from engine.letters import joining as letters
from engine.notices.outbox import Sender
from engine.scheduler import Periodic
from engine.workflow.engine import Engine


def join(engine: Engine, senders: dict[str, Sender]) -> Sequence[Periodic]:
    """Let every floor register what it brings; the periodic steps that the clock is to ring."""
    approvals.join(engine)
    letters.join(engine)
    return ()
