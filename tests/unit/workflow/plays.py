"""Plays diagrams on the machine in tests: a clock that is moved by hand, operations as plain functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.decisions.feel import HostFunction
from engine.kernel.calendar import WorkCalendar
from engine.workflow.functions import CalendarFunctions
from engine.workflow.spiff import machine, programs
from engine.workflow.spiff.programs import Program
from engine.workflow.step import Answer, Moved, OpenTask, OperationCall, Step

MONDAY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@dataclass
class World:
    """The `Ports` of tests."""

    now: datetime = MONDAY
    operations: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = field(default_factory=dict)
    tables: dict[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    calls: list[OperationCall] = field(default_factory=list)

    @property
    def functions(self) -> Mapping[str, HostFunction]:
        return CalendarFunctions(WorkCalendar, self.now)

    def perform(self, call: OperationCall) -> Mapping[str, Any]:
        self.calls.append(call)
        return self.operations[call.name](call.inputs)

    def decide(self, table: str, decision: str | None, data: Mapping[str, Any]) -> Any:
        return self.tables[table](data)


class Play:
    """One instance, step by step."""

    def __init__(
        self,
        content: bytes | Program,
        data: Mapping[str, Any] | None = None,
        *,
        world: World | None = None,
        called: Mapping[str, Program] | None = None,
        start_event: str | None = None,
    ) -> None:
        self.world = world or World()
        self.program = (
            content if isinstance(content, Program) else programs.compile({"p.bpmn": content}, "p", called=called)
        )
        self.trace: list[Moved] = []
        self.step = self._note(machine.start(self.program, data or {}, self.world, start_event=start_event))

    def _note(self, step: Step) -> Step:
        self.step = step
        self.trace.extend(step.moved)
        return step

    @property
    def open(self) -> list[str]:
        return [task.node.id for task in self.step.open]

    @property
    def data(self) -> Mapping[str, Any]:
        return self.step.data

    @property
    def outcome(self) -> str:
        return str(self.step.outcome)

    @property
    def due(self) -> list[str]:
        return [timer.node.id for timer in self.step.timers]

    @property
    def failed(self) -> list[tuple[str, str]]:
        return [(failed.node.id, failed.code) for failed in self.step.failures]

    def task(self, ident: str, index: int | None = None) -> OpenTask:
        return next(t for t in self.step.open if t.node.id == ident and index in (None, t.index))

    def answer(self, ident: str, index: int | None = None, **values: Any) -> "Play":
        token = self.task(ident, index).token
        self._note(machine.complete(self.program, self.step.state, token, Answer(values), self.world))
        return self

    def fire(self, ident: str) -> "Play":
        """Go to the due moment of a timer and let it come."""
        timer = next(timer for timer in self.step.timers if timer.node.id == ident)
        self.world.now = max(self.world.now, timer.due)
        self._note(machine.fire(self.program, self.step.state, timer.token, timer.seq, self.world))
        return self

    def later(self, **span: float) -> "Play":
        self.world.now += timedelta(**span)
        return self

    def send(self, name: str = "news", key: str | None = None, **data: Any) -> "Play":
        self._note(machine.deliver(self.program, self.step.state, "message", name, key, data, self.world))
        return self

    def signal(self, name: str = "alarm", **data: Any) -> "Play":
        self._note(machine.deliver(self.program, self.step.state, "signal", name, None, data, self.world))
        return self

    def retry(self) -> "Play":
        token = self.step.failures[0].token
        self._note(machine.retry(self.program, self.step.state, token, self.world))
        return self

    def act(self, act: Callable[..., Step], *given: Any) -> "Play":
        self._note(act(self.program, self.step.state, *given, self.world))
        return self

    def went(self, event: str = "enter") -> list[str]:
        return [moved.node for moved in self.trace if moved.event == event]
