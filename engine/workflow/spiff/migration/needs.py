"""Data that the new version reads and an instance of the old one may lack."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from engine.decisions import feel
from engine.decisions.feel import FeelError
from engine.workflow.spiff import branches, expressions
from engine.workflow.spiff.migration.targets import Targets
from engine.workflow.spiff.model import Node, Scope
from engine.workflow.spiff.nodes.activities import OUTCOME
from engine.workflow.spiff.paths import downstream
from engine.workflow.spiff.programs import Program
from engine.workflow.spiff.run import Run
from engine.workflow.spiff.tokens import Token

_OPEN_ENDED = frozenset({"userTask", "manualTask", "serviceTask", "businessRuleTask", "callActivity", "receiveTask"})


def check(run: Run, targets: Targets) -> None:
    """Warn of variables that only the new version reads, that the process lacks and nothing ahead sets."""
    known = {name for scope in targets.old.scope.walk() for node in scope.nodes.values() for name in reads(node)}
    there = branches.view(run.within(run.root), run.root).keys()
    ahead = {node.id: node for node in _ahead(run.within(run.root), targets)}
    open_ended = [node for node in ahead.values() if _sets_anything(node, targets.new)]
    unforeseen = {after for node in open_ended for after in _after(node, targets)}
    given = {name for node in ahead.values() for name in _sets(node)} | there | known
    for ident in sorted(ahead.keys() - unforeseen):
        for name in sorted(reads(ahead[ident]) - given):
            targets.note("data_missing", targets.new.specs[ident], variable=name)


def _after(node: Node, targets: Targets) -> set[str]:
    scope: Scope = targets.new.specs[node.id]._wf_spec.scope
    return downstream(node, scope)


def reads(node: Node) -> frozenset[str]:
    """The variables that a node and the flows out of it read."""
    return frozenset(name for text in _texts(node) for name in _names(text))


def _texts(node: Node) -> Iterator[str]:
    yield from (flow.condition for flow in node.outgoing if flow.condition)
    yield from (event.text.removeprefix("=") for event in node.events if event.kind == "conditional" and event.text)
    yield from (
        event.text[1:] for event in node.events if event.kind == "timer" and event.text and event.text[0] == "="
    )
    if node.loop is not None:
        yield from (text for text in (node.loop.collection, node.loop.cardinality) if text)
    for extension in node.said.extensions:
        if extension.name != "output":
            yield from (value[1:] for value in extension.attributes.values() if value.startswith("="))


@lru_cache(maxsize=4096)
def _names(text: str) -> frozenset[str]:
    try:
        return feel.compile(text, functions=expressions.HOST_FUNCTIONS).names
    except FeelError:
        return frozenset()


def _sets(node: Node) -> Iterator[str]:
    for extension in node.said.extensions:
        if extension.name in ("input", "output"):
            yield extension.attributes.get("name", "")
        if extension.name == "decision":
            yield extension.attributes.get("result", "")
        if extension.name == "node":
            yield extension.attributes.get("variable", OUTCOME)
    if node.loop is not None:
        yield from (name for name in (node.loop.element, node.loop.result, "loopCounter") if name)
    for name, _ in expressions.assignments(node.script) if node.script else ():
        yield name


def _sets_anything(node: Node, program: Program) -> bool:
    """Whether nobody can tell which variables the node brings: an answer without a form, a result taken whole."""
    if node.kind not in _OPEN_ENDED or any(each.name == "output" for each in node.said.extensions):
        return False
    decision = node.said.extension("decision")
    if decision is not None and decision.attributes.get("result"):
        return False
    if node.kind == "serviceTask":
        return node.said.extension("operation") is not None
    return getattr(program.specs[node.id], "fields", None) is None


def _ahead(standing: Iterable[Token], targets: Targets) -> Iterator[Node]:
    for token in standing:
        spec = targets.of.get(token.id)
        if spec is None:
            continue
        scope: Scope = spec._wf_spec.scope
        reached = (
            {spec.node.id, *downstream(scope.nodes[spec.node.id], scope)} if spec.node.id in scope.nodes else set()
        )
        for ident in reached | {each.id for node in reached for each in scope.boundaries(node)}:
            yield scope.nodes[ident]
