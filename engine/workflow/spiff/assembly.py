"""Turns the normalised model into specifications: the only place that knows which element runs as which class."""

from typing import Any

from engine.workflow.spiff.model import Node, Scope, works_outside
from engine.workflow.spiff.nodes import activities, events, gateways, loops, scopes
from engine.workflow.spiff.nodes.base import BpmnNode, Inside
from engine.workflow.spiff.paths import leading

_CLASSES: dict[str, type[BpmnNode]] = {
    "task": activities.PassingTask,
    "userTask": activities.UserTask,
    "manualTask": activities.UserTask,
    "scriptTask": activities.ScriptTask,
    "businessRuleTask": activities.RuleTask,
    "sendTask": activities.SendTask,
    "receiveTask": events.CatchEvent,
    "callActivity": scopes.CallActivity,
    "subProcess": scopes.Subprocess,
    "transaction": scopes.Subprocess,
    "adHocSubProcess": scopes.AdHocSubprocess,
    "collect": gateways.Collecting,
    "exclusiveGateway": gateways.ExclusiveGateway,
    "parallelGateway": gateways.ParallelGateway,
    "inclusiveGateway": gateways.InclusiveGateway,
    "complexGateway": gateways.ComplexGateway,
    "eventBasedGateway": gateways.EventGateway,
    "startEvent": events.StartEvent,
    "endEvent": events.EndEvent,
    "intermediateCatchEvent": events.CatchEvent,
    "intermediateThrowEvent": events.ThrowEvent,
    "boundaryEvent": events.BoundaryEvent,
}


_CALLING = frozenset({"serviceTask", "sendTask", "businessRuleTask", "scriptTask"})
"""Tasks that do what an operation or a worker outside does, where they name one."""


def assemble(program: Any) -> None:
    """Fill a program with the specifications of all processes of its file."""
    for scope in program.diagram.processes.values():
        program.processes[scope.id] = _inside(scope, program)
    for inside in program.processes.values():
        _root(inside, program)
    for spec in list(program.specs.values()):
        if isinstance(spec, scopes.CallActivity):
            _call(spec, program)


def _root(inside: Inside, program: Any) -> None:
    scope = inside.scope
    inside.task_specs.pop("Start")
    node = Node(scope.id, "process", scope.said)
    inside.start = scopes.ProcessNode(inside, node, name="Start")
    inside.start.inside = inside
    program.specs[f"{scope.id} [process]"] = inside.start


def _inside(scope: Scope, program: Any) -> Inside:
    inside = Inside(scope, program)
    for node in scope.nodes.values():
        spec = _spec(node, inside, program)
        program.specs[node.id] = spec
        program.nodes.setdefault(node.said.id, node.said)
    for node in scope.nodes.values():
        _attach(node, scope, inside)
    inside.first = [inside.task_specs[node.id] for node in first_nodes(scope)]
    return inside


def _spec(node: Node, inside: Inside, program: Any) -> BpmnNode:
    if node.loop is None:
        return _single(node, inside, program, node.id)
    child = _single(node, inside, program, f"{node.id} [child]")
    program.specs[f"{node.id} [child]"] = child
    kind = loops.StandardLoop if node.loop.standard else loops.MultiInstance
    return kind(inside, node, child)


def _single(node: Node, inside: Inside, program: Any, name: str) -> BpmnNode:
    spec = _class(node)(inside, node, name=name)
    if node.inner is not None:
        spec.inside = _inside(node.inner, program)
    if node.by_event and node.inner is not None:
        for start in node.inner.starts():
            listener = events.Listener(inside, start, spec)
            program.specs[f"{start.id} [listener]"] = listener
            inside.listeners.append(listener)
    if isinstance(spec, activities.UserTask):
        form = node.said.extension("form")
        spec.fields = program.fields.get(form.attributes.get("key", "")) if form else None
    decision = node.said.extension("decision")
    if isinstance(spec, activities.RuleTask) and decision is not None:
        known = program.beside.decision(decision.attributes.get("ref", ""))
        spec.several = known.several if known else None
    return spec


def _class(node: Node) -> type[BpmnNode]:
    operation = node.said.extension("operation")
    if operation is not None and _sends_outside(node):
        return activities.WorkerTask
    if operation is not None and node.kind in _CALLING and node.script is None:
        return activities.WorkerTask if operation.attributes.get("topic") else activities.ServiceTask
    if node.kind == "serviceTask":
        return activities.RuleTask if node.said.extension("decision") else activities.PassingTask
    if node.kind == "intermediateThrowEvent" and not node.events:
        return events.ThrowEvent
    return _CLASSES[node.kind]


def _sends_outside(node: Node) -> bool:
    """Whether an event's message is sent by a worker outside, which it waits for."""
    return node.kind in ("intermediateThrowEvent", "endEvent") and works_outside(node)


def _attach(node: Node, scope: Scope, inside: Inside) -> None:
    spec = inside.task_specs[node.id]
    if node.attached_to in scope.nodes and node.event is not None:
        host = inside.task_specs[node.attached_to]
        if node.event.kind == "compensate":
            host.undone_by = node.handlers[0] if node.handlers else None
        else:
            host.boundaries.append(spec)
    if isinstance(spec, gateways.EventGateway):
        spec.awaited = [inside.task_specs[flow.target] for flow in node.outgoing]
    if isinstance(spec, gateways.InclusiveGateway):
        spec.reach = {flow.id: leading(flow.source, node.id, scope) for flow in node.incoming}


def first_nodes(scope: Scope) -> list[Node]:
    """Where tokens begin: all plain start events, else the first, else what nothing leads to."""
    starts = scope.starts()
    if starts:
        plain = [node for node in starts if not node.events]
        return plain or starts[:1]
    return [
        node
        for node in scope.nodes.values()
        if not node.incoming and node.attached_to is None and not node.by_event and not node.for_compensation
    ]


def _call(spec: scopes.CallActivity, program: Any) -> None:
    key = spec.node.called or ""
    if key in program.processes:
        spec.inside = program.processes[key]
    elif key in program.called:
        spec.inside = program.called[key].process
