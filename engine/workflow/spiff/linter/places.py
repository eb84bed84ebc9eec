"""What may stand where: kinds of events per place, gateways with what they need, parts that are not run."""

from engine.workflow.spiff.linter.book import Book, named
from engine.workflow.spiff.model import GATEWAYS, Diagram, EventDefinition, Node, Scope, works_outside

_CATCH = frozenset({"message", "timer", "signal", "conditional"})
_ALLOWED: dict[str, frozenset[str]] = {
    "startEvent": _CATCH,
    "start in event subprocess": _CATCH | {"error", "escalation", "compensate"},
    "start in subprocess": frozenset(),
    "intermediateCatchEvent": _CATCH | {"link"},
    "intermediateThrowEvent": frozenset({"message", "signal", "escalation", "compensate", "link"}),
    "boundaryEvent": _CATCH | {"error", "escalation", "cancel", "compensate"},
    "endEvent": frozenset({"message", "signal", "error", "escalation", "terminate", "cancel", "compensate"}),
    "receiveTask": frozenset({"message"}),
    "sendTask": frozenset({"message"}),
}
_RAISED = frozenset({"message", "signal", "escalation", "error"})
_NAMED = frozenset({"message", "signal"})
_AWAITED = frozenset({"message", "timer", "signal", "conditional"})


def check(diagram: Diagram, book: Book) -> None:
    """Every node of the file."""
    for process in diagram.processes.values():
        for scope in process.walk():
            for node in scope.nodes.values():
                _events(node, scope, book)
                _gateway(node, scope, book)
                _not_run(node, book)
            _links(scope, book)
            _event_subprocesses(scope, book)


def _events(node: Node, scope: Scope, book: Book) -> None:
    allowed = _ALLOWED.get(_place(node, scope))
    for event in node.events:
        if allowed is not None and event.kind not in allowed:
            book.error(
                "event_place",
                node.id,
                f"A {event.kind} event cannot be used at {named(node)} ({_place(node, scope)}).",
                f"Use one of: {', '.join(sorted(allowed)) or 'a plain start'}.",
                kind=event.kind,
                place=_place(node, scope),
            )
        else:
            _definition(node, event, scope, book)
    if node.kind in ("intermediateCatchEvent", "boundaryEvent", "receiveTask") and not node.events:
        book.error(
            "event_missing",
            node.id,
            f"{named(node)} does not say what it waits for.",
            "Choose a message, timer or signal.",
        )
    if node.kind == "boundaryEvent":
        _boundary(node, scope, book)


def _place(node: Node, scope: Scope) -> str:
    if node.kind != "startEvent" or scope.owner is None:
        return node.kind
    return "start in event subprocess" if scope.owner.by_event else "start in subprocess"


def _definition(node: Node, event: EventDefinition, scope: Scope, book: Book) -> None:
    if event.broken is not None:
        book.error(
            "reference",
            node.id,
            f"{named(node)} refers to {event.kind} {event.broken}, which the file does not declare.",
            f"Declare the {event.kind} or choose another.",
            kind=event.kind,
            reference=event.broken,
        )
    elif event.kind in _NAMED and not event.name and not works_outside(node):
        book.error(
            "event_name", node.id, f"{named(node)} names no {event.kind}.", f"Choose the {event.kind}.", kind=event.kind
        )
    elif event.kind in ("timer", "conditional") and not event.text:
        what = "time" if event.kind == "timer" else "condition"
        book.error("event_text", node.id, f"{named(node)} gives no {what}.", f"Write its {what}.", kind=event.kind)
    elif event.kind == "error" and node.kind == "endEvent" and not event.code:
        book.error("error_code", node.id, f"{named(node)} throws an error without a code.", "Choose the error.")
    elif event.kind == "compensate" and event.activity and event.activity not in scope.nodes:
        book.error(
            "compensate_reference",
            node.id,
            f"{named(node)} undoes {event.activity}, which is not beside it.",
            "Name an activity of the same process or subprocess.",
            activity=event.activity,
        )
    elif event.kind == "cancel" and node.kind == "endEvent" and not _in_transaction(scope):
        book.error(
            "cancel_place", node.id, f"{named(node)} cancels, but there is no transaction around it.", "Use an error."
        )


def _in_transaction(scope: Scope) -> bool:
    here: Scope | None = scope
    while here is not None and here.owner_kind != "transaction":
        here = here.parent
    return here is not None


def _boundary(node: Node, scope: Scope, book: Book) -> None:
    host = scope.nodes.get(node.attached_to or "")
    kinds = {event.kind for event in node.events}
    if "error" in kinds and not node.interrupting:
        book.error(
            "error_interrupts",
            node.id,
            f"{named(node)} catches an error but does not interrupt.",
            "Make it interrupting.",
        )
    if "cancel" in kinds and (host is None or host.kind != "transaction"):
        book.error(
            "cancel_place",
            node.id,
            f"{named(node)} catches a cancel, but sits on no transaction.",
            "Use an error event.",
        )
    if "compensate" in kinds:
        _compensation(node, scope, book)
    elif not any(flow.source == node.id for flow in scope.flows.values()):
        book.error("boundary_leads_nowhere", node.id, f"No flow leaves {named(node)}.", "Draw what happens then.")


def _compensation(node: Node, scope: Scope, book: Book) -> None:
    handlers = [scope.nodes[ident] for ident in node.handlers]
    if len(handlers) != 1 or not handlers[0].for_compensation:
        book.error(
            "compensation_handler",
            node.id,
            f"{named(node)} is not associated with exactly one compensation activity.",
            "Draw an association to one activity that is marked as compensation.",
        )


def _gateway(node: Node, scope: Scope, book: Book) -> None:
    if (node.default is not None and scope.flows.get(node.default, None) is None) or (
        node.default is not None and scope.flows[node.default].source != node.id
    ):
        _default(node, book)
    if node.kind not in GATEWAYS:
        return
    outgoing = [flow for flow in scope.flows.values() if flow.source == node.id]
    incoming = [flow for flow in scope.flows.values() if flow.target == node.id]
    if not outgoing and not incoming:
        return
    if node.kind == "exclusiveGateway" and len(outgoing) > 1:
        for flow in outgoing:
            if flow.condition is None and flow.id != node.default:
                book.error(
                    "condition_missing",
                    flow.id,
                    f"Flow {flow.id} out of {named(node)} has no condition and is not the default.",
                    "Write its condition, or make it the default flow.",
                    gateway=node.id,
                )
    if node.kind in ("parallelGateway", "eventBasedGateway"):
        for flow in outgoing:
            if flow.condition is not None:
                book.error(
                    "condition_ignored",
                    flow.id,
                    f"The condition of flow {flow.id} would be ignored: {named(node)} takes every flow.",
                    "Delete the condition, or use an exclusive or inclusive gateway.",
                    gateway=node.id,
                )
    if node.kind == "eventBasedGateway":
        _event_gateway(node, [flow.target for flow in outgoing], scope, book)


def _default(node: Node, book: Book) -> None:
    book.error(
        "default_flow",
        node.id,
        f"The default flow {node.default} of {named(node)} does not leave it.",
        "Choose one of its own flows as the default.",
        flow=node.default,
    )


def _event_gateway(node: Node, targets: list[str], scope: Scope, book: Book) -> None:
    if len(targets) < 2:
        book.error(
            "event_gateway_targets", node.id, f"{named(node)} waits for fewer than two events.", "Draw two or more."
        )
    for ident in targets:
        target = scope.nodes.get(ident)
        if target is not None and not _awaitable(target):
            book.error(
                "event_gateway_target",
                ident,
                f"{named(target)} follows the event gateway {node.id}, but is no event that can be waited for.",
                "Lead the gateway's flows to message, timer, signal or conditional events, or receive tasks.",
                gateway=node.id,
            )
        elif target is not None and sum(flow.target == ident for flow in scope.flows.values()) > 1:
            book.error(
                "event_gateway_shared",
                ident,
                f"{named(target)} waits behind the event gateway {node.id} and is reached on another way as well.",
                "Give the other way an event of its own.",
                gateway=node.id,
            )


def _awaitable(node: Node) -> bool:
    if node.kind == "receiveTask":
        return True
    return node.kind == "intermediateCatchEvent" and all(event.kind in _AWAITED for event in node.events)


def _links(scope: Scope, book: Book) -> None:
    catching = [
        n for n in scope.nodes.values() if n.kind == "intermediateCatchEvent" and n.event and n.event.kind == "link"
    ]
    throwing = [
        n for n in scope.nodes.values() if n.kind == "intermediateThrowEvent" and n.event and n.event.kind == "link"
    ]
    names = [node.event.name for node in catching if node.event]
    for node in catching:
        if node.event and names.count(node.event.name) > 1:
            book.error(
                "link_twice",
                node.id,
                f"Two links are called {node.event.name}.",
                "Give each pair of links its own name.",
            )
    for node in throwing:
        if node.event and node.event.name not in names:
            book.error(
                "link_target",
                node.id,
                f"{named(node)} links to {node.event.name or 'nothing'}, which is not in the same process.",
                "Draw the link event that it leads to, with the same name.",
            )


def _event_subprocesses(scope: Scope, book: Book) -> None:
    for node in scope.nodes.values():
        if not node.by_event or node.inner is None:
            continue
        starts = node.inner.starts()
        if len(starts) != 1 or not starts[0].events:
            book.error(
                "event_subprocess_start",
                node.id,
                f"The event subprocess {named(node)} needs exactly one start event that says what starts it.",
                "Draw one start event with a message, timer, signal, error, escalation or condition.",
            )
        elif starts[0].event and starts[0].event.kind == "error" and not starts[0].interrupting:
            book.error(
                "error_interrupts",
                starts[0].id,
                f"{named(starts[0])} catches an error but does not interrupt.",
                "Make it interrupting.",
            )


def _not_run(node: Node, book: Book) -> None:
    if min(node.quantity) < 1:
        book.error(
            "quantity",
            node.id,
            f"{named(node)} has a start or completion quantity below one.",
            "Give a number of at least one.",
        )
    loop = node.loop
    if loop is None:
        return
    if loop.behaviour != "All" and not (loop.thrown and all(_may_be_thrown(*one) for one in loop.thrown)):
        book.error(
            "loop_behaviour",
            node.id,
            f"The multi-instance behaviour {loop.behaviour} of {named(node)} does not say which event is thrown.",
            "Name a message, signal, escalation or error, or use All and a completion condition.",
        )
    if loop.standard and loop.condition is None and loop.maximum is None:
        book.error("loop_endless", node.id, f"The loop of {named(node)} never ends.", "Write its condition or maximum.")
    if not loop.standard and (loop.collection is None) == (loop.cardinality is None):
        book.error(
            "loop_collection",
            node.id,
            f"The multi-instance {named(node)} needs either a collection or a number.",
            "Name the collection (lf:collection), or write the number, not both.",
        )


def _may_be_thrown(_condition: str | None, event: EventDefinition) -> bool:
    return event.kind in _RAISED and event.broken is None and bool(event.name or event.code)
