"""Which nodes lead where in a normalised scope."""

from collections import deque

from engine.workflow.spiff.model import Node, Scope


def downstream(node: Node, scope: Scope) -> set[str]:
    """Every node that a token from this one may come to."""
    found: set[str] = set()
    stack = [flow.target for flow in node.outgoing]
    while stack:
        ident = stack.pop()
        if ident not in found:
            found.add(ident)
            stack.extend(flow.target for flow in scope.nodes[ident].outgoing)
    return found


def depths(scope: Scope) -> dict[str, int]:
    """How many flows each node is away from where tokens begin; events at an activity count from there."""
    found = {node.id: 0 for node in scope.nodes.values() if not node.incoming and not node.attached_to}
    queue = deque(found)
    while queue:
        ident = queue.popleft()
        beside = [boundary.id for boundary in scope.boundaries(ident)]
        for after in [flow.target for flow in scope.nodes[ident].outgoing] + beside:
            if after not in found:
                found[after] = found[ident] + 1
                queue.append(after)
    return found


def leading(source: str, avoided: str, scope: Scope) -> frozenset[str]:
    """The nodes from which a token can come to `source` without passing the avoided node."""
    found: set[str] = set()
    stack = [source]
    while stack:
        ident = stack.pop()
        if ident in found or ident == avoided or ident not in scope.nodes:
            continue
        found.add(ident)
        node = scope.nodes[ident]
        stack.extend(flow.source for flow in node.incoming)
        if node.attached_to:
            stack.append(node.attached_to)
    return frozenset(found)
