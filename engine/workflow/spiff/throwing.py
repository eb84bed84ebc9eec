"""What is thrown, and who catches it: errors climb, signals spread, messages leave, compensation goes back."""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow.errors import BpmnError, Stuck
from engine.workflow.spiff import branches, expressions, values
from engine.workflow.spiff.model import EventDefinition, Node
from engine.workflow.spiff.tokens import Token
from engine.workflow.step import Thrown


def throw(token: Token, event: EventDefinition) -> bool:
    """Throw one event from a token; False when the token is gone or must wait for what it started."""
    if event.kind in ("message", "signal"):
        send(token, event.kind, event.name or "")
        if event.kind == "signal":
            spread(token, event.name or "")
    elif event.kind == "escalation":
        escalate(token, event.code)
    elif event.kind == "compensate":
        return _undo(token, event.activity)
    return token.id in token.workflow.tasks


def raised(token: Token, event: EventDefinition) -> None:
    """Throw an event that an activity raises while it runs; an error ends it. Raises BpmnError."""
    if event.kind == "error":
        raise BpmnError(event.code or "")
    throw(token, event)


def send(token: Token, kind: str, name: str) -> None:
    """Let a message or signal leave the instance; `lf:input` says what it carries, otherwise all data."""
    spec, run = token.task_spec, token.workflow
    carried = spec.inputs_of(token) if spec.inputs_said else values.copy(token.data)
    to = key(spec.node, token.data, run.ports) if kind == "message" else None
    run.thrown.append(Thrown(kind, name, to, carried))


def key(node: Node, data: Mapping[str, Any], ports: Any) -> str | None:
    """The evaluated correlation key of a message event, None when it says none."""
    said = node.said.extension("correlation")
    if said is None:
        return None
    found = expressions.value(said.attributes.get("value", ""), data, ports)
    if found is None:
        raise Stuck(
            "workflow.correlation_empty",
            f"the correlation key of {node.said.name or node.id} is empty; set {said.attributes.get('value')} before",
            node=node.id,
        )
    return str(found)


def spread(token: Token, name: str) -> None:
    """A signal reaches everything in this instance that waits for it."""
    run = token.workflow
    for other in run.tokens():
        number = hears(other, "signal", name)
        if number is not None and other.id in run.tasks and other is not token:
            run.attempt(other, lambda other=other, number=number: other.task_spec.occurred(other, number, {}))


def hears(token: Token, kind: str, name: str) -> int | None:
    """Which of the token's definitions waits for that message or signal, None when it does not wait for it."""
    arms = token.memory.get("arms")
    if arms is None:
        return None
    for number, event in enumerate(token.task_spec.node.events):
        if event.kind == kind and event.name == name and not arms[number].get("done"):
            return number
    return None


def error(run: Any, token: Token, thrown: BpmnError) -> None:
    """The innermost event that catches the error takes over; without one it is an incident where it was thrown."""
    code = thrown.error_code
    for host, catcher in _catchers(token, "error", code):
        data = _with_error(host, catcher, thrown)
        _take_over(token, host, catcher, data)
        return
    token.memory["failure"] = [
        "workflow.error_uncaught",
        f"error {code} was thrown and nothing in the diagram catches it: {thrown.message}",
        {"error_code": code, "node": token.task_spec.node.id},
    ]
    token._set_state(TaskState.ERROR)


def escalate(token: Token, code: str | None) -> None:
    """The innermost event that catches the escalation reacts; without one nothing happens (BPMN 2.0 §10.5.4)."""
    for host, catcher in _catchers(token, "escalation", code or ""):
        _take_over(token, host, catcher, host.task_spec.progress(host) if catcher.attached else _scope_view(host))
        return


def _catchers(token: Token, kind: str, code: str) -> Iterator[tuple[Token, Any]]:
    """Hosts and events that catch, innermost first: boundary events of an activity, then what listens in its scope."""
    place = token
    while place.parent is not None:
        yield from ((place, spec) for spec in _matching(place.task_spec.boundaries, kind, code))
        scope = place.parent
        inside = scope.task_spec.inside
        for listener in _matching(inside.listeners if inside else [], kind, code):
            if listener.subprocess is not place.task_spec:
                yield scope, listener
        place = scope


def _matching(specs: list[Any], kind: str, code: str) -> list[Any]:
    exact, any_code = [], []
    for spec in specs:
        for event in spec.node.events:
            if event.kind == kind and event.code == code:
                exact.append(spec)
            elif event.kind == kind and event.code is None:
                any_code.append(spec)
    return exact + any_code


def _take_over(token: Token, host: Token, catcher: Any, data: dict[str, Any]) -> None:
    if token.entered and token.task_spec.node.kind == "endEvent":
        token.workflow.note(token, "leave")
        token.entered = False
    if not catcher.attached:
        catcher.begin(host, data)
    elif catcher.node.interrupting:
        catcher.interrupt(host, data)
    else:
        catcher.beside(host, data)


def _with_error(host: Token, catcher: Any, thrown: BpmnError) -> dict[str, Any]:
    data = host.task_spec.progress(host) if catcher.attached else _scope_view(host)
    said = {"code": thrown.error_code, "message": thrown.message, **thrown.fields}
    return {**data, **catcher.outputs_of(host, {**data, "error": values.copy(said)})}


def _scope_view(scope: Token) -> dict[str, Any]:
    return branches.view(scope.workflow.within(scope), scope)


def terminate(token: Token) -> None:
    """End everything in the token's scope; the scope itself ends as if complete."""
    run, scope = token.workflow, token.scope
    data = branches.view(run.within(scope), scope)
    run.note(token, "leave")
    run.remove(token)
    for child in scope.children:
        run.cancel_token(child)
    if scope.parent is None:
        run.finish(data, terminated=True)
    else:
        scope.task_spec.emptied(scope, data)


def cancel(token: Token) -> None:
    """Cancel the transaction around: undo what was done in it, then go on at its cancel event."""
    run, transaction = token.workflow, token.scope
    while transaction.parent is not None and transaction.task_spec.node.kind != "transaction":
        transaction = transaction.parent
    catcher = next(
        (s for s in transaction.task_spec.boundaries if s.node.event and s.node.event.kind == "cancel"), None
    )
    if catcher is None:
        raise Stuck(
            "workflow.cancel_uncaught",
            f"{token.task_spec.node.id} cancels, but no transaction around it has a cancel event",
            node=token.task_spec.node.id,
        )
    for other in run.within(transaction):
        if other is not token:
            run.cancel_token(other)
    if not token.memory.get("undone") and not _undo(token, None):
        return
    data = transaction.task_spec.progress(transaction)
    if token.entered:
        run.note(token, "leave")
        token.entered = False
    catcher.interrupt(transaction, data)


def _undo(token: Token, activity: str | None) -> bool:
    """Start undoing what was done in the scope, newest first; True when there is nothing to undo."""
    scope = token.scope
    while scope.task_spec.node is not None and scope.task_spec.node.by_event and scope.parent is not None:
        scope = scope.parent
    done = scope.memory.get("done", [])
    chosen = [one for one in done if activity in (None, one[0])]
    scope.memory["done"] = [one for one in done if one not in chosen]
    handlers = _handlers(scope.task_spec.inside.program.specs, chosen)
    if not handlers:
        return True
    token.memory["undo"] = handlers
    undo_next(token)
    return False


def _handlers(specs: Mapping[str, Any], done: list[Any]) -> list[str]:
    found: list[str] = []
    for record in reversed(done):
        spec = specs[record[0]]
        if spec.undone_by is not None:
            found.append(spec.undone_by)
        elif spec.inside is not None and spec.inside.undoing() is not None:
            found.append(spec.inside.undoing())
        elif len(record) > 1:
            found.extend(_handlers(specs, record[1]))
    return found


def undo_next(token: Token) -> None:
    """Run the next handler under the throwing token."""
    run = token.workflow
    handler, *rest = token.memory["undo"]
    token.memory["undo"] = rest
    spec = token.task_spec._wf_spec.program.specs[handler]
    run.arrive(run.place(spec, token, token.data))
