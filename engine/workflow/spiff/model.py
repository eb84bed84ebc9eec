"""What a diagram says, as plain objects: scopes, nodes, flows, events; built by `diagram`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.workflow.step import NodeSpec

ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    }
)
SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
GLOBAL_TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
"""Tasks that call activities share, and what they run as."""
NODES = ACTIVITIES | GATEWAYS | EVENTS


@dataclass(slots=True)
class Flow:
    """A sequence flow; `condition` is FEEL or None; `made` says that the normaliser drew it."""

    id: str
    source: str
    target: str
    condition: str | None = None
    made: bool = False


@dataclass(slots=True)
class EventDefinition:
    """What an event waits for or throws; `kind` is the tag without `EventDefinition`."""

    kind: str
    name: str | None = None  # of the message, signal, error, escalation or link
    code: str | None = None  # of an error or escalation; None catches all
    form: str | None = None  # of a timer: timeDate, timeDuration, timeCycle
    text: str | None = None  # of a timer or a condition
    activity: str | None = None  # what a compensation undoes; None for the whole scope
    broken: str | None = None  # a reference that leads nowhere


@dataclass(slots=True)
class Loop:
    """How often an activity runs: multi-instance (`standard` False) or standard loop."""

    standard: bool = False
    sequential: bool = False
    cardinality: str | None = None
    collection: str | None = None
    element: str | None = None
    result: str | None = None
    item: str | None = None
    condition: str | None = None
    behaviour: str = "All"
    thrown: tuple[tuple[str | None, EventDefinition], ...] = ()  # condition and event, looked at as instances finish
    maximum: str | None = None
    test_before: bool = False


@dataclass(slots=True)
class Node:
    """A flow node with everything the diagram says about it."""

    id: str
    kind: str
    said: NodeSpec
    events: tuple[EventDefinition, ...] = ()
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    loop: Loop | None = None
    inner: "Scope | None" = None
    called: str | None = None
    script: str | None = None
    script_format: str | None = None
    condition: str | None = None  # activation of a complex gateway, completion of an ad-hoc subprocess
    by_event: bool = False
    for_compensation: bool = False
    ordered: bool = False
    cancel_rest: bool = True
    parallel_multiple: bool = False
    instantiate: bool = False
    quantity: tuple[int, int] = (1, 1)  # startQuantity, completionQuantity
    handlers: tuple[str, ...] = ()  # of a compensation boundary: the activities it is associated with
    made: bool = False  # drawn by the normaliser
    y: float = 0.0

    @property
    def event(self) -> EventDefinition | None:
        """The only event definition, None for a plain event."""
        return self.events[0] if self.events else None


@dataclass(slots=True)
class Scope:
    """A process or the inside of a subprocess."""

    id: str
    process: str
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    parent: "Scope | None" = None
    owner: Node | None = None
    said: NodeSpec | None = None
    executable: bool = True
    name: str = ""

    @property
    def owner_kind(self) -> str:
        """The tag of what this is the inside of."""
        return self.owner.kind if self.owner else "process"

    def starts(self) -> list[Node]:
        """Its start events in the order of the file."""
        return [node for node in self.nodes.values() if node.kind == "startEvent"]

    def instantiating(self) -> list[Node]:
        """Receive tasks that begin an instance, and the events after an event gateway that does."""
        begin = [node for node in self.nodes.values() if node.instantiate and not self._led_to(node)]
        gateways = {node.id for node in begin if node.kind == "eventBasedGateway"}
        targets = {flow.target for flow in self.flows.values() if flow.source in gateways}
        return [node for node in begin if node.kind == "receiveTask"] + [
            self.nodes[i] for i in self.nodes if i in targets
        ]

    def _led_to(self, node: Node) -> bool:
        return any(flow.target == node.id for flow in self.flows.values())

    def boundaries(self, node_id: str) -> list[Node]:
        """The boundary events attached to a node."""
        return [node for node in self.nodes.values() if node.attached_to == node_id]

    def walk(self) -> "Iterator[Scope]":
        """This scope and every scope inside it."""
        yield self
        for node in self.nodes.values():
            if node.inner is not None:
                yield from node.inner.walk()


def works_outside(node: Node) -> bool:
    """Whether a program outside does what the node is there for."""
    operation = node.said.extension("operation")
    return operation is not None and bool(operation.attributes.get("topic"))


@dataclass(frozen=True, slots=True)
class Note:
    """What the linter is to say about an element that was written for another engine."""

    code: str
    severity: str
    element: str
    fields: Mapping[str, Any]


@dataclass(slots=True)
class Diagram:
    """A file: its processes, and references that it declares; `forms` are those that the diagram itself holds."""

    file: str
    processes: dict[str, Scope]
    notes: list[Note] = field(default_factory=list)
    forms: dict[str, bytes] = field(default_factory=dict)
    pools: dict[str, str] = field(default_factory=dict)  # participant → process
    message_flows: list[tuple[str, str]] = field(default_factory=list)
