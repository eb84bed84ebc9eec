"""Makes a model runnable without changing what it means; only what the engine reads, never the owner's file."""

from engine.workflow.spiff.diagram import connect
from engine.workflow.spiff.model import ACTIVITIES, EVENTS, Diagram, Flow, Node, Scope
from engine.workflow.step import NodeSpec


def normalise(diagram: Diagram) -> Diagram:
    """Rewrite every scope of the model in place; what is drawn in has `made` set and does not show in traces."""
    for process in diagram.processes.values():
        for scope in process.walk():
            _links(scope)
            connect(scope)
            for node in list(scope.nodes.values()):
                _split(node, scope)
            connect(scope)
    return diagram


def _links(scope: Scope) -> None:
    """A link pair is a sequence flow that was too long to draw."""
    targets = {
        node.event.name: node
        for node in scope.nodes.values()
        if node.kind == "intermediateCatchEvent" and node.event and node.event.kind == "link"
    }
    for node in list(scope.nodes.values()):
        if node.kind == "intermediateThrowEvent" and node.event and node.event.kind == "link":
            target = targets.get(node.event.name)
            if target is not None:
                ident = f"{node.id} [link]"
                scope.flows[ident] = Flow(ident, node.id, target.id, made=True)
            node.events = ()
    for target in targets.values():
        target.events = ()


def _split(node: Node, scope: Scope) -> None:
    """Several or conditional flows out of an activity or event mean an inclusive choice (BPMN 2.0 §8.3.13)."""
    if node.kind not in ACTIVITIES | EVENTS or node.kind == "endEvent":
        return
    outgoing = node.outgoing
    if len(outgoing) < 2 and not any(flow.condition for flow in outgoing):
        return
    conditional = any(flow.condition for flow in outgoing) or node.default is not None
    kind = "inclusiveGateway" if conditional else "parallelGateway"
    ident = f"{node.id} [split]"
    gateway = Node(ident, kind, NodeSpec(ident, "", kind, scope.process, node.said.lane), made=True, y=node.y)
    gateway.default, node.default = node.default, None
    scope.nodes[ident] = gateway
    for flow in outgoing:
        flow.source = ident
    scope.flows[f"{ident} [flow]"] = Flow(f"{ident} [flow]", node.id, ident, made=True)
