"""What one run of a process tells: the words between the machine (moves tokens) and the runner (keeps rows)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from engine.decisions.feel import HostFunction


class Outcome(StrEnum):
    """How an instance stands after a step."""

    WAITING = "waiting"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    INCIDENT = "incident"


@dataclass(frozen=True)
class Extension:
    """One `lf:` element of a node: its local name and attributes; nested elements as children.

    An attribute whose text starts with `=` is a FEEL expression, anything else is a literal.
    """

    name: str
    attributes: Mapping[str, str]
    children: tuple["Extension", ...] = ()


@dataclass(frozen=True)
class NodeSpec:
    """A flow node as the diagram declares it; `kind` is the BPMN tag (`userTask`, `serviceTask`, …)."""

    id: str
    name: str
    kind: str
    process: str
    lane: str | None = None
    documentation: str = ""
    extensions: tuple[Extension, ...] = ()

    def extension(self, name: str) -> Extension | None:
        """The first extension element of that local name."""
        return next((found for found in self.extensions if found.name == name), None)


@dataclass(frozen=True)
class OpenTask:
    """A token that waits for people (user or manual task) or for an outside worker (service task with a topic)."""

    token: str
    node: NodeSpec
    data: Mapping[str, Any]
    index: int | None = None  # of a multi-instance, from 0


@dataclass(frozen=True)
class ArmedTimer:
    """A token that waits for a moment; `seq` counts the occurrences of a cycle from 0."""

    token: str
    node: NodeSpec
    kind: str  # "boundary", "intermediate", "eventSubprocess"
    seq: int
    due: datetime


@dataclass(frozen=True)
class Waiting:
    """A token that waits for a message or a signal; `key` is the evaluated correlation key, None for any."""

    token: str
    node: NodeSpec
    kind: str  # "message", "signal"
    name: str
    key: str | None = None


@dataclass(frozen=True)
class Moved:
    """A token entered, left or was cancelled at a node: one line of the trace."""

    node: str
    event: str  # "enter", "leave", "cancel"
    at: datetime
    index: int | None = None
    flow: str | None = None  # on "enter": the sequence flow that it came by


@dataclass(frozen=True)
class Thrown:
    """A message or signal that the process sent during the step; a signal has reached the waits of this instance."""

    kind: str
    name: str
    key: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Failed:
    """A node whose operation, decision or expression failed; its token stays there until it is retried."""

    token: str
    node: NodeSpec
    code: str
    message: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """Everything that is true after a run: the complete sets of what is open, armed and awaited, and what moved."""

    outcome: Outcome
    state: bytes
    data: Mapping[str, Any]
    open: tuple[OpenTask, ...] = ()
    timers: tuple[ArmedTimer, ...] = ()
    waits: tuple[Waiting, ...] = ()
    failures: tuple[Failed, ...] = ()
    moved: tuple[Moved, ...] = ()
    thrown: tuple[Thrown, ...] = ()


@dataclass(frozen=True)
class OperationCall:
    """A service task asks for its operation; `inputs` are the evaluated `lf:input` values (without any: all data)."""

    name: str
    node: NodeSpec
    token: str
    inputs: Mapping[str, Any]


class Ports(Protocol):
    """What the machine asks its surroundings for while it runs."""

    @property
    def now(self) -> datetime: ...

    @property
    def functions(self) -> Mapping[str, HostFunction]:
        """Functions that expressions may call besides FEEL's own, such as `due_in("2wd")`."""
        ...

    def perform(self, call: OperationCall) -> Mapping[str, Any]:
        """Run the operation; its result is read by `lf:output` (all of it is merged where there is none)."""
        ...

    def decide(self, table: str, decision: str | None, data: Mapping[str, Any]) -> Any:
        """Evaluate a decision table of the definition's folder."""
        ...


@dataclass(frozen=True)
class Answer:
    """What completes an open task: values of declared fields, and the outcome of an approval node where it has one."""

    values: Mapping[str, Any] = field(default_factory=dict)
