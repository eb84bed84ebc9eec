"""Which nodes lead where in a normalised scope."""

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
