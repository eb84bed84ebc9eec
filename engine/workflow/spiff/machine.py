"""The machine: each act takes a state, moves tokens until all of them wait, and tells what is true afterwards."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import InvalidInput, NotFound
from engine.workflow.errors import BpmnError, Stale, Stuck
from engine.workflow.spiff import codec, reporting, throwing, values
from engine.workflow.spiff.nodes import scopes
from engine.workflow.spiff.nodes.activities import OpenNode
from engine.workflow.spiff.nodes.base import BpmnNode
from engine.workflow.spiff.nodes.loops import MultiInstance
from engine.workflow.spiff.programs import Program
from engine.workflow.spiff.run import Run
from engine.workflow.spiff.tokens import Token
from engine.workflow.step import Answer, Ports, Step

_OF_ERRORS = frozenset({"code", "message", "error_code"})
"""What an error says of itself; no value that comes with it may say otherwise."""


def start(program: Program, data: Mapping[str, Any], ports: Ports, *, start_event: str | None = None) -> Step:
    """Begin an instance at its plain start events, or at the named one.

    Raises InvalidInput (`workflow.start_event`) for a start event that the process does not have, and for data
    that its event subprocesses need.
    """
    run = Run(program, ports)
    inside = program.process
    root = Token(run, inside.start, None)
    run.task_tree = root
    root._set_state(TaskState.STARTED)
    root.data = values.copy(dict(data))
    try:
        scopes.begin(root, inside, root.data, _first(program, start_event), occurred=start_event is not None)
    except Stuck as error:  # a correlation key or timer of the whole process lacks its data
        raise InvalidInput(error.code, error.message, **error.fields) from error
    run.settle(root, root.data)
    return _finish(run)


def _first(program: Program, start_event: str | None) -> list[BpmnNode]:
    if start_event is None:
        return program.process.first
    if start_event not in program.start_events:
        raise InvalidInput(
            "workflow.start_event",
            f"{program.key} has no start event {start_event}; it has {', '.join(program.start_events) or 'none'}",
            start_event=start_event,
            known=list(program.start_events),
        )
    return [program.specs[start_event]]


def complete(program: Program, state: bytes, token: str, answer: Answer, ports: Ports) -> Step:
    """Complete an open task with its answer. Raises Stale (`task.closed`) when it is not open."""
    run = _resume(program, state, ports)
    found = run.tasks.get(token)
    if found is None or not isinstance(found.task_spec, OpenNode) or found.state != TaskState.STARTED:
        raise Stale("task.closed", "the task is not open any more; look at the instance", token=token)
    given = values.copy(dict(answer.values))
    run.attempt(found, lambda: found.task_spec.answered(found, given))
    return _finish(run)


def throw(program: Program, state: bytes, token: str, error: tuple[str, str, Mapping[str, Any]], ports: Ports) -> Step:
    """End an open task with an error (code, message, values) that the diagram may catch; uncaught it is a failure.

    Raises Stale (`task.closed`) when it is not open.
    """
    run = _resume(program, state, ports)
    found = run.tasks.get(token)
    if found is None or not isinstance(found.task_spec, OpenNode) or found.state != TaskState.STARTED:
        raise Stale("task.closed", "the task is not open any more; look at the instance", token=token)
    code, message, brought = error
    thrown = BpmnError(code, message)
    thrown.fields |= {name: value for name, value in values.copy(dict(brought)).items() if name not in _OF_ERRORS}
    throwing.error(run, found, thrown)
    return _finish(run)


def fire(program: Program, state: bytes, token: str, seq: int, ports: Ports) -> Step:
    """A timer's moment has come. Raises Stale (`timer.gone`) when that occurrence is not armed any more."""
    run = _resume(program, state, ports)
    ident, _, number = token.partition(".")
    found, place = run.tasks.get(ident), int(number or 0)
    arms = found.memory.get("arms", []) if found is not None else []
    if found is None or place >= len(arms) or arms[place].get("seq") != seq or arms[place].get("done"):
        raise Stale("timer.gone", "the timer is not armed any more; nothing was done", token=token, seq=seq)
    run.attempt(found, lambda: found.task_spec.occurred(found, place, {}))
    return _finish(run)


def deliver(  # noqa: PLR0913, PLR0917 - the contract of docs/architecture.md
    program: Program, state: bytes, kind: str, name: str, key: str | None, data: Mapping[str, Any], ports: Ports
) -> Step:
    """Give a message (to the first that waits for it) or a signal (to all) to the instance.

    A wait without a key takes any. Raises Stale (`message.unexpected`) when nothing waits for it.
    """
    run = _resume(program, state, ports)
    payload = values.copy(dict(data))
    reached = 0
    for token in run.tokens():
        number = throwing.hears(token, kind, name) if token.id in run.tasks else None
        if number is None or not _fits(token.memory["arms"][number].get("key"), key):
            continue
        run.attempt(token, lambda token=token, number=number: token.task_spec.occurred(token, number, payload))
        reached += 1
        if kind == "message":
            break
    if not reached:
        raise Stale(
            "message.unexpected", f"the instance does not wait for {kind} {name}", kind=kind, name=name, key=key
        )
    return _finish(run)


def _fits(awaited: str | None, key: str | None) -> bool:
    return awaited is None or key is None or awaited == key


def retry(program: Program, state: bytes, token: str, ports: Ports) -> Step:
    """Try a failed node again. Raises Stale (`incident.closed`) when it has not failed."""
    run = _resume(program, state, ports)
    found = run.tasks.get(token)
    if found is None or found.state != TaskState.ERROR:
        raise Stale("incident.closed", "the node is not failed any more; look at the instance", token=token)
    failure = found.memory.pop("failure", [""])
    if failure[0] == "workflow.branches_disagree":
        found.memory["tolerant"] = True
    if "answer" in found.memory:
        found._set_state(TaskState.STARTED)
        answer = found.memory["answer"]
        run.attempt(found, lambda: found.task_spec.answered(found, answer))
    elif "arms" in found.memory and found.listening:
        found._set_state(TaskState.WAITING)
    else:
        found._set_state(TaskState.READY)
        run.queue.append(found)
    return _finish(run)


def cancel(program: Program, state: bytes, ports: Ports) -> Step:
    """Withdraw everything; the instance has ended."""
    run = _resume(program, state, ports)
    data = reporting.view(run)
    run.finish(data, terminated=True)
    return _finish(run)


def move(program: Program, state: bytes, token: str, node: str, ports: Ports) -> Step:
    """Take a token from where it stands to another node of the same scope; what ran there is withdrawn.

    Raises Stale (`token.gone`), NotFound (`workflow.node`), InvalidInput (`workflow.other_scope`).
    """
    run = _resume(program, state, ports)
    found = run.tasks.get(token)
    if found is None or found.parent is None or found.listening:
        raise Stale("token.gone", "the token does not stand there any more; look at the instance", token=token)
    while found.index is not None and isinstance(found.scope.task_spec, MultiInstance):
        found = found.scope  # the activity as a whole
    spec = _beside(program, found, node)
    if spec is None:
        raise NotFound("workflow.node", f"process {program.key} has no node {node}", node=node)
    if spec._wf_spec is not found.task_spec._wf_spec:
        raise InvalidInput(
            "workflow.other_scope",
            f"{node} is not beside {found.task_spec.node.id}; a token moves within its scope",
            node=node,
        )
    scope, data, branch = found.scope, found.task_spec.progress(found), found.branch
    run.cancel_token(found)
    run.arrive(run.place(spec, scope, data, branch=branch))
    return _finish(run)


def _beside(program: Program, token: Token, node: str) -> BpmnNode | None:
    """The specification of a node: the one in the token's own scope first, which may be that of a called process."""
    named = [spec for name, spec in program.named.items() if name.rpartition("/")[2] == node]
    return next((spec for spec in named if spec._wf_spec is token.task_spec._wf_spec), named[0] if named else None)


def withdraw(program: Program, state: bytes, token: str, ports: Ports) -> Step:
    """Take one instance of a multi-instance away; the others go on and it counts as finished.

    Raises Stale (`task.closed`), InvalidInput (`workflow.not_multi_instance`).
    """
    run = _resume(program, state, ports)
    found = run.tasks.get(token)
    if found is None:
        raise Stale("task.closed", "the task is not open any more; look at the instance", token=token)
    if found.parent is None or not isinstance(found.scope.task_spec, MultiInstance):
        raise InvalidInput(
            "workflow.not_multi_instance", "only one of several instances can be taken away", token=token
        )
    found.scope.task_spec.withdrawn(found.scope, found)
    return _finish(run)


def evaluate(program: Program, state: bytes, ports: Ports) -> Step:
    """Look again at conditions that depend on time or on the world outside; conditional events may fire."""
    return _finish(_resume(program, state, ports))


def look(program: Program, state: bytes, ports: Ports) -> Step:
    """What is true of a state, without moving anything; `state` in the answer is the same bytes."""
    run = _resume(program, state, ports)
    return reporting.step(run, state)


def standing(program: Program, state: bytes, ports: Ports) -> tuple[str, ...]:
    """The nodes where tokens stand, innermost only, in the order they came there."""
    return reporting.standing(_resume(program, state, ports))


def _resume(program: Program, state: bytes, ports: Ports) -> Run:
    return codec.load(state, Run(program, ports))


def _finish(run: Run) -> Step:
    run.advance()
    return reporting.step(run, codec.dump(run))
