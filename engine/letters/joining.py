"""Joins letters to an installation: the operations that diagrams call."""

from engine.letters.adjusting import operations as adjusting
from engine.letters.drafting import operations as drafting
from engine.letters.scorecards import operations as scorecards
from engine.letters.watching import operations as watching
from engine.workflow.engine import Engine


def join(engine: Engine) -> None:
    """Registers every operation of `docs/operations.md`; called once when an installation is built."""
    drafting.register(engine.operations)
    adjusting.register(engine.operations)
    watching.register(engine.operations)
    scorecards.register(engine.operations)
