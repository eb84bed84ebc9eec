"""Nesting that explodes: how many tokens a diagram makes at once where it says so in numbers."""

from collections import Counter
from dataclasses import dataclass

from engine.workflow.spiff.linter.book import Book, named
from engine.workflow.spiff.model import ACTIVITIES, Diagram, Node, Scope
from engine.workflow.spiff.nodes.loops import MAX_INSTANCES, MAX_TOKENS

_ENOUGH = MAX_TOKENS * 1_000  # beyond it the number itself does not matter any more


@dataclass(frozen=True)
class _Most:
    """The node with the most tokens at once, and how many."""

    count: int
    node: Node | None = None

    def times(self, factor: int) -> "_Most":
        return _Most(min(self.count * factor, _ENOUGH), self.node)


def check(diagram: Diagram, book: Book) -> None:
    """Every process of a diagram that is not normalised yet."""
    for process in diagram.processes.values():
        most = _Count(diagram).of(process)
        if most.count > MAX_TOKENS and most.node is not None:
            book.error(
                "explosive",
                most.node.id,
                f"{named(most.node)} may run {most.count} times at once; at most {MAX_TOKENS} tokens are run.",
                "Lower the numbers, or let the instances run one after the other.",
                count=most.count,
                limit=MAX_TOKENS,
            )
        for scope in process.walk():
            for node in scope.nodes.values():
                if _instances(node) > MAX_INSTANCES:
                    book.error(
                        "too_many_instances",
                        node.id,
                        f"{named(node)} has {_instances(node)} instances; at most {MAX_INSTANCES} are run.",
                        "Lower the number, or split the work.",
                        count=_instances(node),
                        limit=MAX_INSTANCES,
                    )


class _Count:
    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.busy: set[int] = set()

    def of(self, scope: Scope) -> _Most:
        """The most in a scope for one token that enters it; a call that comes round counts once."""
        if id(scope) in self.busy:
            return _Most(1)
        self.busy.add(id(scope))
        arriving = _arriving(scope)
        activities = (node for node in scope.nodes.values() if node.kind in ACTIVITIES)
        found = [self._node(node).times(arriving[node.id]) for node in activities]
        self.busy.discard(id(scope))
        return max(found, key=lambda most: most.count, default=_Most(1))

    def _node(self, node: Node) -> _Most:
        inner = node.inner or self.diagram.processes.get(node.called or "")
        parallel = node.loop is not None and not node.loop.sequential
        factor = min(_instances(node), MAX_INSTANCES) if parallel else 1
        deepest = self.of(inner) if inner is not None else _Most(1, node)
        return _Most(deepest.count, deepest.node or node).times(max(factor, 1))


def _arriving(scope: Scope) -> dict[str, int]:
    """How many tokens come to each node for one that enters the scope: what quantities before it multiply, no loops."""
    come = dict.fromkeys(scope.nodes, 1)
    if all(node.quantity == (1, 1) for node in scope.nodes.values()):
        return come
    flows = [flow for flow in scope.flows.values() if flow.source in come and flow.target in come]
    open_flows = Counter(flow.target for flow in flows)
    ready = [ident for ident in come if not open_flows[ident]]
    for ident in ready:
        needed, given = scope.nodes[ident].quantity
        leaving = min(max(come[ident] // max(needed, 1), 1) * max(given, 1), _ENOUGH)
        for flow in flows:
            if flow.source == ident:
                come[flow.target] = max(come[flow.target], leaving)
                open_flows[flow.target] -= 1
                if not open_flows[flow.target]:
                    ready.append(flow.target)
    return {ident: max(count // max(scope.nodes[ident].quantity[0], 1), 1) for ident, count in come.items()}


def _instances(node: Node) -> int:
    said = node.loop.cardinality if node.loop is not None else None
    return int(said) if said is not None and said.isascii() and said.isdigit() else 1
