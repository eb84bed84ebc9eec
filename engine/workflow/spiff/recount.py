"""Counts armed timers of a state again, as a changed calendar reckons working time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.workflow.spiff import codec, reporting, timing
from engine.workflow.spiff.nodes.events import schedule_of
from engine.workflow.spiff.programs import Program
from engine.workflow.spiff.run import Run
from engine.workflow.step import NodeSpec, Ports, Step

Count = Callable[[str, datetime], datetime]
"""The moment when a length of working time (`2wd`) has passed since a moment."""


@dataclass(frozen=True)
class Recounted:
    """A timer that is due at another moment now."""

    node: NodeSpec
    kind: str
    before: datetime
    due: datetime


def concerns(program: Program) -> bool:
    """Whether a timer of the program, or of what it calls, may be written in working time."""
    return any(
        event.kind == "timer" and timing.in_working_time(event.text or "")
        for spec in program.named.values()
        for event in spec.node.events
    )


def recount(program: Program, state: bytes, count: Count, ports: Ports) -> tuple[Step, tuple[Recounted, ...]]:
    """The same state with every timer in working time as `count` gives it, and those that moved; no token moves."""
    run = codec.load(state, Run(program, ports))
    moved: list[Recounted] = []
    for token in run.tokens():
        for arm in token.memory.get("arms", ()):
            due = timing.recounted(schedule_of(arm), count) if "due" in arm and not arm.get("done") else None
            if due is not None and due != arm["due"]:
                spec = token.task_spec
                moved.append(Recounted(spec.node.said, spec.place, arm["due"], due))
                arm["due"] = due
    return reporting.step(run, codec.dump(run) if moved else state), tuple(moved)
