"""Plays a scope without data, all its choices once: finds joins that wait for ever and tokens that multiply.

Only choices branch; what is independent is played in one order: BPMN's gateways are free-choice.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from engine.workflow.spiff.linter import merges
from engine.workflow.spiff.linter.book import Book, named
from engine.workflow.spiff.model import Diagram, Flow, Node, Scope
from engine.workflow.spiff.paths import depths, downstream, leading

MOST_MARKINGS = 20_000
_EVERY = 4  # choices with more flows are played with one flow at a time and with all
Marking = frozenset[tuple[str, int]]
Move = tuple[Marking, str | None]
"""Where the tokens stand after a step, and the node when it made several out of one."""


@dataclass(frozen=True)
class _Path:
    """A marking, those before it without a choice between, and the nodes that forked on the way, certainly or not."""

    marking: Marking
    forced: frozenset[Marking]
    forks: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()

    def to(self, marking: Marking, fork: str | None, *, forced: bool) -> "_Path | None":
        """The path one step on; None when a fork comes round while tokens of its last round may still be about."""
        if fork in self.forks and fork not in self.certain and len(marking) > 2:
            return None
        kept = forced and len(self.forced) < 200
        mine = frozenset({fork} if fork else ())
        before, certain = (self.forced, self.certain) if kept else (frozenset[Marking](), frozenset[str]())
        return _Path(marking, before | {marking}, self.forks | mine, certain | mine)

    def covers(self, other: Marking) -> bool:
        """Whether every token of the other marking is here too, and more."""
        here = dict(self.marking)
        return other != self.marking and all(here.get(flow, 0) >= count for flow, count in other)


def check(diagram: Diagram, book: Book) -> None:
    """Every scope of a normalised diagram."""
    for process in diagram.processes.values():
        for scope in process.walk():
            if scope.owner_kind != "adHocSubProcess":
                merges.check(scope, book)
                play = _Play(scope, book)
                for rounds_first in (False, True):  # what lingers outside a loop shows only when the loop is faster
                    play.run(rounds_first)


class _Play:
    def __init__(self, scope: Scope, book: Book) -> None:
        self.scope = scope
        self.book = book
        self.told: set[tuple[str, str]] = set()
        self.into = {flow.id: flow.target for flow in scope.flows.values() if flow.target in scope.nodes}
        self.rounds = {ident for ident, node in scope.nodes.items() if ident in downstream(node, scope)}
        self.order: dict[str, tuple[bool, int, str]] = {}
        self.depth = depths(scope)
        self.reach: dict[str, frozenset[str]] = {}
        self.beside: dict[str, list[Node]] = {}
        for node in scope.nodes.values():
            if node.attached_to and node.event and node.event.kind != "compensate":
                self.beside.setdefault(node.attached_to, []).append(node)
        self.returning = {node.id for node in self._sideways() if self._returns(node)}

    def _sideways(self) -> list[Node]:
        return [node for several in self.beside.values() for node in several if not node.interrupting]

    def _returns(self, boundary: Node) -> bool:
        """Whether what a non-interrupting event starts comes together with the path of its activity."""
        host = self.scope.nodes[boundary.attached_to or ""]
        return bool(downstream(boundary, self.scope) & downstream(host, self.scope))

    def run(self, rounds_first: bool) -> None:
        """Depth first over the markings; one that is forced and covers one before it on its path grows without end."""
        # the deepest token first: one branch is played to its join before the next begins, so choices do not multiply
        self.order = {
            flow: ((target in self.rounds) is not rounds_first, -self.depth.get(target, 0), flow)
            for flow, target in self.into.items()
        }
        stack = [_Path(first, frozenset({first})) for first in self._first()]
        seen = {path.marking for path in stack}
        while stack:
            path = stack.pop()
            ways = list(self._after(path.marking))
            for after, fork in ways:
                later = path.to(after, fork, forced=len(ways) == 1)
                if after in seen or later is None or self._multiplied(later):
                    continue
                seen.add(after)
                if len(seen) > MOST_MARKINGS:
                    self._say("too_tangled", self.scope.id)
                    return
                stack.append(later)

    def _first(self) -> list[Marking]:
        """The starts, and the side paths that stay apart: those are played by themselves."""
        apart = [node for node in self._sideways() if node.id not in self.returning]
        return [*self._begun(), *(self._leave(Counter(), [node]) for node in apart)]

    def _begun(self) -> list[Marking]:
        starts = self.scope.starts()
        if not starts:
            begin = [n for n in self.scope.nodes.values() if not n.incoming and n.attached_to is None]
            starts = [node for node in begin if not node.by_event and not node.for_compensation]
            return [self._leave(Counter(), starts)] if starts else []
        plain = [node for node in starts if not node.events]
        groups = ([plain] if plain else []) + [[node] for node in starts if node.events]
        groups += [[node] for node in self.scope.nodes.values() if node.instantiate and not node.incoming]
        return [self._leave(Counter(), group) for group in groups]

    def _leave(self, tokens: Counter[str], nodes: list[Node]) -> Marking:
        after = Counter(tokens)
        for node in nodes:
            after.update(flow.id for flow in node.outgoing)
        return frozenset(after.items())

    def _after(self, marking: Marking) -> Iterator[Move]:
        tokens = Counter(dict(marking))
        waiting: list[Node] = []
        for flow in sorted(tokens, key=lambda flow: self.order[flow]):
            node = self.scope.nodes[self.into[flow]]
            if node.kind == "parallelGateway" and len(node.incoming) > 1:
                if all(tokens[one.id] for one in node.incoming):
                    yield self._moved(
                        tokens, [one.id for one in node.incoming], [one.id for one in node.outgoing], node
                    )
                    return
                waiting.append(node)
            elif node.kind in ("inclusiveGateway", "complexGateway") and len(node.incoming) > 1:
                waiting.append(node)
            else:
                yield from self._through(tokens, flow, node)
                return
        if waiting:
            yield from self._released(tokens, waiting)

    def _through(self, tokens: Counter[str], flow: str, node: Node) -> Iterator[Move]:
        if node.event and node.kind == "endEvent" and node.event.kind in ("terminate", "error", "cancel"):
            return  # the rest of the scope goes with it
        for ways in _ways(node):
            yield self._moved(tokens, [flow], ways, node)
        for boundary in self.beside.get(node.id, ()):
            there = [one.id for one in boundary.outgoing]
            if boundary.interrupting:
                yield self._moved(tokens, [flow], there, boundary)
            elif boundary.id in self.returning:
                yield self._moved(tokens, [flow], there + [one.id for one in node.outgoing], boundary)

    def _released(self, tokens: Counter[str], waiting: list[Node]) -> Iterator[Move]:
        loose = [node for node in waiting if node.kind != "parallelGateway"]
        if not loose:
            for node in waiting:
                self._say("deadlock", node.id, missing=[one for one in node.incoming if not tokens[one.id]])
            return
        node = next((one for one in loose if not self._expects(one, waiting, tokens)), loose[0])
        taken = [one.id for one in node.incoming if tokens[one.id]]
        for ways in _ways(node):
            yield self._moved(tokens, taken, ways, node)

    def _expects(self, join: Node, waiting: list[Node], tokens: Counter[str]) -> bool:
        """Whether a token at another join may still come where none is, and not only where one is already."""
        for other in waiting:
            ways = {flow.id for flow in join.incoming if other.id in self._reach(flow, join)}
            if other is not join and ways and not any(tokens[flow] for flow in ways):
                return True
        return False

    def _reach(self, flow: Flow, join: Node) -> frozenset[str]:
        if flow.id not in self.reach:
            self.reach[flow.id] = leading(flow.source, join.id, self.scope)
        return self.reach[flow.id]

    def _moved(self, tokens: Counter[str], taken: list[str], given: list[str], node: Node) -> Move:
        after = Counter(tokens)
        after.subtract(taken)
        after.update(given)
        return frozenset((+after).items()), node.id if len(given) > 1 else None

    def _multiplied(self, path: "_Path") -> bool:
        twice = next((flow for flow, count in sorted(path.marking) if count > 1), None)
        if twice is None:
            return False
        if any(path.covers(marking) for marking in path.forced):
            self._say("tokens_grow", self.into[twice])
        return True

    def _say(self, code: str, element: str, *, missing: list[Flow] | None = None) -> None:
        if (code, element) in self.told:
            return
        self.told.add((code, element))
        node = self.scope.nodes.get(element)
        name = named(node) if node else named(self.scope)
        if code == "deadlock":
            sources = ", ".join(named(self.scope.nodes[flow.source]) for flow in missing or [])
            self.book.error(
                code,
                element,
                f"{name} can wait for ever: no token comes from {sources}.",
                "Join with the same kind of gateway as the branches were split, and let no branch end before.",
                missing=[flow.id for flow in missing or []],
            )
        elif code == "tokens_grow":
            self.book.error(
                code,
                element,
                f"Each round through {name} makes one more token, without end.",
                "Join the parallel branches before the path goes back.",
            )
        else:
            self.book.warning(
                code,
                element,
                f"{name} has too many combinations of choices to be checked for deadlocks.",
                "Move parts into subprocesses.",
                limit=MOST_MARKINGS,
            )


def _ways(node: Node) -> list[list[str]]:
    flows = [flow.id for flow in node.outgoing]
    if node.kind in ("exclusiveGateway", "eventBasedGateway"):
        return [[flow] for flow in flows] or [[]]
    if node.kind not in ("inclusiveGateway", "complexGateway") or len(flows) < 2:
        return [flows]
    always = [flow.id for flow in node.outgoing if flow.condition is None and flow.id != node.default]
    free = [flow for flow in flows if flow not in always and flow != node.default]
    sizes = range(0 if always else 1, len(free) + 1) if len(free) <= _EVERY else (1, len(free))
    several = [[*always, *chosen] for size in sizes for chosen in combinations(free, size)]
    return several + ([[node.default]] if node.default and not always else [])
