"""Runs a diagram in memory with simulated time: no database, scripted or empty answers, the same trace each time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.decisions.feel import HostFunction
from engine.kernel.calendar import WorkCalendar
from engine.workflow.decision_tables import Tables
from engine.workflow.errors import Stale
from engine.workflow.functions import CalendarFunctions
from engine.workflow.spiff import machine
from engine.workflow.spiff.programs import Program
from engine.workflow.step import Answer, Moved, OpenTask, OperationCall, Outcome, Step, Waiting

BEGIN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""Monday, 09:00 in Shanghai: each simulation starts then, so that two runs tell the same."""
MOST_TURNS = 10_000


@dataclass
class Script:
    """What is answered at which node: one answer for every visit, or a list with one for each; None leaves a task open.

    A node that waits for a message gets its answer as the message; a service task gets it as the operation's result.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)

    def next(self, node: str, missing: Any, *, once: bool = False) -> Any:
        """The answer for this visit, `missing` when none is left; a single answer serves every visit unless `once`."""
        if node not in self.answers:
            return missing
        said, visit = self.answers[node], self.visits.get(node, 0)
        self.visits[node] = visit + 1
        if not isinstance(said, list):
            return missing if once and visit else said
        return said[visit] if visit < len(said) else missing


@dataclass(frozen=True)
class Simulation:
    """What happened: `outcome` is completed, waiting or incident; `waiting` are the nodes where tokens stand."""

    outcome: str
    trace: tuple[Moved, ...]
    waiting: tuple[str, ...]
    data: Mapping[str, Any]
    errors: tuple[Mapping[str, Any], ...]


class _World:
    """The `Ports` of a simulation."""

    def __init__(self, script: Script, calendar: WorkCalendar, tables: Tables | None) -> None:
        self.now = BEGIN
        self._script = script
        self._calendar = calendar
        self._tables = tables

    @property
    def functions(self) -> Mapping[str, HostFunction]:
        return CalendarFunctions(lambda: self._calendar, self.now)

    def perform(self, call: OperationCall) -> Mapping[str, Any]:
        return dict(self._script.next(call.node.id, {}) or {})

    def decide(self, table: str, decision: str | None, data: Mapping[str, Any]) -> Any:
        if table in self._script.answers:
            return self._script.next(table, None)
        if self._tables is None:
            return None
        return self._tables.decide(table, decision, data, now=self.now, functions=self.functions).value


def simulate(  # noqa: PLR0913 - each is an option of the command
    program: Program,
    *,
    data: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    until: timedelta | None = None,
    calendar: WorkCalendar | None = None,
    tables: Tables | None = None,
) -> Simulation:
    """Run until nothing moves: messages that the script gives, then open tasks, then time goes to the next timer.

    `until` bounds the simulated time. Deterministic: the same input gives the same trace.
    """
    return _Play(program, Script(answers or {}), calendar or WorkCalendar(), tables, until).run(data or {})


class _Play:
    def __init__(
        self, program: Program, script: Script, calendar: WorkCalendar, tables: Tables | None, until: timedelta | None
    ) -> None:
        self.program = program
        self.script = script
        self.world = _World(script, calendar, tables)
        self.end = None if until is None else BEGIN + until
        self.trace: list[Moved] = []
        self.left_open: set[str] = set()
        self.kept: list[tuple[str, str, str | None, Mapping[str, Any]]] = []

    def run(self, data: Mapping[str, Any]) -> Simulation:
        step = self._note(machine.start(self.program, data, self.world))
        for _ in range(MOST_TURNS):
            after = self._turn(step)
            if after is None:
                break
            step = self._note(after)
        return self._told(step)

    def _turn(self, step: Step) -> Step | None:
        for act in (self._kept_message, self._message, self._task, self._timer):
            after = act(step)
            if after is not None:
                return after
        return None

    def _note(self, step: Step) -> Step:
        self.trace.extend(step.moved)
        self.kept.extend(
            (thrown.kind, thrown.name, thrown.key, thrown.data) for thrown in step.thrown if thrown.kind == "message"
        )
        return step

    def _kept_message(self, step: Step) -> Step | None:
        """A message that the process sent reaches itself where it waits for it, also later."""
        for number, (kind, name, key, data) in enumerate(self.kept):
            if any(_fits(wait, kind, name, key) for wait in step.waits):
                del self.kept[number]
                return machine.deliver(self.program, step.state, kind, name, key, data, self.world)
        return None

    def _task(self, step: Step) -> Step | None:
        for task in step.open:
            if task.token in self.left_open:
                continue
            answer = self._answer(task)
            if answer is None:
                self.left_open.add(task.token)
                continue
            return machine.complete(self.program, step.state, task.token, Answer(answer), self.world)
        return None

    def _answer(self, task: OpenTask) -> Mapping[str, Any] | None:
        said = self.script.next(task.node.id, {})
        return said if isinstance(said, Mapping | None) else {"answer": said}

    def _message(self, step: Step) -> Step | None:
        for wait in step.waits:
            said = self.script.next(wait.node.id, None, once=True)
            if said is None:
                continue
            payload = said if isinstance(said, Mapping) else {}
            try:
                return machine.deliver(self.program, step.state, wait.kind, wait.name, wait.key, payload, self.world)
            except Stale:
                continue
        return None

    def _timer(self, step: Step) -> Step | None:
        first = min(step.timers, key=lambda timer: timer.due, default=None)
        if first is None or (self.end is not None and first.due > self.end):
            return None
        self.world.now = max(self.world.now, first.due)
        return machine.fire(self.program, step.state, first.token, first.seq, self.world)

    def _told(self, step: Step) -> Simulation:
        outcomes = {Outcome.TERMINATED: "completed", Outcome.COMPLETED: "completed", Outcome.INCIDENT: "incident"}
        errors = tuple(
            {"node": failed.node.id, "code": failed.code, "message": failed.message, **_error_code(failed.fields)}
            for failed in step.failures
        )
        standing = machine.standing(self.program, step.state, self.world)
        return Simulation(outcomes.get(step.outcome, "waiting"), tuple(self.trace), standing, step.data, errors)


def _fits(wait: Waiting, kind: str, name: str, key: str | None) -> bool:
    return (wait.kind, wait.name) == (kind, name) and (wait.key is None or key is None or wait.key == key)


def _error_code(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"error_code": fields["error_code"]} if "error_code" in fields else {}
