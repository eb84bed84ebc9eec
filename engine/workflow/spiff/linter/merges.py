"""Parallel branches that come together without a join: what follows runs once for each of them."""

from engine.workflow.spiff.linter.book import Book, named
from engine.workflow.spiff.model import GATEWAYS, Node, Scope
from engine.workflow.spiff.paths import downstream

_JOINS = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway", "collect"})
_FORKS = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})


def check(scope: Scope, book: Book) -> None:
    """Every merge of branches of one fork in a normalised scope."""
    told: set[str] = set()
    for fork, branches in _forks(scope):
        reached = [_reach(first, fork, scope) for first in branches]
        for node in scope.nodes.values():
            if node.id not in told and _merges(node, fork, reached, scope):
                told.add(node.id)
                book.warning(
                    "multi_merge",
                    node.said.id,
                    f"{named(node)} may run once for each of several parallel branches that merge there.",
                    "Join the branches with a parallel or inclusive gateway if it is to run once.",
                )


def _forks(scope: Scope) -> list[tuple[Node, list[list[str]]]]:
    """Nodes that make several tokens, with the first nodes of each of their branches."""
    found = []
    for node in scope.nodes.values():
        if node.kind in _FORKS and len(node.outgoing) > 1 and not node.made:
            found.append((node, [[flow.target] for flow in node.outgoing]))
        beside = [one for one in scope.boundaries(node.id) if not one.interrupting]
        if beside:
            several = [[flow.target for flow in one.outgoing] for one in (node, *beside)]
            found.append((node, several))
    return found


def _reach(first: list[str], fork: Node, scope: Scope) -> set[str]:
    """Where a branch comes to before it is joined or begins anew."""
    found: set[str] = set()
    stack = list(first)
    while stack:
        ident = stack.pop()
        node = scope.nodes[ident]
        if ident in found or node is fork or _joins(node):
            continue
        found.add(ident)
        stack.extend(flow.target for flow in node.outgoing)
        # what a reminder starts is meant to run each time
        stack.extend(boundary.id for boundary in scope.boundaries(ident) if boundary.interrupting)
    return found


def _merges(node: Node, fork: Node, reached: list[set[str]], scope: Scope) -> bool:
    """Whether two branches come in here on flows of their own and something is still to be done."""
    if len(node.incoming) < 2 or _joins(node) or node.kind == "endEvent":
        return False
    sources = [{flow.id for flow in node.incoming if flow.source in reach} for reach in reached if node.id in reach]
    own = [flows for flows in sources if flows]
    if len(own) < 2 or all(flows == own[0] for flows in own):
        return False
    later = [scope.nodes[ident] for ident in downstream(node, scope) | {node.id}]
    return any(one.kind not in GATEWAYS and one.kind != "endEvent" for one in later)


def _joins(node: Node) -> bool:
    return node.kind in _JOINS and len(node.incoming) > 1
