"""What a run tells after it stopped: open tasks, armed timers, waits, failures, the trace."""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow.spiff import branches
from engine.workflow.spiff.nodes.activities import OpenNode
from engine.workflow.spiff.run import Run
from engine.workflow.spiff.tokens import Token
from engine.workflow.step import ArmedTimer, Failed, OpenTask, Outcome, Step, Waiting


def step(run: Run, state: bytes) -> Step:
    """Everything that is true now."""
    tokens = run.tokens()
    failures = tuple(_failed(token) for token in tokens if token.state == TaskState.ERROR)
    return Step(
        outcome=_outcome(run, failures),
        state=state,
        data=view(run),
        open=tuple(_open(token) for token in tokens if _is_open(token)),
        timers=tuple(timer for token in tokens for timer in _timers(token)),
        waits=tuple(wait for token in tokens for wait in _waits(token)),
        failures=failures,
        moved=tuple(run.moved),
        thrown=tuple(run.thrown),
    )


def view(run: Run) -> dict[str, Any]:
    """The data of the instance as a whole."""
    if run.ended_with is not None:
        return run.ended_with
    root = run.root
    return branches.view(run.within(root), root)


def standing(run: Run) -> tuple[str, ...]:
    """The nodes of tokens that have nothing standing inside them."""
    return tuple(
        token.task_spec.node.said.id
        for token in run.tokens()
        if not token.listening and token.parent is not None and not run.within(token)
    )


def _outcome(run: Run, failures: tuple[Failed, ...]) -> Outcome:
    if run.ended_with is not None or not run.root._children:
        return Outcome.TERMINATED if run.root.memory.get("terminated") else Outcome.COMPLETED
    return Outcome.INCIDENT if failures else Outcome.WAITING


def _is_open(token: Token) -> bool:
    return isinstance(token.task_spec, OpenNode) and token.state == TaskState.STARTED


def _open(token: Token) -> OpenTask:
    return OpenTask(token.id, token.task_spec.node.said, token.task_spec.sight(token), token.index)


def _timers(token: Token) -> list[ArmedTimer]:
    spec = token.task_spec
    return [
        ArmedTimer(_place(token, number), spec.node.said, spec.place, arm["seq"], arm["due"])
        for number, arm in enumerate(token.memory.get("arms", ()))
        if "due" in arm and not arm.get("done")
    ]


def _waits(token: Token) -> list[Waiting]:
    arms = token.memory.get("arms")
    if arms is None:
        return []
    return [
        Waiting(_place(token, number), token.task_spec.node.said, event.kind, event.name or "", arms[number].get("key"))
        for number, event in enumerate(token.task_spec.node.events)
        if event.kind in ("message", "signal") and not arms[number].get("done")
    ]


def _place(token: Token, number: int) -> str:
    return f"{token.id}.{number}" if number else str(token.id)


def _failed(token: Token) -> Failed:
    code, message, fields = token.memory.get("failure", ("workflow.failed", "", {}))
    return Failed(token.id, token.task_spec.node.said, code, message, fields)
