"""How nodes hang together: ids, flows, starts, ends, what nothing leads to."""

from collections import Counter

from lxml import etree

from engine.workflow.spiff.linter.book import Book, named
from engine.workflow.spiff.model import ACTIVITIES, Diagram, Flow, Node, Scope

MAX_NODES = 400
_RESERVED = ("Start", "End")
_RESERVED_ENDINGS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin", " [child]")


def check_ids(root: etree._Element, book: Book) -> None:
    """Every id is there once and is not one that the library uses itself (trap T6)."""
    # what other vendors put into a file has ids of its own kind
    standard = (element for element in root.iter() if str(element.tag).startswith("{http://www.omg.org/"))
    counted = Counter(str(element.get("id")) for element in standard if element.get("id"))
    for ident, count in counted.items():
        if count > 1:
            book.error(
                "duplicate_id",
                ident,
                f"{count} elements have the id {ident}.",
                "Give each element an id of its own.",
                count=count,
            )


def check(diagram: Diagram, book: Book) -> None:
    """The structure of every process of the file."""
    if not diagram.processes:
        book.error("no_process", "", "The file holds no process.", "Draw a process.")
    elif not any(process.executable for process in diagram.processes.values()):
        first = next(iter(diagram.processes.values()))
        book.warning(
            "not_executable",
            first.id,
            "No process is marked as executable.",
            'Set isExecutable="true" on the process that is to run.',
        )
    for process in diagram.processes.values():
        _size(process, book)
        for scope in process.walk():
            _scope(scope, book)


def _size(process: Scope, book: Book) -> None:
    count = sum(len(scope.nodes) for scope in process.walk())
    if count > MAX_NODES:
        book.error(
            "too_many_nodes",
            process.id,
            f"{named(process)} has {count} nodes; at most {MAX_NODES} are run.",
            "Move parts into called processes.",
            count=count,
            limit=MAX_NODES,
        )


def _scope(scope: Scope, book: Book) -> None:
    _flows(scope, book)
    for node in scope.nodes.values():
        _identity(node, book)
        _ends(node, scope, book)
        _attachment(node, scope, book)
    _unreachable(scope, book)
    if not scope.nodes:
        element = scope.owner.id if scope.owner else scope.id
        book.warning("empty", element, f"{named(scope)} has nothing inside.", "Draw what is to happen, or delete it.")


def _identity(node: Node, book: Book) -> None:
    if not node.id:
        book.error("missing_id", "", f"A {node.kind} has no id.", "Give it an id.", kind=node.kind)
    elif node.id in _RESERVED or node.id.endswith(_RESERVED_ENDINGS):
        book.error("reserved_id", node.id, f"The id {node.id} is reserved.", "Give the element another id.")


def _flows(scope: Scope, book: Book) -> None:
    inner = {ident for other in scope.walk() for ident in other.nodes}
    top = scope
    while top.parent is not None:
        top = top.parent
    everywhere = {ident for other in top.walk() for ident in other.nodes}
    for flow in scope.flows.values():
        for end, ident in (("source", flow.source), ("target", flow.target)):
            if ident not in scope.nodes:
                _lost(flow, end, ident, ident in inner | everywhere, book)


def _lost(flow: Flow, end: str, ident: str, elsewhere: bool, book: Book) -> None:
    if elsewhere:
        book.error(
            "flow_crosses",
            flow.id,
            f"The {end} {ident} of flow {flow.id} is in another subprocess.",
            "A sequence flow stays within one process or subprocess; use an event to cross its border.",
            end=end,
            node=ident,
        )
    else:
        book.error(
            "flow_reference",
            flow.id,
            f"The {end} of flow {flow.id} is {ident or 'missing'}, which does not exist.",
            "Connect the flow to a node.",
            end=end,
            node=ident,
        )


def _ends(node: Node, scope: Scope, book: Book) -> None:
    incoming = [flow for flow in scope.flows.values() if flow.target == node.id]
    outgoing = [flow for flow in scope.flows.values() if flow.source == node.id]
    if node.kind in ("startEvent", "boundaryEvent") and incoming:
        book.error(
            "incoming", node.id, f"A flow leads into {named(node)}, where a path begins.", "Lead it to the node behind."
        )
    if node.kind == "endEvent" and outgoing:
        book.error("outgoing", node.id, f"A flow leaves {named(node)}, where a path ends.", "Delete the flow.")
    if (node.by_event or node.for_compensation) and (incoming or outgoing):
        book.error(
            "triggered_flow",
            node.id,
            f"{named(node)} is started by an event, so no sequence flow may lead to or from it.",
            "Delete the flow.",
        )
    if not outgoing and _should_go_on(node, scope):
        book.warning(
            "dead_end",
            node.id,
            f"Nothing follows {named(node)}, and it is no end event.",
            "Lead it to an end event, so that a reader sees that the path ends there.",
        )


def _should_go_on(node: Node, scope: Scope) -> bool:
    if node.kind == "endEvent" or node.by_event or node.for_compensation or scope.owner_kind == "adHocSubProcess":
        return False
    if node.event is not None and node.event.kind in ("link", "compensate"):
        return node.kind == "intermediateCatchEvent"
    if any(other.interrupting for other in scope.boundaries(node.id)):
        return False  # it may be meant to go on until an event ends it
    return any(other.kind == "endEvent" for other in scope.nodes.values())


def _attachment(node: Node, scope: Scope, book: Book) -> None:
    if node.kind != "boundaryEvent":
        return
    host = scope.nodes.get(node.attached_to or "")
    if host is None or host.kind not in ACTIVITIES:
        book.error(
            "boundary_host",
            node.id,
            f"{named(node)} is attached to {node.attached_to or 'nothing'}, which is no activity beside it.",
            "Drag the event onto the border of an activity.",
            host=node.attached_to,
        )


def _unreachable(scope: Scope, book: Book) -> None:
    following: dict[str, list[str]] = {ident: [] for ident in scope.nodes}
    for flow in scope.flows.values():
        if flow.source in following:
            following[flow.source].append(flow.target)
    _follow_links(scope, following)
    for node in scope.nodes.values():
        if node.attached_to in following:
            following[node.attached_to].append(node.id)
            following[node.attached_to].extend(node.handlers)
    seen: set[str] = set()
    stack = [node.id for node in _beginnings(scope)]
    while stack:
        ident = stack.pop()
        if ident in seen or ident not in following:
            continue
        seen.add(ident)
        stack.extend(following[ident])
    for node in scope.nodes.values():
        if node.id not in seen:
            book.error(
                "unreachable",
                node.id,
                f"No path from a start leads to {named(node)}.",
                "Connect it, or delete it.",
            )


def _follow_links(scope: Scope, following: dict[str, list[str]]) -> None:
    links = [node for node in scope.nodes.values() if node.event and node.event.kind == "link"]
    for one in links:
        if one.kind == "intermediateThrowEvent":
            following[one.id].extend(
                other.id
                for other in links
                if other.kind == "intermediateCatchEvent"
                and one.event
                and other.event
                and other.event.name == one.event.name
            )


def _beginnings(scope: Scope) -> list[Node]:
    starts = scope.starts()
    apart = [node for node in scope.nodes.values() if node.by_event]
    if starts and scope.owner_kind != "adHocSubProcess":
        return starts + apart + [node for node in scope.nodes.values() if node.instantiate]
    targets = {flow.target for flow in scope.flows.values()}
    return [
        node
        for node in scope.nodes.values()
        if node.id not in targets
        and node.kind != "boundaryEvent"
        and not node.for_compensation
        and not (node.event and node.event.kind == "link" and node.kind == "intermediateCatchEvent")
    ]
