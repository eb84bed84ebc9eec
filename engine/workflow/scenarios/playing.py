"""Plays a scenario on the machine: no database, the scenario's clock, results of operations as written."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from engine.decisions.feel import HostFunction
from engine.kernel.calendar import WorkCalendar
from engine.kernel.errors import BadDefinition, InvalidInput, LetterflowError
from engine.workflow.functions import CalendarFunctions
from engine.workflow.scenarios import reading
from engine.workflow.scenarios.expectations import unmet
from engine.workflow.scenarios.played import Played, Standing
from engine.workflow.scenarios.reading import Scenario, TableCase
from engine.workflow.scenarios.sources import Source
from engine.workflow.spiff import machine
from engine.workflow.step import Answer, OpenTask, OperationCall, Thrown, Waiting
from engine.workflow.step import Step as Run

CALENDAR = WorkCalendar()
"""Scenarios count working days as they were announced."""


def play(scenario: Scenario, source: Source) -> Played:
    """Play a scenario to its end; nothing is raised for what the scenario or the diagram does wrong."""
    played = Played(scenario)
    game = _Game(source, played)
    try:
        game.start()
        for number, step in enumerate(scenario.steps, 1):
            _ACTS[step.kind](game, step)
            if game.run.failures and step.kind != "expect":
                played.problems += [f"step {number}: {one.node.id} failed: {one.message}" for one in game.run.failures]
                break
        played.problems += unmet(scenario.expect, game.standing(), "at the end")
    except LetterflowError as error:
        played.problems.append(error.message)
    return played


def ask(case: TableCase, source: Source) -> tuple[set[tuple[str, int]], list[str]]:
    """Ask a table: the rows that fired, and what differs from what the case expects."""
    now = datetime(2026, 10, 20, 1, tzinfo=UTC)
    found = source.tables.decide(
        case.table, case.decision, case.given, now=now, functions=CalendarFunctions(lambda: CALENDAR, now)
    )
    fired = {(rule.id, rule.index) for rule in found.rules}
    problems: list[str] = []
    if not _same(found.value, case.result):
        problems.append(f"{case.table}: {dict(case.given)} gave {found.value}, expected {case.result}")
    indexes = {rule.index for rule in found.rules if rule.decision == case.decision}
    if case.rows and indexes != set(case.rows):
        problems.append(f"{case.table}: {dict(case.given)} fired rows {sorted(indexes)}, expected {sorted(case.rows)}")
    return fired, problems


class _Game:
    """The instance while it is played; it is its own `Ports`."""

    def __init__(self, source: Source, played: Played) -> None:
        self.source, self.played = source, played
        self.now = played.scenario.at.astimezone(UTC)
        self.counted: Counter[str] = Counter()
        self.run: Run

    @property
    def functions(self) -> Mapping[str, HostFunction]:
        return CalendarFunctions(lambda: CALENDAR, self.now)

    def perform(self, call: OperationCall) -> Mapping[str, Any]:
        self.played.calls.append(call)
        results = self.played.scenario.operations.get(call.name)
        if results is None:
            message = f"the scenario has no result for {call.name}: write one under operations"
            raise InvalidInput("scenario.operation", message, name=call.name)
        self.counted[call.name] += 1
        found = results[min(self.counted[call.name], len(results)) - 1] or {}
        if "fails" in found:
            raise InvalidInput("scenario.fails", str(found["fails"]))
        return found

    def decide(self, table: str, decision: str | None, data: Mapping[str, Any]) -> Any:
        found = self.source.tables.decide(table, decision, data, now=self.now, functions=self.functions)
        self.played.rows |= {(rule.id, rule.index) for rule in found.rules}
        return found.value

    def start(self) -> None:
        scenario = self.played.scenario
        self.took(machine.start(self.source.program, dict(scenario.data), self, start_event=scenario.start))

    def took(self, run: Run) -> None:
        """Keep what a step did; messages that it sent reach the instance itself where it waits for them."""
        self.run = run
        self.played.trace += run.moved
        for thrown in run.thrown:
            if any(_awaits(wait, thrown) for wait in self.run.waits):
                program, state = self.source.program, self.run.state
                self.took(machine.deliver(program, state, thrown.kind, thrown.name, thrown.key, thrown.data, self))

    def open_at(self, node: str) -> list[OpenTask]:
        found = [task for task in self.run.open if task.node.id == node]
        if not found:
            there = ", ".join(task.node.id for task in self.run.open) or "none"
            raise BadDefinition("scenario.not_open", f"no task is open at {node}; open are: {there}", node=node)
        return sorted(found, key=lambda task: task.index or 0)

    def do(self, step: reading.Step) -> None:
        tokens = [task.token for task in self.open_at(step.node)]
        for token, answer in zip(tokens, step.answers, strict=False):
            self.took(machine.complete(self.source.program, self.run.state, token, Answer(dict(answer)), self))

    def wait(self, step: reading.Step) -> None:
        self.until_moment(CALENDAR.due_in(step.text, self.now))

    def until(self, step: reading.Step) -> None:
        self.until_moment(reading.moment(step.text, self.played.scenario.file).astimezone(UTC))

    def until_moment(self, target: datetime) -> None:
        """Fire what falls due on the way, each at its own time."""
        for _ in range(1_000):
            due = min(self.run.timers, key=lambda timer: timer.due, default=None)
            if due is None or due.due > target:
                self.now = max(self.now, target)
                return
            self.now = max(self.now, due.due)
            self.took(machine.fire(self.source.program, self.run.state, due.token, due.seq, self))
        raise BadDefinition(
            "scenario.endless", f"timers fired 1,000 times before {target.isoformat()}: an endless loop?"
        )

    def send(self, step: reading.Step) -> None:
        self._deliver("message", step)

    def signal(self, step: reading.Step) -> None:
        self._deliver("signal", step)

    def _deliver(self, kind: str, step: reading.Step) -> None:
        waits = [wait for wait in self.run.waits if wait.kind == kind and wait.name == step.text]
        if not any(wait.key in (None, step.key) or step.key is None for wait in waits):
            raise BadDefinition("scenario.not_awaited", f"nobody waits for {kind} {step.text} with key {step.key}")
        self.took(
            machine.deliver(self.source.program, self.run.state, kind, step.text, step.key, dict(step.values), self)
        )

    def retry(self, step: reading.Step) -> None:
        failed = next((one for one in self.run.failures if one.node.id == step.node), None)
        if failed is None:
            raise BadDefinition("scenario.not_failed", f"nothing failed at {step.node}")
        self.took(machine.retry(self.source.program, self.run.state, failed.token, self))

    def expect(self, step: reading.Step) -> None:
        self.played.problems += unmet(step.values, self.standing(), "on the way")

    def standing(self) -> Standing:
        return Standing(self.run, self.played, self.now)


_ACTS: Mapping[str, Callable[[_Game, reading.Step], None]] = {
    "do": _Game.do,
    "wait": _Game.wait,
    "until": _Game.until,
    "send": _Game.send,
    "signal": _Game.signal,
    "retry": _Game.retry,
    "expect": _Game.expect,
}


def _awaits(wait: Waiting, thrown: Thrown) -> bool:
    return (
        (wait.kind, wait.name) == (thrown.kind, thrown.name)
        and thrown.kind == "message"
        and wait.key in (None, thrown.key)
    )


def _same(found: Any, expected: Any) -> bool:
    """Equal, where a context may hold more than is expected of it."""
    if isinstance(expected, dict) and isinstance(found, Mapping):
        return all(name in found and _same(found[name], value) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(_same(*pair) for pair in zip(found, expected, strict=True))
    return bool(found == expected)
