"""Joins this floor to an installation: its listeners and the operations that diagrams call."""

from engine.approvals.deadlines import Deadlines
from engine.approvals.nodes import Nodes
from engine.approvals.operations import OPERATIONS
from engine.workflow.engine import Engine


def join(engine: Engine) -> None:
    """Lets approvals hear of tasks and answer diagrams; called once when an installation is built."""
    engine.hooks.add(Nodes())
    engine.hooks.add(Deadlines())
    for name, act in OPERATIONS.items():
        engine.operations.register(name, act)
