"""Makes a model runnable without changing what it means; only what the engine reads, never the owner's file."""

from engine.workflow.spiff.diagram import connect
from engine.workflow.spiff.model import ACTIVITIES, EVENTS, Diagram, Flow, Node, Scope


def normalise(diagram: Diagram) -> Diagram:
    """Rewrite every scope of the model in place; what is drawn in has `made` set and does not show in traces."""
    for process in diagram.processes.values():
        for scope in process.walk():
            _links(scope)
            connect(scope)
            for node in list(scope.nodes.values()):
                _split(node, scope)
                _quantities(node, scope)
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
    gateway = _made(node, f"{node.id} [split]", kind, scope)
    gateway.default, node.default = node.default, None
    for flow in outgoing:
        flow.source = gateway.id
    _lead(node.id, gateway.id, scope)


def _quantities(node: Node, scope: Scope) -> None:
    """An activity that needs or gives several tokens (BPMN 2.0 §10.3.2): gateways that collect and multiply them."""
    needed, given = node.quantity
    if needed > 1:
        collect = _made(node, f"{node.id} [collect]", "collect", scope)
        collect.quantity = (needed, 1)
        for flow in scope.flows.values():
            if flow.target == node.id:
                flow.target = collect.id
        _lead(collect.id, node.id, scope)
    if given > 1:
        many = _made(node, f"{node.id} [many]", "parallelGateway", scope)
        for flow in [flow for flow in scope.flows.values() if flow.source == node.id]:
            flow.source = many.id
            for number in range(2, given + 1):
                ident = f"{flow.id} [{number}]"
                scope.flows[ident] = Flow(ident, many.id, flow.target, made=True)
        _lead(node.id, many.id, scope)
    node.quantity = (1, 1)


def _made(node: Node, ident: str, kind: str, scope: Scope) -> Node:
    # what goes wrong there is shown at the node that it was made for
    scope.nodes[ident] = Node(ident, kind, node.said, made=True, y=node.y)
    return scope.nodes[ident]


def _lead(source: str, target: str, scope: Scope) -> None:
    ident = f"{source}-{target} [flow]"
    scope.flows[ident] = Flow(ident, source, target, made=True)
