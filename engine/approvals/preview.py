"""流程预测: the nodes still to come with their persons, and why each is there (APR-30).

The real machine runs on a copy of the state, with the real routing, and nothing is
written: every task is answered with approval, operations answer what they can tell beforehand, tables are asked for
real. Where a rule reads what is not known yet, the node's persons are decided later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.approvals import nodes, rows, substitutes
from engine.approvals.modes import Outcome
from engine.approvals.routing import Before, Candidate, Habits, Routed, resolve
from engine.approvals.who import Scene, Why
from engine.kernel.errors import LetterflowError
from engine.kernel.work import Work
from engine.workflow import definitions, runner, standings
from engine.workflow.decision_tables import Tables
from engine.workflow.engine import Engine
from engine.workflow.foresight import DryPorts
from engine.workflow.operations import CallContext
from engine.workflow.spiff import expressions, machine
from engine.workflow.spiff.programs import Program
from engine.workflow.step import Answer, Extension, NodeSpec, OpenTask, Step
from engine.workflow.surroundings import Surroundings

MOST = 40
"""Nodes looked ahead; a process that loops ends here."""


@dataclass(frozen=True)
class Ahead:
    """One node that is open or still to come; `certain` is False behind an operation whose answer is foreseen at best.

    `later`: its persons depend on what the process does not know yet, so there are no candidates.
    """

    node: str
    name: str
    lane: str | None
    mode: str
    kind: str
    candidates: tuple[Candidate, ...]
    dropped: tuple[tuple[int, Why], ...]
    substitutes: Mapping[int, int]
    open: bool
    certain: bool
    later: bool = False


@dataclass
class _Walk:
    """A forecast in the making."""

    engine: Engine
    work: Work
    program: Program
    ports: DryPorts
    starter: int | None
    subject: str | None
    key: str
    found: list[Ahead] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def from_step(self, step: Step) -> tuple[Ahead, ...]:
        """Everything ahead of a step's open tasks, when each is approved."""
        known = {each.token for each in step.open}
        before = Before()
        self._show(step.open, before, is_open=True)
        while step.open and len(self.found) < MOST:
            task = step.open[0]
            try:
                step = machine.complete(self.program, step.state, task.token, _approval(task, self.ports), self.ports)
            except LetterflowError:
                break
            fresh = [each for each in step.open if each.token not in known]
            known |= {each.token for each in fresh}
            before = Before(consecutive=self._persons_of(task))
            if any(each.node.id in self.seen and each.index is None for each in fresh):
                break
            self._show(tuple(fresh), before, is_open=False)
        return tuple(self.found)

    def _show(self, tasks: tuple[OpenTask, ...], before: Before, *, is_open: bool) -> None:
        for task in tasks:
            self.seen.add(task.node.id)
            self.found.append(self._ahead(task, before, is_open=is_open))

    def _ahead(self, task: OpenTask, before: Before, *, is_open: bool) -> Ahead:
        options = _options(task, self.ports)
        kind = str(options.get("kind") or "act")
        # routing asks its rules only for values and tables, which the dry ports answer for real
        node = task.node if is_open and not self.ports.guessed else self._known_rules(task)
        later = node.extension("who") is None and task.node.extension("who") is not None
        scene = Scene(node, task.data, self.starter, self.ports)
        routed = Routed(()) if later else resolve(self.work, scene, Habits.of(options, kind, self.subject), before)
        asked = [each.person for each in routed.candidates]
        return Ahead(
            task.node.id, task.node.name or task.node.id, task.node.lane, rows.mode_of(options, kind).value, kind,
            routed.candidates, routed.dropped, substitutes.standing_in(self.work, asked, self.key), is_open,
            certain=not self.ports.guessed, later=later,
        )  # fmt: skip

    def _known_rules(self, task: OpenTask) -> NodeSpec:
        """The node without the rules that read what is not there yet: they would give a substitute for nobody."""
        kept = tuple(each for each in task.node.extensions if each.name != "who" or self._readable(each, task.data))
        return replace(task.node, extensions=kept)

    def _readable(self, rule: Extension, data: Mapping[str, Any]) -> bool:
        """Null is an answer, except behind an operation that did not answer."""
        read = {name for text in rule.attributes.values() for name in expressions.names(text, self.ports)}
        return all(name in data and not (data[name] is None and self.ports.guessed) for name in read)

    def _persons_of(self, task: OpenTask) -> frozenset[int]:
        shown = next((each for each in reversed(self.found) if each.node == task.node.id), None)
        return frozenset() if shown is None or shown.kind != "decide" else frozenset(c.person for c in shown.candidates)


def steps(engine: Engine, instance_id: int) -> tuple[Ahead, ...]:
    """What is open and still to come in a running instance, in order, when everybody approves. Raises NotFound."""
    with engine.start_work(reading=True) as work:
        standing = standings.read(work, instance_id)
        if standing.view.status not in ("running", "suspended"):
            return ()
        bound = engine.programs.of(work, standing.view.definition_id, standing.pins)
        ports = DryPorts(Surroundings(engine, work, runner.context(standing.view), bound.tables))
        view = standing.view
        walk = _Walk(engine, work, bound.program, ports, view.starter, view.subject, view.key)
        return walk.from_step(machine.look(bound.program, standing.state, ports))


def before_start(
    engine: Engine, key: str, data: Mapping[str, Any], starter: int, *, subject: str | None = None
) -> tuple[Ahead, ...]:
    """The same before anything was submitted, for a process that would start with this data. Raises NotFound."""
    with engine.start_work(reading=True) as work:
        chosen, pins = definitions.pinned(work, key)
        bound = engine.programs.of(work, chosen.id, pins)
        return of_program(engine, work, bound.program, bound.tables, Beginning(data, starter, subject))


@dataclass(frozen=True)
class Beginning:
    """What a process would start with."""

    data: Mapping[str, Any]
    starter: int
    subject: str | None = None


def of_program(engine: Engine, work: Work, program: Program, tables: Tables, start: Beginning) -> tuple[Ahead, ...]:
    """The same for a program that need not be deployed: a draft is tried with the people of every day."""
    context = CallContext(0, None, start.subject, start.starter)
    ports = DryPorts(Surroundings(engine, work, context, tables))
    walk = _Walk(engine, work, program, ports, start.starter, start.subject, program.key)
    return walk.from_step(machine.start(program, start.data, ports))


def _options(task: OpenTask, ports: DryPorts) -> dict[str, Any]:
    extension = task.node.extension("node")
    written = {} if extension is None else extension.attributes
    return {name: expressions.value(text, task.data, ports) for name, text in written.items()}


def _approval(task: OpenTask, ports: DryPorts) -> Answer:
    options = _options(task, ports)
    decides = options.get("kind") == "decide"
    return Answer(nodes.answer_values(options, Outcome.APPROVED) if decides else {})
