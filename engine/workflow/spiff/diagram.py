"""Builds the model of a diagram from its XML, exactly as drawn; the normaliser comes after."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from lxml import etree

from engine.workflow.spiff import events, extensions, foreign
from engine.workflow.spiff.model import GLOBAL_TASKS, NODES, SCOPES, Diagram, EventDefinition, Flow, Loop, Node, Scope
from engine.workflow.spiff.reader import BPMN, children, tag, text
from engine.workflow.step import NodeSpec

_DC = "http://www.omg.org/spec/DD/20100524/DC"
_THROWN = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"


def build(root: etree._Element, file: str = "") -> Diagram:
    """The model of everything in the file; unknown elements are left out.

    The tree is rewritten where another engine's words mean the same as ours.
    """
    reading = foreign.translate(root)
    declared = events.declared(root)
    places = _places(root)
    diagram = Diagram(file, {}, reading.notes, reading.forms)
    for element in children(root, "process"):
        scope = _scope(element, str(element.get("id", "")), None, _Surroundings(declared, places, _lanes(element)))
        scope.executable = element.get("isExecutable", "").strip() == "true"
        diagram.processes[scope.id] = scope
    for name, kind in GLOBAL_TASKS.items():
        for element in children(root, name):
            diagram.processes[str(element.get("id", ""))] = _task_alone(element, kind, declared)
    for collaboration in children(root, "collaboration"):
        for pool in children(collaboration, "participant"):
            if pool.get("processRef"):
                diagram.pools[str(pool.get("id"))] = _local(str(pool.get("processRef")))
        for flow in children(collaboration, "messageFlow"):
            diagram.message_flows.append((str(flow.get("sourceRef")), str(flow.get("targetRef"))))
    return diagram


def _task_alone(element: etree._Element, kind: str, declared: events.Declared) -> Scope:
    """A global task as a process of one task, which call activities call."""
    ident = str(element.get("id", ""))
    scope = Scope(ident, ident, name=str(element.get("name", "")), executable=False)
    scope.said = _said(element, "process", ident, None)
    node = _node(element, scope, _Surroundings(declared, {}, {}))
    node.kind, node.said = kind, replace(node.said, id=f"{ident}.task", kind=kind)
    node.id = node.said.id
    scope.nodes[node.id] = node
    return scope


class _Surroundings:
    """What every node of one process may look up."""

    def __init__(self, declared: events.Declared, places: dict[str, float], lanes: dict[str, str]) -> None:
        self.declared = declared
        self.places = places
        self.lanes = lanes


def _scope(element: etree._Element, process: str, parent: Scope | None, around: _Surroundings) -> Scope:
    scope = Scope(str(element.get("id", "")), process, parent=parent, name=str(element.get("name", "")))
    scope.said = _said(element, tag(element), process, None)
    for child in element:
        if tag(child) in NODES and etree.QName(child).namespace == BPMN:
            node = _node(child, scope, around)
            scope.nodes[node.id] = node
    for child in children(element, "sequenceFlow"):
        flow = Flow(
            str(child.get("id", "")),
            str(child.get("sourceRef", "")),
            str(child.get("targetRef", "")),
            feel(text(child, "conditionExpression")),
        )
        scope.flows[flow.id] = flow
    _associate(element, scope)
    return scope


def connect(scope: Scope, order: dict[str, list[str]] | None = None) -> None:
    """Hang each flow on its nodes; flows that lead nowhere are left to the linter."""
    for node in scope.nodes.values():
        node.incoming, node.outgoing = [], []
    for flow in scope.flows.values():
        if flow.source in scope.nodes and flow.target in scope.nodes:
            scope.nodes[flow.source].outgoing.append(flow)
            scope.nodes[flow.target].incoming.append(flow)


def _node(element: etree._Element, scope: Scope, around: _Surroundings) -> Node:
    kind, ident = tag(element), str(element.get("id", ""))
    node = Node(ident, kind, _said(element, kind, scope.process, around.lanes.get(ident)))
    node.events = events.definitions(element, around.declared)
    node.default = element.get("default")
    node.attached_to = element.get("attachedToRef")
    node.interrupting = _flag(element, "cancelActivity", True) and _flag(element, "isInterrupting", True)
    node.loop = _loop(element, around)
    node.called = _local(element.get("calledElement") or "") or None
    node.script, node.script_format = text(element, "script"), element.get("scriptFormat")
    node.condition = feel(text(element, "activationCondition") or text(element, "completionCondition"))
    node.by_event = _flag(element, "triggeredByEvent", False)
    node.for_compensation = _flag(element, "isForCompensation", False)
    node.ordered = element.get("ordering") == "Sequential"
    node.cancel_rest = _flag(element, "cancelRemainingInstances", True)
    node.parallel_multiple = _flag(element, "parallelMultiple", False)
    node.instantiate = _flag(element, "instantiate", False)
    node.quantity = (_count(element, "startQuantity"), _count(element, "completionQuantity"))
    node.y = around.places.get(ident, 0.0)
    if kind in SCOPES:
        node.inner = _scope(element, scope.process, scope, around)
        node.inner.owner = node
    return node


def _said(element: etree._Element, kind: str, process: str, lane: str | None) -> NodeSpec:
    return NodeSpec(
        id=str(element.get("id", "")),
        name=str(element.get("name", "")),
        kind=kind,
        process=process,
        lane=lane,
        documentation=text(element, "documentation") or "",
        extensions=extensions.parse(element),
    )


def _loop(element: etree._Element, around: _Surroundings) -> Loop | None:
    standard = element.find(f"{{{BPMN}}}standardLoopCharacteristics")
    if standard is not None:
        return Loop(
            standard=True,
            sequential=True,
            condition=feel(text(standard, "loopCondition")),
            maximum=standard.get("loopMaximum"),
            test_before=_flag(standard, "testBefore", False),
        )
    several = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if several is None:
        return None
    return Loop(
        sequential=_flag(several, "isSequential", False),
        cardinality=feel(text(several, "loopCardinality")),
        collection=feel(extensions.attribute(several, "collection") or text(several, "loopDataInputRef")),
        element=extensions.attribute(several, "element") or _item(several, "inputDataItem"),
        result=extensions.attribute(several, "result") or text(several, "loopDataOutputRef"),
        item=_item(several, "outputDataItem"),
        condition=feel(text(several, "completionCondition")),
        behaviour=several.get("behavior", "All"),
        thrown=_thrown(several, around.declared),
    )


def _thrown(several: etree._Element, declared: events.Declared) -> tuple[tuple[str | None, EventDefinition], ...]:
    """What finished instances throw: one event, or those of the complex behaviour with their conditions."""
    behaviour = several.get("behavior", "All")
    if behaviour == "Complex":
        return tuple(
            (feel(text(one, "condition")), event)
            for one in children(several, "complexBehaviorDefinition")
            for thrown in children(one, "event")
            for event in events.definitions(thrown, declared)
        )
    event = events.referred(several.get(_THROWN.get(behaviour, "no")), declared)
    return () if event is None else ((None, event),)


def _item(element: etree._Element, name: str) -> str | None:
    found = element.find(f"{{{BPMN}}}{name}")
    return None if found is None else found.get("name") or found.get("id")


def _lanes(process: etree._Element) -> dict[str, str]:
    names: dict[str, str] = {}
    for lane in process.iter(f"{{{BPMN}}}lane"):  # inner lanes come later and win
        for reference in children(lane, "flowNodeRef"):
            names[(reference.text or "").strip()] = str(lane.get("name") or lane.get("id") or "")
    return names


def _places(root: etree._Element) -> dict[str, float]:
    heights: dict[str, float] = {}
    for shape in root.iter(f"{{{_DI}}}BPMNShape"):
        bounds = shape.find(f"{{{_DC}}}Bounds")
        if bounds is not None:
            with suppress(ValueError):
                heights[str(shape.get("bpmnElement"))] = float(bounds.get("y", 0))
    return heights


def _associate(element: etree._Element, scope: Scope) -> None:
    for association in children(element, "association"):
        source, target = scope.nodes.get(str(association.get("sourceRef"))), str(association.get("targetRef"))
        if source is not None and target in scope.nodes and source.kind == "boundaryEvent":
            source.handlers = (*source.handlers, target)


def _flag(element: etree._Element, name: str, default: bool) -> bool:
    return default if element.get(name) is None else str(element.get(name)).strip().lower() == "true"


def _count(element: etree._Element, name: str) -> int:
    """A number of tokens; what is no number is 0, which the linter refuses."""
    written = element.get(name, "1")
    return int(written) if written.isascii() and written.isdigit() else 0


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1].strip()


def feel(written: str | None) -> str | None:
    """A FEEL text without the leading `=` that other tools write; None when it is blank."""
    if written is None:
        return None
    stripped = written.strip()
    return (stripped[1:].strip() if stripped.startswith("=") else stripped) or None


def meant(diagram: Diagram, key: str | None) -> dict[str, Scope]:
    """The processes that are to run: executable ones and `key`, with what they call; all when there is none."""
    wanted = [ident for ident, scope in diagram.processes.items() if scope.executable or ident == key]
    for ident in wanted:
        for scope in diagram.processes[ident].walk():
            called = {node.called for node in scope.nodes.values()} & diagram.processes.keys()
            wanted.extend(str(other) for other in called if other not in wanted)
    return {ident: scope for ident, scope in diagram.processes.items() if ident in wanted} or diagram.processes


def every_node(diagram: Diagram) -> Iterable[Node]:
    """All nodes of all scopes of the file."""
    for process in diagram.processes.values():
        for scope in process.walk():
            yield from scope.nodes.values()
