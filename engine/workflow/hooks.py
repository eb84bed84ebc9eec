"""What the floors above are told while an instance moves, inside the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.kernel.work import Work
from engine.workflow.views import InstanceView, TaskView

if TYPE_CHECKING:
    from engine.workflow.engine import Engine


class Listener:
    """Hears what happens; a floor overrides what it cares for. What it raises rolls the whole step back."""

    def task_opened(self, engine: Engine, work: Work, task: TaskView, data: Mapping[str, Any]) -> None:
        """A task was opened; `data` is what its token sees."""

    def task_closed(self, engine: Engine, work: Work, task: TaskView, reason: str) -> None:
        """A task ended: `completed`, or `cancelled` when the process moved on without it."""

    def deadline(self, engine: Engine, work: Work, task: TaskView, kind: str) -> None:
        """A moment of the task's limit has come: `remind`, `deadline` or `escalate`; the task is open."""

    def task_moved(self, engine: Engine, work: Work, task: TaskView, due: datetime) -> None:
        """An open task is due at another moment than `task.due_at`: the calendar changed."""

    def instance_migrated(
        self,
        engine: Engine,
        work: Work,
        instance: InstanceView,
        tasks: tuple[TaskView, ...],
        renamed: Mapping[str, str],
    ) -> None:
        """An instance has another version; `tasks` show otherwise now, nodes in `renamed` have other ids."""

    def instance_ended(self, engine: Engine, work: Work, instance: InstanceView, outcome: str) -> None:
        """An instance is over: `completed`, `terminated` or `cancelled`."""


@dataclass(frozen=True)
class Hooks:
    """All listeners, told in the order in which they were added."""

    listeners: list[Listener] = field(default_factory=list)

    def add(self, listener: Listener) -> None:
        self.listeners.append(listener)

    def task_opened(self, engine: Engine, work: Work, task: TaskView, data: Mapping[str, Any]) -> None:
        for listener in self.listeners:
            listener.task_opened(engine, work, task, data)

    def task_closed(self, engine: Engine, work: Work, task: TaskView, reason: str) -> None:
        for listener in self.listeners:
            listener.task_closed(engine, work, task, reason)

    def deadline(self, engine: Engine, work: Work, task: TaskView, kind: str) -> None:
        for listener in self.listeners:
            listener.deadline(engine, work, task, kind)

    def task_moved(self, engine: Engine, work: Work, task: TaskView, due: datetime) -> None:
        for listener in self.listeners:
            listener.task_moved(engine, work, task, due)

    def instance_migrated(
        self,
        engine: Engine,
        work: Work,
        instance: InstanceView,
        tasks: tuple[TaskView, ...],
        renamed: Mapping[str, str],
    ) -> None:
        for listener in self.listeners:
            listener.instance_migrated(engine, work, instance, tasks, renamed)

    def instance_ended(self, engine: Engine, work: Work, instance: InstanceView, outcome: str) -> None:
        for listener in self.listeners:
            listener.instance_ended(engine, work, instance, outcome)
