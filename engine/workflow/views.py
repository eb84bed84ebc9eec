"""What use-cases of the workflow give out: frozen pictures of instances, tasks and incidents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.workflow.step import NodeSpec


@dataclass(frozen=True)
class DefinitionView:
    """A deployed version of a process; `status` is `active`, `inactive` or `retired`."""

    id: int
    key: str
    version: int
    sha256: str
    name: str
    status: str
    deployed_at: datetime
    deployed_by: int | None


@dataclass(frozen=True)
class InstanceView:
    """One run of a definition; `status` is `running`, `suspended`, `completed`, `terminated` or `cancelled`."""

    id: int
    key: str
    definition_id: int
    business_key: str | None
    title: str
    subject: str | None
    starter: int | None
    status: str
    priority: int
    incidents: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class TaskView:
    """A place where people (or, with `topic`, a program outside) act; `status` is `open`, `completed` or `cancelled`.

    `spec` is the node as the instance's own version draws it; `options` are the evaluated attributes of `lf:node`.
    """

    id: int
    instance: InstanceView
    token: str
    spec: NodeSpec
    name: str
    kind: str
    form: str | None
    page: str | None
    topic: str | None
    options: Mapping[str, Any]
    index: int | None
    priority: int
    status: str
    due_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: int | None = None

    @property
    def node(self) -> str:
        """The id of the node in the diagram."""
        return self.spec.id


@dataclass(frozen=True)
class TimerView:
    """A moment that an instance waits for; `kind` is the machine's, or `remind`, `deadline`, `escalate` of a task."""

    id: int
    instance_id: int
    task_id: int | None
    node: str
    kind: str
    seq: int
    due_at: datetime
    state: str


@dataclass(frozen=True)
class IncidentView:
    """Something failed at a node and waits to be mended and retried."""

    id: int
    instance_id: int
    node: str
    name: str
    code: str
    message: str
    fields: Mapping[str, Any]
    status: str
    opened_at: datetime
