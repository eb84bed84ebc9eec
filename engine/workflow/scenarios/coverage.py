"""Which nodes, flows and table rows a set of played scenarios went through, and which none did."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.workflow.scenarios.played import Played
from engine.workflow.scenarios.sources import Source
from engine.workflow.spiff.model import Flow, Node, Scope


@dataclass(frozen=True)
class Coverage:
    """Shares from 0 to 1 and what is missing, by id."""

    nodes: float
    flows: float
    missing_nodes: tuple[str, ...]
    missing_flows: tuple[str, ...]


def of(source: Source, played: Iterable[Played]) -> Coverage:
    """What the scenarios of a process cover of its own diagram; made-up nodes of the normaliser do not count."""
    entered, left, used = set[str](), set[str](), set[str]()
    for one in played:
        for moved in one.trace:
            (entered if moved.event == "enter" else left).add(moved.node)
            if moved.flow:
                used.add(moved.flow)
    scopes = list(source.program.scope.walk())
    nodes = [node for scope in scopes for node in scope.nodes.values() if not node.made]
    flows = [(flow, scope) for scope in scopes for flow in scope.flows.values() if not flow.made]
    missing_nodes = tuple(sorted(node.id for node in nodes if not _seen(node, entered, left)))
    missing_flows = tuple(sorted(flow.id for flow, scope in flows if not _used(flow, scope, used, entered, left)))
    return Coverage(_share(nodes, missing_nodes), _share(flows, missing_flows), missing_nodes, missing_flows)


def _seen(node: Node, entered: set[str], left: set[str]) -> bool:
    if node.by_event and node.inner is not None:
        return any(inner in entered for inner in node.inner.nodes)
    return node.id in entered or node.id in left


def _used(flow: Flow, scope: Scope, used: set[str], entered: set[str], left: set[str]) -> bool:
    if flow.id in used:
        return True
    # a join enters once for all that arrive, an event has no flow of its own: the only way out of a node was gone
    source = scope.nodes[flow.source]
    alone = len(source.outgoing) == 1 or source.kind == "eventBasedGateway"
    return alone and flow.source in left and flow.target in entered


def _share(whole: list[object] | list[Node] | list[tuple[Flow, Scope]], missing: tuple[str, ...]) -> float:
    return 1 - len(missing) / len(whole) if whole else 1.0
