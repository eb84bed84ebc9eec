"""Finds for each token of a state the node of the new version that it will stand at, and says where there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.kernel.findings import Finding
from engine.workflow.spiff.migration import places
from engine.workflow.spiff.migration.reasons import reason
from engine.workflow.spiff.nodes.activities import OpenNode
from engine.workflow.spiff.nodes.base import BpmnNode, Inside
from engine.workflow.spiff.nodes.events import Catching
from engine.workflow.spiff.nodes.loops import Repeating
from engine.workflow.spiff.nodes.scopes import CallActivity
from engine.workflow.spiff.programs import Program
from engine.workflow.spiff.tokens import Token

Named = Mapping[str, str]
"""Addresses of the old version to addresses of the new; what is not named keeps its own."""


@dataclass
class Targets:
    """Where the tokens of one state go; `of` holds the new node by token id, for all but what only listens."""

    old: Program
    new: Program
    mapping: Named
    of: dict[str, BpmnNode] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def settle(self, token: Token, spec: BpmnNode) -> None:
        """The token will stand at that node; what stands inside it is looked at in turn."""
        self.of[token.id] = spec
        if "undo" in token.memory:
            self.note("compensating", token.task_spec)
            return
        self._remembered(token, spec)
        for child in token.children:
            if not child.listening:
                self._child(token, spec, child)

    def note(self, code: str, spec: BpmnNode, **fields: str) -> None:
        """Remember why not, once for each node."""
        found = reason(code, spec.node.said, **fields)
        if found not in self.findings:
            self.findings.append(found)

    def named(self, spec: BpmnNode) -> str:
        """The id that the new version has for a node of the old, in its own process."""
        return places.local(places.mapped(places.address(self.old, spec), self.mapping))

    def _child(self, parent: Token, there: BpmnNode, child: Token) -> None:
        if isinstance(parent.task_spec, Repeating):
            spec: BpmnNode | None = there.child
        else:
            spec = self._find(child.task_spec, there.inside)
        if spec is not None and self._fits(child.task_spec, spec, standing=True):
            self.settle(child, spec)

    def _find(self, old: BpmnNode, inside: Inside | None) -> BpmnNode | None:
        name = self.named(old)
        found: BpmnNode | None = inside.task_specs.get(name) if inside is not None else None
        if found is None:
            elsewhere = any(places.local(each) == name for each in self.new.named)
            self.note("other_scope" if elsewhere else "target_missing", old, target=name)
        return found

    def _fits(self, old: BpmnNode, new: BpmnNode, *, standing: bool) -> bool:
        for differs in _DIFFERENCES:
            found = differs(old, new)
            if found is not None:
                code, before, after = found
                self.note(code, old, target=new.node.said.name or new.node.id, before=before, after=after)
                return False
        return standing

    def _remembered(self, token: Token, spec: BpmnNode) -> None:
        """What a scope remembers by node: what can be undone, late branches, what is left to do."""
        if token.task_spec.inside is None or spec.inside is None:
            return
        self._undoable(token.memory.get("done", ()), token.task_spec.inside.program, spec.inside.program)
        for name, flows in token.memory.get("late", {}).items():
            old = token.task_spec.inside.task_specs[name]
            new = spec.inside.task_specs.get(self.named(old))
            if new is None or not set(flows) <= {flow.id for flow in new.node.incoming}:
                self.note("join_flows", old)
        for name in token.memory.get("rest", ()):
            self._find(token.task_spec.inside.task_specs[name], spec.inside)

    def _undoable(self, done: list[list[object]], old: Program, new: Program) -> None:
        for ident, *inner in done:
            before = old.specs[str(ident)]
            after = new.specs.get(self.named(before))
            if after is None or (before.undone_by is not None and after.undone_by is None):
                self.note("undo_lost", before)
            elif inner:
                self._undoable(inner[0], old, new)  # type: ignore[arg-type]  # records are nested lists


Difference = tuple[str, str, str]


def _type(old: BpmnNode, new: BpmnNode) -> Difference | None:
    if isinstance(old, Repeating) != isinstance(new, Repeating):
        return "repetition", "", ""
    if type(old) is type(new) and old.node.kind == new.node.kind:
        return None
    return "other_type", old.node.said.kind, new.node.said.kind


def _loop(old: BpmnNode, new: BpmnNode) -> Difference | None:
    if not isinstance(old, Repeating) or not isinstance(new, Repeating):
        return None
    same = [
        (
            each.loop.standard,
            each.loop.sequential,
            each.loop.element,
            each.loop.result,
            each.loop.item,
            type(each.child),
        )
        for each in (old, new)
    ]
    return None if same[0] == same[1] else ("repetition", "", "")


def _task(old: BpmnNode, new: BpmnNode) -> Difference | None:
    if not isinstance(old, OpenNode):
        return None
    before, after = (_kind(each) for each in (old, new))
    return None if before == after else ("other_task", before, after)


def _event(old: BpmnNode, new: BpmnNode) -> Difference | None:
    if not isinstance(old, Catching) or old.attached:
        return None
    before, after = (" + ".join(event.kind for event in each.node.events) for each in (old, new))
    return None if before == after else ("other_event", before, after)


def _called(old: BpmnNode, new: BpmnNode) -> Difference | None:
    if not isinstance(old, CallActivity) or old.node.called == new.node.called:
        return None
    return "other_called", old.node.called or "", new.node.called or ""


_DIFFERENCES: tuple[Callable[[BpmnNode, BpmnNode], Difference | None], ...] = (_type, _loop, _task, _event, _called)


def _kind(spec: BpmnNode) -> str:
    node = spec.extension("node")
    return str(node.attributes.get("kind") or "act") if node else "act"
